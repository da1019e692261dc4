/* Requests of the device that we play outside of calls: by a trigger, or since a REFER asks.
 *
 *     enum err err = builtin_invite(agent, &aim, NULL, &call);
 */
#pragma once
#include "harness/agent/builtin.h"
#include "harness/agent/refer.h"

/* refer: what it follows, or NULL. */
enum err builtin_invite(struct agent *agent, const struct builtin_aim *aim,
                        const struct refer *refer, struct call **out) NODISCARD;
/* A REFER has come: accepts and follows it, or declines. */
enum err builtin_referred(struct agent *agent, struct transaction *tx) NODISCARD;
