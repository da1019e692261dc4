/* What the files of the monitor share: the records, and one function for each thing that is judged.
 */
#pragma once
#include "harness/monitor/ages.h"
#include "harness/monitor/monitor.h"

#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>

enum { TAP_US = 20000 }; /* a packet that is captured on two interfaces is there twice */

/* A message that is remembered. In records that were not heard of in a while it is kept as its
 * bytes alone, which take a fifth of the room; it has been read again when the record is found. */
struct sight {
    struct sip_msg *msg; /* one reference; NULL: none, or packed */
    struct blob *packed; /* one reference; NULL: none, or not packed */
    enum sip_framing framing;
    uint64_t seq, time_us;
    uint32_t from;
    bool intended;
};

/* A request and its responses, on one hop: they have the top Via in common. Records name each other
 * by key, for each is let go of by its own time. */
struct exchange {
    struct age age;    /* first */
    UT_hash_handle hh; /* in the order of making */
    uint64_t key;      /* of branch, sent-by, method and Call-ID */
    struct sight request;
    struct sight provisional; /* the newest one above 100; its bytes alone, always */
    struct sight reliable;    /* the newest of those with RSeq */
    struct sight final;
    enum sip_method method;
    struct addr source; /* of the request */
    uint32_t copies;
    uint64_t copied_us;            /* when the newest copy of its request came */
    uint64_t gap_us;               /* before that one; 0: there is none */
    uint64_t provisional_given_us; /* to the client, also a 100; NEVER: not yet */
    uint64_t reliable_given_us, final_given_us;
    uint32_t asks;    /* how often the request has come, copies of the network's among them */
    uint32_t answers; /* how often a final response was sent */
    bool muddled; /* two requests had its branch, or two different final responses came: which one
                     counted with the other side, nobody can tell */
    bool unsure;  /* nobody can tell whether its responses reached the client, and when */
    bool acked, pracked;
    struct addr came_from, came_to; /* of the request as its server saw it; family 0: not known */
    struct {                        /* what the server sends again by itself, as long as it must */
        uint64_t seq;               /* of the final or the reliable response; 0: none */
        uint64_t at_us, gap_us;     /* of its newest copy, and before that; 0: none */
        uint64_t done_us;           /* when the ACK or PRACK came; NEVER: not yet */
        bool asked;                 /* a copy of the request came since */
    } told;
    bool described; /* a reliable provisional response had a description */
    bool packed;    /* its messages are */
    bool lost;      /* there was no memory to put it into the table */
};

enum { SIDES = 2 };
struct talk_side {
    struct view tag;     /* in the talk's room */
    uint32_t cseq;       /* the highest of its requests; 0: none seen */
    struct sight target; /* whose Contact it wants its requests at */
    struct sight sdp;    /* its newest description */
    bool refused;        /* which was an offer, and was not accepted */
    uint64_t invite_key; /* of its newest INVITE; 0: none */
    uint64_t update_key; /* of its newest UPDATE with an offer; 0: none */
    bool bye;            /* it sent one */
};

/* A dialog on one hop, from either side: Call-ID, both tags, both parties. */
struct talk {
    struct age age; /* first */
    UT_hash_handle hh;
    uint64_t key;
    struct talk_side sides[SIDES]; /* 0: the one whose request made it, as far as it was seen */
    struct sight maker;            /* the request that made it; msg NULL: it was not seen */
    struct sight record;           /* the response that has the route set of side 0 */
    uint64_t confirmed_us;
    uint32_t rseq, rseq_first, rseq_cseq; /* of its reliable provisional responses; 0: none */
    uint64_t rseq_key;                    /* of their exchange */
    bool session;                         /* made by an INVITE */
    bool packed;                          /* its messages are */
    bool confirmed, acked, ended;
    bool lost;
    char room[];
};

struct remembered { /* of a Call-ID, a sender's number, a nonce */
    UT_hash_handle hh;
    uint64_t key;
    uint32_t number;
    uint64_t seq;
    bool invite, qop, ack, prack, notified;
    bool lost;
};

struct kept_finding {
    struct finding finding;
    struct kept_finding *next;
    char room[];
};

enum { CAME_KEPT = 16 };
struct came {             /* a request */
    uint64_t branch, key; /* hash; of its exchange */
};

struct keys {                  /* of one message, as its exchange is found by */
    const struct sip_msg *msg; /* NULL: of none */
    uint64_t via, call_id;
};

struct monitor {
    struct monitor_options options;
    struct monitor_counts counts;
    struct came came[CAME_KEPT]; /* the newest ones */
    uint32_t came_count;
    struct exchange *exchanges;
    struct talk *talks;
    struct ages exchange_ages, talk_ages;
    struct remembered *call_ids, *registers, *nonces;
    struct remembered *subscriptions; /* that were terminated: of a dialog and an event */
    struct remembered *branches;      /* of requests, without their Call-ID; in a capture none */
    struct remembered *servers;       /* parties that were given a request */
    struct kept_finding *first, **last, *given;
    bool unkeyed;        /* a request was seen whose Via or CSeq could not be read */
    uint64_t newest_us;  /* the highest time that was seen */
    uint64_t elapsed_us; /* a clock that is never set back */
    struct keys keys;    /* while that message is seen */
    enum err failure;
};

