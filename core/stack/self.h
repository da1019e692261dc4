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

/* via.c */
void via_write_value(struct compose *c, const struct sip_bound *bound, struct view branch);
void via_write_received(struct compose *c, const struct sip_via *via, const struct addr *source);
void via_write_own(struct compose *c, const struct sip_bound *bound, struct view branch);
void via_write_copied(struct compose *c, struct sip_msg *request, const struct addr *source);
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
enum located hop_take(struct sip_stack *stack, struct handle lookup, struct sip_hop *out);
enum err hop_from(const struct sip_stack *stack, enum proto proto, const struct addr *remote,
                  struct sip_hop *out) NODISCARD; /* ABSENT: no address of ours */
/* RFC 3261 §12.1.1, §12.1.2: by TLS to a SIPS URI; a hop that is still looked up can be no other.
 */
bool hop_secures(const struct sip_stack *stack, const struct sip_hop *hop, struct view uri);
uint32_t hop_bound_of(const struct sip_stack *stack, const struct packet *packet);

/* refreshes.c: session timers */
struct refresh_wish { /* of a request; 0, each: it is not said */
    uint32_t expires_s, min_se_s;
    uint8_t refresher;
};
struct refresh_wish refresh_wish(const struct sip_stack *stack, const struct sip_call *call,
                                 enum sip_method method, const struct sip_refresh_options *options);
void refresh_configure(struct sip_stack *stack, struct sip_call *call,
                       const struct sip_refresh_options *own); /* NULL: nothing */
void refresh_fork(struct sip_stack *stack, struct sip_call *leg, const struct sip_call *first);
void refresh_stop(struct sip_stack *stack, struct sip_call *call);
/* 422, where the interval is too small. call NULL: it is not there yet */
bool refresh_refuses(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                     struct sip_call *call);
struct refresh_terms refresh_terms(const struct sip_stack *stack, const struct sip_tx *tx,
                                   struct sip_msg *request, uint16_t status);
void refresh_granted(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *request,
                     const struct sip_response_options *options, struct refresh_terms terms,
                     struct blob *bytes);
void refresh_came(struct sip_stack *stack, struct sip_call *call, struct sip_msg *msg); /* a 2xx */
void refresh_refused(struct sip_stack *stack, const struct sip_tx *tx,
                     struct sip_msg *msg); /* a 422 */
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
struct blob *bytes_written(struct sip_stack *stack, const struct buf *buf);   /* NULL: failed */
struct blob *request_write(struct sip_stack *stack,
                           const struct request_plan *plan); /* NULL: failed */

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
enum err plan_request(struct sip_stack *stack, struct sending *s) NODISCARD;
enum err plan_in_dialog(struct sip_stack *stack, const struct sip_dialog *dialog,
                        struct request_plan *plan) NODISCARD;
struct dialog_ids plan_ids(const struct request_plan *plan); /* of the dialog that it would make */
enum err plan_adopt(struct sending *s, struct blob *blob) NODISCARD;

/* request_out.c */
enum { EFFECTS_OF_A_COMMAND = 8 }; /* so much room a command wants before it begins */
enum err sending_send(struct sip_stack *stack, struct sending *s) NODISCARD;
/* Its target is one of a name's: the lookup is its own from now on; none: nothing happens. */
void hop_by_size(struct sip_stack *stack, size_t len, struct sip_hop *hop);
void request_located(struct sip_stack *stack, struct sip_tx *tx, struct handle lookup);
/* Of the stack's own will, in a call. The options lack that. */
enum err request_of_stack(struct sip_stack *stack, struct sip_call *call,
                          struct sip_request_options *options) NODISCARD;

/* response_out.c */
enum err stack_respond(struct sip_stack *stack, struct sip_tx *tx,
                       const struct sip_response_options *options) NODISCARD;
/* The stack's own answer, and its record for the user. */
void stack_answer(struct sip_stack *stack, struct sip_tx *tx, uint16_t status,
                  const struct sip_row *rows, size_t row_count);
void stack_send_100(struct sip_stack *stack, struct sip_tx *tx);

/* request_in.c */
void request_receive(struct sip_stack *stack, struct sip_msg *msg);
enum err request_new(struct sip_stack *stack, struct sip_msg *msg, const struct tx_key *key,
                     struct sip_tx **out) NODISCARD; /* its server transaction */

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
bool list_has(struct view list, struct view token);
bool media_has(struct view list, const struct sip_media_type *type);
bool method_is_manual(uint32_t manual, enum sip_method method);

