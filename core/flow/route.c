/* Which flow is meant: by protocol, address and domain, so that a connection that TLS has proved to
 * one name is never used for another at the same address (CVE-2020-15260); or by the driver's name.
 */
#include "core/flow/inside.h"

#include <string.h>

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>

struct flow_route {
    UT_hash_handle hh;
    struct flow *flow;
    struct flow_route *next; /* of the same flow */
    bool lost;
    unsigned key_len;
    char key[];
};

/* Host names are the same in any case: RFC 4343. */
static void add_lower(struct buf *key, struct view domain)
{
    for (size_t i = 0; i < domain.len; i++)
        buf_add_char(key, char_lower(domain.ptr[i]));
}

static struct view key_of(struct flows *flows, enum proto proto, const struct addr *remote,
                          struct view domain)
{
    struct buf *key = &flows->key;
    buf_clear(key);
    buf_add_char(key, (char)proto);
    buf_add_char(key, (char)remote->family);
    buf_add_char(key, (char)(remote->port >> 8));
    buf_add_char(key, (char)remote->port);
    buf_add(key, (struct view){(const char *)remote->ip, remote->family == 4 ? 4 : 16});
    add_lower(key, domain);
    return key->failed == ERR_OK ? buf_view(key) : (struct view){0};
}

static struct flow_route *find(const struct flows *flows, struct view key)
{
    struct flow_route *route = NULL;
    HASH_FIND(hh, flows->routes, key.ptr, (unsigned)key.len, route);
    return route;
}

struct flow *route_find(struct flows *flows, enum proto proto, const struct addr *remote,
                        struct view domain)
{
    struct view key = key_of(flows, proto, remote, domain);
    struct flow_route *route = key.ptr == NULL ? NULL : find(flows, key);
    return route == NULL ? NULL : route->flow;
}

static void unlink_route(struct flow_route *route)
{
    struct flow_route **at = &route->flow->routes;
    while (*at != route)
        at = &(*at)->next;
    *at = route->next;
}

static void link_route(struct flow *flow, struct flow_route *route)
{
    route->flow = flow;
    route->next = flow->routes;
    flow->routes = route;
}

static enum err route_create(struct flows *flows, struct view key, struct flow_route **out)
{
    struct flow_route *route = key.ptr == NULL ? NULL : mem_zalloc(sizeof *route + key.len);
    if (route == NULL)
        return ERR_MEMORY;
    memcpy(route->key, key.ptr, key.len);
    route->key_len = (unsigned)key.len;
    HASH_ADD_KEYPTR(hh, flows->routes, route->key, route->key_len, route);
    if (route->lost) {
        mem_free(route);
        return ERR_MEMORY;
    }
    *out = route;
    return ERR_OK;
}

enum err route_add(struct flows *flows, struct flow *flow, const struct addr *remote,
                   struct view domain)
{
    struct view key = key_of(flows, (enum proto)flow->proto, remote, domain);
    struct flow_route *route = key.ptr == NULL ? NULL : find(flows, key);
    enum err err = ERR_OK;
    if (route != NULL)
        unlink_route(route);
    else
        err = route_create(flows, key, &route);
    if (err == ERR_OK)
        link_route(flow, route);
    return err;
}

void routes_drop(struct flows *flows, struct flow *flow)
{
    struct flow_route *route;
    while ((route = flow->routes) != NULL) {
        flow->routes = route->next;
        HASH_DEL(flows->routes, route);
        mem_free(route);
    }
}

/* No protocol has the number that this begins with: the two kinds of keys never meet. */
struct link_key {
    char kind[8];
    struct handle link;
    uint32_t query;
};

static struct link_key link_key(struct handle link, uint32_t query)
{
    return (struct link_key){
        .kind = "\xfflink", .link = link, .query = handle_none(link) ? query : 0};
}

struct flow *link_find(struct flows *flows, struct handle link, uint32_t query)
{
    struct link_key key = link_key(link, query);
    struct flow_route *route = find(flows, (struct view){(const char *)&key, sizeof key});
    return route == NULL ? NULL : route->flow;
}

enum err link_add(struct flows *flows, struct flow *flow)
{
    struct link_key key = link_key(flow->link, flow->query);
    link_drop(flows, flow);
    enum err err =
        route_create(flows, (struct view){(const char *)&key, sizeof key}, &flow->link_route);
    if (err == ERR_OK)
        flow->link_route->flow = flow;
    return err;
}

void link_drop(struct flows *flows, struct flow *flow)
{
    if (flow->link_route == NULL)
        return;
    HASH_DEL(flows->routes, flow->link_route);
    mem_free(flow->link_route);
    flow->link_route = NULL;
}
