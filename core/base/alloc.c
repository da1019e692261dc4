#include "core/base/alloc.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A process is single-threaded by design (workers are processes), so plain counters do. */
static struct {
    uint64_t count, live, fail_at;
    bool fail_on;
} mem;

static bool refused(void)
{
    mem.count++;
    if (mem.fail_at == 0 || mem.count < mem.fail_at)
        return false;
    return mem.fail_on || mem.count == mem.fail_at;
}

/* Small blocks that were given back wait here by size, each list for the next of its kind: messages
 * come and go in the same few sizes, and the C library would join and split their blocks each time.
 * Under a sanitizer each block is given back for good, so that a use after free is seen. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif
enum { CLASS_BYTES = 64, CLASSES = SANITIZED ? 1 : 33, SPARE_MOST = 4 << 20 };

struct spare {
    struct spare *next;
};
static struct {
    struct spare *lists[CLASSES]; /* blocks of at least index * CLASS_BYTES */
    size_t bytes;
} spares;

static void *spare_take(size_t class)
{
    struct spare *spare = class < CLASSES ? spares.lists[class] : NULL;
    if (spare == NULL)
        return NULL;
    spares.lists[class] = spare->next;
    __builtin_prefetch(spare->next); /* who asks for one soon asks for the next */
    spares.bytes -= class * CLASS_BYTES;
    return spare;
}

static bool spare_give(void *ptr)
{
    size_t class = malloc_usable_size(ptr) / CLASS_BYTES;
    struct spare *spare = ptr;
    if (class == 0 || class >= CLASSES || spares.bytes >= SPARE_MOST)
        return false;
    spare->next = spares.lists[class];
    spares.lists[class] = spare;
    spares.bytes += class * CLASS_BYTES;
    return true;
}

/* Who touches a hundred megabytes, a little here and there, waits for the tables of pages: what the
 * heap grows by is asked for in pages of two megabytes. Its first step is not, for small runs. */
enum { PAGE = 2 << 20, HEAP_STEP = 8 * PAGE };

static uintptr_t heap_end; /* as far as it is known to reach; 0: not asked yet */

static void heap_grown(uintptr_t end)
{
    uintptr_t from = (heap_end + PAGE - 1) / PAGE * PAGE;
    if (end > from) /* refused, it is slower, and nothing else */
        (void)madvise((void *)from, end - from, MADV_HUGEPAGE);
    mallopt(M_TOP_PAD, HEAP_STEP);
}

static void *block_get(size_t len)
{
    if (SANITIZED)
        return malloc(len);
    if (heap_end == 0) {
        mallopt(M_TOP_PAD, PAGE);
        mallopt(M_TRIM_THRESHOLD, 4 * HEAP_STEP);
        mallopt(M_MMAP_THRESHOLD, HEAP_STEP);
    }
    void *block = malloc(len);
    uintptr_t end = (uintptr_t)sbrk(0);
    if (heap_end != 0 && end > heap_end)
        heap_grown(end);
    heap_end = end;
    return block;
}

void *mem_alloc(size_t len)
{
    size_t class = len / CLASS_BYTES + (len % CLASS_BYTES != 0 || len == 0);
    if (refused())
        return NULL;
    void *ptr = spare_take(class);
    if (ptr == NULL)
        ptr = block_get(class < CLASSES ? class * CLASS_BYTES : len == 0 ? 1 : len);
    if (ptr != NULL)
        mem.live++;
    return ptr;
}

void *mem_zalloc(size_t len)
{
    void *ptr = mem_alloc(len);
    if (ptr != NULL)
        memset(ptr, 0, len);
    return ptr;
}

void *mem_realloc(void *ptr, size_t len)
{
    if (ptr == NULL)
        return mem_alloc(len);
    return refused() ? NULL : realloc(ptr, len == 0 ? 1 : len);
}

void mem_free(void *ptr)
{
    if (ptr == NULL)
        return;
    mem.live--;
    if (!spare_give(ptr))
        free(ptr);
}

void mem_fail_at(uint64_t nth, bool and_all_after)
{
    mem.fail_at = nth == 0 ? 0 : mem.count + nth;
    mem.fail_on = and_all_after;
}

uint64_t mem_count(void)
{
    return mem.count;
}

uint64_t mem_live(void)
{
    return mem.live;
}

void *mem_room(void *items, size_t item_len, uint32_t count, uint32_t *inout_size, uint32_t least)
{
    uint32_t size = *inout_size == 0 ? least : *inout_size * 2;
    if (count < *inout_size)
        return items;
    void *grown = mem_realloc(items, size * item_len);
    if (grown != NULL)
        *inout_size = size;
    return grown;
}

void *mem_ring_grow(void *items, size_t item_len, uint32_t first, uint32_t count,
                    uint32_t *inout_size, uint32_t least)
{
    uint32_t size = *inout_size == 0 ? least : *inout_size * 2;
    uint32_t to_end = *inout_size - first, head = count < to_end ? count : to_end;
    char *grown = mem_alloc(size * item_len);
    if (grown == NULL)
        return NULL;
    if (count > 0) {
        memcpy(grown, (const char *)items + first * item_len, head * item_len);
        memcpy(grown + head * item_len, items, (count - head) * item_len);
    }
    mem_free(items);
    *inout_size = size;
    return grown;
}
