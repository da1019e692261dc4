#include "core/dialog/route.h"

#include "core/message/uri.h"

#include <string.h>

/* All values behind the array of their views: one allocation, one free. */
static enum err collect(struct route_set *out, struct sip_msg *msg, enum sip_header_id id,
                        size_t count, bool reversed)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        const struct sip_name_addr *value = sip_msg_get(msg, id, i);
        bytes += value == NULL ? 0 : value->text.len;
    }
    struct view *values = mem_alloc(count * sizeof *values + bytes);
    if (values == NULL)
        return ERR_MEMORY;
    char *at = (char *)(values + count);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const struct sip_name_addr *value = sip_msg_get(msg, id, reversed ? count - 1 - i : i);
        if (value == NULL)
            continue; /* unreadable: a fault of the message, and no route */
        memcpy(at, value->text.ptr, value->text.len);
        values[used++] = (struct view){at, value->text.len};
        at += value->text.len;
    }
    *out = (struct route_set){values, used};
    return ERR_OK;
}

static enum err replace(struct route_set *routes, struct sip_msg *msg, enum sip_header_id id,
                        bool reversed)
{
    size_t count = sip_msg_count(msg, id);
    struct route_set learnt = {0};
    enum err err = count == 0 ? ERR_OK : collect(&learnt, msg, id, count, reversed);
    if (err != ERR_OK)
        return err;
    route_drop(routes);
    *routes = learnt;
    return ERR_OK;
}

enum err route_learn(struct route_set *routes, struct sip_msg *msg, bool reversed)
{
    return replace(routes, msg, SIP_HEADER_RECORD_ROUTE, reversed);
}

enum err route_take(struct route_set *routes, struct sip_msg *msg, enum sip_header_id id)
{
    return replace(routes, msg, id, false);
}

void route_drop(struct route_set *routes)
{
    mem_free(routes->values);
    *routes = (struct route_set){0};
}

/* The URI of "<sip:p1;lr>;x" is what stands between the brackets. */
static struct view uri_of(struct view route)
{
    size_t open = view_find_char(route, '<');
    if (open == route.len)
        return view_head(route, view_find_char(route, ';'));
    struct view inner = view_skip(route, open + 1);
    return view_head(inner, view_find_char(inner, '>'));
}

/* RFC 3261 §19.1.1: lr is a parameter of the URI, with a value or without. */
static bool is_loose(struct view uri)
{
    struct view rest = view_skip(uri, view_find_char(uri, '@'));
    rest = rest.len == 0 ? uri : rest;
    while (rest.len > 0) {
        rest = view_skip(rest, view_find_char(rest, ';') + 1);
        struct view name = view_head(rest, view_find_char(rest, ';'));
        name = view_head(name, view_find_char(name, '='));
        if (view_equal_nocase(view_trim(name), V("lr")))
            return true;
    }
    return false;
}

struct route_plan route_plan(const struct view *routes, size_t count, struct view target)
{
    if (count == 0)
        return (struct route_plan){.uri = target};
    struct view first = uri_of(routes[0]);
    if (is_loose(first))
        return (struct route_plan){.uri = target, .routes = routes, .count = count};
    /* "stripping any parameters that are not allowed in a Request-URI" */
    return (struct route_plan){
        .uri = sip_uri_bare(first), .routes = routes + 1, .count = count - 1, .last = target};
}
