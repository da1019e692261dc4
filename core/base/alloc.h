/* The one seam through which every allocation of the project goes, so that each can be made to
 * fail.
 *
 *     struct thing *thing = mem_zalloc(sizeof *thing);
 *     if (thing == NULL)
 *         return ERR_MEMORY;
 *     mem_free(thing);
 */
#pragma once
#include "core/base/err.h"

/* NULL when there is no memory. len 0 gives a unique pointer. */
void *mem_alloc(size_t len) NODISCARD;
void *mem_zalloc(size_t len) NODISCARD;
/* As realloc: on NULL the old block is still there. */
void *mem_realloc(void *ptr, size_t len) NODISCARD;
void mem_free(void *ptr); /* NULL is fine */
/* Room for one item more behind `count` of them: where there is none, in a block of twice the size
 * (`least` items where it had none). NULL: there is no memory, and it is as it was. */
void *mem_room(void *items, size_t item_len, uint32_t count, uint32_t *inout_size,
               uint32_t least) NODISCARD;
/* A ring whose room is full: its `count` items from `first` on, in order, in a block of twice the
 * size (`least` items where it had none); the old one is freed. NULL: there is no memory, and it is
 * as it was. */
void *mem_ring_grow(void *items, size_t item_len, uint32_t first, uint32_t count,
                    uint32_t *inout_size, uint32_t least) NODISCARD;

/* Tests: the nth allocation from now fails (1: the next one), once or for good; 0: none does. */
void mem_fail_at(uint64_t nth, bool and_all_after);
uint64_t mem_count(void); /* allocations (and reallocations) so far, for tests and benches */
uint64_t mem_live(void);  /* blocks allocated and not yet freed */
