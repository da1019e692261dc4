/* Inside the session of a call: session timers, offers and answers, reliable responses, calls that
 * take the place of others, INFO packages.
 *
 *     uint32_t doing = offer_came(stack, call, msg);
 *     if ((doing & OA_OFFER) != 0)
 *         stack_ask(stack, tx, msg, SIP_TELL_REQUEST);
 */
#pragma once
#include "core/stack/writing.h"

/* refreshes.c: session timers, RFC 4028 */
/* What a request asks for, §7.1, §7.4; call NULL: it makes one; options NULL: the stack's. */
struct refresh_wish refresh_wish(const struct sip_stack *stack, const struct sip_call *call,
                                 enum sip_method method, const struct sip_refresh_options *options);
/* What our side of the call wants from now on. */
void refresh_configure(struct sip_stack *stack, struct sip_call *call,
                       const struct sip_refresh_options *own); /* NULL: nothing */
void refresh_fork(struct sip_stack *stack, struct sip_call *leg, const struct sip_call *first);
void refresh_stop(struct sip_stack *stack, struct sip_call *call);
/* Answers 422 and gives true where the interval is too small. call NULL: it is not there yet */
bool refresh_refuses(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                     struct sip_call *call);
/* What a 2xx to this request grants; all 0 of any other response. */
struct refresh_terms refresh_terms(const struct sip_stack *stack, const struct sip_tx *tx,
                                   struct sip_msg *request, uint16_t status);
/* It is out, as these bytes: the timer runs by it. */
void refresh_granted(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *request,
                     const struct sip_response_options *options, struct refresh_terms terms,
                     struct blob *bytes);
/* A 2xx to INVITE or UPDATE of ours; a 422 to one. */
void refresh_came(struct sip_stack *stack, struct sip_call *call, struct sip_msg *msg);
void refresh_refused(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *msg);
void refresh_fire(struct sip_stack *stack, struct sip_refresh *refresh);

/* offers.c: each tells the session of a call what a message has */
bool response_is_reliable(struct sip_msg *msg); /* RFC 3262 §4 */
/* A message of theirs. Gives what its description means, enum sip_oa_doing. */
uint32_t offer_came(struct sip_stack *stack, struct sip_call *call, struct sip_msg *msg);
/* A request of ours has met no 2xx. */
void offer_refused(struct sip_stack *stack, struct sip_call *call, enum sip_method method);
/* A request or a response of ours, as it was written. */
void offer_asked(struct sip_stack *stack, struct sip_call *call, enum sip_method method,
                 const struct sip_request_options *options, struct blob *bytes);
void offer_responded(struct sip_stack *stack, struct sip_call *call, enum sip_method method,
                     const struct sip_response_options *options, bool reliable, struct blob *bytes);
void offer_again(struct sip_stack *stack, struct sip_call *call, struct sip_msg *request);
/* May we offer what these options have? RFC 3264 §4. */
bool offer_allowed(const struct sip_call *call, enum sip_method method,
                   const struct sip_request_options *options);
/* What refuses a request of theirs for its offer: 491 or 500, RFC 3261 §14.2; 0: nothing. */
uint16_t offer_refusal(const struct sip_call *call, struct sip_msg *request);

/* provisional.c: RFC 3262 §3 */
/* The RSeq of a response that is to be reliable; of others out_rseq stays what it was. STATE: what
 * went before has to be acknowledged. UNSUPPORTED: the caller does not say 100rel. LIMIT. */
enum err reliable_plan(struct sip_stack *stack, struct sip_tx *tx,
                       const struct sip_response_options *options, uint32_t *out_rseq) NODISCARD;
/* It is out, and is repeated from now on; described: with a session description. */
void reliable_sent(struct sip_stack *stack, struct sip_tx *tx, uint32_t rseq, bool described);
void reliable_expire(struct sip_stack *stack, struct sip_reliable *reliable);
void prack_receive(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                   struct sip_call *call);

/* prack.c: RFC 3262 §4 */
/* NULL: it is in order; else why it is not to be looked at. */
const char *reliable_came(struct sip_call *call, const struct sip_tx *tx, struct sip_msg *msg);
void prack_send(struct sip_stack *stack, struct sip_call *call);

/* replaces.c: the status that refuses what an INVITE says of our dialogs; 0: it may. The call that
 * it is to replace comes back, if there is one. */
uint16_t replaces_check(struct sip_stack *stack, struct sip_msg *msg, struct handle *out_replaced);
/* The call is up: the one that it replaces ends. */
void replaces_done(struct sip_stack *stack, struct sip_call *call);

/* packages.c: Recv-Info, RFC 6086 */
void packages_write(struct compose *c, const struct sip_stack *stack);
void packages_write_answer(struct compose *c, const struct sip_stack *stack,
                           const struct response_plan *plan);
/* INFO of a package that we do not take: 469 */
bool packages_refuse(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg);
/* What the other side takes from now on, if the message says so. */
void packages_came(struct sip_stack *stack, struct sip_call *call, struct sip_msg *msg);
