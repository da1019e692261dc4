/* The SIP stack of one party, without I/O: time and packets go in, effects come out. What its user
 * asks for is a command: it appends effects, gives a handle, and calls nobody.
 *
 * Of all commands: now_us is the instant, never less than at the call before. What options point
 * to is borrowed for the call. After an error no out_ is set. ERR_GONE: a handle is stale, or of
 * nothing. ERR_LIMIT: no room among the effects or transactions; ERR_MEMORY: these two may come
 * when a part of it is done.
 *
 *     enum err err = sip_stack_receive(stack, now_us, &packet);
 *     while (sip_stack_next(stack, &effect))
 *         carry_out(&effect);
 */
#pragma once
#include "core/auth/keyring.h"
#include "core/dialog/refresh.h" /* struct sip_refresh_options */
#include "core/message/build.h"
#include "core/message/msg.h"
#include "core/net/net.h"
#include "core/sdp/offer_answer.h"
#include "core/transaction/options.h" /* struct sip_timers, enum sip_mutant */

/* What the user does instead of the stack. */
enum sip_manual {
    SIP_MANUAL_100 = 1 << 0,  /* 100 after 200 ms */
    SIP_MANUAL_ACK = 1 << 1,  /* ACK to 2xx */
    SIP_MANUAL_FORK = 1 << 2, /* ACK and BYE of a second fork's 2xx */
    SIP_MANUAL_PRACK = 1 << 3,
    SIP_MANUAL_BYE = 1 << 4, /* each of these: the answer to that method */
    SIP_MANUAL_CANCEL = 1 << 5,
    SIP_MANUAL_OPTIONS = 1 << 6,
    SIP_MANUAL_NOTIFY = 1 << 7,
    SIP_MANUAL_REINVITE = 1 << 8, /* 491 and 500 by RFC 3261 §14.2 too */
    SIP_MANUAL_UPDATE = 1 << 9,
    SIP_MANUAL_UNKNOWN = 1 << 10,   /* methods that the stack does not know: else 405 */
    SIP_MANUAL_SUBSCRIBE = 1 << 12, /* refreshes and ends of subscriptions to us */
    SIP_MANUAL_REPLACES = 1 << 13,  /* what an INVITE with Replaces asks for, RFC 3891 §3 */
    SIP_MANUAL_481 = 1 << 11,       /* requests of a dialog that is not there */
    SIP_MANUAL_SCHEME = 1 << 14     /* Request-URIs that are neither sip nor sips: else 416 */
};

/* Whether its role forwards (forward.h): then no request is refused for what only a user agent must
 * know, none makes a call, and strays are told. */
enum sip_forwards {
    SIP_FORWARDS_NOT,
    SIP_FORWARDS_STATEFUL,
    SIP_FORWARDS_STATELESS /* every request is a stray */
};

/* Final responses that are no end: the stack tries once more by itself. */
enum sip_again {
    SIP_AGAIN_FOLLOW = 1 << 0,  /* 300-302, outside a dialog: at its Contacts, RFC 3261 §8.1.3.4 */
    SIP_AGAIN_AUTH = 1 << 2,    /* 401 and 407 of realms that there is an account for, §22 */
    SIP_AGAIN_RETRY = 1 << 1,   /* 491 in a call after a while, RFC 3261 §14.1; 422 with a longer
                                   interval, RFC 4028 §7.3 */
    SIP_AGAIN_EXPIRES = 1 << 5, /* 423 with a longer time, §10.2.8 */
    SIP_AGAIN_BY_UDP = 1 << 3,  /* of the stack's own will: it goes by TCP for its size alone,
                                   RFC 3261 §18.1.1 */
    SIP_AGAIN_ELSEWHERE = 1 << 4 /* likewise: its name has more targets, RFC 3263 §4.3 */
};

