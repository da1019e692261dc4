#include "harness/lua/order.h"

#include "harness/lua/key.h"

#include <lauxlib.h>

static size_t count_keys(lua_State *L, int index)
{
    size_t count = 0;
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
        lua_pop(L, 1);
        count++;
    }
    return count;
}

/* Fills keys; the handles and others go into the table at `others`. */
static void read_keys(lua_State *L, int index, int others, struct key *keys)
{
    size_t count = 0, unordered = 0;
    lua_Integer kept = 0;
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
        lua_pop(L, 1);
        struct key *key = &keys[count++];
        *key = key_read(L, -1);
        if (key->kind < KEY_HANDLE)
            continue;
        if (key->kind == KEY_OTHER && ++unordered > 1)
            key_refuse(L, -1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, others, ++kept);
        key->place = kept;
    }
}

lua_Integer order_keys(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    luaL_checkstack(L, 8, NULL);
    size_t count = count_keys(L, index);
    lua_createtable(L, count < INT32_MAX ? (int)count : INT32_MAX, 0);
    lua_newtable(L);
    int result = lua_gettop(L) - 1;
    struct key *keys = lua_newuserdatauv(L, 2 * count * sizeof *keys + 1, 0);
    read_keys(L, index, result + 1, keys);
    const struct key *sorted = key_sort(keys, keys + count, count);
    for (size_t i = 0; i < count; i++) {
        key_push(L, &sorted[i], result + 1);
        lua_rawseti(L, result, (lua_Integer)i + 1);
    }
    lua_settop(L, result);
    return (lua_Integer)count;
}

/* Upvalues: the keys in order (nil: a sequence from 1 to upvalue 3), the index of the last one
 * given, how many. */
static int pairs_step(lua_State *L)
{
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));
    lua_Integer count = lua_tointeger(L, lua_upvalueindex(3));
    bool sequence = lua_isnil(L, lua_upvalueindex(1));
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    while (i++ < count) {
        if (sequence)
            lua_pushinteger(L, i);
        else
            lua_rawgeti(L, lua_upvalueindex(1), i);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, 1) != LUA_TNIL) {
            lua_pushinteger(L, i);
            lua_replace(L, lua_upvalueindex(2));
            return 2;
        }
        lua_settop(L, 1); /* cleared since */
    }
    lua_pushinteger(L, count);
    lua_replace(L, lua_upvalueindex(2));
    lua_pushnil(L);
    return 1;
}

/* 1, 2, 3 … and nothing else: no keys need be kept. */
static bool is_sequence(lua_State *L, int index)
{
    lua_Integer next = 1;
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
        lua_pop(L, 1);
        if (!lua_isinteger(L, -1) || lua_tointeger(L, -1) != next++) {
            lua_pop(L, 1);
            return false;
        }
    }
    return true;
}

static int pairs_meta(lua_State *L, int status, lua_KContext ctx)
{
    (void)L;
    (void)status;
    (void)ctx;
    return 3;
}

static int script_pairs(lua_State *L)
{
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_callk(L, 1, 3, 0, pairs_meta);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer count;
    if (is_sequence(L, 1)) {
        count = (lua_Integer)lua_rawlen(L, 1);
        lua_pushnil(L);
    } else {
        count = order_keys(L, 1);
    }
    lua_pushinteger(L, 0);
    lua_pushinteger(L, count);
    lua_pushcclosure(L, pairs_step, 3);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

/* Upvalue 1: a weak-valued cache {table, keys, place of the key given last} of one traversal. It is
 * used only where the caller goes on from that very key; everything else sorts anew. */
enum { CACHE_TABLE = 1, CACHE_KEYS, CACHE_PLACE };

static int give(lua_State *L, int keys, lua_Integer from, lua_Integer count)
{
    for (lua_Integer i = from; i <= count; i++) {
        lua_rawgeti(L, keys, i);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, 1) == LUA_TNIL) {
            lua_pop(L, 2);
            continue;
        }
        lua_pushinteger(L, i);
        lua_rawseti(L, lua_upvalueindex(1), CACHE_PLACE);
        return 2;
    }
    lua_pushnil(L);
    return 1;
}

/* The first key after the one at index 2, which need not be there any more. */
static lua_Integer place_after(lua_State *L, int keys, lua_Integer count)
{
    struct key key = key_read(L, 2);
    lua_Integer low = 1, high = count + 1;
    while (low < high) {
        lua_Integer mid = low + (high - low) / 2;
        lua_rawgeti(L, keys, mid);
        struct key at = key_read(L, -1);
        if (key_compare(&at, &key) <= 0)
            low = mid + 1;
        else
            high = mid;
        lua_pop(L, 1);
    }
    return low;
}

/* The least key and its value, without sorting: next(t) == nil is a common question. */
static int first(lua_State *L)
{
    struct key least = {.kind = KEY_OTHER};
    size_t unordered = 0;
    lua_settop(L, 1);
    lua_pushnil(L); /* 2: the least so far */
    lua_pushnil(L);
    while (lua_next(L, 1) != 0) {
        lua_pop(L, 1);
        struct key key = key_read(L, -1);
        if (key.kind == KEY_OTHER && ++unordered > 1)
            key_refuse(L, -1);
        if (lua_isnil(L, 2) || key_compare(&key, &least) < 0) {
            least = key;
            lua_copy(L, -1, 2);
        }
    }
    if (lua_isnil(L, 2))
        return 1;
    lua_pushvalue(L, 2);
    lua_rawget(L, 1);
    return 2;
}

static int script_next(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    if (lua_isnil(L, 2)) {
        lua_pushnil(L);
        lua_rawseti(L, lua_upvalueindex(1), CACHE_TABLE);
        return first(L);
    }
    lua_rawgeti(L, lua_upvalueindex(1), CACHE_TABLE);
    bool same = lua_rawequal(L, 1, -1);
    lua_rawgeti(L, lua_upvalueindex(1), CACHE_KEYS);
    if (same && lua_istable(L, 4)) {
        lua_rawgeti(L, lua_upvalueindex(1), CACHE_PLACE);
        lua_Integer place = lua_tointeger(L, -1);
        lua_rawgeti(L, 4, place);
        if (lua_rawequal(L, 2, -1))
            return give(L, 4, place + 1, (lua_Integer)lua_rawlen(L, 4));
    }
    lua_settop(L, 2);
    lua_Integer count = order_keys(L, 1);
    lua_pushvalue(L, 1);
    lua_rawseti(L, lua_upvalueindex(1), CACHE_TABLE);
    lua_pushvalue(L, 3);
    lua_rawseti(L, lua_upvalueindex(1), CACHE_KEYS);
    return give(L, 3, place_after(L, 3, count), count);
}

void order_open(lua_State *L)
{
    lua_pushcfunction(L, script_pairs);
    lua_setglobal(L, "pairs");
    lua_newtable(L);
    lua_newtable(L);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_pushcclosure(L, script_next, 1);
    lua_setglobal(L, "next");
}
