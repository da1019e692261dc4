/* require and file(): what scripts reach of the suite's files. */
#include "harness/lua/engine.h"
#include "harness/lua/source.h"

static const char loaded_key; /* registry: name -> what the module returned */
static const char loading;    /* stands there while it runs */

static struct source *get_or_raise(lua_State *L, struct view path, const char *what)
{
    struct sources *sources = engine_of(L)->sources;
    struct source *source;
    const char *why = "there are no files here";
    if (sources == NULL || source_get(sources, path, &source, &why) != ERR_OK) {
        misuse(L, "%s '%.*s': %s", what, VIEW_ARG(path), why);
        return NULL;
    }
    return source;
}

static int script_file(lua_State *L)
{
    struct view path;
    path.ptr = luaL_checklstring(L, 1, &path.len);
    const struct source *source = get_or_raise(L, path, "file");
    lua_pushlstring(L, source->bytes.ptr, source->bytes.len);
    return 1;
}

/* "_lib.dial", "_lib/dial" and "_lib/dial.lua" are one module. */
static struct view push_module_path(lua_State *L)
{
    size_t len;
    const char *name = luaL_checklstring(L, 1, &len);
    bool as_path = view_find_char((struct view){name, len}, '/') < len ||
                   view_ends((struct view){name, len}, V(".lua"));
    if (as_path)
        lua_pushvalue(L, 1);
    else
        luaL_gsub(L, name, ".", "/");
    if (!view_ends((struct view){name, len}, V(".lua"))) {
        lua_pushliteral(L, ".lua");
        lua_concat(L, 2);
    }
    struct view path;
    path.ptr = lua_tolstring(L, -1, &path.len);
    return path;
}

static int script_require(lua_State *L)
{
    lua_settop(L, 1);
    struct view path = push_module_path(L); /* 2 */
    lua_rawgetp(L, LUA_REGISTRYINDEX, &loaded_key);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, 3) != LUA_TNIL) {
        if (lua_touserdata(L, -1) == &loading)
            return misuse(L, "require '%s' goes round in a circle", path.ptr);
        return 1;
    }
    struct source *source = get_or_raise(L, path, "require");
    if (source_load(L, source) != LUA_OK)
        return lua_error(L);
    lua_pushvalue(L, 2);
    lua_pushlightuserdata(L, (void *)(uintptr_t)&loading);
    lua_rawset(L, 3);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_pushboolean(L, 1);
    }
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_rawset(L, 3);
    return 1;
}

void source_open_lua(lua_State *L)
{
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &loaded_key);
    lua_pushcfunction(L, script_require);
    lua_setglobal(L, "require");
    lua_pushcfunction(L, script_file);
    lua_setglobal(L, "file");
}
