#include "core/net/links.h"

#include <string.h>

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>

enum { RULES_FIRST = 8, UDP_HEADER = 8, IP4_HEADER = 20, IP6_HEADER = 40 };

struct link_rule {
    uint32_t from, to;
    bool is_part, parted; /* is_part: says `parted`; else `link` */
    struct net_link link;
};

struct link_item {
    UT_hash_handle hh;
    uint64_t key;
    uint32_t version; /* of the rules that `way` knows */
    bool lost;
    struct link_way way;
};

static bool covers(const struct link_rule *rule, uint32_t from, uint32_t to)
{
    return (rule->from == 0 || rule->from == from) && (rule->to == 0 || rule->to == to);
}

/* The last one wins, so that what a new rule covers wholly can go. */
static enum err rule_add(struct links *links, const struct link_rule *rule)
{
    struct link_rule *rules =
        mem_room(links->rules, sizeof *rules, links->rule_count, &links->rule_size, RULES_FIRST);
    if (rules == NULL)
        return ERR_MEMORY;
    links->rules = rules;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < links->rule_count; i++) {
        struct link_rule *old = &links->rules[i];
        if (old->is_part != rule->is_part || !covers(rule, old->from, old->to))
            links->rules[kept++] = *old;
    }
    links->rules[kept] = *rule;
    links->rule_count = kept + 1;
    links->version++;
    return ERR_OK;
}

enum err links_set(struct links *links, uint32_t from, uint32_t to, const struct net_link *link)
{
    return rule_add(links, &(struct link_rule){.from = from, .to = to, .link = *link});
}

enum err links_part(struct links *links, uint32_t from, uint32_t to, bool parted)
{
    return rule_add(links,
                    &(struct link_rule){.from = from, .to = to, .is_part = true, .parted = parted});
}

struct net_link links_get(const struct links *links, uint32_t from, uint32_t to)
{
    struct net_link link = links->base;
    for (uint32_t i = 0; i < links->rule_count; i++)
        if (!links->rules[i].is_part && covers(&links->rules[i], from, to))
            link = links->rules[i].link;
    return link;
}

static void way_refresh(const struct links *links, struct link_item *item)
{
    struct link_way *way = &item->way;
    way->link = links->base;
    way->parted = false;
    for (uint32_t i = 0; i < links->rule_count; i++) {
        const struct link_rule *rule = &links->rules[i];
        if (!covers(rule, way->from, way->to))
            continue;
        if (rule->is_part)
            way->parted = rule->parted;
        else
            way->link = rule->link;
    }
    item->version = links->version;
}

static struct link_item *item_add(struct links *links, uint64_t key)
{
    struct link_item *item = mem_zalloc(sizeof *item);
    if (item == NULL)
        return NULL;
    item->key = key;
    HASH_ADD_BYHASHVALUE(hh, links->items, key, sizeof item->key, (unsigned)rng_mix(key), item);
    if (!item->lost)
        return item;
    mem_free(item);
    return NULL;
}

struct link_way *links_way(struct links *links, uint32_t from, uint32_t to)
{
    uint64_t key = (uint64_t)from << 32 | to;
    struct link_item *item = links->last;
    if (item == NULL || item->key != key)
        HASH_FIND_BYHASHVALUE(hh, links->items, &key, sizeof key, (unsigned)rng_mix(key), item);
    if (item == NULL) {
        item = item_add(links, key);
        if (item == NULL)
            return NULL;
        item->way.from = from;
        item->way.to = to;
        way_refresh(links, item);
    }
    if (item->version != links->version)
        way_refresh(links, item);
    links->last = item;
    return &item->way;
}

void links_deinit(struct links *links)
{
    struct link_item *item, *next;
    HASH_ITER(hh, links->items, item, next)
    {
        HASH_DEL(links->items, item);
        mem_free(item);
    }
    mem_free(links->rules);
    *links = (struct links){.base = links->base};
}

uint64_t link_way_delay(struct link_way *way, uint64_t now_us, size_t ip_len)
{
    uint64_t bps = way->link.bandwidth_bps;
    if (bps == 0)
        return way->link.latency_us;
    uint64_t start_us = way->busy_until_us > now_us ? way->busy_until_us : now_us;
    uint64_t wire_us = ((uint64_t)ip_len * 8 * US_PER_S + bps - 1) / bps;
    way->busy_until_us = start_us + wire_us;
    return time_after(way->busy_until_us - now_us, way->link.latency_us);
}

size_t link_ip_len(uint8_t family, size_t payload_len)
{
    return payload_len + UDP_HEADER + (family == 6 ? IP6_HEADER : IP4_HEADER);
}

/* IPv6's length does not count its own header, RFC 8200 §3. */
size_t link_udp_most(uint8_t family)
{
    return (size_t)UINT16_MAX - UDP_HEADER - (family == 6 ? 0 : IP4_HEADER);
}