/* What is being judged: a message that has just left somebody, first time. */
struct matter {
    struct monitor *monitor;
    const struct seen *seen;
    struct sip_msg *msg;
    struct exchange *exchange; /* NULL: its request was not seen */
    struct talk *talk;         /* NULL: none, or not seen */
    int side;                  /* of the talk, that sent it */
};

/* monitor.c */
/* By its one Via it comes from who made it, and not from a proxy. */
bool is_original(const struct matter *matter);
void blame(const struct matter *matter, enum rule rule, uint64_t other, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void blame_row(const struct matter *matter, const struct rule_row *row, uint64_t other,
               uint32_t offset, struct view sentence);
/* Somebody else than who sent what is at hand, or something that did not come. */
void blame_party(struct monitor *monitor, enum rule rule, const struct addr *address,
                 uint32_t party, const struct sight *sight, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
uint64_t call_key(const struct sip_msg *msg);
void not_judged(const struct matter *matter);
struct remembered *remember(struct monitor *monitor, struct remembered **all, uint64_t key,
                            bool *out_new); /* NULL: memory */

/* An ACK or PRACK, in the Call-ID of this message, by anybody and on any way. */
bool seen_anywhere(struct monitor *monitor, struct sip_msg *msg, enum sip_method method);

/* exchange.c */
struct exchange *exchange_of(struct monitor *monitor, const struct seen *seen, bool *out_new);
/* Of a response that has another Call-ID than its request; NULL: none, or a capture. */
struct exchange *exchange_by_branch(struct monitor *monitor, const struct seen *seen);
struct exchange *exchange_find(struct monitor *monitor, struct sip_msg *msg,
                               enum sip_method method);
struct exchange *exchange_by_key(struct monitor *monitor, uint64_t key); /* NULL: gone, or key 0 */
/* A message is done with: another one may come to stand at its place. */
void exchange_keys_forget(struct monitor *monitor);
/* As exchange_by_key, for who does not ask for its messages: they may be packed. */
struct exchange *exchange_peek(struct monitor *monitor, uint64_t key);
void exchange_ages_init(struct ages *ages);
void exchanges_sweep(struct monitor *monitor, uint64_t now_us);
void exchanges_drop(struct monitor *monitor, uint64_t now_us);
void sight_set(struct sight *sight, const struct seen *seen);
void sight_keep(struct sight *sight, const struct seen *seen); /* its bytes alone */
void sight_drop(struct sight *sight);
bool sight_there(const struct sight *sight);
void sight_pack(struct sight *sight);
void sight_share(struct sight *sight, struct sip_msg *msg);    /* what it has packed is this */
bool sight_read(struct monitor *monitor, struct sight *sight); /* false: memory, it has failed */

/* learn_exchange.c: what a message makes true of its call and its exchange */
void call_learn(struct monitor *monitor, const struct seen *seen);
void sent_learn(const struct matter *matter);
void copy_learn(const struct matter *matter);
void given_learn(struct monitor *monitor, struct exchange *exchange, const struct seen *seen);

/* learn.c: what a message makes true of its talk */
void talk_learn(const struct matter *matter);
/* judge_reliable.c */
void reliable_given(struct exchange *exchange, const struct seen *seen);

/* judge_again.c: what a server sends again until it is acknowledged */
void told_begin(const struct matter *matter);                            /* sent, first time */
void told_end(struct monitor *monitor, const struct seen *acknowledged); /* an ACK or PRACK came */
void judge_again(const struct matter *matter);                           /* a copy was sent */

/* talk.c */
struct talk *talk_of(struct monitor *monitor, const struct seen *seen, bool make, int *out_side);
uint64_t party_key(const struct seen *seen);    /* names who sent it */
uint64_t receiver_key(const struct seen *seen); /* names who gets it */
void talk_ages_init(struct ages *ages);
void talks_sweep(struct monitor *monitor);
void talks_drop(struct monitor *monitor);

/* judges: of a message by itself, of a response, of copies … */
void judge_form(const struct matter *matter);
void judge_request(const struct matter *matter);
void judge_response(const struct matter *matter);
void judge_echo(const struct matter *matter);
void judge_source(const struct matter *matter);
void judge_copy(const struct matter *matter);
void judge_ack(const struct matter *matter);
void judge_cancel(const struct matter *matter);
void judge_dialog(const struct matter *matter);
void judge_offer(const struct matter *matter);
void judge_reliable(const struct matter *matter);
void judge_credentials(const struct matter *matter);
void judge_digest_credentials(const struct matter *matter, const struct sip_auth *auth);
void judge_digest_challenge(const struct matter *matter, const struct sip_auth *auth);
void judge_events(const struct matter *matter);
/* at the end of an exchange: what never came */
void judge_unnotified(struct monitor *monitor, const struct exchange *exchange, uint64_t now_us);
void judge_exchange_over(struct monitor *monitor, const struct exchange *exchange, uint64_t now_us);