struct sip_stack_options {
    uint32_t party;       /* its number in the trace */
    struct rng ids;       /* tags, branches, Call-IDs; a restarted party needs another stream */
    struct order *order;  /* the world's; outlives the stack */
    struct trace *trace;  /* STATE and TIMER events go there; outlives the stack; NULL: nowhere */
    struct view name;     /* tags, branches and Call-IDs begin with it and a count */
    struct view identity; /* From of requests, "\"Alice\" <sip:alice@192.0.2.1>", without tag */
    struct view contact;  /* Contact value, "<sip:alice@192.0.2.1:5060>" */
    /* Both, where empty: <sip:NAME@ADDRESS> of the first address that sip_stack_bound names. */
    struct view user_agent;   /* empty: no such header */
    struct view outbound;     /* Route value of requests outside of dialogs that bring no routes and
                                 no address of their own: "<sip:192.0.2.5;lr>"; empty: none */
    struct sip_timers timers; /* 0, each: the default */
    uint32_t manual;          /* enum sip_manual */
    uint32_t mutants;         /* enum sip_mutant */
    const struct sip_account *accounts; /* for SIP_AGAIN_AUTH; copied */
    size_t account_count;
    uint32_t again; /* enum sip_again, of requests that the stack sends by itself */
    struct sip_refresh_options refresh; /* session timers of its calls */
    bool strict; /* answers bad grammar with 400 (fatal faults are always answered so) */
    bool plain;  /* reached by TLS its own URIs are no sips: but <sip:…;transport=tls> */
    bool alias;  /* its Via says over TLS that requests may come back that way, RFC 5923 */
    enum sip_forwards forwards;
    struct view allow, supported, accept; /* header values; empty: the stack's own lists */
    struct view events; /* Allow-Events: 489 to all others; empty: every package is the user's */
    struct view info_packages; /* Recv-Info: 469 to INFO of all others, RFC 6086; empty: of each;
                                  absent: every INFO is the user's */
    uint32_t transaction_limit, effect_limit; /* 0: 1,000,000 each */
};

struct sip_stack;
/* Copies what the options point to, but for order and trace. MEMORY. */
enum err sip_stack_create(const struct sip_stack_options *options,
                          struct sip_stack **out) NODISCARD;
void sip_stack_destroy(struct sip_stack *stack); /* NULL is fine; nobody hears of it */
/* An address that the driver bound for this party, and the link that datagrams leave by: the first
 * of a protocol and family is what Via gets and what requests leave by. Before the first one
 * nothing can be sent, and what comes is passed over. Copied. MEMORY. */
enum err sip_stack_bound(struct sip_stack *stack, struct handle link, enum proto proto,
                         const struct addr *local) NODISCARD;

/* There is somebody to answer DO_QUERY. Until this is said a name is no address: ERR_ABSENT. */
void sip_stack_resolves(struct sip_stack *stack);

/* Input: a datagram or message of a stream, an answer of the DNS, a failure to send. The packet
 * stays the caller's. ERR_LIMIT, ERR_MEMORY: it was not (wholly) processed, which the loop must
 * make known.
 */
enum err sip_stack_receive(struct sip_stack *stack, uint64_t now_us,
                           const struct packet *packet) NODISCARD;
/* Fires one timer, the first that is due by then; none: nothing happens. What it could not do is
 * sip_stack_failure's. */
void sip_stack_expire(struct sip_stack *stack, uint64_t now_us);
struct moment sip_stack_deadline(const struct sip_stack *stack); /* moment_never: none */
struct sip_timer_info {
    struct view name; /* "B", "2xx" */
    uint64_t due_us;
    struct view of, state; /* "INVITE client", "calling"; absent: of no transaction */
    struct view method;    /* of the transaction; absent: none, or one that is not known */
};
/* Each timer that runs, in no order: for whoever looks on. */
void sip_stack_timers(const struct sip_stack *stack, void *ctx,
                      void (*each)(void *ctx, const struct sip_timer_info *timer));
/* The next effect, until false. It is the taker's (effect_deinit), but for the message of a TELL:
 * that is good until the next call of this. */
bool sip_stack_next(struct sip_stack *stack, struct effect *out);
/* The first thing that a timer could not do, LIMIT or MEMORY; ERR_OK: all is well. It stays. */
enum err sip_stack_failure(const struct sip_stack *stack);
/* The end of a turn, when all effects are taken: frees what has ended; its handles go stale. */
void sip_stack_reap(struct sip_stack *stack);

/* What a stack tells its user, in the order in which it came about: struct tell (core/net/net.h),
 * whose members are set as said here. sub, reg and pub: of what belongs to one of those. */
