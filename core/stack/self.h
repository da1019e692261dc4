/* What the files of this folder share: the stack's own struct, and what each file does for the
 * others. Nobody outside includes this.
 */
#pragma once
#include "core/dialog/call.h"
#include "core/locate/domains.h"
#include "core/locate/locate.h"
#include "core/dialog/subscription.h"
#include "core/stack/stack.h"
#include "core/transaction/compose.h"
#include "core/transaction/tx.h"

struct sip_stack {
    struct tx_layer layer;
    struct rng ids;
    uint64_t tag_count, branch_count, call_id_count, cnonce_count, retry_count, rseq_count,
        outbound_count;
    struct arena texts; /* what its options say, copied */
    struct view name, identity, contact, user_agent, outbound, allow, supported, accept, events;
    struct view packages; /* Recv-Info; absent: it knows of no packages */
    struct keyring keyring;
    struct table regs;
    struct view known_as;   /* owned: our Contact while a registration says so; absent: `contact` */
    struct handle known_by; /* whose it is */
    struct route_set service_routes; /* of the latest 200 to REGISTER, RFC 3608 */
    struct arena scratch;            /* of one command or packet */
    struct buf list;                 /* of an answer: "Unsupported" */
    uint32_t manual, again;
    struct sip_refresh_options refresh;
    bool strict, alias;
    enum sip_forwards forwards;
    enum err failure; /* what a timer could not do */
    struct table calls, tries;
    struct index dialogs;
    uint32_t call_count, dialog_count; /* not terminated */
    struct sip_call *pool, *freed;     /* ready for use; to be reaped */
    struct table subs;
    struct index attempts;     /* subscribers that may still fork, by Call-ID and tag */
    uint32_t sub_count;        /* not terminated */
    struct sip_sub *sub_freed; /* to be reaped */
    struct locate *locate;     /* names, and where they are */
    bool resolves;             /* there is somebody to ask for them */
    struct domains domains;
    struct table pubs;           /* usage/publish.c */
    bool pub_ended;              /* one at least is to be reaped */
    struct sip_msg *told;        /* of the effect that was handed out last */
    const struct packet *packet; /* the one being processed, or NULL */
};

/* stack.c: each call from outside begins so */
void stack_enter(struct sip_stack *stack, uint64_t now_us, const struct packet *packet);
enum err stack_leave(struct sip_stack *stack) NODISCARD; /* and ends so: tells what is done */

/* Where we are to be asked: RFC 5626 §4.3, RFC 5627 §4.4. */
static inline struct view stack_contact(const struct sip_stack *stack)
{
    return stack->known_as.ptr != NULL ? stack->known_as : stack->contact;
}

/* ids.c: "alice-2-5f0c19e4" */
enum { ID_MAX = 128, ID_NAME_MAX = 80 };
struct id {
    char room[ID_MAX];
    size_t len;
};
struct view id_view(const struct id *id);
void id_branch(struct sip_stack *stack, struct id *out);
void id_branch_new(struct sip_stack *stack, struct id *out); /* of a try: no mutant reuses it */
void id_tag(struct sip_stack *stack, struct id *out);
void id_call_id(struct sip_stack *stack, struct id *out);
void id_cnonce(struct sip_stack *stack, struct id *out); /* 32 hex digits */
uint32_t id_retry_s(struct sip_stack *stack);            /* 0 to 10, RFC 3261 §14.2 */

/* via.c: into a message that is being composed */
void via_write_value(struct compose *c, const struct sip_bound *bound, struct view branch);
/* The top Via of a request that came from there, with received and rport: RFC 3261 §18.2.1, RFC
 * 3581 §4. */
void via_write_received(struct compose *c, const struct sip_via *via, const struct addr *source);
/* The row of a request of ours, unless the user gives one. */
void via_write_own(struct compose *c, const struct sip_bound *bound, struct view branch);
/* All of a request, for its response; source NULL: as they are. */
void via_write_copied(struct compose *c, struct sip_msg *request, const struct addr *source);
/* Where the response to a request goes that came in this packet, RFC 3261 §18.2.2; bound stays. */
void via_response_hop(struct sip_msg *request, const struct packet *packet, struct sip_hop *out);

/* next_hop.c: where a request goes, RFC 3261 §8.1.2 */
/* The first target of the URI. Where it is a name, out_lookup has further ones, and the hop may not
 * be known yet: then it says from where, as far as that can be guessed. ABSENT: it can never be
 * found. LIMIT, MEMORY. */
enum err hop_find(struct sip_stack *stack, enum proto proto, struct view uri, struct sip_hop *out,
                  struct handle *out_lookup) NODISCARD;
