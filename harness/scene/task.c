/* t:spawn and t:all: the script's handles of coroutines, and what they returned. */
#include "harness/scene/stage.h"

#include "harness/lua/handle.h"

static const char task_key; /* registry: metatable */
static const char live_key; /* registry: number -> handle, until it has ended */
static const char
    ended_key; /* registry: number -> handle that holds results, until t:all() takes it */

enum { TASK_RESULTS = 1 }; /* user value */

struct script_task {
    uint32_t number;
};

static int task_tostring(lua_State *L)
{
    const struct script_task *task = lua_touserdata(L, 1);
    lua_pushfstring(L, "task %d", (int)task->number);
    return 1;
}

static int task_index(lua_State *L)
{
    return misuse(L,
                  "a task has no '%s': hand it to t:all, which waits for it and gives its results",
                  lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : luaL_typename(L, 2));
}

void task_open(lua_State *L)
{
    lua_createtable(L, 0, 4);
    lua_pushcfunction(L, task_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushcfunction(L, task_index);
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "task");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &task_key);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &live_key);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ended_key);
}

static struct script_task *task_check(lua_State *L, int index)
{
    bool fine = false;
    if (lua_type(L, index) == LUA_TUSERDATA && lua_getmetatable(L, index)) {
        lua_rawgetp(L, LUA_REGISTRYINDEX, &task_key);
        fine = lua_rawequal(L, -1, -2);
        lua_pop(L, 2);
    }
    if (!fine)
        misuse(L, "t:all wants tasks, as t:spawn gives them, got %s", handle_type_text(L, index));
    return lua_touserdata(L, index);
}

static void set_in(lua_State *L, const char *key, uint32_t number, int value)
{
    value = lua_absindex(L, value);
    lua_rawgetp(L, LUA_REGISTRYINDEX, key);
    lua_pushvalue(L, value);
    lua_rawseti(L, -2, number);
    lua_pop(L, 1);
}

int t_spawn(lua_State *L)
{
    struct scene *scene = scene_of(L);
    uint32_t number = 0;
    if (lua_touserdata(L, 1) != stage_of(scene)->t)
        return misuse(L, "call it with a colon: t:spawn(…)");
    if (!lua_isfunction(L, 2))
        return misuse(L, "t:spawn wants a function, got %s", handle_type_text(L, 2));
    struct script_task *task = lua_newuserdatauv(L, sizeof *task, 1);
    task->number = 0;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &task_key);
    lua_setmetatable(L, -2);
    lua_replace(L, 1); /* t is not needed any more */
    enum err err = sched_spawn(scene->sched, L, lua_gettop(L) - 2, &number);
    if (err == ERR_LIMIT)
        return misuse(L, "there are too many tasks");
    if (err != ERR_OK)
        return luaL_error(L, "not enough memory");
    task->number = number;
    set_in(L, &live_key, number, 1);
    lua_settop(L, 1);
    return 1;
}

void task_keep_results(lua_State *L, uint32_t number, lua_State *thread)
{
    int count = lua_gettop(thread);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &live_key);
    if (lua_rawgeti(L, -1, number) == LUA_TNIL) { /* none of the script's */
        lua_pop(L, 2);
        return;
    }
    lua_pushnil(L);
    lua_rawseti(L, -3, number);
    if (count > 0) {
        lua_createtable(L, count, 1);
        luaL_checkstack(L, count, NULL);
        lua_xmove(thread, L, count);
        for (int i = count; i > 0; i--)
            lua_rawseti(L, -i - 1, i);
        lua_pushinteger(L, count);
        lua_setfield(L, -2, "n");
        lua_setiuservalue(L, -2, TASK_RESULTS);
        set_in(L, &ended_key, number, -1);
    }
    lua_pop(L, 2);
}

/* Replaces the handle on top by its results: the first only, or all. Gives how many. */
static int push_results(lua_State *L, bool all)
{
    const struct script_task *task = lua_touserdata(L, -1);
    int handle = lua_gettop(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ended_key);
    lua_pushnil(L);
    lua_rawseti(L, -2, task->number);
    lua_pop(L, 1);
    int count = 0;
    if (lua_getiuservalue(L, handle, TASK_RESULTS) == LUA_TTABLE) {
        lua_getfield(L, -1, "n");
        count = all ? (int)lua_tointeger(L, -1) : 1;
        lua_pop(L, 1);
        luaL_checkstack(L, count, "too many results");
        for (int i = 1; i <= count; i++)
            lua_rawgeti(L, handle + 1, i);
    } else if (!all) {
        lua_pushnil(L);
        count = 1;
    }
    lua_remove(L, handle + 1);
    lua_remove(L, handle);
    return count;
}

/* Index 1: the list of handles, or of false for tasks whose handle was of no use. Each gives its
 * first result, the last all of them, as calls in a list do. */
static int give_results(lua_State *L)
{
    lua_Integer count = (lua_Integer)lua_rawlen(L, 1);
    int given = 0;
    luaL_checkstack(L, (int)count + 4, "too many results");
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, 1, i);
        if (lua_toboolean(L, -1)) {
            given += push_results(L, i == count);
        } else {
            lua_pop(L, 1);
            lua_pushnil(L);
            given++;
        }
    }
    return given;
}

static void all_say(lua_State *waiting, struct buf *out)
{
    (void)waiting;
    buf_add(out, V("waiting for a task to end"));
}

static int all_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind all_kind = {all_again, all_say, false};

static int all_again(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    struct sched *sched = engine_of(L)->sched;
    lua_Integer count = (lua_Integer)lua_rawlen(L, 1);
    for (lua_Integer i = ctx; i <= count; i++) {
        lua_rawgeti(L, 1, i);
        const struct script_task *task = lua_touserdata(L, -1);
        lua_pop(L, 1);
        struct wait_queue *queue = task == NULL ? NULL : sched_ended_queue(sched, task->number);
        if (queue != NULL)
            return sched_wait_for(L, queue, NEVER, i, &all_kind);
    }
    return give_results(L);
}

/* Those spawned since the last such call that still run or gave something, but for the caller. */
static void list_all(lua_State *L)
{
    struct stage *stage = stage_of(scene_of(L));
    uint32_t own = sched_task(L), last = sched_last(engine_of(L)->sched);
    lua_Integer count = 0;
    lua_newtable(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &live_key);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ended_key);
    for (uint32_t number = stage->collected + 1; number <= last; number++) {
        if (number == own || number == stage->watched)
            continue;
        if (lua_rawgeti(L, -2, number) == LUA_TNIL) {
            lua_pop(L, 1);
            lua_rawgeti(L, -1, number);
        }
        if (lua_isnil(L, -1)) {
            lua_pop(L, 1);
            lua_pushboolean(L, 0);
        }
        lua_rawseti(L, -4, ++count);
    }
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ended_key);
    lua_pop(L, 2);
    stage->collected = last;
}

int t_all(lua_State *L)
{
    int count = lua_gettop(L) - 1;
    if (lua_touserdata(L, 1) != stage_of(scene_of(L))->t)
        return misuse(L, "call it with a colon: t:all(…)");
    if (count == 0) {
        list_all(L);
    } else {
        lua_createtable(L, count, 0);
        for (int i = 1; i <= count; i++) {
            const struct script_task *task = task_check(L, i + 1);
            if (task->number == sched_task(L))
                return misuse(L, "t:all: a task cannot wait for itself");
            lua_pushvalue(L, i + 1);
            lua_rawseti(L, -2, i);
        }
    }
    lua_replace(L, 1);
    lua_settop(L, 1);
    return all_again(L, LUA_OK, 1);
}
