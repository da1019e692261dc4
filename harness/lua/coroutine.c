#include "harness/lua/coroutine.h"

#include "harness/lua/engine.h"

#include <lualib.h>

static const char fresh_key; /* registry: coroutine made -> where, until it is first resumed */

static int script_yield(lua_State *L)
{
    struct engine *engine = engine_of(L);
    if (engine->inner != L)
        return misuse(L,
                      "coroutine.yield outside of a coroutine of the script; to wait, t:sleep()");
    return lua_yield(L, lua_gettop(L));
}

/* Waits in the scheduler, or its resumer waits there for it. */
static bool is_parked(lua_State *co)
{
    lua_Debug ar;
    if (lua_status(co) != LUA_YIELD || !lua_getstack(co, 0, &ar) || !lua_checkstack(co, 1))
        return false;
    lua_getinfo(co, "f", &ar);
    bool parked = lua_tocfunction(co, -1) != script_yield;
    lua_pop(co, 1);
    return parked;
}

static const char *status_text(lua_State *L, lua_State *co)
{
    lua_Debug ar;
    if (L == co)
        return "running";
    if (lua_status(co) == LUA_YIELD)
        return is_parked(co) ? "waiting" : "suspended";
    if (lua_status(co) != LUA_OK)
        return "dead";
    if (lua_getstack(co, 0, &ar))
        return "normal";
    return lua_gettop(co) == 0 ? "dead" : "suspended";
}

static lua_State *check_coroutine(lua_State *L)
{
    lua_State *co = lua_tothread(L, 1);
    luaL_argexpected(L, co != NULL, 1, "coroutine");
    return co;
}

static void begun(lua_State *L, lua_State *co)
{
    if (lua_status(co) == LUA_YIELD)
        return;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &fresh_key);
    lua_pushthread(co);
    lua_xmove(co, L, 1);
    lua_pushnil(L);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

/* Runs co with arg_count values on top of its stack. True: it waits, and so must its resumer. */
static bool run(lua_State *L, lua_State *co, int arg_count, int *status, int *results)
{
    struct engine *engine = engine_of(L);
    lua_State *was_inner = engine->inner;
    uint32_t stuck = lua_isyieldable(L) ? 0 : 1;
    engine->inner = co;
    engine->blocked += stuck;
    *status = lua_resume(co, L, arg_count, results);
    engine->blocked -= stuck;
    engine->inner = was_inner;
    return *status == LUA_YIELD && engine->parked;
}

/* Of a coroutine that came back: pushes its values, or its error. Gives how many, or -1. */
static int take(lua_State *L, lua_State *co, int status, int results)
{
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_xmove(co, L, 1);
        return -1;
    }
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        lua_pushliteral(L, "too many results to resume");
        return -1;
    }
    lua_xmove(co, L, results);
    return results;
}

static int begin(lua_State *L, lua_State *co, int arg_count)
{
    const char *state = status_text(L, co);
    if (strcmp(state, "suspended") != 0) {
        lua_pushfstring(
            L,
            strcmp(state, "waiting") == 0
                ? "cannot resume a coroutine that waits for the scenario's clock or a message"
                : "cannot resume %s coroutine",
            strcmp(state, "normal") == 0 ? "non-suspended" : state);
        return -1;
    }
    if (!lua_checkstack(co, arg_count)) {
        lua_pushliteral(L, "too many arguments to resume");
        return -1;
    }
    begun(L, co);
    lua_xmove(L, co, arg_count);
    return 0;
}

static int resume_result(lua_State *L, int count)
{
    lua_pushboolean(L, count >= 0);
    int values = count < 0 ? 1 : count;
    lua_insert(L, -values - 1);
    return values + 1;
}

static int resume_again(lua_State *L, int state, lua_KContext ctx)
{
    (void)state;
    lua_State *co = lua_tothread(L, 1);
    int status, results;
    if (run(L, co, (int)ctx, &status, &results))
        return lua_yieldk(L, 0, 0, resume_again);
    return resume_result(L, take(L, co, status, results));
}

