#include "core/base/arena.h"

#include "core/base/alloc.h"

#include <assert.h>
#include <stdalign.h>
#include <string.h>

enum { ARENA_FIRST = 1024, ARENA_MOST = 65536 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    alignas(max_align_t) char data[];
};

static struct arena_block *block_create(struct arena *arena, size_t len)
{
    size_t size = arena->total / 2; /* small ones stay small: there may be a hundred thousand */
    size = size < ARENA_FIRST ? ARENA_FIRST : size > ARENA_MOST ? ARENA_MOST : size;
    size = size / ARENA_STEP * ARENA_STEP;
    size = size < len ? len : size; /* len is a multiple of the step, as are the others */
    if (arena->limit != 0 && size > arena->limit - arena->total)
        size = len; /* near the limit: no more than is asked for */
    if (arena->limit != 0 && size > arena->limit - arena->total)
        return NULL;
    struct arena_block *block = mem_alloc(sizeof *block + size);
    if (block == NULL)
        return NULL;
    block->size = size;
    block->next = NULL;
    arena->total += size;
    return block;
}

/* The next kept block that is large enough, else a new one behind the current. */
static bool advance(struct arena *arena, size_t len)
{
    struct arena_block *next = arena->current == NULL ? arena->first : arena->current->next;
    if (next == NULL || next->size < len) {
        struct arena_block *block = block_create(arena, len);
        if (block == NULL)
            return false;
        block->next = next;
        if (arena->current == NULL)
            arena->first = block;
        else
            arena->current->next = block;
        next = block;
    }
    arena->current = next;
    arena->at = next->data;
    arena->left = next->size;
    return true;
}

void *arena_grow(struct arena *arena, size_t len)
{
    static_assert(ARENA_STEP % alignof(max_align_t) == 0, "aligned for anything");
    if (len > SIZE_MAX / 2)
        return NULL;
    len = (len + ARENA_STEP - 1) / ARENA_STEP * ARENA_STEP;
    bool fits = arena->at != NULL && arena->left >= len;
    return fits || advance(arena, len) ? arena->at : NULL;
}

void *arena_zalloc(struct arena *arena, size_t len)
{
    void *ptr = arena_alloc(arena, len);
    if (ptr != NULL)
        memset(ptr, 0, len);
    return ptr;
}

void *arena_room(struct arena *arena, void *items, size_t item_len, uint32_t count,
                 uint32_t *inout_size, uint32_t least)
{
    uint32_t size = *inout_size == 0 ? least : *inout_size * 2;
    if (count < *inout_size)
        return items;
    void *grown = arena_alloc(arena, size * item_len);
    if (grown == NULL)
        return NULL;
    if (count > 0)
        memcpy(grown, items, count * item_len);
    *inout_size = size;
    return grown;
}

struct view arena_copy(struct arena *arena, struct view bytes)
{
    char *ptr = bytes.len > SIZE_MAX / 2 ? NULL : arena_alloc(arena, bytes.len + 1);
    if (ptr == NULL)
        return (struct view){0};
    if (bytes.len > 0)
        memcpy(ptr, bytes.ptr, bytes.len);
    ptr[bytes.len] = '\0';
    return (struct view){ptr, bytes.len};
}

struct view arena_uint(struct arena *arena, uint64_t value)
{
    char room[UINT_TEXT_MAX];
    return arena_copy(arena, view_of_uint(value, room));
}

void arena_reset(struct arena *arena)
{
    arena->current = arena->first;
    arena->at = arena->first == NULL ? NULL : arena->first->data;
    arena->left = arena->first == NULL ? 0 : arena->first->size;
}

void arena_deinit(struct arena *arena)
{
    for (struct arena_block *block = arena->first; block != NULL;) {
        struct arena_block *next = block->next;
        mem_free(block);
        block = next;
    }
    *arena = (struct arena){.limit = arena->limit};
}
