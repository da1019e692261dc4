/* The device under test, as far as it is known: where it is, and how it is called.
 *
 *     enum err err = device_create(agents, &options, &device);
 */
#pragma once
#include "harness/agent/party.h"

struct agent;

struct device {
    struct party party;          /* name "dut"; uri and local address as the target says */
    const struct target *target; /* NULL: an agent of ours plays it */
    struct agent *agent;         /* that plays it: builtin.h; NULL: it is somebody else's */
};
/* NULL: nobody has asked for it so far. */
struct device *device_named(const struct agents *agents, struct view name);

struct target;
struct device_options {
    const struct target *target;
    struct view name, uri;
    enum proto proto;
    struct addr addr;                         /* its signalling address */
    struct party_bind binds[PARTY_BINDS_MAX]; /* where transports differ; none: all are at addr */
    size_t bind_count;
};
enum err device_create(struct agents *agents, const struct device_options *options,
                       struct device **out) NODISCARD;
