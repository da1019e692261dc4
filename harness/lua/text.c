#include "harness/lua/text.h"

#include "harness/lua/engine.h"

#include <lualib.h>

static const char numbers_key; /* registry: object -> its number, weak */
static const char
    format_key; /* registry: our string.format, whatever the script made of the name */

static lua_Integer number_of(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &numbers_key);
    lua_pushvalue(L, index);
    if (lua_rawget(L, -2) != LUA_TNUMBER) {
        lua_pop(L, 1);
        lua_pushvalue(L, index);
        lua_pushinteger(L, (lua_Integer)++engine_of(L)->object_count);
        lua_rawset(L, -3);
        lua_pushvalue(L, index);
        lua_rawget(L, -2);
    }
    lua_Integer number = lua_tointeger(L, -1);
    lua_pop(L, 2);
    return number;
}

static void push_object(lua_State *L, int index)
{
    const char *kind = luaL_typename(L, index);
    int type = luaL_getmetafield(L, index, "__name");
    if (type == LUA_TSTRING)
        kind = lua_tostring(L, -1);
    lua_pushfstring(L, "%s: %I", kind, (LUAI_UACINT)number_of(L, index));
    if (type != LUA_TNIL)
        lua_remove(L, -2);
}

struct view text_push(lua_State *L, int index)
{
    size_t len;
    index = lua_absindex(L, index);
    if (luaL_callmeta(L, index, "__tostring")) {
        if (!lua_isstring(L, -1))
            luaL_error(L, "'__tostring' must return a string");
    } else {
        switch (lua_type(L, index)) {
        case LUA_TNIL:
        case LUA_TBOOLEAN:
        case LUA_TNUMBER:
        case LUA_TSTRING:
            luaL_tolstring(L, index, NULL);
            break;
        default:
            push_object(L, index);
        }
    }
    const char *text = lua_tolstring(L, -1, &len);
    return (struct view){text, len};
}

static int script_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    text_push(L, 1);
    return 1;
}

static int script_print(lua_State *L)
{
    struct engine *engine = engine_of(L);
    int count = lua_gettop(L);
    luaL_Buffer line;
    luaL_buffinit(L, &line);
    for (int i = 1; i <= count; i++) {
        if (i > 1)
            luaL_addchar(&line, '\t');
        text_push(L, i);
        luaL_addvalue(&line);
    }
    luaL_pushresult(&line);
    size_t len;
    const char *text = lua_tolstring(L, -1, &len);
    if (engine->print != NULL)
        engine->print(L, (struct view){text, len});
    return 0;
}

/* Gives the conversion of the next item from `at` on, which is moved behind it; 0: none is left. */
static char next_conversion(struct view format, size_t *at)
{
    while (*at < format.len) {
        if (format.ptr[(*at)++] != '%')
            continue;
        if (*at < format.len && format.ptr[*at] == '%') {
            (*at)++;
            continue;
        }
        while (*at < format.len && strchr("-+ #0123456789.", format.ptr[*at]) != NULL)
            (*at)++;
        return *at < format.len ? format.ptr[(*at)++] : 0;
    }
    return 0;
}

/* Lua's own, given text for what it would print by address. */
static int script_format(lua_State *L)
{
    struct view format;
    format.ptr = luaL_checklstring(L, 1, &format.len);
    int count = lua_gettop(L);
    size_t at = 0;
    char conversion;
    for (int arg = 2; (conversion = next_conversion(format, &at)) != 0; arg++) {
        if (conversion == 'p')
            return misuse(L, "string.format knows no %%p here: an address differs from run to run");
        if (conversion != 's' || arg > count || lua_type(L, arg) == LUA_TSTRING)
            continue;
        text_push(L, arg);
        lua_replace(L, arg);
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    if (lua_pcall(L, count, 1, 0) == LUA_OK)
        return 1;
    luaL_where(L, 1); /* Lua's own knows neither its caller nor its name here */
    luaL_gsub(L, lua_tostring(L, -2), "'?'", "'format'");
    lua_concat(L, 2);
    return lua_error(L);
}

struct view text_format(lua_State *L, int index)
{
    size_t len;
    int count = lua_gettop(L) - index + 1;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &format_key);
    lua_insert(L, index);
    lua_call(L, count, 1);
    const char *text = lua_tolstring(L, -1, &len);
    return (struct view){text, len};
}

void text_open(lua_State *L)
{
    lua_newtable(L);
    lua_newtable(L);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &numbers_key);
    lua_pushcfunction(L, script_tostring);
    lua_setglobal(L, "tostring");
    lua_pushcfunction(L, script_print);
    lua_setglobal(L, "print");
    lua_getglobal(L, LUA_STRLIBNAME);
    lua_getfield(L, -1, "format");
    lua_pushcclosure(L, script_format, 1);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &format_key);
    lua_setfield(L, -2, "format");
    lua_pop(L, 1);
}
