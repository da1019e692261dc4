#include "core/net/zone.h"

#include <string.h>

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>

enum { NAME_LEN_MAX = 253, CHAIN_MAX = 16 };

struct zone_item {
    UT_hash_handle hh;
    struct zone_name name;
    struct arena texts;
    bool lost;
};

static struct zone_item *item_of(const struct zone_name *name)
{
    return (struct zone_item *)((char *)name - offsetof(struct zone_item, name));
}

static struct view lowered(struct view name, char room[NAME_LEN_MAX])
{
    if (view_ends(name, V(".")))
        name.len--;
    if (name.len == 0 || name.len > NAME_LEN_MAX)
        return (struct view){0};
    for (size_t i = 0; i < name.len; i++)
        room[i] = char_lower(name.ptr[i]);
    return (struct view){room, name.len};
}

static struct zone_item *find(const struct zone *zone, struct view name)
{
    char room[NAME_LEN_MAX];
    struct zone_item *item = NULL;
    name = lowered(name, room);
    if (name.ptr != NULL)
        HASH_FIND_BYHASHVALUE(hh, zone->items, name.ptr, name.len, (unsigned)view_hash(name), item);
    return item;
}

static void item_free(struct zone_item *item)
{
    mem_free(item->name.records);
    arena_deinit(&item->texts);
    mem_free(item);
}

void zone_name_remove(struct zone *zone, struct view name)
{
    struct zone_item *item = find(zone, name);
    if (item == NULL)
        return;
    HASH_DEL(zone->items, item);
    item_free(item);
}

enum err zone_name_add(struct zone *zone, struct view name, struct zone_name **out)
{
    char room[NAME_LEN_MAX];
    struct view key = lowered(name, room);
    if (key.ptr == NULL)
        return ERR_SYNTAX;
    zone_name_remove(zone, name);
    struct zone_item *item = mem_zalloc(sizeof *item);
    if (item == NULL)
        return ERR_MEMORY;
    item->name.name = arena_copy(&item->texts, key);
    if (item->name.name.ptr != NULL)
        HASH_ADD_KEYPTR_BYHASHVALUE(hh, zone->items, item->name.name.ptr, key.len,
                                    (unsigned)view_hash(key), item);
    if (item->name.name.ptr == NULL || item->lost) {
        item_free(item);
        return ERR_MEMORY;
    }
    *out = &item->name;
    return ERR_OK;
}

static bool text_keep(struct zone_item *item, struct view *text)
{
    *text = arena_copy(&item->texts, *text);
    return text->ptr != NULL;
}

enum err zone_record_add(struct zone_name *name, const struct dns_record *record)
{
    struct zone_item *item = item_of(name);
    struct dns_record copy = *record;
    if (name->record_count == ZONE_RECORDS_MAX)
        return ERR_LIMIT;
    struct dns_record *records =
        mem_realloc(name->records, (name->record_count + 1) * sizeof *records);
    if (records == NULL)
        return ERR_MEMORY;
    name->records = records;
    copy.owner = name->name;
    if (!text_keep(item, &copy.name) || !text_keep(item, &copy.flags) ||
        !text_keep(item, &copy.service) || !text_keep(item, &copy.regexp))
        return ERR_MEMORY;
    records[name->record_count++] = copy;
    return ERR_OK;
}

const struct zone_name *zone_find(const struct zone *zone, struct view name)
{
    const struct zone_item *item = find(zone, name);
    return item == NULL ? NULL : &item->name;
}

const struct zone_name *zone_next(const struct zone *zone, const struct zone_name *name)
{
    const struct zone_item *item = name == NULL ? zone->items : item_of(name)->hh.next;
    return item == NULL ? NULL : &item->name;
}

void zone_deinit(struct zone *zone)
{
    struct zone_item *item, *next;
    HASH_ITER(hh, zone->items, item, next)
    {
        HASH_DEL(zone->items, item);
        item_free(item);
    }
}

static size_t take(const struct zone_name *name, uint16_t type, struct zone_reply *out)
{
    size_t before = out->record_count;
    for (size_t i = 0; i < name->record_count && out->record_count < ZONE_RECORDS_MAX; i++)
        if (name->records[i].type == type)
            out->records[out->record_count++] = name->records[i];
    return out->record_count - before;
}

void zone_ask(const struct zone *zone, struct view name, uint16_t type, struct zone_reply *out)
{
    out->rcode = DNS_OK;
    out->delay_us = 0;
    out->silent = false;
    out->record_count = 0;
    for (int i = 0; i < CHAIN_MAX; i++) {
        const struct zone_name *found = zone_find(zone, name);
        if (found == NULL) {
            out->rcode = DNS_NXDOMAIN;
            return;
        }
        out->delay_us = time_after(out->delay_us, found->delay_us);
        out->rcode = found->rcode;
        out->silent = found->silent;
        if (out->rcode != DNS_OK || out->silent || take(found, type, out) > 0 ||
            take(found, DNS_CNAME, out) == 0)
            return;
        name = out->records[out->record_count - 1].name;
    }
}
