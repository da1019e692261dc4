#include "harness/lua/sandbox.h"

#include "harness/lua/clock.h"
#include "harness/lua/coroutine.h"
#include "harness/lua/engine.h"
#include "harness/lua/handle.h"
#include "harness/lua/order.h"
#include "harness/lua/random.h"
#include "harness/lua/sort.h"
#include "harness/lua/source.h"
#include "harness/lua/text.h"

#include <lualib.h>

static const luaL_Reg libraries[] = {
    {LUA_GNAME,       luaopen_base  },
    {LUA_TABLIBNAME,  luaopen_table },
    {LUA_STRLIBNAME,  luaopen_string},
    {LUA_MATHLIBNAME, luaopen_math  },
    {LUA_UTF8LIBNAME, luaopen_utf8  },
};

static const luaL_Reg unsafe_libraries[] = {
    {LUA_IOLIBNAME,   luaopen_io     },
    {LUA_DBLIBNAME,   luaopen_debug  },
    {LUA_LOADLIBNAME, luaopen_package},
    {LUA_OSLIBNAME,   luaopen_os     },
};

/* What Lua has and a scenario has not: why, and what to do instead. */
static const struct {
    const char *name, *instead;
} absent[] = {
    {"io",             "file(path) gives a file's bytes, t:attach and t:log write"},
    {"debug",          NULL                                                       },
    {"package",        "require finds files below the suite's folder"             },
    {"dofile",         "require loads a file below the suite's folder"            },
    {"loadfile",       "require loads a file below the suite's folder"            },
    {"collectgarbage", "what is collected when would differ from run to run"      },
};

static const char *const *global_names(lua_State *L)
{
    lua_Integer count = order_keys(L, 1);
    const char **names = lua_newuserdatauv(L, ((size_t)count + 1) * sizeof *names, 0);
    size_t len = 0;
    for (lua_Integer i = 1; i <= count; i++) {
        if (lua_rawgeti(L, -2, i) == LUA_TSTRING)
            names[len++] = lua_tostring(L, -1); /* kept by the globals */
        lua_pop(L, 1);
    }
    names[len] = NULL;
    return names;
}

static int unknown_global(lua_State *L)
{
    if (lua_type(L, 2) != LUA_TSTRING)
        return misuse(L, "unknown global of type %s", luaL_typename(L, 2));
    const char *name = lua_tostring(L, 2);
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        if (strcmp(name, absent[i].name) == 0)
            return misuse(L, "'%s' is not there in scenarios unless the run says --unsafe%s%s",
                          name, absent[i].instead == NULL ? "" : "; ",
                          absent[i].instead == NULL ? "" : absent[i].instead);
    const struct engine *engine = engine_of(L);
    if (engine->is_of_t != NULL && engine->is_of_t(L, name))
        return misuse(L, "unknown global '%s'; did you mean 't:%s'?", name, name);
    const char *nearest = suggest(name, global_names(L));
    if (nearest != NULL && *nearest == *name) /* 'call' means a variable, not 'pcall' */
        return misuse(L, "unknown global '%s'; did you mean '%s'?", name, nearest);
    return misuse(L,
                  "unknown global '%s': no variable of that name can be seen here; local %s = … "
                  "above it makes one",
                  name, name);
}

static int new_global(lua_State *L)
{
    if (lua_type(L, 2) != LUA_TSTRING)
        return misuse(L, "assignment to an undeclared global");
    const char *name = lua_tostring(L, 2);
    return misuse(L, "assignment to the undeclared global '%s'; write 'local %s%s'", name,
                  lua_isfunction(L, 3) ? "function " : "", name);
}

/* Text only: crafted bytecode breaks Lua's memory. */
static int script_load(lua_State *L)
{
    const char *mode = luaL_optstring(L, 3, "t");
    if (strchr(mode, 't') == NULL)
        return misuse(L, "load takes text only in scenarios: bytecode could break the program");
    bool has_env = !lua_isnone(L, 4);
    lua_settop(L, has_env ? 4 : 3);
    lua_pushliteral(L, "t");
    lua_replace(L, 3);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

static int script_setmetatable(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, lua_isnil(L, 2) || lua_istable(L, 2), 2, "nil or table");
    lua_settop(L, 2);
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL)
        return luaL_error(L, "cannot change a protected metatable");
    if (lua_istable(L, 2)) {
        lua_pushliteral(L, "__gc");
        if (lua_rawget(L, 2) != LUA_TNIL)
            return misuse(L,
                          "__gc is not there in scenarios: when it runs would differ from run to "
                          "run; use t:cleanup(fn) or 'local x <close>'");
        lua_pop(L, 1);
    }
    lua_setmetatable(L, 1);
    return 1;
}

static void wrap_global(lua_State *L, const char *name, lua_CFunction fn)
{
    lua_getglobal(L, name);
    lua_pushcclosure(L, fn, 1);
    lua_setglobal(L, name);
}

static void remove_from(lua_State *L, const char *library, const char *name)
{
    lua_getglobal(L, library);
    lua_pushnil(L);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

static void close_base(lua_State *L)
{
    static const char *const removed[] = {"dofile", "loadfile", "collectgarbage", "warn"};
    for (size_t i = 0; i < sizeof removed / sizeof *removed; i++) {
        lua_pushnil(L);
        lua_setglobal(L, removed[i]);
    }
    remove_from(L, LUA_STRLIBNAME, "dump");
    wrap_global(L, "load", script_load);
    lua_pushcfunction(L, script_setmetatable);
    lua_setglobal(L, "setmetatable");
}

static void open_libraries(lua_State *L, const luaL_Reg *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        luaL_requiref(L, list[i].name, list[i].func, 1);
        lua_pop(L, 1);
    }
}

void sandbox_open(lua_State *L)
{
    bool unsafe = engine_of(L)->unsafe;
    open_libraries(L, libraries, sizeof libraries / sizeof *libraries);
    if (unsafe)
        open_libraries(L, unsafe_libraries, sizeof unsafe_libraries / sizeof *unsafe_libraries);
    else
        close_base(L);
    order_open(L);
    sort_open(L);
    text_open(L);
    random_open(L);
    coroutine_open(L);
    if (!unsafe)
        clock_open(L);
    source_open_lua(L);
}

void sandbox_close(lua_State *L)
{
    lua_pushglobaltable(L);
    lua_createtable(L, 0, 3);
    lua_pushcfunction(L, unknown_global);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, new_global);
    lua_setfield(L, -2, "__newindex");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}
