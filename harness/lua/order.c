#include "harness/lua/order.h"

#include "harness/lua/engine.h"
#include "harness/lua/handle.h"

/* A key while it is sorted; strings are borrowed from the table, which nobody changes meanwhile. */
struct key {
    enum { KEY_BOOL, KEY_NUMBER, KEY_STRING, KEY_HANDLE, KEY_OTHER } kind;
    bool is_float;
    lua_Integer integer; /* also of a boolean; a handle's index */
    lua_Number number;
    struct view text;  /* also a handle's kind */
    lua_Integer place; /* of KEY_HANDLE and KEY_OTHER: in the table of such keys */
};

static int compare_numbers(const struct key *a, const struct key *b)
{
    if (!a->is_float && !b->is_float)
        return (a->integer > b->integer) - (a->integer < b->integer);
    if (a->is_float && b->is_float)
        return (a->number > b->number) - (a->number < b->number);
    /* A float key has no integer value, else it were one: compare by floor, never by rounding. */
    const struct key *f = a->is_float ? a : b, *i = a->is_float ? b : a;
    lua_Integer floor_of;
    int sign;
    if (f->number >= 0x1p63)
        sign = 1;
    else if (f->number < -0x1p63)
        sign = -1;
    else {
        floor_of = (lua_Integer)f->number;
        if ((lua_Number)floor_of > f->number)
            floor_of--;
        sign = floor_of >= i->integer ? 1 : -1;
    }
    return a->is_float ? sign : -sign;
}

static int compare_keys(const struct key *a, const struct key *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    switch (a->kind) {
    case KEY_NUMBER:
        return compare_numbers(a, b);
    case KEY_STRING:
        return view_compare(a->text, b->text);
    case KEY_HANDLE: {
        int by_kind = view_compare(a->text, b->text);
        return by_kind != 0 ? by_kind : (a->integer > b->integer) - (a->integer < b->integer);
    }
    default:
        return (a->integer > b->integer) - (a->integer < b->integer);
    }
}

/* Bottom up, so that nothing recurses; `room` is as large as `keys`. Gives where the result is. */
static struct key *merge_sort(struct key *keys, struct key *room, size_t count)
{
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t low = 0; low < count; low += 2 * width) {
            size_t mid = low + width < count ? low + width : count;
            size_t high = mid + width < count ? mid + width : count;
            size_t a = low, b = mid;
            for (size_t i = low; i < high; i++) {
                bool from_a = b >= high || (a < mid && compare_keys(&keys[a], &keys[b]) <= 0);
                room[i] = from_a ? keys[a++] : keys[b++];
            }
        }
        struct key *swap = keys;
        keys = room;
        room = swap;
    }
    return keys;
}

static struct key read_key(lua_State *L, int index)
{
    struct key key = {.kind = KEY_OTHER};
    switch (lua_type(L, index)) {
    case LUA_TBOOLEAN:
        key.kind = KEY_BOOL;
        key.integer = lua_toboolean(L, index);
        break;
    case LUA_TNUMBER:
        key.kind = KEY_NUMBER;
        key.is_float = !lua_isinteger(L, index);
        if (key.is_float)
            key.number = lua_tonumber(L, index);
        else
            key.integer = lua_tointeger(L, index);
        break;
    case LUA_TSTRING:
        key.kind = KEY_STRING;
        key.text.ptr = lua_tolstring(L, index, &key.text.len);
        break;
    case LUA_TUSERDATA: {
        const char *kind = handle_order(L, index, &key.integer);
        if (kind != NULL) {
            key.kind = KEY_HANDLE;
            key.text = view_of(kind);
        }
        break;
    }
    default:
        break;
    }
    return key;
}

static void refuse_key(lua_State *L, int index)
{
    misuse(
        L,
        "cannot go through a table with two keys of type %s: they have no order, so that two runs "
        "would differ; use numbers, strings or handles as keys",
        luaL_typename(L, index));
}

static void push_key(lua_State *L, const struct key *key, int others)
{
    switch (key->kind) {
    case KEY_BOOL:
        lua_pushboolean(L, key->integer != 0);
        break;
    case KEY_NUMBER:
        if (key->is_float)
            lua_pushnumber(L, key->number);
        else
            lua_pushinteger(L, key->integer);
        break;
    case KEY_STRING:
        lua_pushlstring(L, key->text.ptr, key->text.len);
        break;
    default:
        lua_rawgeti(L, others, key->place);
    }
}

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
        *key = read_key(L, -1);
        if (key->kind < KEY_HANDLE)
            continue;
        if (key->kind == KEY_OTHER && ++unordered > 1)
            refuse_key(L, -1);
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
    const struct key *sorted = merge_sort(keys, keys + count, count);
    for (size_t i = 0; i < count; i++) {
        push_key(L, &sorted[i], result + 1);
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
    struct key key = read_key(L, 2);
    lua_Integer low = 1, high = count + 1;
    while (low < high) {
        lua_Integer mid = low + (high - low) / 2;
        lua_rawgeti(L, keys, mid);
        struct key at = read_key(L, -1);
        if (compare_keys(&at, &key) <= 0)
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
        struct key key = read_key(L, -1);
        if (key.kind == KEY_OTHER && ++unordered > 1)
            refuse_key(L, -1);
        if (lua_isnil(L, 2) || compare_keys(&key, &least) < 0) {
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
