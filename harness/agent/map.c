#include "harness/agent/map.h"

#include <string.h>

/* Open addressing; a removed slot keeps its place (value gen 0) until the next growth. */
struct map_slot {
    struct handle key; /* gen 0: never used */
    struct handle value;
};

enum { MAP_SIZE_MIN = 16 };

/* Handles are given out in a row: eight neighbours stay neighbours, for the cache's sake. */
static uint32_t slot_of(const struct map *map, struct handle key)
{
    uint64_t hash = rng_mix((uint64_t)key.gen << 32 | key.index >> 3);
    uint32_t at = ((uint32_t)hash << 3 | (key.index & 7)) & (map->size - 1);

    while (map->slots[at].key.gen != 0 && !handle_equal(map->slots[at].key, key))
        at = (at + 1) & (map->size - 1);
    return at;
}

static enum err grow(struct map *map)
{
    struct map bigger = {.size = MAP_SIZE_MIN};

    while (bigger.size < map->live * 4)
        bigger.size *= 2;
    bigger.slots = mem_zalloc(bigger.size * sizeof *bigger.slots);
    if (bigger.slots == NULL)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < map->size; i++) {
        const struct map_slot *old = &map->slots[i];
        if (old->value.gen == 0)
            continue;
        bigger.slots[slot_of(&bigger, old->key)] = *old;
        bigger.used++;
        bigger.live++;
    }
    mem_free(map->slots);
    *map = bigger;
    return ERR_OK;
}

enum err map_put(struct map *map, struct handle key, struct handle value)
{
    ASSERT(key.gen != 0 && value.gen != 0);
    if (map->used * 2 >= map->size) {
        enum err err = grow(map);
        if (err != ERR_OK)
            return err;
    }
    struct map_slot *slot = &map->slots[slot_of(map, key)];
    if (slot->key.gen == 0)
        map->used++;
    if (slot->value.gen == 0)
        map->live++;
    *slot = (struct map_slot){key, value};
    return ERR_OK;
}

struct handle map_get(const struct map *map, struct handle key)
{
    if (map->live == 0 || key.gen == 0)
        return (struct handle){0};
    return map->slots[slot_of(map, key)].value;
}

void map_remove(struct map *map, struct handle key)
{
    if (map->live == 0 || key.gen == 0)
        return;
    struct map_slot *slot = &map->slots[slot_of(map, key)];
    if (slot->value.gen == 0)
        return;
    slot->value = (struct handle){0};
    map->live--;
}

void map_clear(struct map *map)
{
    if (map->size > 0)
        memset(map->slots, 0, map->size * sizeof *map->slots);
    map->used = map->live = 0;
}

void map_deinit(struct map *map)
{
    mem_free(map->slots);
    *map = (struct map){0};
}
