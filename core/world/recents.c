#include "core/world/recents.h"

#include <string.h>

enum { RECENTS = 1024 };

uint64_t bytes_hash(struct view bytes)
{
    uint64_t hash = bytes.len;
    size_t i = 0;
    for (; i + sizeof hash <= bytes.len; i += sizeof hash) {
        uint64_t word;
        memcpy(&word, bytes.ptr + i, sizeof word);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    for (; i < bytes.len; i++)
        hash = (hash ^ (unsigned char)bytes.ptr[i]) * 0x100000001b3u;
    return rng_mix(hash);
}

enum err recents_add(struct recents *recents, const struct recent *recent)
{
    if (recents->items == NULL) {
        recents->items = mem_zalloc(RECENTS * sizeof *recents->items);
        if (recents->items == NULL)
            return ERR_MEMORY;
    }
    struct recent *place = &recents->items[recents->count++ % RECENTS];
    blob_unref(place->bytes);
    *place = *recent;
    blob_ref(place->bytes);
    return ERR_OK;
}

/* Newest first. */
static struct recent *item(const struct recents *recents, uint64_t age)
{
    return age >= RECENTS || age >= recents->count
               ? NULL
               : &recents->items[(recents->count - 1 - age) % RECENTS];
}

struct recent *recents_match(const struct recents *recents, const struct addr *source,
                             const struct addr *target, uint64_t bytes_hash)
{
    struct recent *found = NULL, *recent;
    for (uint64_t age = 0; (recent = item(recents, age)) != NULL; age++) {
        if (recent->bytes_hash != bytes_hash || !addr_equal(&recent->source, source) ||
            !addr_equal(&recent->target, target))
            continue;
        if (found == NULL || !recent->matched)
            found = recent;
    }
    return found;
}

struct recent *recents_last(const struct recents *recents, const struct addr *source,
                            const struct addr *target)
{
    struct recent *recent;
    for (uint64_t age = 0; (recent = item(recents, age)) != NULL; age++)
        if (addr_equal(&recent->source, source) && addr_equal(&recent->target, target))
            return recent;
    return NULL;
}

uint32_t recents_open(const struct recents *recents, uint64_t since_us)
{
    uint32_t open = 0;
    struct recent *recent;
    for (uint64_t age = 0; (recent = item(recents, age)) != NULL && recent->at_us >= since_us;
         age++)
        open += recent->awaited && !recent->matched;
    return open;
}

void recents_deinit(struct recents *recents)
{
    struct recent *recent;
    for (uint64_t age = 0; (recent = item(recents, age)) != NULL; age++)
        blob_unref(recent->bytes);
    mem_free(recents->items);
    *recents = (struct recents){0};
}
