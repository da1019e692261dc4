/* Ends what is still up: CANCEL, ACK, BYE, or 480 for who waits for an answer.
 *
 *     while ((call = agents_tidy(agents, true)) != NULL)
 *         wait_for(call);
 */
#pragma once
#include "harness/agent/agents.h"

void call_tidy(struct call *call); /* does what its state asks for, each once */
/* All calls; callers first: their CANCEL and BYE end our callees, who are left alone unless
 * `callees`. The first call that is still up; NULL: none. */
struct call *agents_tidy(struct agents *agents, bool callees);
/* All subscriptions: the first of ours that is still up; NULL: none. */
struct subscription *agents_tidy_subscriptions(struct agents *agents);
struct publication *agents_tidy_publications(struct agents *agents); /* likewise */
