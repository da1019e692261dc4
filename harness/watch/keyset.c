#include "harness/watch/keyset.h"

enum { SIZE_FIRST = 16 };

/* Where it stands, or would. 0 is an empty slot, and so no key. */
static uint64_t *slot_of(const struct keyset *set, uint64_t key)
{
    size_t at = rng_mix(key) & (set->size - 1);
    while (set->slots[at] != 0 && set->slots[at] != key)
        at = (at + 1) & (set->size - 1);
    return &set->slots[at];
}

static enum err grow(struct keyset *set)
{
    struct keyset larger = {.size = set->size == 0 ? SIZE_FIRST : set->size * 2,
                            .count = set->count};
    larger.slots = mem_zalloc(larger.size * sizeof *larger.slots);
    if (larger.slots == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < set->size; i++)
        if (set->slots[i] != 0)
            *slot_of(&larger, set->slots[i]) = set->slots[i];
    mem_free(set->slots);
    *set = larger;
    return ERR_OK;
}

enum err keyset_add(struct keyset *set, uint64_t key)
{
    if (set->count * 2 >= set->size && grow(set) != ERR_OK)
        return ERR_MEMORY;
    uint64_t *slot = slot_of(set, key | 1);
    set->count += *slot == 0;
    *slot = key | 1;
    return ERR_OK;
}

bool keyset_has(const struct keyset *set, uint64_t key)
{
    return set->size > 0 && *slot_of(set, key | 1) != 0;
}

void keyset_deinit(struct keyset *set)
{
    mem_free(set->slots);
    *set = (struct keyset){0};
}