enum sip_tell {
    SIP_TELL_REQUEST,   /* a request that is the user's to answer. object: its server transaction;
                           call: the call it is in (a new one for a new INVITE), or none */
    SIP_TELL_RESPONSE,  /* object: the request; call: the leg it belongs to (by To tag), or none.
                           generated: the 408 or 503 of a timeout or transport error */
    SIP_TELL_ACK,       /* the ACK to the 2xx of `call` (msg) */
    SIP_TELL_CANCELLED, /* msg: the CANCEL that met the INVITE of `call`; object: its transaction.
                           The stack has answered both unless SIP_MANUAL_CANCEL.
                           options.forwards: object is the INVITE's, and only the CANCEL has been
                           answered */
    SIP_TELL_ANSWERED, /* the stack answered this request by itself (BYE 200, OPTIONS 200, 405 …):
                          for records; msg: the request, status: the answer */
    SIP_TELL_CALL,     /* state (enum sip_call_state) of `call` has changed; terminated: status and
                          sip_call_info's `ended` say how */
    SIP_TELL_FORK,     /* a response with a new To tag made another leg: call is the new one,
                          object the request; its RESPONSE follows */
    SIP_TELL_AGAIN, /* the request goes out once more: it was `object`, and is `next` from now on.
                       state 0: it will, state 1: it has been sent. Behind the RESPONSE that has
                       `again` set; where no more comes of it, DONE has the status */
    SIP_TELL_DONE,  /* the request or server transaction has ended; stale after the turn */
    SIP_TELL_DISCARDED, /* a message that came was dropped by rule: msg; error text in the trace */
    SIP_TELL_STRAY,     /* options.forwards: a message that belongs to no transaction: the ACK of a
                           2xx, a CANCEL of nothing, a response that no request waits for */
    SIP_TELL_REG,     /* state (enum sip_reg_state, register.h) of `reg` has changed; status: why */
    SIP_TELL_SUB,     /* state (enum sip_sub_state) of `sub` has changed; terminated: sip_sub_info's
                         `ended` says how */
    SIP_TELL_PUB,     /* state (enum sip_pub_state) of `pub` has changed; terminated: sip_pub_info's
                         `ended` says how */
    SIP_TELL_SUB_FORK /* a NOTIFY of another notifier made another subscription of the same
                         SUBSCRIBE: sub is the new one, object the one that asked */
};

enum sip_call_state { SIP_CALL_CALLING, SIP_CALL_EARLY, SIP_CALL_CONFIRMED, SIP_CALL_TERMINATED };
enum sip_ended {
    SIP_ENDED_NOT,
    SIP_ENDED_BYE,
    SIP_ENDED_REMOTE_BYE,
    SIP_ENDED_CANCELLED,
    SIP_ENDED_REJECTED,
    SIP_ENDED_TIMEOUT,
    SIP_ENDED_UNREACHABLE
};

struct sip_request_options {
    struct view method;
    struct view uri;    /* Request-URI. In a call: absent, for the dialog's target and route set */
    struct handle call; /* in the dialog of this call; none: outside of any */
    struct handle sub;  /* likewise, in the dialog of this subscription */
    struct view from, to; /* header values without tag; absent: the identity, <uri> */
    enum proto proto;     /* outside a call; in one it is the call's */
    struct addr remote;   /* next hop; family 0: by Route, then Request-URI, RFC 3263 */
    const struct sip_row
        *rows;        /* the user's headers, each name replacing what the stack would put */
    size_t row_count; /* there; value absent (ptr NULL): left out on purpose */
    struct view body, content_type; /* content_type absent: application/sdp where there is a body */
    struct view contact, to_tag, from_tag, branch, call_id; /* absent: by themselves */
    uint32_t cseq;         /* 0: by itself; higher than the dialog's: moves it */
    uint16_t max_forwards; /* has_max_forwards, else 70 */
    bool has_max_forwards;
    const struct view *routes; /* Route values, instead of the route set */
    size_t route_count;
    bool force;          /* also what the state forbids */
    enum blob_told told; /* how much of all this is a script's will */
    uint32_t manual;     /* of an INVITE: for its call from now on, beside the stack's */
    uint32_t again;      /* enum sip_again */
    uint32_t account; /* of sip_account_add; 0: the dialog's, else those of the stack's options */
    const struct sip_refresh_options *refresh; /* of an INVITE, for its call; NULL: the stack's */
};

struct sip_response_options {
    uint16_t status;
    struct view reason; /* absent: the standard phrase */
    struct view to_tag; /* absent: the dialog's */
    struct view contact;
    const struct sip_row *rows;
    size_t row_count;
    struct view body, content_type;
    bool reliable; /* 101-199 to an INVITE: until the PRACK is there, RFC 3262. By itself where the
                      INVITE requires 100rel */
    bool force;
    enum blob_told told; /* likewise */
    bool accepts; /* a 2xx to SUBSCRIBE or REFER: makes its subscription, which sends a first NOTIFY
                     by itself if the user has not done so when this instant is over */
    bool quiet;   /* likewise, but the NOTIFY is the user's */
};

/* Sends a request, RFC 3261 §8.1, or inside a dialog §12.2.1; an INVITE outside of any makes a
 * call, and out_call (may be NULL) is the handle of that one, or of the call that it is in, or
 * none. out_request: none for an ACK, which is no transaction. ERR_STATE: the dialog forbids it
 * (BYE after the end, a second INVITE while one is open …) and there is no force. ERR_ABSENT: no
 * address to send to or from, or no Request-URI. ERR_GONE: the call or subscription. */
enum err sip_request_send(struct sip_stack *stack, uint64_t now_us,
                          const struct sip_request_options *options, struct handle *out_request,
                          struct handle *out_call) NODISCARD;
