#include "core/transaction/timers.h"

const struct sip_timers sip_timers_default = {
    .t1_us = 500 * US_PER_MS,
    .t2_us = 4 * US_PER_S,
    .t4_us = 5 * US_PER_S,
    .d_us = 32 * US_PER_S,
    .c_us = 180 * US_PER_S,
    .hundred_us = 200 * US_PER_MS,
};

/* RFC 3261 Table 4 and RFC 6026 §8.11: what a timer begins with, and what a reliable transport
 * makes of it. */
enum first { T1, T1_64, T4, D, HUNDRED };
enum reliable { SAME, ZERO, NOT_SET };
static const struct {
    uint8_t first, reliable;
} table[TX_TIMER_COUNT] = {
    [TIMER_A] = {T1,      NOT_SET},
      [TIMER_B] = {T1_64,   SAME   },
      [TIMER_D] = {D,       ZERO   },
    [TIMER_E] = {T1,      NOT_SET},
      [TIMER_F] = {T1_64,   SAME   },
      [TIMER_G] = {T1,      NOT_SET},
    [TIMER_H] = {T1_64,   SAME   },
      [TIMER_I] = {T4,      ZERO   },
      [TIMER_J] = {T1_64,   ZERO   },
    [TIMER_K] = {T4,      ZERO   },
      [TIMER_L] = {T1_64,   SAME   },
      [TIMER_M] = {T1_64,   SAME   },
    [TIMER_100] = {HUNDRED, SAME   },
      [TIMER_CANCEL] = {T1_64,   SAME   },
};

/* RFC 4320 §4.1: a 100 to a non-INVITE goes out when a client's Timer E is reset to T2. */
static uint64_t e_reaches_t2(const struct sip_timers *timers)
{
    uint64_t at_us = 0;
    uint64_t wait_us = timers->t1_us;
    while (wait_us < timers->t2_us && wait_us > 0) {
        at_us = timer_sum(at_us, wait_us);
        wait_us = timer_times(wait_us, 2);
    }
    return at_us;
}

uint64_t timer_64_t1(const struct sip_timers *timers)
{
    return timer_times(timers->t1_us, 64);
}

static uint64_t first_wait(const struct sip_timers *timers, uint8_t timer, bool invite)
{
    switch (table[timer].first) {
    case T1:
        return timers->t1_us;
    case T1_64:
        return timer_64_t1(timers);
    case T4:
        return timers->t4_us;
    case D:
        return timers->d_us;
    default:
        return invite ? timers->hundred_us : e_reaches_t2(timers);
    }
}

bool timer_wait(const struct sip_timers *timers, uint8_t timer, bool invite, bool reliable,
                uint64_t *out_us)
{
    ASSERT(timer < TX_TIMER_COUNT);
    if (reliable && table[timer].reliable == NOT_SET)
        return false;
    bool zero = reliable && table[timer].reliable == ZERO;
    *out_us = zero ? 0 : first_wait(timers, timer, invite);
    return true;
}

uint64_t timer_sum(uint64_t a_us, uint64_t b_us)
{
    return a_us > NEVER - b_us ? NEVER : a_us + b_us;
}

uint64_t timer_times(uint64_t us, uint32_t factor)
{
    return us > NEVER / factor ? NEVER : us * factor;
}

static void trace(struct tx_layer *layer, struct sip_timer *timer, struct handle owner,
                  enum trace_timer_act act)
{
    if (layer->trace == NULL)
        return;
    struct trace_event event = {.time_us = layer->now_us,
                                .cause = layer->cause,
                                .party = layer->party,
                                .object = owner,
                                .kind = TRACE_TIMER};
    event.u.timer.name = timer_text(timer->id);
    event.u.timer.due_us = timer_due_us(timer);
    event.u.timer.act = act;
    uint64_t seq = trace_append(layer->trace, &event);
    if (act == TIMER_FIRED && seq != 0)
        layer->cause = seq; /* what now follows, follows from this */
}

void timer_set(struct tx_layer *layer, struct sip_timer *timer, struct handle owner,
               uint64_t due_us)
{
    due_us = due_us < layer->now_us ? layer->now_us : due_us;
    layer_fail(layer,
               timeline_set(&layer->timeline, &timer->node, order_next(layer->order, due_us)));
    trace(layer, timer, owner, TIMER_SET);
}

void timer_stop(struct tx_layer *layer, struct sip_timer *timer, struct handle owner)
{
    if (!timer_runs(timer))
        return;
    timeline_stop(&layer->timeline, &timer->node);
    trace(layer, timer, owner, TIMER_STOPPED);
}

void timer_leave(struct tx_layer *layer, struct sip_timer *timer)
{
    timeline_stop(&layer->timeline, &timer->node);
}

void timer_fired(struct tx_layer *layer, struct sip_timer *timer, struct handle owner)
{
    timeline_stop(&layer->timeline, &timer->node);
    trace(layer, timer, owner, TIMER_FIRED);
}

bool timer_runs(const struct sip_timer *timer)
{
    return timeline_is_set(&timer->node);
}

uint64_t timer_due_us(const struct sip_timer *timer)
{
    return timer->node.heap.at.at_us;
}

struct view timer_text(uint8_t id)
{
    static const struct view others[] = {
        [TIMER_2XX - TIMER_OF_OTHERS] = {"2xx",          3 },
        [TIMER_LINGER - TIMER_OF_OTHERS] = {"linger",       6 },
        [TIMER_AGAIN - TIMER_OF_OTHERS] = {"again",        5 },
        [TIMER_N - TIMER_OF_OTHERS] = {"N",            1 },
        [TIMER_NOTIFY - TIMER_OF_OTHERS] = {"notify",       6 },
        [TIMER_EXPIRES - TIMER_OF_OTHERS] = {"expires",      7 },
        [TIMER_PUBLISH - TIMER_OF_OTHERS] = {"publish",      7 },
        [TIMER_SESSION - TIMER_OF_OTHERS] = {"session",      7 },
        [TIMER_REGISTER - TIMER_OF_OTHERS] = {"register",     8 },
        [TIMER_KEEP - TIMER_OF_OTHERS] = {"keep",         4 },
        [TIMER_RELIABLE - TIMER_OF_OTHERS] = {"reliable 1xx", 12},
    };
    return id < TIMER_OF_OTHERS ? tx_event_text(id) : others[id - TIMER_OF_OTHERS];
}
