/* Who has described which media in a call: offers and answers (RFC 3264, RFC 3261 §13.2.1).
 *
 *     session_came(call, msg);
 *     enum err err = session_answer(call, &sdp);
 *     session_said(call, buf_view(&sdp));
 */
#pragma once
#include "harness/agent/call.h"

/* Our description as an offer: the last one again, else a new one of the agent's codecs. */
enum err session_offer(struct call *call, struct buf *out) NODISCARD;
/* What a 2xx (or the ACK of one) has to carry: the answer to their open offer; where there is none,
 * what we have said already, else an offer. ERR_SYNTAX: theirs cannot be read, ERR_UNSUPPORTED:
 * nothing in it is ours (488). */
enum err session_answer(struct call *call, struct buf *out) NODISCARD;
/* The last one with another direction and a higher version: hold and resume. ERR_STATE: none yet.
 */
enum err session_redirect(struct call *call, enum sip_sdp_direction direction,
                          struct buf *out) NODISCARD;
/* What was sent, in whichever message. */
enum err session_said(struct call *call, struct view text) NODISCARD;
/* What came: request or response. Bodies of other types are passed over. */
void session_came(struct call *call, struct sip_msg *msg);
