#include "core/base/timeline.h"

#include <stddef.h>

static struct timeline_node *of_heap(struct heap_node *node)
{
    return node == NULL
               ? NULL
               : (struct timeline_node *)((char *)node - offsetof(struct timeline_node, heap));
}

static bool is_sooner(const struct timeline_node *a, const struct timeline_node *b)
{
    return b == NULL || moment_before(a->heap.at, b->heap.at);
}

/* The lane that ends latest among those that end before it; each length finds its own in this way.
 * Where none does, an empty one. TIMELINE_LANES: none. */
static uint32_t lane_for(const struct timeline *timeline, struct moment at)
{
    uint32_t best = TIMELINE_LANES, empty = TIMELINE_LANES;
    for (uint32_t i = TIMELINE_LANES; i-- > 0;) {
        const struct timeline_node *last = timeline->lanes[i].last;
        if (last == NULL)
            empty = i;
        else if (!moment_before(at, last->heap.at) &&
                 (best == TIMELINE_LANES || is_sooner(timeline->lanes[best].last, last)))
            best = i;
    }
    return best == TIMELINE_LANES ? empty : best;
}

static void lane_add(struct timeline *timeline, uint32_t lane, struct timeline_node *node)
{
    node->lane = lane + 1;
    node->before = timeline->lanes[lane].last;
    node->after = NULL;
    timeline->lanes[lane].last = node;
    if (node->before == NULL)
        timeline->lanes[lane].first = node;
    else
        node->before->after = node;
}

static void lane_remove(struct timeline *timeline, struct timeline_node *node)
{
    uint32_t lane = node->lane - 1;
    if (node->before == NULL)
        timeline->lanes[lane].first = node->after;
    else
        node->before->after = node->after;
    if (node->after == NULL)
        timeline->lanes[lane].last = node->before;
    else {
        node->after->before = node->before;
        __builtin_prefetch(node->after->after); /* the one to be touched when this one goes */
    }
    node->lane = 0;
}

static struct timeline_node *find_due(const struct timeline *timeline)
{
    struct timeline_node *due = of_heap(heap_first(&timeline->heap));
    for (uint32_t i = 0; i < TIMELINE_LANES; i++) {
        struct timeline_node *first = timeline->lanes[i].first;
        if (first != NULL && is_sooner(first, due))
            due = first;
    }
    return due;
}

enum err timeline_set(struct timeline *timeline, struct timeline_node *node, struct moment at)
{
    timeline_stop(timeline, node);
    uint32_t lane = lane_for(timeline, at);
    if (lane == TIMELINE_LANES) {
        enum err err = heap_set(&timeline->heap, &node->heap, at);
        if (err != ERR_OK)
            return err;
    } else {
        node->heap.at = at;
        lane_add(timeline, lane, node);
    }
    timeline->count++;
    if (is_sooner(node, timeline->due))
        timeline->due = node;
    return ERR_OK;
}

void timeline_stop(struct timeline *timeline, struct timeline_node *node)
{
    if (!timeline_is_set(node))
        return;
    if (node->lane != 0)
        lane_remove(timeline, node);
    else
        heap_stop(&timeline->heap, &node->heap);
    timeline->count--;
    if (timeline->due == node)
        timeline->due = find_due(timeline);
}

bool timeline_is_set(const struct timeline_node *node)
{
    return node->lane != 0 || node->heap.place != 0;
}

void timeline_each(const struct timeline *timeline, void *ctx,
                   void (*each)(void *ctx, struct timeline_node *node))
{
    for (uint32_t i = 0; i < TIMELINE_LANES; i++)
        for (struct timeline_node *n = timeline->lanes[i].first; n != NULL; n = n->after)
            each(ctx, n);
    for (uint32_t i = 0; i < timeline->heap.len; i++)
        each(ctx, of_heap(heap_at(&timeline->heap, i)));
}

void timeline_deinit(struct timeline *timeline)
{
    heap_deinit(&timeline->heap);
    *timeline = (struct timeline){0};
}
