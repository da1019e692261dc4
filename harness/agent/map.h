/* From the stack's handles to the harness's records, while the stack's objects live.
 *
 *     enum err err = map_put(&agent->calls_by_stack, tell->call, call->handle);
 *     struct handle record = map_get(&agent->calls_by_stack, tell->call);
 */
#pragma once
#include "core/core.h"

struct map_slot;
struct map { /* zeroed: empty */
    struct map_slot *slots;
    uint32_t size, used, live; /* used: with the removed ones */
};

enum err map_put(struct map *map, struct handle key, struct handle value) NODISCARD; /* MEMORY */
struct handle map_get(const struct map *map, struct handle key); /* gen 0: not there */
void map_remove(struct map *map, struct handle key);
void map_clear(struct map *map);
void map_deinit(struct map *map);
