/* What came, held against what the capture has.
 *
 *     if (compare(captured, came, &difference))
 *         fail(&difference);
 *
 * Of the same method and status: Require, RSeq, Session-Expires, Content-Type, Event,
 * Subscription-State, the scheme of a challenge, and Contact where a dialog begins or somebody is
 * redirected. What differs from device to device, or from
 * call to call, is nobody's fault: phrases, addresses, names of products, values of timers.
 */
#pragma once
#include "core/core.h"

/* Is it the message that was expected, by method and status? */
bool compare_kind(const struct sip_msg *captured, const struct sip_msg *came);
/* True: they differ; out_what has "Require: 100rel", what was expected, and what came. */
bool compare_headers(struct sip_msg *captured, struct sip_msg *came, struct buf *out_expected,
                     struct buf *out_actual);
/* "180 Ringing", "INVITE", of a response with its method where that is not INVITE: "200 OK (BYE)".
 */
void compare_label(const struct sip_msg *msg, struct buf *out);