/* Where the sender of a request says that he is, RFC 3263 §5; as hop_find. */
enum err hop_of_via(struct sip_stack *stack, const struct sip_via *via, struct sip_hop *out,
                    struct handle *out_lookup) NODISCARD;
/* The next target of a lookup that we have an address for; NONE: there are no more. */
enum located hop_take(struct sip_stack *stack, struct handle lookup, struct sip_hop *out);
enum err hop_from(const struct sip_stack *stack, enum proto proto, const struct addr *remote,
                  struct sip_hop *out) NODISCARD; /* ABSENT: no address of ours */
/* RFC 3261 §12.1.1, §12.1.2: by TLS to a SIPS URI; a hop that is still looked up can be no other.
 */
bool hop_secures(const struct sip_stack *stack, const struct sip_hop *hop, struct view uri);
/* Which of our addresses a packet came to. */
uint32_t hop_bound_of(const struct sip_stack *stack, const struct packet *packet);

/* refreshes.c: session timers, RFC 4028 */
struct refresh_wish { /* of a request; 0, each: it is not said */
    uint32_t expires_s, min_se_s;
    uint8_t refresher;
};
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

/* seek.c: what waits for a name to be looked up */
enum seek_kind { SEEK_REQUEST, SEEK_ACK, SEEK_RESPONSE };
void seek_own(struct sip_stack *stack, struct handle lookup, enum seek_kind kind,
              struct handle object);    /* a transaction; a call, for its ACK */
void seek_run(struct sip_stack *stack); /* all that can go on; asks what there is to be asked */
bool seek_waits(const struct sip_tx *tx);

/* way_back.c: a server transaction's response could not be delivered; another way, if there is one
 */
void way_back_seek(struct sip_stack *stack, struct sip_tx *tx);
void way_back_found(struct sip_stack *stack, struct sip_tx *tx); /* its name is known now */

/* write_request.c */
struct request_plan {
    const struct sip_request_options *options;
    struct view method, uri;
    enum sip_method id;
    struct view branch, from, from_tag, to, to_tag, call_id;
    struct route_plan route;
    uint32_t seq;
    struct sip_hop hop;
    struct handle lookup; /* of its name: the request's to end; none: it was none */
    struct view credentials;
    struct refresh_wish refresh;
};
void session_write(struct compose *c, uint32_t expires_s, uint8_t refresher); /* Session-Expires */
/* NULL, both: failed, which the layer knows. */
struct blob *bytes_written(struct sip_stack *stack, const struct buf *buf);
struct blob *request_write(struct sip_stack *stack, const struct request_plan *plan);

/* write_response.c */
struct response_plan {
    const struct sip_response_options *options;
    struct sip_msg *request;    /* or a response of ours that is made anew */
    const struct addr *source;  /* of the request; NULL: Via is copied as it is */
    struct view to_tag;         /* absent: none is added */
    bool contact, capabilities; /* has these by itself */
    bool has_expires;
    uint32_t expires_s;
    struct refresh_terms refresh;
    uint32_t rseq;     /* it is reliable: RFC 3262 §3; 0: it is not */
    uint64_t delay_us; /* since the request came */
};
struct blob *response_write(struct sip_stack *stack,
                            const struct response_plan *plan); /* NULL: failed */

/* plan.c */
struct sending { /* a request on its way out, with the identifiers that were made for it */
    struct request_plan plan;
    struct id branch, tag, call_id;
    struct sip_call *call; /* in its dialog, or the one that it makes; NULL: neither */
    struct sip_sub *sub;   /* likewise */
    const struct sip_subscribe_options *asks; /* it makes a subscription; NULL: it does not */
    uint32_t spaces; /* of the keyring: whose credentials it brings along, bits */
    uint32_t account;
    struct sip_hop small;    /* where it would go if it were small */
    bool by_size;            /* it goes elsewhere for its size */
    struct sip_msg *adopted; /* itself, where the user's rows say who we are; NULL: they do not */
    bool own; /* of the stack's own will: nobody has its handle, nobody hears of its end */
    struct sip_tx *tx;
};
/* Fills in what options leave open, RFC 3261 §8.1.1, §12.2.1.1. Errors as sip_request_send. */
enum err plan_request(struct sip_stack *stack, struct sending *s) NODISCARD;
/* The same of one in this dialog, but for its number, branch and method. */
enum err plan_in_dialog(struct sip_stack *stack, const struct sip_dialog *dialog,
                        struct request_plan *plan) NODISCARD;
