#include "core/base/alloc.h"

#include <stdlib.h>
#include <string.h>

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

void *mem_alloc(size_t len)
{
    void *ptr = refused() ? NULL : malloc(len == 0 ? 1 : len);
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
