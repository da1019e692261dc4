#include "harness/expect/show.h"

#include "harness/lua/order.h"
#include "harness/lua/text.h"

#include <lauxlib.h>

enum { BYTES_MOST = 200, ITEMS_MOST = 16, DEPTH_MOST = 4 };

static struct view view_on_top(lua_State *L)
{
    struct view text;
    text.ptr = lua_tolstring(L, -1, &text.len);
    return text;
}

static void add_byte(luaL_Buffer *out, unsigned char c)
{
    char room[8];
    switch (c) {
    case '\n':
        luaL_addstring(out, "\\n");
        break;
    case '\r':
        luaL_addstring(out, "\\r");
        break;
    case '\t':
        luaL_addstring(out, "\\t");
        break;
    case '"':
    case '\\':
        luaL_addchar(out, '\\');
        luaL_addchar(out, (char)c);
        break;
    default:
        if (c < 0x20 || c == 0x7f) {
            snprintf(room, sizeof room, "\\x%02x", c);
            luaL_addstring(out, room);
        } else {
            luaL_addchar(out, (char)c);
        }
    }
}

static void push_string(lua_State *L, int index)
{
    size_t len;
    const char *text = lua_tolstring(L, index, &len);
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    luaL_addchar(&out, '"');
    for (size_t i = 0; i < len && i < BYTES_MOST; i++)
        add_byte(&out, (unsigned char)text[i]);
    luaL_addstring(&out, len > BYTES_MOST ? "…\"" : "\"");
    luaL_pushresult(&out);
}

static void push_value(lua_State *L, int index, int depth);

static bool is_name(struct view text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return text.len > 0;
}

static void push_key(lua_State *L, int index, int depth)
{
    if (lua_type(L, index) == LUA_TSTRING) {
        lua_pushvalue(L, index);
        if (is_name(view_on_top(L)))
            return;
        lua_pop(L, 1);
    }
    lua_pushliteral(L, "[");
    push_value(L, index, depth);
    lua_pushliteral(L, "]");
    lua_concat(L, 3);
}

/* "{ 1, 2, x = 3 }": the list part without its indices. */
static void push_table(lua_State *L, int index, int depth)
{
    lua_Integer count = order_keys(L, index), next = 1;
    int keys = lua_gettop(L);
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    luaL_addstring(&out, "{");
    for (lua_Integer i = 1; i <= count && i <= ITEMS_MOST; i++) {
        luaL_addstring(&out, i == 1 ? " " : ", ");
        lua_rawgeti(L, keys, i);
        int key = lua_gettop(L);
        if (lua_isinteger(L, key) && lua_tointeger(L, key) == next) {
            next++;
            lua_pushliteral(L, "");
        } else {
            push_key(L, key, depth + 1);
            lua_pushliteral(L, " = ");
            lua_concat(L, 2);
        }
        lua_pushvalue(L, key);
        lua_rawget(L, index);
        push_value(L, lua_gettop(L), depth + 1);
        lua_remove(L, -2);
        lua_concat(L, 2);
        lua_remove(L, key);
        luaL_addvalue(&out);
    }
    luaL_addstring(&out, count > ITEMS_MOST ? ", … }" : count == 0 ? "}" : " }");
    luaL_pushresult(&out);
    lua_remove(L, keys);
}

static void push_value(lua_State *L, int index, int depth)
{
    luaL_checkstack(L, 12, NULL);
    bool plain =
        lua_type(L, index) == LUA_TTABLE && luaL_getmetafield(L, index, "__tostring") == LUA_TNIL;
    if (lua_type(L, index) == LUA_TTABLE && !plain)
        lua_pop(L, 1);
    if (lua_type(L, index) == LUA_TSTRING)
        push_string(L, index);
    else if (plain && depth < DEPTH_MOST)
        push_table(L, index, depth);
    else if (plain)
        lua_pushliteral(L, "{ … }");
    else
        text_push(L, index);
}

struct view show_push(lua_State *L, int index)
{
    push_value(L, lua_absindex(L, index), 0);
    return view_on_top(L);
}