struct dialog_ids plan_ids(const struct request_plan *plan); /* of the dialog that it would make */
/* The user's rows may say otherwise who we are: then what was written counts. MEMORY. */
enum err plan_adopt(struct sending *s, struct blob *blob) NODISCARD;

/* request_out.c */
enum { EFFECTS_OF_A_COMMAND = 8 }; /* so much room a command wants before it begins */
/* Plans, writes and sends it, with s->plan.options; s->tx is its transaction. Errors as
 * sip_request_send. */
enum err sending_send(struct sip_stack *stack, struct sending *s) NODISCARD;
/* To TCP where the message is too long for UDP, RFC 3261 §18.1.1, and we have an address for that.
 */
void hop_by_size(struct sip_stack *stack, size_t len, struct sip_hop *hop);
/* Its target is one of a name's: the lookup is its own from now on; none: nothing happens. */
void request_located(struct sip_stack *stack, struct sip_tx *tx, struct handle lookup);
/* Of the stack's own will, in a call: whatever its state forbids. The options lack the call. */
enum err request_of_stack(struct sip_stack *stack, struct sip_call *call,
                          struct sip_request_options *options) NODISCARD;

/* response_out.c */
/* As sip_respond, but for the checks of the transaction's state. */
enum err stack_respond(struct sip_stack *stack, struct sip_tx *tx,
                       const struct sip_response_options *options) NODISCARD;
/* The stack's own answer, and its record for the user. */
void stack_answer(struct sip_stack *stack, struct sip_tx *tx, uint16_t status,
                  const struct sip_row *rows, size_t row_count);
void stack_send_100(struct sip_stack *stack, struct sip_tx *tx);

/* request_in.c */
void request_receive(struct sip_stack *stack, struct sip_msg *msg);
/* The server transaction of a request that no other has, by stack->packet. LIMIT, MEMORY. */
enum err request_new(struct sip_stack *stack, struct sip_msg *msg, const struct tx_key *key,
                     struct sip_tx **out) NODISCARD;

/* tells.c */
struct tell tell_of(uint16_t what, const struct sip_tx *tx); /* whose it is; the rest is zero */
void stack_tell_tx(struct sip_stack *stack, uint16_t what, const struct sip_tx *tx,
                   struct sip_msg *msg, uint16_t status);
void stack_tell_response(struct sip_stack *stack, const struct sip_tx *tx,
                         const struct sip_call *call, struct sip_msg *msg);
/* It is the user's to answer: tells him so, as a REQUEST or CANCELLED. */
void stack_ask(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg, uint16_t what);
void stack_discard(struct sip_stack *stack, struct sip_msg *msg, const char *why);

/* checks.c: answers and gives true where a rule about all requests forbids this one */
bool checks_refuse(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                   const struct tx_key *key);

/* lists.c: "a, b, c" */
bool list_has(struct view list, struct view token);                  /* byte by byte */
bool media_has(struct view list, const struct sip_media_type *type); /* either may have "*" */
/* Whether an answer to that method is the user's, by his enum sip_manual. */
bool method_is_manual(uint32_t manual, enum sip_method method);

/* methods.c */
/* The dialog or transaction is not there: 481, or the user's. */
void stack_no_dialog(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg);
/* A request with a To tag, RFC 3261 §12.2.2. */
void dialog_receive(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg);
/* A request by its method, in tx->call where it is in one. */
void method_receive(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg);
/* Their BYE has its 2xx: RFC 3261 §15.1.2. */
void stack_bye_accepted(struct sip_stack *stack, struct sip_call *call);

/* response_in.c */
void response_receive(struct sip_stack *stack, struct sip_msg *msg);
/* A client transaction has ended without a response: 408 or 503 of our own making. */
void stack_tx_failed(struct sip_stack *stack, struct sip_tx *tx, uint16_t status,
                     enum net_error error);

/* find.c: what a handle or a message names; NULL: nothing that is there */
struct sip_call *call_find(const struct sip_stack *stack, struct handle handle);
struct sip_sub *sub_find(const struct sip_stack *stack, struct handle handle);
struct sip_reg *reg_find(const struct sip_stack *stack, struct handle handle);
struct sip_dialog *dialog_of_tx(const struct sip_stack *stack, const struct sip_tx *tx);
struct sip_dialog *dialog_of_request(const struct sip_stack *stack, struct sip_msg *request);
/* The call of a request within a dialog. */
struct sip_call *call_of_request(const struct sip_stack *stack, struct sip_msg *request);

