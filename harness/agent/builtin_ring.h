/* What the device that we play says to the newest INVITE of a call.
 *
 *     enum err err = builtin_ring(call, 180);
 */
#pragma once
#include "harness/agent/transaction.h"

enum err builtin_respond(struct call *call, uint16_t status) NODISCARD;
/* With what is due of us: an answer, or the offer that they have asked for; 488 where nothing in
 * theirs is ours. */
enum err builtin_respond_described(struct call *call,
                                   const struct sip_response_options *options) NODISCARD;
/* Before the answer. Where it is heard for certain it says what is due: RFC 3262 §5 wants the first
 * reliable one to have the offer, where the INVITE has none. */
enum err builtin_ring(struct call *call, uint16_t status) NODISCARD;
