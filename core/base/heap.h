/* Timers: a 4-ary heap by moment. A node stands in the object that waits and knows its own place.
 *
 *     enum err err = heap_set(&heap, &tx->timer, order_next(order, now_us + t1_us));
 *     struct heap_node *due = heap_first(&heap);
 *     heap_stop(&heap, &tx->timer);
 */
#pragma once
#include "core/base/moment.h"

struct heap_node {
    struct moment at;
    uint32_t place; /* index in the heap + 1; 0: not in it */
};

struct heap_entry;
struct heap {
    struct heap_entry *entries; /* the key stands beside the pointer, for the cache's sake */
    uint32_t len, size;
};

enum err heap_set(struct heap *heap, struct heap_node *node,
                  struct moment at) NODISCARD;                      /* adds or moves; MEMORY */
void heap_stop(struct heap *heap, struct heap_node *node);          /* not in it: nothing happens */
struct heap_node *heap_first(const struct heap *heap);              /* NULL when empty */
struct heap_node *heap_at(const struct heap *heap, uint32_t index); /* below len; in no order */
void heap_deinit(struct heap *heap);
