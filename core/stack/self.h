/* What the files of this folder share: the stack's own struct, and what each file does for the
 * others. Nobody outside includes this.
 */
#pragma once
#include "core/dialog/call.h"
#include "core/dialog/subscription.h"
#include "core/locate/domains.h"
#include "core/locate/locate.h"
#include "core/stack/stack.h"
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
    struct view secure_contact; /* by TLS, of who is not reached by that alone; absent: nowhere */
    bool named_by_address;      /* its contact is no wish of the user's */
    struct route_set service_routes; /* of the latest 200 to REGISTER, RFC 3608 */
    struct arena scratch;            /* of one command or packet */
    struct buf list;                 /* of an answer: "Unsupported" */
    uint32_t manual, again;
    struct sip_refresh_options refresh;
    bool strict, alias, plain;
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
enum { EFFECTS_OF_A_COMMAND = 8 }; /* so much room a command wants before it begins */
/* Likewise of a command that sends. ABSENT: no address to send from. LIMIT: no room. */
enum err command_enter(struct sip_stack *stack, uint64_t now_us) NODISCARD;
/* Gives the first thing that went wrong: err, or what stack_leave says. */
NODISCARD static inline enum err command_leave(struct sip_stack *stack, enum err err)
{
    enum err left = stack_leave(stack);
    return err != ERR_OK ? err : left;
}

/* Where we are to be asked: RFC 5626 §4.3, RFC 5627 §4.4. secure: who asks wants to be safe, so
 * that it has to be a SIPS URI, RFC 3261 §8.1.1.8 and §12.1.1. */
static inline struct view stack_contact(const struct sip_stack *stack, bool secure)
{
    struct view contact =
        secure && stack->secure_contact.ptr != NULL ? stack->secure_contact : stack->contact;
    return stack->known_as.ptr != NULL ? stack->known_as : contact;
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

/* fork.c */
/* An INVITE was refused: its other legs that still ring end. */
void fork_end(struct sip_stack *stack, struct sip_tx *tx, uint16_t status);
/* The leg that answers with this To tag; none: the first. */
struct sip_tx *fork_of_tag(struct sip_stack *stack, struct sip_tx *first, struct view to_tag);

/* relay.c: what comes to a stack that forwards */
void relay_request(struct sip_stack *stack, struct sip_msg *msg, const struct tx_key *key);
void relay_stray(struct sip_stack *stack, struct sip_msg *msg); /* it belongs to no transaction */

/* cancel.c: RFC 3261 §9. cancelled: the request that it means, NULL: none */
void cancel_receive(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                    struct sip_tx *cancelled);
enum err cancel_send(struct sip_stack *stack, struct sip_tx *invite) NODISCARD; /* by itself */
void cancel_release(struct sip_stack *stack, struct sip_tx *invite); /* the INVITE has got on */
