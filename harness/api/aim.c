#include "harness/api/aim.h"

#include "harness/api/field_value.h"
#include "harness/api/kinds.h"

static bool address_of(struct view text, struct addr *out)
{
    struct arena arena = {0};
    struct sip_uri uri;
    bool found = sip_uri_parse(text, &arena, &uri) == ERR_OK && uri.host.len > 0 &&
                 addr_parse(uri.host, out) == ERR_OK;

    if (found)
        out->port = uri.port != 0 ? uri.port : sip_uri_port(&uri);
    arena_deinit(&arena);
    return found;
}

/* For sentences only: the stack finds its own way. */
static uint32_t party_behind(struct scene *scene, struct view text)
{
    struct addr addr;

    return address_of(text, &addr) ? world_party_at(scene->world, &addr) : 0;
}

struct addr aim_address(lua_State *L, struct view uri)
{
    struct addr addr = {0};

    if (!address_of(uri, &addr))
        scene_misuse(L, "\"%.*s\" leads to no IP address: give an agent, or sip:bob@192.0.2.7:5060",
                     VIEW_ARG(uri));
    return addr;
}

struct view aim_domain(lua_State *L, struct view uri)
{
    struct arena arena = {0};
    struct sip_uri parsed;
    struct addr addr;
    struct view domain = {0};

    lua_pushliteral(L, "");
    if (sip_uri_parse(uri, &arena, &parsed) == ERR_OK && parsed.host.len > 0 &&
        addr_parse(parsed.host, &addr) != ERR_OK) {
        lua_pop(L, 1);
        domain.ptr = lua_pushlstring(L, parsed.host.ptr, parsed.host.len);
        domain.len = parsed.host.len;
    }
    arena_deinit(&arena);
    return domain;
}

struct aim aim_at(lua_State *L, int index, const char *whose)
{
    struct party *party = party_test(L, index);
    struct aim aim = {0};

    if (party != NULL)
        return (struct aim){party->uri, party->local, party->proto, party->number, party};
    aim.uri = field_value_text(L, index);
    if (aim.uri.ptr == NULL && lua_type(L, index) == LUA_TSTRING)
        aim.uri.ptr = lua_tolstring(L, index, &aim.uri.len);
    if (aim.uri.ptr == NULL)
        scene_misuse(L, "%s wants an agent, a wire, t.dut or a URI, not %s", whose,
                     handle_type_text(L, index));
    if (agents_named(agents_of_lua(L), aim.uri) != NULL)
        scene_misuse(L,
                     "%s(\"%.*s\") names no URI; an agent is given as what t:agent gave, without "
                     "quotes: %s(%.*s)",
                     whose, VIEW_ARG(aim.uri), whose, VIEW_ARG(aim.uri));
    aim.peer = party_behind(scene_of(L), aim.uri);
    return aim;
}

static void protos_write(struct buf *buf, const struct party *party)
{
    buf_printf(buf, "%.*s has ", VIEW_ARG(party->name));
    for (size_t i = 0; i < party->bind_count; i++)
        buf_printf(buf, "%s\"%s\"", i == 0 ? "" : " and ", proto_text(party->binds[i].proto));
}

static void no_way(lua_State *L, const struct party *sender, const struct party *target)
{
    char room[256];
    struct buf buf = {.ptr = room, .size = sizeof room, .limit = sizeof room};

    protos_write(&buf, sender);
    buf_add(&buf, V(", "));
    protos_write(&buf, target);
    scene_misuse(L, "%.*s: give both the same one, or transport = {\"udp\", \"tcp\"}",
                 VIEW_ARG(buf_view(&buf)));
}

static bool names_transport(struct view text)
{
    struct arena arena = {0};
    struct sip_uri uri;
    struct view transport;
    bool named = sip_uri_parse(text, &arena, &uri) != ERR_OK || uri.scheme != SIP_SCHEME_SIP ||
                 sip_param_find(&uri.params, V("transport"), &transport);

    arena_deinit(&arena);
    return named;
}

/* Who has to be reached by a transport of his own; NULL: the URI says it all. t.dut:at("100") is a
 * text, and means the device wherever it takes what this sender has. */
static const struct party *meant(const struct agents *agents, const struct aim *aim)
{
    const struct party *behind = aim->party == NULL ? agents_party(agents, aim->peer) : NULL;

    if (behind != NULL && behind->kind == PARTY_DEVICE && !names_transport(aim->uri))
        return behind;
    return aim->party;
}

struct aim aim_from(lua_State *L, int index, const char *whose, const struct party *sender)
{
    struct aim aim = aim_at(L, index, whose);
    const struct party *target = meant(agents_of_lua(L), &aim);

    bool routed =
        sender->kind == PARTY_AGENT && ((const struct agent *)sender)->stack.outbound.ptr != NULL;

    if (target == NULL || target->bind_count == 0 || routed) {
        aim.proto = sender->proto;
        return aim;
    }
    for (size_t i = 0; i < sender->bind_count; i++) {
        const struct party_bind *bind = party_bind_of(target, sender->binds[i].proto);
        if (bind == NULL)
            continue;
        aim.proto = bind->proto;
        aim.remote = bind->local;
        return aim;
    }
    no_way(L, sender, target);
    return aim;
}