/* CANCEL of an INVITE: goes out once a provisional response is there, RFC 3261 §9.1. Of `extra`
 * (may be NULL) rows and force count. ERR_STATE: it has its final response, or a CANCEL.
 * out_request (may be NULL): the CANCEL's own; none where the next try was only waited for, which
 * ends without a word. */
enum err sip_request_cancel(struct sip_stack *stack, uint64_t now_us, struct handle request,
                            const struct sip_request_options *extra,
                            struct handle *out_request) NODISCARD;
/* Answers a request, RFC 3261 §8.2.6. Of an INVITE: 1xx, 2xx and 3xx-6xx drive its call. ERR_STATE:
 * it has its final response (2xx of a second leg goes by sip_call_fork), a reliable 1xx has to be
 * acknowledged before (RFC 3262 §5), or RFC 4320 forbids this status. ERR_UNSUPPORTED: a reliable
 * one to who does not say 100rel. */
enum err sip_respond(struct sip_stack *stack, uint64_t now_us, struct handle transaction,
                     const struct sip_response_options *options) NODISCARD;
/* The ACK of a 2xx, RFC 3261 §13.2.2.4, where SIP_MANUAL_ACK or where the 2xx has an offer, which
 * only the user can answer (likewise the PRACK of a reliable 1xx with an offer, which is a request
 * like others): again for each call of it. options may be NULL: the same ACK once more, or a plain
 * one. ERR_STATE: no 2xx has come, and there is no force. */
enum err sip_ack_send(struct sip_stack *stack, uint64_t now_us, struct handle call,
                      const struct sip_request_options *options) NODISCARD;
/* Callee: a second leg of the same INVITE with a To tag of its own; respond with the handle that
 * comes back in out_transaction. ERR_STATE: it is the caller's, or has its final response. */
enum err sip_call_fork(struct sip_stack *stack, uint64_t now_us, struct handle call,
                       struct handle *out_call, struct handle *out_transaction) NODISCARD;

/* How long RFC 3261 §14.1 wants one to wait after a 491 before the next try, in microseconds:
 * another draw each time. */
enum err sip_glare_wait(struct sip_stack *stack, struct handle call, uint64_t *out_us) NODISCARD;

/* Another account, for requests that name it only. Copied; its number is never 0. MEMORY. */
enum err sip_account_add(struct sip_stack *stack, const struct sip_account *account,
                         uint32_t *out_account) NODISCARD;

struct sip_call_info { /* views into the stack, valid until it changes */
    enum sip_call_state state;
    enum sip_ended ended;
    uint16_t ended_status; /* the response that ended it, or 0 */
    bool caller;           /* we sent the INVITE */
    struct view call_id, local_tag, remote_tag, remote_target, local_uri, remote_uri;
    uint32_t local_seq, remote_seq; /* 0: not yet */
    const struct view *route_set;
    size_t route_count;
    bool secure;
    bool has_dialog;               /* there is a remote tag */
    struct handle invite;          /* its open INVITE: request or server transaction, or none */
    bool acked;                    /* the ACK of its 2xx was sent, or has come */
    struct sip_offer_answer offer; /* whose turn it is to offer or to answer */
    struct blob *local_sdp, *remote_sdp; /* the newest description of each side; NULL: none */
    uint32_t rseq, rseq_invite; /* of the newest reliable response that came: RAck; 0: none */
};
enum err sip_call_info(const struct sip_stack *stack, struct handle call,
                       struct sip_call_info *out) NODISCARD; /* GONE */

/* Has the other side of the call said that it takes INFO of this package (RFC 6086 §4.2.1)? */
bool sip_call_takes(const struct sip_stack *stack, struct handle call, struct view package);

/* What is still alive, for the tidy-up, the progress display and leak checks. */
struct sip_stack_counts {
    uint32_t client_transactions, server_transactions, calls, dialogs, subscriptions, timers;
};
void sip_stack_counts(const struct sip_stack *stack, struct sip_stack_counts *out);
/* The state of a request's or server transaction as the figures name it ("calling", "proceeding",
 * "completed", "confirmed", "accepted", "terminated", "trying"); "terminated" for a stale handle.
 */
const char *sip_transaction_state(const struct sip_stack *stack, struct handle transaction);
/* Where the request of a server transaction came from, and by which connection. */
struct sip_origin {
    enum proto proto;
    struct handle link;
    struct addr remote;
};
enum err sip_transaction_origin(const struct sip_stack *stack, struct handle transaction,
                                struct sip_origin *out) NODISCARD; /* GONE */
/* Whether it is still under way: what it sends may wait for a connection. */
bool sip_stack_waits(const struct sip_stack *stack, struct handle transaction);
/* What it sent last, before any hook: the request, or the latest response. Borrowed until the stack
 * changes; NULL: nothing yet, or the handle is stale. */
struct blob *sip_transaction_sent(const struct sip_stack *stack, struct handle transaction);
