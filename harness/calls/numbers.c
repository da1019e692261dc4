/* Numbers by hash, for as long as one call is drawn up. */
#include "harness/calls/inside.h"

uint64_t key_mix(uint64_t key, struct view text)
{
    return rng_mix(key ^ view_hash(text));
}

const uint32_t *numbers_find(const struct numbers *index, uint64_t key)
{
    struct number_item *item;
    HASH_FIND(hh, index->items, &key, sizeof key, item);
    return item == NULL ? NULL : &item->value;
}

uint32_t *numbers_at(struct sketch *sketch, struct numbers *index, uint64_t key, bool *out_new)
{
    struct number_item *item;
    HASH_FIND(hh, index->items, &key, sizeof key, item);
    *out_new = item == NULL;
    if (item != NULL)
        return &item->value;
    item = sketch_alloc(sketch, sketch->scratch, 1, sizeof *item);
    if (item != NULL) {
        item->key = key;
        HASH_ADD(hh, index->items, key, sizeof item->key, item);
    }
    if (item == NULL || item->lost) {
        sketch->failure = ERR_MEMORY;
        sketch->nowhere = 0;
        return &sketch->nowhere;
    }
    return &item->value;
}

void numbers_clear(struct numbers *index)
{
    HASH_CLEAR(hh, index->items);
}

void *sketch_alloc(struct sketch *sketch, struct arena *arena, size_t count, size_t item_len)
{
    void *items = arena_zalloc(arena, count * item_len);
    if (items == NULL)
        sketch->failure = ERR_MEMORY;
    return items;
}
