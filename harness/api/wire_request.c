#include "harness/api/wire_request.h"

#include "harness/api/kinds.h"
#include "harness/api/opts.h"
#include "harness/api/verbs.h"

#include <string.h>

static const char metatable_key;

enum { OF_WIRE = 1, OF_REQUEST, OF_RESPONSE, OF_COUNT = OF_RESPONSE }; /* uservalues */

static void request_check_at(lua_State *L, int index)
{
    if (lua_type(L, index) == LUA_TUSERDATA && lua_getmetatable(L, index)) {
        lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
        bool same = lua_rawequal(L, -1, -2);
        lua_pop(L, 2);
        if (same)
            return;
    }
    scene_misuse(L, "expected a server transaction, got %s; call it as tx:respond(200)",
                 handle_type_text(L, index));
}

/* Stack: the wire; on top the message that came. */
static int taken(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    (void)ctx;
    lua_newuserdatauv(L, 0, OF_COUNT);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
    lua_setmetatable(L, -2);
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, OF_WIRE);
    lua_pushvalue(L, -2);
    lua_setiuservalue(L, -2, OF_REQUEST);
    return 1;
}

int wire_expect_request(lua_State *L)
{
    lua_settop(L, 3);
    wire_check(L, 1);
    struct want *want = want_at(L, 2);
    if (want->response)
        return scene_misuse(L, "expect_request wants a method, not \"%.*s\"", VIEW_ARG(want->text));
    lua_pushcfunction(L, verb_expect);
    for (int i = 1; i <= 3; i++)
        lua_pushvalue(L, i);
    lua_callk(L, 3, 1, 0, taken);
    return taken(L, LUA_OK, 0);
}

/* Stack: the transaction, status, options; on top the response. */
static int responded(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    (void)ctx;
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, OF_RESPONSE);
    return 1;
}

/* tx:respond(status, opts) → the response as sent. */
static int respond(lua_State *L)
{
    lua_settop(L, 3);
    request_check_at(L, 1);
    lua_pushcfunction(L, wire_reply);
    lua_getiuservalue(L, 1, OF_WIRE);
    lua_getiuservalue(L, 1, OF_REQUEST);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    lua_callk(L, 4, 1, 0, responded);
    return responded(L, LUA_OK, 0);
}

static int index_of(lua_State *L)
{
    static const char *const names[] = {"request", "response", "respond", NULL};
    const char *name = luaL_checkstring(L, 2);
    char room[80];

    request_check_at(L, 1);
    if (strcmp(name, "request") == 0)
        lua_getiuservalue(L, 1, OF_REQUEST);
    else if (strcmp(name, "response") == 0)
        lua_getiuservalue(L, 1, OF_RESPONSE);
    else if (strcmp(name, "respond") == 0)
        lua_pushcfunction(L, respond);
    else
        return scene_misuse(L, "unknown method or field '%s' of a server transaction%s", name,
                            mend(name, names, room, sizeof room));
    return 1;
}

void wire_request_open(lua_State *L)
{
    lua_newtable(L);
    lua_pushcfunction(L, index_of);
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "server transaction");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
}
