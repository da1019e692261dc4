/* What the target says about our side, and the target itself as a party.
 *
 *     target_bind(scene, &options);
 */
#pragma once
#include "harness/agent/agents.h"
#include "harness/agent/device.h"

/* Where the party of this name listens, unless its options say. */
void target_bind(const struct scene *scene, struct party_options *options);
/* A party that is this target, under a name of its own. */
enum err target_device_add(struct scene *scene, const struct target *target, struct view name,
                           struct device **out) NODISCARD;
/* account = "1001": who the agent is, by the target's accounts; simulated and without a target
 * every name is one, and its password too. Raises. False: the option is not given. */
struct opts;
bool target_account_read(const struct opts *opts, struct party_options *party,
                         struct sip_account *out);
/* The party `dut`, where there is a target. */
enum err target_party_add(struct scene *scene) NODISCARD;
