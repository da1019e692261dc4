#include "harness/lua/sort.h"

#include "core/core.h"

#include <lauxlib.h>
#include <lualib.h>

enum { ROWS = 3, COMPARE = 2 }; /* places on the stack */

/* row a before row b? With the caller's function, or <. */
static bool before(lua_State *L, uint32_t a, uint32_t b)
{
    bool result;
    if (lua_isnil(L, COMPARE)) {
        lua_rawgeti(L, ROWS, a);
        lua_rawgeti(L, ROWS, b);
        result = lua_compare(L, -2, -1, LUA_OPLT);
        lua_pop(L, 2);
        return result;
    }
    lua_pushvalue(L, COMPARE);
    lua_rawgeti(L, ROWS, a);
    lua_rawgeti(L, ROWS, b);
    lua_call(L, 2, 1);
    result = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return result;
}

static void merge(lua_State *L, const uint32_t *from, uint32_t *to, uint32_t low, uint32_t mid,
                  uint32_t high)
{
    uint32_t a = low, b = mid;
    for (uint32_t i = low; i < high; i++) {
        bool from_b = a >= mid || (b < high && before(L, from[b], from[a]));
        to[i] = from_b ? from[b++] : from[a++];
    }
}

/* Bottom up; room is as large as rows. Gives where the result is. */
static const uint32_t *merge_sort(lua_State *L, uint32_t *rows, uint32_t *room, uint32_t count)
{
    for (uint64_t width = 1; width < count; width *= 2) {
        for (uint64_t low = 0; low < count; low += 2 * width) {
            uint64_t mid = low + width < count ? low + width : count;
            uint64_t high = mid + width < count ? mid + width : count;
            merge(L, rows, room, (uint32_t)low, (uint32_t)mid, (uint32_t)high);
        }
        uint32_t *swap = rows;
        rows = room;
        room = swap;
    }
    return rows;
}

static int script_sort(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer count = luaL_len(L, 1);
    luaL_argcheck(L, count < INT32_MAX, 1, "array too big");
    if (!lua_isnoneornil(L, 2))
        luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    if (count < 2)
        return 0;
    lua_createtable(L, (int)count, 0);
    uint32_t *rows = lua_newuserdatauv(L, (size_t)count * 2 * sizeof *rows, 0);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_geti(L, 1, i);
        lua_rawseti(L, ROWS, i);
        rows[i - 1] = (uint32_t)i;
    }
    const uint32_t *sorted = merge_sort(L, rows, rows + count, (uint32_t)count);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, ROWS, sorted[i - 1]);
        lua_seti(L, 1, i);
    }
    return 0;
}

void sort_open(lua_State *L)
{
    lua_getglobal(L, LUA_TABLIBNAME);
    lua_pushcfunction(L, script_sort);
    lua_setfield(L, -2, "sort");
    lua_pop(L, 1);
}
