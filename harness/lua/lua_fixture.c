#include "harness/lua/lua_fixture.h"

#include "harness/lua/sandbox.h"
#include "harness/lua/text.h"

static struct lua_fixture *fixture_of(lua_State *L)
{
    return engine_of(L)->ctx;
}

static int slept(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    (void)ctx;
    lua_pushboolean(L, sched_expired(L));
    return 1;
}

static void sleep_say(lua_State *waiting, struct buf *out)
{
    (void)waiting;
    buf_add(out, V("sleeping"));
}

static const struct wait_kind sleep_kind = {slept, sleep_say, false};

static int snippet_sleep(lua_State *L)
{
    uint64_t us = (uint64_t)(luaL_checknumber(L, 1) * 1e6);
    return sched_wait_for(L, NULL, fixture_of(L)->now_us + us, 0, &sleep_kind);
}

static int snippet_now(lua_State *L)
{
    lua_pushnumber(L, (lua_Number)fixture_of(L)->now_us / 1e6);
    return 1;
}

static int snippet_spawn(lua_State *L)
{
    uint32_t task;
    if (sched_spawn(fixture_of(L)->sched, L, lua_gettop(L) - 1, &task) != ERR_OK)
        return luaL_error(L, "spawn failed");
    lua_pushinteger(L, task);
    return 1;
}

static int snippet_hook(lua_State *L)
{
    int top = lua_gettop(L);
    if (sched_call_now(fixture_of(L)->sched, L, top - 1, LUA_MULTRET) != LUA_OK)
        return lua_error(L);
    return lua_gettop(L);
}

static void ended(void *ctx, uint32_t task, lua_State *thread, int status)
{
    struct lua_fixture *f = ctx;
    struct buf *out = task == 1 ? &f->result : &f->log;
    if (task == 1)
        f->done = true;
    else
        buf_printf(out, "%u: ", task);
    if (status != LUA_OK)
        buf_printf(out, "error: %.*s", VIEW_ARG(error_text(thread, -1)));
    for (int i = 1; status == LUA_OK && i <= lua_gettop(thread); i++) {
        if (i > 1)
            buf_add_char(out, ' ');
        buf_add(out, text_push(thread, i));
        lua_pop(thread, 1);
    }
    if (task != 1)
        buf_add_char(out, '\n');
}

static int open_all(lua_State *L)
{
    lua_register(L, "sleep", snippet_sleep);
    lua_register(L, "now", snippet_now);
    lua_register(L, "spawn", snippet_spawn);
    lua_register(L, "hook", snippet_hook);
    sandbox_close(L);
    return 0;
}

static uint64_t clock_now(const struct engine *engine)
{
    return ((const struct lua_fixture *)engine->ctx)->now_us;
}

struct lua_fixture *lua_fixture_create(const struct engine_options *options)
{
    struct lua_fixture *f = mem_zalloc(sizeof *f);
    struct engine_options defaults = {.rng = {7}};
    ASSERT(f != NULL);
    ASSERT(engine_create(options == NULL ? &defaults : options, &f->engine) == ERR_OK);
    f->engine->ctx = f;
    f->engine->now_us = clock_now;
    struct sched_options sched = {
        .lua = f->engine->lua, .order = &f->order, .ctx = f, .ended = ended};
    ASSERT(sched_create(&sched, &f->sched) == ERR_OK);
    struct view error;
    ASSERT(engine_call(f->engine, open_all, NULL, &error) == LUA_OK);
    return f;
}

void lua_fixture_destroy(struct lua_fixture *f)
{
    sched_destroy(f->sched);
    engine_destroy(f->engine);
    buf_deinit(&f->log);
    buf_deinit(&f->result);
    mem_free(f);
}

static int start(lua_State *L)
{
    const char *code = lua_touserdata(L, 1);
    uint32_t task;
    if (luaL_loadbufferx(L, code, strlen(code), "@test.lua", "t") != LUA_OK)
        return lua_error(L);
    return sched_spawn(engine_of(L)->sched, L, 0, &task) == ERR_OK ? 0 : luaL_error(L, "no task");
}

const char *lua_run(struct lua_fixture *f, const char *code)
{
    struct view error;
    if (engine_call(f->engine, start, (void *)(uintptr_t)code, &error) != LUA_OK) {
        buf_add(&f->result, error);
        buf_add_char(&f->result, '\0');
        return f->result.ptr;
    }
    do {
        while (sched_run_ready(f->sched, f->now_us, true))
            continue;
        struct moment next = sched_deadline(f->sched);
        if (next.at_us == NEVER)
            break;
        f->now_us = next.at_us;
    } while (true);
    if (sched_broken(f->sched) != NULL) {
        buf_clear(&f->result);
        buf_add(&f->result, view_of(sched_broken(f->sched)));
    } else if (!f->done) {
        buf_add(&f->result, V("stuck"));
    }
    buf_add_char(&f->result, '\0');
    buf_add_char(&f->log, '\0');
    return f->result.ptr;
}
