/* What a device says besides, as its target has it: background = {"REGISTER", "SUBSCRIBE"}. Every
 * agent answers it 200; no inbox has it and no flow sees it.
 *
 *     if (background_takes(agents, from, msg))
 *         return FATE_SWALLOWED;
 */
#pragma once
#include "harness/agent/agents.h"

/* Of a message that is about to reach an agent: whether it is background, and goes no further. */
bool background_takes(struct agents *agents, uint32_t from, const struct sip_msg *msg);
/* The event is of the one that was taken: it is to be answered. */
bool background_seen(struct agents *agents, const struct trace_event *event, struct blob *bytes);
struct moment background_deadline(const struct agents *agents); /* of the answers */
bool background_answer(struct agents *agents);                  /* true: there were some */
void background_drop(struct agents *agents);
