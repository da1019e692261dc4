#include "harness/captured/lint_held.h"

#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>

struct lint_slot {
    struct lint_group group; /* first: who has the group has the slot */
    UT_hash_handle hh;
    struct arena arena; /* texts of the findings */
    bool lost;
};

static struct lint_slot *slot_of(struct lint_held *held, struct view call_id)
{
    struct lint_slot *slot;
    HASH_FIND(hh, held->slots, call_id.ptr, call_id.len, slot);
    if (slot != NULL)
        return slot;
    slot = mem_zalloc(sizeof *slot);
    if (slot == NULL)
        return NULL;
    slot->group.call_id = arena_copy(&slot->arena, call_id.len == 0 ? V("") : call_id);
    if (slot->group.call_id.ptr != NULL)
        HASH_ADD_KEYPTR(hh, held->slots, slot->group.call_id.ptr, call_id.len, slot);
    if (slot->group.call_id.ptr == NULL || slot->lost) {
        lint_group_destroy(&slot->group);
        return NULL;
    }
    return slot;
}

enum err lint_held_add(struct lint_held *held, const struct lint_finding *finding)
{
    struct lint_slot *slot = slot_of(held, finding->call_id);
    if (slot == NULL)
        return ERR_MEMORY;
    struct lint_group *group = &slot->group;
    group->must += finding->rule->level == RULE_MUST;
    group->should += finding->rule->level == RULE_SHOULD;
    if (group->count == LINT_TOLD_MOST)
        return ERR_OK;
    struct lint_finding *items =
        mem_room(group->items, sizeof *items, group->count, &group->size, 4);
    if (items == NULL)
        return ERR_MEMORY;
    group->items = items;
    struct lint_finding kept = *finding;
    kept.sentence = arena_copy(&slot->arena, finding->sentence);
    kept.line = arena_copy(&slot->arena, finding->line);
    kept.call_id = group->call_id;
    if (kept.sentence.ptr == NULL || kept.line.ptr == NULL)
        return ERR_MEMORY;
    blob_ref(kept.bytes);
    items[group->count++] = kept;
    return ERR_OK;
}

struct lint_group *lint_held_take(struct lint_held *held, struct view call_id)
{
    struct lint_slot *slot;
    HASH_FIND(hh, held->slots, call_id.ptr, call_id.len, slot);
    if (slot == NULL)
        return NULL;
    HASH_DEL(held->slots, slot);
    return &slot->group;
}

struct lint_group *lint_held_any(struct lint_held *held)
{
    struct lint_slot *slot = held->slots;
    if (slot == NULL)
        return NULL;
    HASH_DEL(held->slots, slot);
    return &slot->group;
}

void lint_group_destroy(struct lint_group *group)
{
    struct lint_slot *slot = (struct lint_slot *)group;
    if (group == NULL)
        return;
    for (uint32_t i = 0; i < group->count; i++)
        blob_unref(group->items[i].bytes);
    mem_free(group->items);
    arena_deinit(&slot->arena);
    mem_free(slot);
}
