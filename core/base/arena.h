/* Memory that dies together: allocate many, reset or deinit once. Keeps its blocks over a reset.
 *
 *     struct arena arena = {0};
 *     struct sip_via *via = arena_alloc(&arena, sizeof *via);
 *     arena_reset(&arena);
 */
#pragma once
#include "core/base/err.h"

struct arena_block;
struct arena {
    struct arena_block *first, *current;
    char *at; /* what is left of the current block */
    size_t left;
    size_t total; /* bytes of all blocks */
    size_t limit; /* of total; 0: none */
};

enum { ARENA_STEP = 16 }; /* aligned for anything */

void *arena_grow(struct arena *arena,
                 size_t len) NODISCARD; /* the way of arena_reserve to new blocks */

/* Room for as much, not taken yet: an arena_alloc of no more gives this same place, when nothing
 * else was taken in between. */
NODISCARD static inline void *arena_reserve(struct arena *arena, size_t len)
{
    return arena->at != NULL && arena->left >= len ? arena->at : arena_grow(arena, len);
}

/* Aligned for anything, not zeroed; NULL: memory or the limit. */
NODISCARD static inline void *arena_alloc(struct arena *arena, size_t len)
{
    size_t step = (len + ARENA_STEP - 1) / ARENA_STEP * ARENA_STEP;
    if ((step < len || step >= arena->left) && arena_grow(arena, len) == NULL)
        return NULL;
    char *ptr = arena->at;
    arena->at += step;
    arena->left -= step;
    return ptr;
}

void *arena_zalloc(struct arena *arena, size_t len) NODISCARD;
/* As mem_room (core/base/alloc.h); what was there is given up where it lies. */
void *arena_room(struct arena *arena, void *items, size_t item_len, uint32_t count,
                 uint32_t *inout_size, uint32_t least) NODISCARD;
/* A copy of the bytes, followed by a NUL that is not counted; .ptr NULL: memory. */
struct view arena_copy(struct arena *arena, struct view bytes) NODISCARD;
struct view arena_uint(struct arena *arena, uint64_t value) NODISCARD; /* decimal; likewise */
void arena_reset(struct arena *arena);  /* forgets all, keeps the blocks for reuse */
void arena_deinit(struct arena *arena); /* frees all; the arena is as new */
