/* Many timers of few lengths: what is set later mostly ends later, so it stands at the end of a
 * lane, a list that is sorted without sorting; only what fits no lane goes into a heap. Setting and
 * stopping touch the neighbours, where a heap of thousands of waiting objects would touch its whole
 * height.
 *
 *     enum err err = timeline_set(&timeline, &timer->node, order_next(order, now_us + t1_us));
 *     struct timeline_node *due = timeline.due;
 *     timeline_stop(&timeline, &timer->node);
 */
#pragma once
#include "core/base/heap.h"

enum { TIMELINE_LANES = 8 };

/* Stands in the object that waits. Zeroed: it is not set. */
struct timeline_node {
    struct heap_node heap; /* heap.at: when it is due, whichever way it waits */
    uint32_t lane;         /* + 1; 0: in the heap, or nowhere */
    struct timeline_node *before, *after;
};

struct timeline {
    struct {
        struct timeline_node *first, *last;
    } lanes[TIMELINE_LANES];
    struct heap heap;
    struct timeline_node *due; /* the first of all; NULL: none is set */
    uint32_t count;
};

/* Adds it, or moves it. MEMORY: it is not set any more, if it was. */
enum err timeline_set(struct timeline *timeline, struct timeline_node *node,
                      struct moment at) NODISCARD;
void timeline_stop(struct timeline *timeline, struct timeline_node *node); /* not set: nothing */
bool timeline_is_set(const struct timeline_node *node);
/* Each that is set, in no order; `each` may not change the timeline. */
void timeline_each(const struct timeline *timeline, void *ctx,
                   void (*each)(void *ctx, struct timeline_node *node));
void timeline_deinit(struct timeline *timeline);
