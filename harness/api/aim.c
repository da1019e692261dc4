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

struct aim aim_at(lua_State *L, int index, const char *whose)
{
    struct party *party = party_test(L, index);
    struct aim aim = {0};

    if (party != NULL)
        return (struct aim){party->uri, party->local, party->proto, party->number};
    aim.uri = field_value_text(L, index);
    if (aim.uri.ptr == NULL && lua_type(L, index) == LUA_TSTRING)
        aim.uri.ptr = lua_tolstring(L, index, &aim.uri.len);
    if (aim.uri.ptr == NULL)
        scene_misuse(L, "%s wants an agent, a wire, t.dut or a URI, not %s", whose,
                     handle_type_text(L, index));
    aim.peer = party_behind(scene_of(L), aim.uri);
    return aim;
}
