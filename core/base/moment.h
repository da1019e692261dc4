/* When something is due, and handles: names of objects that outlast them.
 *
 *     struct moment due = order_next(order, now_us + delay_us);
 *     if (moment_before(due, other))
 *         fire();
 */
#pragma once
#include "core/base/err.h"

#define US_PER_MS UINT64_C(1000)
#define US_PER_S UINT64_C(1000000)
#define NEVER UINT64_MAX

/* A total order: equal instants go in the order in which they were made. */
struct moment {
    uint64_t at_us; /* since the world began; NEVER: none */
    uint64_t seq;
};

/* One per world, shared by all who queue: stacks, links, script timers. */
struct order {
    uint64_t next;
};

struct moment order_next(struct order *order, uint64_t at_us);
bool moment_before(struct moment a, struct moment b);
uint64_t time_after(uint64_t now_us, uint64_t delay_us); /* saturates just before NEVER */
extern const struct moment moment_never;

/* gen 0: none. A handle whose object is gone is answered with ERR_GONE or NULL, never with another.
 */
struct handle {
    uint32_t index, gen;
};
bool handle_equal(struct handle a, struct handle b);
bool handle_none(struct handle handle);