static int script_resume(lua_State *L)
{
    lua_State *co = check_coroutine(L);
    int arg_count = lua_gettop(L) - 1;
    if (begin(L, co, arg_count) < 0)
        return resume_result(L, -1);
    return resume_again(L, LUA_OK, arg_count);
}

/* Unlike Lua's, adds no position: an expectation that failed inside must stay the error that it is.
 */
static int wrap_error(lua_State *L, lua_State *co)
{
    int status = lua_status(co);
    if (status != LUA_OK && status != LUA_YIELD) {
        engine_reset(engine_of(L),
                     co); /* closes what is to be closed; a new error replaces the old */
        lua_xmove(co, L, 1);
    }
    return lua_error(L);
}

static int wrap_again(lua_State *L, int state, lua_KContext ctx)
{
    (void)state;
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    int status, results;
    if (run(L, co, (int)ctx, &status, &results))
        return lua_yieldk(L, 0, 0, wrap_again);
    if (status != LUA_OK && status != LUA_YIELD)
        return wrap_error(L, co);
    int count = take(L, co, status, results);
    return count < 0 ? wrap_error(L, co) : count;
}

static int wrap_call(lua_State *L)
{
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    int arg_count = lua_gettop(L);
    if (begin(L, co, arg_count) < 0)
        return luaL_error(L, "%s", lua_tostring(L, -1));
    return wrap_again(L, LUA_OK, arg_count);
}

static int script_create(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *co = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    struct place place = place_of(L, 0);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &fresh_key);
    lua_pushvalue(L, -2);
    lua_pushfstring(L, "%s:%d", place.line == 0 ? "?" : place.file.ptr, (int)place.line);
    lua_rawset(L, -3);
    lua_pop(L, 1);
    return 1;
}

static int script_wrap(lua_State *L)
{
    script_create(L);
    lua_pushcclosure(L, wrap_call, 1);
    return 1;
}

static int script_status(lua_State *L)
{
    const char *state = status_text(L, check_coroutine(L));
    lua_pushstring(L, strcmp(state, "waiting") == 0 ? "suspended" : state);
    return 1;
}

static int script_close(lua_State *L)
{
    lua_State *co = check_coroutine(L);
    const char *state = status_text(L, co);
    if (strcmp(state, "suspended") != 0 && strcmp(state, "dead") != 0)
        return luaL_error(L, "cannot close a %s coroutine", state);
    begun(L, co);
    bool fine = engine_reset(engine_of(L), co) == LUA_OK;
    lua_pushboolean(L, fine);
    if (fine)
        return 1;
    lua_xmove(co, L, 1);
    return 2;
}

static int script_isyieldable(lua_State *L)
{
    lua_pushboolean(L, engine_of(L)->inner == L && lua_isyieldable(L));
    return 1;
}

static int script_running(lua_State *L)
{
    lua_pushthread(L);
    lua_pushboolean(L, engine_of(L)->inner != L);
    return 2;
}

static const luaL_Reg functions[] = {
    {"create",      script_create     },
    {"resume",      script_resume     },
    {"yield",       script_yield      },
    {"wrap",        script_wrap       },
    {"status",      script_status     },
    {"close",       script_close      },
    {"isyieldable", script_isyieldable},
    {"running",     script_running    },
    {NULL,          NULL              }
};

void coroutine_open(lua_State *L)
{
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &fresh_key);
    luaL_newlib(L, functions);
    lua_setglobal(L, LUA_COLIBNAME);
}

const char *coroutine_never_run(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &fresh_key);
    lua_pushnil(L);
    const char *least = NULL; /* of a hash table, so the first by text */
    lua_pushnil(L);
    while (lua_next(L, -3) != 0) {
        const char *where = lua_tostring(L, -1);
        if (least == NULL || strcmp(where, least) < 0) {
            least = where;
            lua_copy(L, -1, -3);
        }
        lua_pop(L, 1);
    }
    return least;
}
