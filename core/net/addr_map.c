#include "core/net/addr_map.h"

#include <string.h>

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>

struct key { /* without padding */
    uint8_t proto, family;
    uint16_t port;
    uint8_t ip[16];
};

struct addr_map_item {
    UT_hash_handle hh;
    struct key key;
    void *object;
    bool lost;
};

static struct key key_of(enum proto proto, const struct addr *addr)
{
    struct key key = {.proto = (uint8_t)proto, .family = addr->family, .port = addr->port};
    memcpy(key.ip, addr->ip, addr->family == 4 ? 4 : sizeof key.ip);
    return key;
}

static unsigned hash_of(const struct key *key)
{
    uint64_t words[3] = {0};
    memcpy(words, key, sizeof *key);
    return (unsigned)rng_mix(words[0] ^ words[1] * 31 ^ words[2] * 1009);
}

static struct addr_map_item *find(const struct addr_map *map, const struct key *key)
{
    struct addr_map_item *item;
    HASH_FIND_BYHASHVALUE(hh, map->items, key, sizeof *key, hash_of(key), item);
    return item;
}

enum err addr_map_put(struct addr_map *map, enum proto proto, const struct addr *addr, void *object)
{
    ASSERT(object != NULL);
    struct key key = key_of(proto, addr);
    if (find(map, &key) != NULL)
        return ERR_CONFLICT;
    struct addr_map_item *item = mem_zalloc(sizeof *item);
    if (item == NULL)
        return ERR_MEMORY;
    item->key = key;
    item->object = object;
    HASH_ADD_BYHASHVALUE(hh, map->items, key, sizeof item->key, hash_of(&key), item);
    if (!item->lost)
        return ERR_OK;
    mem_free(item);
    return ERR_MEMORY;
}

void *addr_map_find(const struct addr_map *map, enum proto proto, const struct addr *addr)
{
    struct key key = key_of(proto, addr);
    struct addr_map_item *item = find(map, &key);
    return item == NULL ? NULL : item->object;
}

void addr_map_remove(struct addr_map *map, enum proto proto, const struct addr *addr)
{
    struct key key = key_of(proto, addr);
    struct addr_map_item *item = find(map, &key);
    if (item == NULL)
        return;
    HASH_DEL(map->items, item);
    mem_free(item);
}

void addr_map_deinit(struct addr_map *map)
{
    struct addr_map_item *item, *next;
    HASH_ITER(hh, map->items, item, next)
    {
        HASH_DEL(map->items, item);
        mem_free(item);
    }
}
