#include "harness/captured/lint_ids.h"

enum { FIRST_SIZE = 1024 };

static bool slot_take(uint64_t *slots, size_t size, uint64_t hash)
{
    size_t at = hash & (size - 1);
    while (slots[at] != 0 && slots[at] != hash)
        at = (at + 1) & (size - 1);
    bool free = slots[at] == 0;
    slots[at] = hash;
    return free;
}

static enum err slots_grow(struct lint_ids *ids)
{
    size_t size = ids->size == 0 ? FIRST_SIZE : ids->size * 2;
    uint64_t *slots = mem_zalloc(size * sizeof *slots);
    if (slots == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < ids->size; i++)
        if (ids->slots[i] != 0)
            slot_take(slots, size, ids->slots[i]);
    mem_free(ids->slots);
    ids->slots = slots;
    ids->size = size;
    return ERR_OK;
}

enum err lint_ids_add(struct lint_ids *ids, struct view call_id)
{
    if (call_id.len == 0)
        return ERR_OK;
    if (ids->used * 2 >= ids->size && slots_grow(ids) != ERR_OK)
        return ERR_MEMORY;
    ids->used += slot_take(ids->slots, ids->size, rng_mix(view_hash(call_id)) | 1);
    return ERR_OK;
}

uint64_t lint_ids_count(const struct lint_ids *ids)
{
    return ids->used;
}

void lint_ids_deinit(struct lint_ids *ids)
{
    mem_free(ids->slots);
    *ids = (struct lint_ids){0};
}
