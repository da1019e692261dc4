/* Timers: how long each waits (RFC 3261 Table 4, RFC 6026 §8.11), in one line, with their trace.
 *
 *     uint64_t wait_us;
 *     if (timer_wait(&layer->timers, TIMER_A, true, reliable, &wait_us))
 *         timer_set(layer, timer, tx->handle, timer_sum(layer->now_us, wait_us));
 */
#pragma once
#include "core/transaction/layer.h"
#include "core/transaction/machine.h"

/* Ids of timers that are no transaction's. */
enum {
    TIMER_OF_OTHERS = 64,
    TIMER_2XX = TIMER_OF_OTHERS, /* the UAS core sends its 2xx again, or gives up:
                                    RFC 3261 §13.3.1.4 */
    TIMER_LINGER,                /* what is left of a call that has ended */
    TIMER_AGAIN,                 /* a request that waits for its next try: RFC 3261 §14.1 */
    TIMER_N,                     /* a subscriber waits for NOTIFY: RFC 6665 §4.1.2.4 */
    TIMER_NOTIFY,                /* a notifier owes one: RFC 6665 §4.2.1.2 */
    TIMER_EXPIRES,               /* a subscription is to be refreshed, or over */
    TIMER_PUBLISH,               /* what we publish is to be refreshed, or over: RFC 3903 */
    TIMER_SESSION,               /* it is to be refreshed, or over: RFC 4028 §10 */
    TIMER_REGISTER,              /* a registration is to be refreshed, or over */
    TIMER_KEEP,                  /* the flow of a registration wants a ping: RFC 5626 §4.4 */
    TIMER_RELIABLE               /* the UAS core sends a reliable 1xx again: RFC 3262 §3 */
};

/* What a timer of a transaction begins with. False: it does not run on this transport. */
bool timer_wait(const struct sip_timers *timers, uint8_t timer, bool invite, bool reliable,
                uint64_t *out_us);
uint64_t timer_sum(uint64_t a_us, uint64_t b_us);      /* saturates: NEVER */
uint64_t timer_times(uint64_t us, uint32_t factor);    /* likewise */
uint64_t timer_64_t1(const struct sip_timers *timers); /* how long one waits for an answer */

/* due_us is an instant; one that is past means now. */
void timer_set(struct tx_layer *layer, struct sip_timer *timer, struct handle owner,
               uint64_t due_us);
void timer_stop(struct tx_layer *layer, struct sip_timer *timer, struct handle owner);
/* Likewise, without an event of its own: the move to a state that does not have it says so. */
void timer_leave(struct tx_layer *layer, struct sip_timer *timer);
/* Takes one that is due out of the line; effects that follow have it as their cause. */
void timer_fired(struct tx_layer *layer, struct sip_timer *timer, struct handle owner);
bool timer_runs(const struct sip_timer *timer);
uint64_t timer_due_us(const struct sip_timer *timer); /* or when it was */
struct view timer_text(uint8_t id);                   /* "A" */
