/* The device under test where there is no other: an agent of our own that plays it. It rings at
 * once, and does what a trigger asks of it.
 *
 *     struct builtin_options options = {.name = V("dut"), .agent = {.again = BUILTIN_AGAIN}};
 *     enum err err = builtin_create(agents, &options, &device);
 *     if (!builtin_act(device, builtin_action(V("answer")), NULL, &err))
 *         wait_for(&device->agent->changed);
 */
#pragma once
#include "harness/agent/agent.h"
#include "harness/agent/device.h"
#include "harness/agent/transaction.h"

struct builtin_aim { /* whom a call or a transfer is for */
    struct view uri;
    struct addr remote; /* family 0: where the URI leads */
    enum proto proto;
    uint32_t peer; /* party; 0: not known */
};

struct builtin_action {
    const char *name;
    bool wants_uri;
    const char *lacks; /* what there has to be first: "a call that rings"; NULL: nothing */
    bool (*fits)(const struct agents *agents, const struct call *call); /* NULL: needs no call */
    enum err (*act)(struct agent *agent, struct call *call, const struct builtin_aim *aim);
};
extern const struct builtin_action builtin_actions[]; /* the last one has no name */

enum { BUILTIN_AGAIN = SIP_AGAIN_FOLLOW | SIP_AGAIN_RETRY };
struct builtin_options {
    struct view name;
    const struct view *needs; /* of the scenario, the roles of which it takes on */
    size_t need_count;
    struct agent_options agent; /* what is asked of it besides: timers, breaks …; never a place */
};

enum err builtin_create(struct agents *agents, const struct builtin_options *options,
                        struct device **out) NODISCARD;
/* Whether it is so able: the roles, transports and options of `needs`, and its triggers. */
bool builtin_supports(struct view capability);
/* False: there is nothing yet that it could be done to; agent->changed is woken when that may have
 * changed. True: it was tried, *out says how it went. */
bool builtin_act(struct device *device, const struct builtin_action *action,
                 const struct builtin_aim *aim, enum err *out);
/* A request came to the agent that plays a device: rings, or answers. */
void builtin_asked(struct agent *agent, struct call *call, struct transaction *tx);
