/* A request owns its tries. Where a final response (or none) is no reason to give up, a *reason*
 * says what is to be different, and again.c sends the request once more: a new transaction with
 * the Call-ID, From and To of the old one (RFC 3261 §8.1.3.5), in the same call.
 *
 *     bool glare_again(struct again *again)
 *     {
 *         again->delay_us = 2100 * US_PER_MS;
 *         return again->refusal.status == 491;
 *     }
 *
 * A new reason is a function in a file of its own in reason/ and a row of the table there. The
 * request's user hears RESPONSE with `again` set, then SIP_TELL_AGAIN with the handle that it goes
 * by from then on.
 */
#pragma once
#include "core/stack/self.h"

enum { AGAIN_ROWS_MAX = 64, AGAIN_TRIES_MAX = 70 };

struct tries { /* of one request, from its first refusal to its end */
    struct handle handle;
    struct handle tx; /* the newest transaction */
    struct sip_timer timer;
    uint32_t count;  /* so far */
    uint16_t status; /* that the last one met */
    struct arena texts;
    struct target *targets; /* reason/redirect.c: in the order in which they are tried */
    uint64_t min_se_s;      /* reason/interval.c: the largest one that was asked for */
    uint64_t min_expires_s; /* reason/brief.c: likewise */
    uint32_t met,
        met_stale; /* reason/challenge.c: spaces of the keyring that were answered, bits */
};

struct again {
    /* What there is. */
    struct sip_stack *stack;
    struct sip_tx *tx;
    struct sip_msg *request, *response; /* response NULL: none came, the status is ours */
    uint16_t status;
    struct tries *tries;
    /* What the reason fills in, in memory that lasts as long as stack->scratch or tries->texts. */
    struct view uri; /* another Request-URI; absent: the same */
    struct sip_hop hop;
    struct sip_row rows[AGAIN_ROWS_MAX]; /* each takes the place of the rows of its name */
    size_t row_count;
    enum err failed;      /* memory: what it could not fill in */
    struct handle lookup; /* of the name behind `hop`, taken by the next try, or none */
    bool keep_seq;        /* the same CSeq: RFC 3263 §4.3 */
    bool keep_vias;       /* below the first: it is somebody else's request, forwarded */
    uint64_t delay_us;
};
typedef bool again_reason(struct again *again);

/* Asked in this order; the first one that knows what to do goes. NULL ends them. reason/table.c. */
extern again_reason *const again_reasons[];

/* Either absent where memory has ended: remembered in `failed`. More than AGAIN_ROWS_MAX are passed
 * over. */
void again_row(struct again *again, struct view name, struct view value);

/* A final response has come for tx, or none will (told->generated): does the stack go on by itself?
 * Then its user has been told so, with what else stands in `told`, and the next try is under way.
 * bytes: the request as it was sent. */
bool again_begin(struct sip_stack *stack, struct sip_tx *tx, struct blob *bytes,
                 const struct tell *told);
void again_fire(struct sip_stack *stack, struct sip_timer *timer); /* the wait is over */
/* It is the next try of a request, and waits for the address that it goes to: seek.c */
bool again_is_next(const struct sip_stack *stack, const struct sip_tx *tx);
void again_go(struct sip_stack *stack, struct sip_tx *tx);
bool again_waits(const struct sip_stack *stack, const struct sip_tx *tx);
void again_over(struct sip_stack *stack, struct sip_tx *tx); /* tx has ended: its status */
void again_drop_all(struct sip_stack *stack);

/* write_again.c: the request as it was, with another branch and CSeq number, and the changes.
 * NULL: failed. */
struct blob *again_write(const struct again *again, struct view branch, uint32_t seq);
