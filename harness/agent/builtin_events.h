/* Event packages of the device that we play, RFC 6665: those whom it tells of itself, and what it
 * watches.
 *
 *     if (builtin_event_known(V("presence")))
 *         err = builtin_subscribed(agent, tx);
 */
#pragma once
#include "harness/agent/builtin.h"
#include "harness/agent/subscription.h"

bool builtin_event_known(struct view package);
/* Those that `needs` names become its Allow-Events, in the arena. MEMORY. */
enum err builtin_events_options(const struct view *needs, size_t need_count, struct arena *arena,
                                struct agent_options *out) NODISCARD;
/* A SUBSCRIBE has come that begins something: accepts it and tells the state, or refuses it. */
enum err builtin_subscribed(struct agent *agent, struct transaction *tx) NODISCARD;
/* Actions: what is watched at it changes; it watches somebody; no more. */
enum err builtin_change(struct agent *agent, struct call *none, const struct builtin_aim *aim);
enum err builtin_subscribe(struct agent *agent, struct call *none, const struct builtin_aim *aim);
enum err builtin_unsubscribe(struct agent *agent, struct call *none, const struct builtin_aim *aim);
/* A subscription of its own has moved: one that was deactivated it begins anew, RFC 6665 §4.1.3. */
void builtin_unwatched(struct subscription *sub);
