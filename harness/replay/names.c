#include "harness/replay/names.h"

#include <stdio.h>

enum { FIRST = 8, RSEQ_KEY_MAX = 192 };

struct view names_find(const struct names *names, enum name_kind kind, struct view captured)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (names->items[i].kind == kind && view_equal(names->items[i].captured, captured))
            return names->items[i].live;
    return (struct view){0};
}

static enum err put(struct names *names, enum name_kind kind, struct view captured,
                    struct view live)
{
    if (names_find(names, kind, captured).ptr != NULL)
        return ERR_OK;
    struct name *items =
        arena_room(names->arena, names->items, sizeof *items, names->count, &names->size, FIRST);
    struct name name = {kind, arena_copy(names->arena, captured), arena_copy(names->arena, live)};
    if (items == NULL || name.captured.ptr == NULL || name.live.ptr == NULL)
        return ERR_MEMORY;
    names->items = items;
    names->items[names->count++] = name;
    return ERR_OK;
}

static struct view draw(struct names *names, char *room, size_t size, const char *head)
{
    uint64_t number = rng_at(names->ids, V("name"), ++names->drawn);
    int len = snprintf(room, size, "%s%016llx", head, (unsigned long long)number);
    return (struct view){room, (size_t)len};
}

enum err names_own(struct names *names, enum name_kind kind, struct view captured, struct view *out)
{
    char room[40];
    struct view live = names_find(names, kind, captured);
    enum err err = ERR_OK;
    if (live.ptr == NULL) {
        err = put(names, kind, captured,
                  draw(names, room, sizeof room, kind == NAME_CALL_ID ? "replay-" : "r"));
        live = names_find(names, kind, captured);
    }
    if (err == ERR_OK)
        *out = live;
    return err;
}

struct view names_branch(struct names *names)
{
    char room[40];
    return arena_copy(names->arena, draw(names, room, sizeof room, "z9hG4bK"));
}

const struct far *names_far(const struct names *names, struct view tag)
{
    for (uint32_t i = 0; i < names->far_count; i++)
        if (view_equal(names->fars[i].tag, tag))
            return &names->fars[i];
    return NULL;
}

static struct far *far_need(struct names *names, struct view tag)
{
    struct far *found = (struct far *)names_far(names, tag);
    if (found != NULL)
        return found;
    struct far *fars = arena_room(names->arena, names->fars, sizeof *fars, names->far_count,
                                  &names->far_size, FIRST);
    struct far far = {.tag = arena_copy(names->arena, tag)};
    if (fars == NULL || far.tag.ptr == NULL)
        return NULL;
    names->fars = fars;
    names->fars[names->far_count] = far;
    return &names->fars[names->far_count++];
}

/* RFC 3261 §12.1.1: in order, of a request; §12.1.2: backwards, of a response. */
static enum err routes_learn(struct names *names, struct far *far, struct sip_msg *live)
{
    size_t count = sip_msg_count(live, SIP_HEADER_RECORD_ROUTE);
    struct view *routes = arena_zalloc(names->arena, (count + 1) * sizeof *routes);
    bool request = sip_msg_is_request(live);
    if (routes == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const struct sip_name_addr *route = sip_msg_record_route(live, request ? i : count - 1 - i);
        routes[i] = route == NULL ? V("") : arena_copy(names->arena, route->text);
        if (routes[i].ptr == NULL)
            return ERR_MEMORY;
    }
    far->routes = routes;
    far->route_count = count;
    far->routed = request || sip_msg_status(live) >= 200;
    return ERR_OK;
}

/* What makes a dialog, or moves its target. */
static bool leads(struct sip_msg *live)
{
    enum sip_method method = sip_msg_method(live);
    uint16_t status = sip_msg_status(live);
    bool may = method == SIP_INVITE || method == SIP_UPDATE || method == SIP_SUBSCRIBE ||
               method == SIP_REFER || method == SIP_NOTIFY;
    return may && (status == 0 || (status > 100 && status < 300));
}

static enum err far_learn(struct names *names, struct view tag, struct sip_msg *live)
{
    const struct sip_name_addr *contact = sip_msg_contact(live, 0);
    struct far *far = far_need(names, tag);
    if (far == NULL)
        return ERR_MEMORY;
    if (contact != NULL && !contact->wildcard) {
        far->target = arena_copy(names->arena, sip_uri_bare(contact->uri.text));
        if (far->target.ptr == NULL)
            return ERR_MEMORY;
    }
    return far->routed ? ERR_OK : routes_learn(names, far, live);
}

static struct view rseq_key(char *room, struct view tag, uint64_t rseq)
{
    int len = snprintf(room, RSEQ_KEY_MAX, "%llu %.*s", (unsigned long long)rseq,
                       VIEW_ARG(view_head(tag, RSEQ_KEY_MAX / 2)));
    return (struct view){room, (size_t)len};
}

static enum err rseq_learn(struct names *names, struct view tag, struct sip_msg *captured,
                           struct sip_msg *live)
{
    const struct sip_number *was = sip_msg_get(captured, SIP_HEADER_RSEQ, 0);
    const struct sip_number *is = sip_msg_get(live, SIP_HEADER_RSEQ, 0);
    char key[RSEQ_KEY_MAX], digits[UINT_TEXT_MAX];
    if (was == NULL || is == NULL)
        return ERR_OK;
    return put(names, NAME_RSEQ, rseq_key(key, tag, was->value), view_of_uint(is->value, digits));
}

struct view names_rseq(const struct names *names, struct view tag, uint32_t rseq)
{
    char key[RSEQ_KEY_MAX];
    return names_find(names, NAME_RSEQ, rseq_key(key, tag, rseq));
}

enum err names_learn(struct names *names, struct sip_msg *captured, struct sip_msg *live)
{
    bool request = sip_msg_is_request(live);
    const struct sip_name_addr *was = request ? sip_msg_from(captured) : sip_msg_to(captured);
    const struct sip_name_addr *is = request ? sip_msg_from(live) : sip_msg_to(live);
    enum err err = put(names, NAME_CALL_ID, sip_msg_call_id(captured), sip_msg_call_id(live));
    if (was == NULL || is == NULL || was->tag.ptr == NULL || is->tag.ptr == NULL)
        return err;
    if (err == ERR_OK)
        err = put(names, NAME_TAG, was->tag, is->tag);
    if (err == ERR_OK && leads(live))
        err = far_learn(names, was->tag, live);
    if (err == ERR_OK && !request)
        err = rseq_learn(names, was->tag, captured, live);
    return err;
}
