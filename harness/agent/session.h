/* The descriptions that an agent makes for its calls; whose turn it is to offer or to answer, and
 * what was said so far, its stack knows (struct sip_call_info).
 *
 *     enum err err = session_answer(call, &sdp);
 *     if (err == ERR_UNSUPPORTED)
 *         reject(488);
 */
#pragma once
#include "harness/agent/call.h"

/* Our description as an offer: the last one again, else a new one of the agent's codecs. */
enum err session_offer(struct call *call, struct buf *out) NODISCARD;
/* What is due of us: the answer to their open offer, else the offer that they have asked for;
 * nothing where neither is. ERR_SYNTAX: theirs cannot be read, ERR_UNSUPPORTED: nothing in it is
 * ours (488). */
enum err session_answer(struct call *call, struct buf *out) NODISCARD;
/* What is then said: 488, and why (RFC 3261 §13.3.1.3, §14.2). */
extern const struct sip_response_options session_refusal;
/* The last one with a higher version, on hold or as it was before. ERR_STATE: none yet. */
enum err session_hold(struct call *call, bool hold, struct buf *out) NODISCARD;
/* A description that names no session of its own, as the next one of this call: RFC 3264 §8. */
enum err session_next(struct call *call, struct view text, struct buf *out) NODISCARD;
/* Their offer waits for our answer, and it came in that way. */
bool session_owes(const struct call *call, enum sip_oa_state where);
bool session_asked(const struct call *call); /* their INVITE has no offer: ours is due */