/* calls.c */
enum err call_create(struct sip_stack *stack, bool caller,
                     struct sip_call **out) NODISCARD; /* LIMIT, MEMORY */
enum sip_call_state call_shown(uint8_t state);         /* what the user sees of it */
/* The To tag of our responses is the user's own. MEMORY. */
enum err call_tag_set(struct sip_stack *stack, struct sip_call *call, struct sip_tx *tx,
                      struct view tag) NODISCARD;
/* An event (enum call_event): moves, and tells who has to know. Gives what is to be done, enum
 * call_action. */
uint32_t call_step(struct sip_stack *stack, struct sip_call *call, uint8_t on);
/* How it has ended, enum sip_ended; the first one counts. */
void call_end(struct sip_call *call, uint8_t ended, uint16_t status);
/* A BYE of the stack's own; where it cannot be sent the call is over at once. */
void call_bye(struct sip_stack *stack, struct sip_call *call);
void call_answer_drop(struct sip_stack *stack, struct sip_call *call); /* its 2xx is not repeated */
void call_free(struct sip_stack *stack, struct sip_call *call);        /* at the end of the turn */
void call_linger_fire(struct sip_stack *stack, struct sip_call *call);
void calls_reap(struct sip_stack *stack);
void calls_drop(struct sip_stack *stack);

/* caller.c */
/* A response to a request of ours in a call, which its user has not been told so far. */
void caller_response(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg);
/* None came: status is our own. Its user knows. */
void caller_failed(struct sip_stack *stack, struct sip_tx *tx, uint16_t status);
void caller_cancelled(struct sip_stack *stack, struct sip_tx *tx); /* it never went out */
/* 64*T1 after the first 2xx, RFC 3261 §13.2.2.4. */
void caller_fork_over(struct sip_stack *stack, struct sip_tx *tx);
/* The request goes on as another transaction; uri: its new target, absent: the old one. */
void caller_again(struct sip_stack *stack, const struct sip_tx *tx, const struct sip_tx *next,
                  struct view uri);

/* callee.c */
void callee_invite(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg);
void callee_reinvite(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                     struct sip_call *call);
void callee_update(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                   struct sip_call *call);
void callee_responded(struct sip_stack *stack, struct sip_tx *tx, uint16_t status); /* it is out */
void callee_ack(struct sip_stack *stack, struct sip_msg *msg);
/* A call for the INVITE of that transaction. LIMIT, MEMORY; SYNTAX: what no dialog can do without
 * is not there. */
enum err callee_leg(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *invite,
                    struct sip_call **out) NODISCARD;

/* replaces.c: the status that refuses what an INVITE says of our dialogs; 0: it may. The call that
 * it is to replace comes back, if there is one. */
uint16_t replaces_check(struct sip_stack *stack, struct sip_msg *msg, struct handle *out_replaced);
/* The call is up: the one that it replaces ends. */
void replaces_done(struct sip_stack *stack, struct sip_call *call);

/* fork.c */
/* An INVITE was refused: its other legs that still ring end. */
void fork_end(struct sip_stack *stack, struct sip_tx *tx, uint16_t status);
/* The leg that answers with this To tag; none: the first. */
struct sip_tx *fork_of_tag(struct sip_stack *stack, struct sip_tx *first, struct view to_tag);

/* relay.c: what comes to a stack that forwards */
void relay_request(struct sip_stack *stack, struct sip_msg *msg, const struct tx_key *key);
void relay_stray(struct sip_stack *stack, struct sip_msg *msg); /* it belongs to no transaction */

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

/* packages.c: Recv-Info, RFC 6086 */
void packages_write(struct compose *c, const struct sip_stack *stack);
void packages_write_answer(struct compose *c, const struct sip_stack *stack,
                           const struct response_plan *plan);
/* INFO of a package that we do not take: 469 */
bool packages_refuse(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg);
/* What the other side takes from now on, if the message says so. */
void packages_came(struct sip_stack *stack, struct sip_call *call, struct sip_msg *msg);

/* prack.c: RFC 3262 §4 */
/* NULL: it is in order; else why it is not to be looked at. */
const char *reliable_came(struct sip_call *call, const struct sip_tx *tx, struct sip_msg *msg);
void prack_send(struct sip_stack *stack, struct sip_call *call);

/* cancel.c: RFC 3261 §9. cancelled: the request that it means, NULL: none */
void cancel_receive(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                    struct sip_tx *cancelled);
enum err cancel_send(struct sip_stack *stack, struct sip_tx *invite) NODISCARD; /* by itself */
void cancel_release(struct sip_stack *stack, struct sip_tx *invite); /* the INVITE has got on */
