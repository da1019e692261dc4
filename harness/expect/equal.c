#include "harness/expect/equal.h"

#include "harness/expect/show.h"
#include "harness/lua/engine.h"
#include "harness/lua/order.h"

enum { DEPTH_MOST = 60 };

static bool equal_at(lua_State *L, int a, int b, int depth);

/* By what it says of itself, where it says anything. */
static bool has_own_equality(lua_State *L, int index)
{
    if (luaL_getmetafield(L, index, "__eq") == LUA_TNIL)
        return false;
    lua_pop(L, 1);
    return true;
}

static bool same_keys(lua_State *L, int a, int b)
{
    for (lua_pushnil(L); lua_next(L, b) != 0;) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        bool there = lua_rawget(L, a) != LUA_TNIL;
        lua_pop(L, 1);
        if (!there) {
            lua_pop(L, 1);
            return false;
        }
    }
    return true;
}

static bool same_content(lua_State *L, int a, int b, int depth)
{
    if (depth >= DEPTH_MOST)
        misuse(L, "the tables are nested more than %d deep, or go round in a circle", DEPTH_MOST);
    luaL_checkstack(L, 10, NULL);
    for (lua_pushnil(L); lua_next(L, a) != 0;) {
        lua_pushvalue(L, -2);
        lua_rawget(L, b);
        int top = lua_gettop(L);
        bool same = equal_at(L, top - 1, top, depth + 1);
        lua_pop(L, 2);
        if (!same) {
            lua_pop(L, 1);
            return false;
        }
    }
    return same_keys(L, a, b);
}

static bool equal_at(lua_State *L, int a, int b, int depth)
{
    if (lua_compare(L, a, b, LUA_OPEQ))
        return true;
    if (!lua_istable(L, a) || !lua_istable(L, b) || has_own_equality(L, a))
        return false;
    return same_content(L, a, b, depth);
}

bool equal(lua_State *L, int a, int b)
{
    return equal_at(L, lua_absindex(L, a), lua_absindex(L, b), 0);
}

/* The first key, in order, whose values differ: replaces got and expected, adds to the path. */
static bool descend(lua_State *L, int got, int expected, int path)
{
    for (int side = 0; side < 2; side++) {
        lua_Integer count = order_keys(L, side == 0 ? expected : got);
        int keys = lua_gettop(L);
        for (lua_Integer i = 1; i <= count; i++) {
            lua_rawgeti(L, keys, i);
            lua_pushvalue(L, -1);
            lua_rawget(L, got);
            lua_pushvalue(L, -2);
            lua_rawget(L, expected);
            if (!equal(L, -2, -1)) {
                lua_replace(L, expected);
                lua_replace(L, got);
                lua_pushvalue(L, path);
                lua_pushliteral(L, "[");
                show_push(L, -3);
                lua_pushliteral(L, "]");
                lua_concat(L, 4);
                lua_replace(L, path);
                lua_settop(L, keys - 1);
                return true;
            }
            lua_settop(L, keys);
        }
        lua_settop(L, keys - 1);
    }
    return false;
}

void difference(lua_State *L, int got, int expected)
{
    lua_pushvalue(L, got);
    lua_pushvalue(L, expected);
    lua_pushliteral(L, "");
    int top = lua_gettop(L), steps = 0;
    while (lua_istable(L, top - 2) && lua_istable(L, top - 1) && steps < DEPTH_MOST &&
           descend(L, top - 2, top - 1, top))
        steps++;
    if (steps > 0) {
        lua_pushliteral(L, ": expected ");
        show_push(L, top - 1);
        lua_pushliteral(L, ", got ");
        show_push(L, top - 2);
        lua_concat(L, 5);
    }
    lua_replace(L, top - 2);
    lua_settop(L, top - 2);
}
