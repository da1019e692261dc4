/* How a scenario ends: what is left over, then after_each, cleanups and the tidy-up. */
#include "harness/scene/stage.h"

#include "harness/lua/coroutine.h"

#define TEAR_DOWN_SIM_US (UINT64_C(300) * US_PER_S)
#define TEAR_DOWN_REAL_US (UINT64_C(60) * US_PER_S)

static void charge(struct stage *stage, struct place place, struct view sentence, struct view hint)
{
    struct failure failure = {.verdict = VERDICT_FAIL, .sentence = sentence, .hint = hint};
    failure.source = (struct trace_source){place.file, place.line, 0};
    scene_record(&stage->scene, &failure);
}

/* What that task waits for, where it waits. */
static void add_wait(const struct stage *stage, uint32_t task, struct buf *out)
{
    struct sched_waiting waiting;
    uint32_t number = task - 1;
    if (!sched_waiting_next(stage->scene.sched, &number, &waiting) || waiting.task != task)
        return;
    buf_add(out, V("; "));
    waiting.kind->say(waiting.thread, out);
}

static void charge_running_tasks(struct stage *stage)
{
    struct buf sentence = {0};
    uint32_t number = 0;
    lua_State *thread = sched_thread_next(stage->scene.sched, &number);
    if (thread == NULL)
        return;
    buf_printf(&sentence, "task %u of t:spawn still runs when what spawned it returns", number);
    add_wait(stage, number, &sentence);
    charge(stage, place_of(thread, 0), buf_view(&sentence), V("wait for it with t:all"));
    buf_deinit(&sentence);
}

static void charge_unchecked(struct stage *stage)
{
    const struct unchecked *one = stage->unchecked;
    while (one != NULL && one->next != NULL)
        one = one->next; /* the oldest: its line comes first */
    if (one != NULL)
        charge(stage, one->place, V("expect(value) without a check after it asserts nothing"),
               V("say what is expected, as in expect(value):equals(200)"));
}

static int find_never_run(lua_State *L)
{
    struct stage *stage = lua_touserdata(L, 1);
    const char *where = coroutine_never_run(L);
    struct view rest;
    if (where != NULL)
        charge(stage, place_from_text(stage->suite, view_of(where), &rest),
               V("a coroutine was made and never resumed: nothing in it was checked"),
               V("call coroutine.resume, or use t:spawn, which runs by itself"));
    return 0;
}

static void each_part(struct stage *stage, size_t offset)
{
    for (size_t i = 0; stage->parts != NULL && stage->parts[i] != NULL; i++) {
        void (*call)(struct scene * scene) =
            offset == 0 ? stage->parts[i]->returned : stage->parts[i]->settled;
        if (call != NULL)
            call(&stage->scene);
    }
}

void stage_end(struct stage *stage)
{
    struct view error;
    charge_running_tasks(stage);
    sched_abandon(stage->scene.sched);
    charge_unchecked(stage);
    if (engine_call(stage->engine, find_never_run, stage, &error) != LUA_OK)
        scene_record(&stage->scene, &(struct failure){.verdict = VERDICT_ERROR, .sentence = error});
    each_part(stage, 0);
    stage_settle(stage);
    each_part(stage, 1);
}

struct callee { /* what is to be called: a reference, or what t_next_cleanup gives */
    struct stage *stage;
    int ref;
    lua_CFunction fn;
    bool none;
};

static void push_callee(lua_State *L, void *ctx)
{
    const struct callee *callee = ctx;
    if (callee->fn != NULL)
        lua_pushcfunction(L, callee->fn);
    else
        lua_rawgeti(L, LUA_REGISTRYINDEX, callee->ref);
    lua_rawgetp(L, LUA_REGISTRYINDEX, callee->stage);
}

static int next_cleanup(lua_State *L)
{
    struct callee *callee = lua_touserdata(L, 1);
    if (t_next_cleanup(L))
        callee->ref = luaL_ref(L, LUA_REGISTRYINDEX);
    else
        callee->none = true;
    return 0;
}

/* What an earlier piece left running was dropped with it. */
static void run_piece(struct stage *stage, struct callee *callee, const char *what)
{
    sched_abandon(stage->scene.sched);
    uint64_t limit_us = stage->scene.clock.real ? TEAR_DOWN_REAL_US : TEAR_DOWN_SIM_US;
    if (stage_run(stage, push_callee, callee, limit_us, what))
        charge_running_tasks(stage);
    sched_abandon(stage->scene.sched);
}

static void run_after_each(struct stage *stage)
{
    const struct loading *loading = stage->loading;
    uint32_t group = loading->scenarios[stage->index].group;
    for (;;) { /* from the innermost group outwards */
        for (size_t i = 0; i < loading->around_count; i++) {
            struct callee callee = {.stage = stage, .ref = loading->arounds[i].ref};
            if (!loading->arounds[i].after || loading->arounds[i].group != group)
                continue;
            run_piece(stage, &callee, "after_each");
        }
        if (group == 0)
            break;
        group = loading->groups[group].parent;
    }
}

static void run_cleanups(struct stage *stage)
{
    struct view error;
    for (;;) {
        struct callee callee = {.stage = stage};
        if (engine_call(stage->engine, next_cleanup, &callee, &error) != LUA_OK) {
            scene_record(&stage->scene,
                         &(struct failure){.verdict = VERDICT_ERROR, .sentence = error});
            return;
        }
        if (callee.none)
            return;
        run_piece(stage, &callee, "a cleanup");
    }
}

void stage_tear_down(struct stage *stage)
{
    stage->scene.tearing_down = true;
    run_after_each(stage);
    run_cleanups(stage);
    for (size_t i = 0; stage->parts != NULL && stage->parts[i] != NULL; i++) {
        struct callee callee = {.stage = stage, .fn = stage->parts[i]->tidy};
        if (callee.fn != NULL && !stage->scene.info->as_it_is)
            run_piece(stage, &callee, "the tidy-up");
    }
    if (verdicts_worst(stage->scene.verdicts) ==
        NULL) /* after_each and cleanups expect things, too */
        charge_unchecked(stage);
}
