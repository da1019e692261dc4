#include "harness/lua/key.h"

#include "harness/lua/engine.h"
#include "harness/lua/handle.h"

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

int key_compare(const struct key *a, const struct key *b)
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
const struct key *key_sort(struct key *keys, struct key *room, size_t count)
{
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t low = 0; low < count; low += 2 * width) {
            size_t mid = low + width < count ? low + width : count;
            size_t high = mid + width < count ? mid + width : count;
            size_t a = low, b = mid;
            for (size_t i = low; i < high; i++) {
                bool from_a = b >= high || (a < mid && key_compare(&keys[a], &keys[b]) <= 0);
                room[i] = from_a ? keys[a++] : keys[b++];
            }
        }
        struct key *swap = keys;
        keys = room;
        room = swap;
    }
    return keys;
}

struct key key_read(lua_State *L, int index)
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

void key_refuse(lua_State *L, int index)
{
    misuse(
        L,
        "cannot go through a table with two keys of type %s: they have no order, so that two runs "
        "would differ; use numbers, strings or handles as keys",
        luaL_typename(L, index));
}

void key_push(lua_State *L, const struct key *key, int others)
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