/* methods.c */
/* The dialog or transaction is not there: 481, or the user's. */
void stack_no_dialog(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg);
void dialog_receive(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg);
void method_receive(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg);
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
enum err call_create(struct sip_stack *stack, bool caller, struct sip_call **out) NODISCARD;
enum sip_call_state call_shown(uint8_t state);
enum err call_tag_set(struct sip_stack *stack, struct sip_call *call, struct sip_tx *tx,
                      struct view tag) NODISCARD;
uint32_t call_step(struct sip_stack *stack, struct sip_call *call, uint8_t on);
void call_end(struct sip_call *call, uint8_t ended,
              uint16_t status); /* how; the first one counts */
void call_bye(struct sip_stack *stack, struct sip_call *call);
void call_answer_drop(struct sip_stack *stack, struct sip_call *call); /* its 2xx is not repeated */
void call_free(struct sip_stack *stack, struct sip_call *call);        /* at the end of the turn */
void call_linger_fire(struct sip_stack *stack, struct sip_call *call);
void calls_reap(struct sip_stack *stack);
void calls_drop(struct sip_stack *stack);

/* caller.c */
void caller_response(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg);
void caller_failed(struct sip_stack *stack, struct sip_tx *tx, uint16_t status);
void caller_cancelled(struct sip_stack *stack, struct sip_tx *tx); /* it never went out */
void caller_fork_over(struct sip_stack *stack, struct sip_tx *tx);
/* The request goes on as another transaction; uri: its new target, absent: the old one. */
void caller_again(struct sip_stack *stack, const struct sip_tx *tx, const struct sip_tx *next,
                  struct view uri);

/* callee.c */
/* 491, or 500 with the Retry-After of RFC 3261 §14.2. */
void refuse_for_now(struct sip_stack *stack, struct sip_tx *tx, uint16_t status);
void callee_invite(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg);
void callee_reinvite(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                     struct sip_call *call);
void callee_update(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                   struct sip_call *call);
void callee_responded(struct sip_stack *stack, struct sip_tx *tx, uint16_t status);
void callee_ack(struct sip_stack *stack, struct sip_msg *msg);

enum err callee_leg(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *invite,
                    struct sip_call **out) NODISCARD;

/* replaces.c: the status that refuses what an INVITE says of our dialogs; 0: it may. The call that
 * it is to replace comes back, if there is one. */
uint16_t replaces_check(struct sip_stack *stack, struct sip_msg *msg, struct handle *out_replaced);
void replaces_done(struct sip_stack *stack, struct sip_call *call);

/* fork.c */
void fork_end(struct sip_stack *stack, struct sip_tx *tx, uint16_t status);
struct sip_tx *fork_of_tag(struct sip_stack *stack, struct sip_tx *first, struct view to_tag);

/* relay.c: what comes to a stack that forwards */
void relay_request(struct sip_stack *stack, struct sip_msg *msg, const struct tx_key *key);
void relay_stray(struct sip_stack *stack, struct sip_msg *msg);

/* offers.c: each tells the session of a call what a message has, and gives what it means (enum
 * sip_oa_doing) */
bool response_is_reliable(struct sip_msg *msg);
uint32_t offer_came(struct sip_stack *stack, struct sip_call *call, struct sip_msg *msg);
void offer_refused(struct sip_stack *stack, struct sip_call *call, enum sip_method method);
void offer_asked(struct sip_stack *stack, struct sip_call *call, enum sip_method method,
                 const struct sip_request_options *options, struct blob *bytes);
void offer_responded(struct sip_stack *stack, struct sip_call *call, enum sip_method method,
                     const struct sip_response_options *options, bool reliable, struct blob *bytes);
void offer_again(struct sip_stack *stack, struct sip_call *call, struct sip_msg *request);
bool offer_allowed(const struct sip_call *call, enum sip_method method,
                   const struct sip_request_options *options);
uint16_t offer_refusal(const struct sip_call *call, struct sip_msg *request); /* 0, 491, 500 */

/* provisional.c: out_rseq stays what it was where the response is not to be reliable */
enum err reliable_plan(struct sip_stack *stack, struct sip_tx *tx,
                       const struct sip_response_options *options, uint32_t *out_rseq) NODISCARD;
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

/* prack.c */
const char *reliable_came(struct sip_call *call, const struct sip_tx *tx, struct sip_msg *msg);
void prack_send(struct sip_stack *stack, struct sip_call *call);

/* cancel.c */
void cancel_receive(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                    struct sip_tx *cancelled);
enum err cancel_send(struct sip_stack *stack, struct sip_tx *invite) NODISCARD; /* by itself */
void cancel_release(struct sip_stack *stack, struct sip_tx *invite); /* the INVITE has got on */
