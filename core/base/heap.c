#include "core/base/heap.h"

#include "core/base/alloc.h"

enum { HEAP_ARITY = 4, HEAP_FIRST = 64 };

struct heap_entry {
    struct moment at;
    struct heap_node *node;
};

static void put(struct heap *heap, uint32_t index, struct heap_entry entry)
{
    heap->entries[index] = entry;
    entry.node->place = index + 1;
}

static void sift_up(struct heap *heap, uint32_t index, struct heap_entry entry)
{
    while (index > 0) {
        uint32_t parent = (index - 1) / HEAP_ARITY;
        if (!moment_before(entry.at, heap->entries[parent].at))
            break;
        put(heap, index, heap->entries[parent]);
        index = parent;
    }
    put(heap, index, entry);
}

static void sift_down(struct heap *heap, uint32_t index, struct heap_entry entry)
{
    for (;;) {
        uint32_t child = index * HEAP_ARITY + 1;
        if (child >= heap->len)
            break;
        uint32_t last = child + HEAP_ARITY < heap->len ? child + HEAP_ARITY : heap->len;
        uint32_t least = child;
        for (uint32_t i = child + 1; i < last; i++)
            if (moment_before(heap->entries[i].at, heap->entries[least].at))
                least = i;
        if (!moment_before(heap->entries[least].at, entry.at))
            break;
        put(heap, index, heap->entries[least]);
        index = least;
    }
    put(heap, index, entry);
}

static void settle(struct heap *heap, uint32_t index, struct heap_entry entry)
{
    uint32_t parent = (index - 1) / HEAP_ARITY;
    if (index > 0 && moment_before(entry.at, heap->entries[parent].at))
        sift_up(heap, index, entry);
    else
        sift_down(heap, index, entry);
}

enum err heap_set(struct heap *heap, struct heap_node *node, struct moment at)
{
    if (node->place == 0 && heap->len == heap->size) {
        struct heap_entry *entries =
            mem_room(heap->entries, sizeof *entries, heap->len, &heap->size, HEAP_FIRST);
        if (entries == NULL)
            return ERR_MEMORY;
        heap->entries = entries;
    }
    node->at = at;
    struct heap_entry entry = {at, node};
    if (node->place == 0)
        sift_up(heap, heap->len++, entry);
    else
        settle(heap, node->place - 1, entry);
    return ERR_OK;
}

void heap_stop(struct heap *heap, struct heap_node *node)
{
    if (node->place == 0)
        return;
    uint32_t index = node->place - 1;
    node->place = 0;
    struct heap_entry last = heap->entries[--heap->len];
    if (index < heap->len)
        settle(heap, index, last);
}

struct heap_node *heap_first(const struct heap *heap)
{
    return heap->len == 0 ? NULL : heap->entries[0].node;
}

struct heap_node *heap_at(const struct heap *heap, uint32_t index)
{
    ASSERT(index < heap->len);
    return heap->entries[index].node;
}

void heap_deinit(struct heap *heap)
{
    mem_free(heap->entries);
    *heap = (struct heap){0};
}
