/* The pace that a target wants: rate_limit = 10 lets ten requests a second go to it; the others are
 * held back on our side, and the trace says for how long.
 *
 *     struct fate fate = pace_judge(scene, from, to, msg);
 */
#pragma once
#include "harness/agent/agents.h"

/* Of a message that is about to leave: when it may. An ACK, an answer and what goes to others are
 * not held back. */
struct fate pace_judge(struct scene *scene, uint32_t from, uint32_t to, const struct sip_msg *msg);
