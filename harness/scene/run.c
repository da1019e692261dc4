/* One scenario from its file to its verdict. */
#include "harness/scene/run.h"

#include "harness/scene/json.h"
#include "harness/scene/stage.h"

#define TIMEOUT_SIM_US (UINT64_C(600) * US_PER_S)
#define TIMEOUT_REAL_US (UINT64_C(120) * US_PER_S)

static const struct scenario_info *info_of(const struct stage *stage)
{
    return suite_scenario(stage->suite, stage->index);
}

static void print_line(lua_State *L, struct view text)
{
    const struct stage *stage = engine_of(L)->ctx;
    const struct scene *scene = &stage->scene; /* the top level prints, too: while there is none */
    struct trace_event event = {.time_us = scene_now(scene), .kind = TRACE_LOG};
    struct place place = place_of(L, 0);
    event.source = (struct trace_source){place.file, place.line, sched_task(L)};
    event.u.note.name = V("print");
    event.u.note.text = text;
    trace_append(scene->trace, &event);
}

static uint64_t clock_now(const struct engine *engine)
{
    return engine->scene == NULL ? 0 : scene_now(engine->scene);
}

static void error_of(struct stage *stage, struct view sentence)
{
    scene_record(&stage->scene, &(struct failure){.verdict = VERDICT_ERROR, .sentence = sentence});
}

static enum err open_world(struct stage *stage, const struct world_user *user)
{
    struct scene *scene = &stage->scene;
    struct world_options options = {.driver = scene->driver,
                                    .trace = scene->trace,
                                    .rng = scene->rng,
                                    .choices = stage->options->choices,
                                    .choice_count = stage->options->choice_count,
                                    .only_choices = stage->options->only_choices,
                                    .user = user};
    return world_create(&options, &scene->world);
}

static enum err open_sched(struct stage *stage)
{
    struct scene *scene = &stage->scene;
    struct sched_options options = {.lua = stage->engine->lua,
                                    .order = world_order(scene->world),
                                    .ctx = stage,
                                    .ended = stage_ended};
    return sched_create(&options, &scene->sched);
}

static void answer_watch(lua_State *L)
{
    stage_answer_watch(engine_of(L)->ctx, L);
}

static enum err open_engine(struct stage *stage)
{
    enum err err =
        suite_engine(stage->suite, stage->scene.rng, stage->scene.epoch_s, &stage->engine);
    if (err != ERR_OK)
        return err;
    stage->scene.lua = stage->engine->lua;
    stage->engine->ctx = stage;
    stage->engine->print = print_line;
    stage->engine->now_us = clock_now;
    return ERR_OK;
}

/* The state is fresh: the file's top level runs again, and must register what it did before. */
static bool load(struct stage *stage)
{
    struct view error, rest;
    const struct scenario_info *info = info_of(stage);
    if (suite_run_top(stage->suite, stage->engine, stage->loading, &error) != LUA_OK) {
        struct place place = place_from_text(stage->suite, error, &rest);
        struct failure failure = {.verdict = VERDICT_ERROR, .sentence = rest};
        failure.source = (struct trace_source){place.file, place.line, 0};
        scene_record(&stage->scene, &failure);
        return false;
    }
    if (stage->index < stage->loading->scenario_count &&
        view_equal(stage->loading->scenarios[stage->index].info.id, info->id))
        return true;
    error_of(stage, V("the file registers other scenarios when it is loaded again"));
    return false;
}

static int create_parts(lua_State *L)
{
    struct stage *stage = lua_touserdata(L, 1);
    for (size_t i = 0; stage->parts != NULL && stage->parts[i] != NULL; i++)
        if (stage->parts[i]->create != NULL) {
            enum err err = stage->parts[i]->create(&stage->scene);
            if (err != ERR_OK)
                return luaL_error(L, "%s: %s", stage->parts[i]->name, err_text(err));
        }
    task_open(L);
    t_open(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, stage);
    return 0;
}

static bool create_all(struct stage *stage)
{
    struct view error;
    stage->engine->scene = &stage->scene;
    stage->engine->misuse = scene_misused;
    stage->engine->loading = NULL;
    if (engine_call(stage->engine, create_parts, stage, &error) == LUA_OK)
        return true;
    if (!verdicts_has(stage->scene.verdicts, VERDICT_ERROR)) /* a misuse is recorded already */
        error_of(stage, error);
    return false;
}

/* Index 1: the list of functions; 2: t. before_each from the outermost group on, then the scenario.
 */
static int call_next(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    lua_Integer count = (lua_Integer)lua_rawlen(L, 1);
    lua_settop(L, 2);
    for (lua_Integer i = ctx; i <= count; i++) {
        lua_rawgeti(L, 1, i);
        lua_pushvalue(L, 2);
        lua_callk(L, 1, 0, i + 1, call_next);
    }
    return 0;
}

static int call_all(lua_State *L)
{
    return call_next(L, LUA_OK, 1);
}

static lua_Integer push_befores(lua_State *L, const struct loading *loading, uint32_t group,
                                lua_Integer count)
{
    if (group != 0)
        count = push_befores(L, loading, loading->groups[group].parent,
                             count); /* GROUPS_DEEP bounds it */
    for (size_t i = 0; i < loading->around_count; i++)
        if (!loading->arounds[i].after && loading->arounds[i].group == group) {
            lua_rawgeti(L, LUA_REGISTRYINDEX, loading->arounds[i].ref);
            lua_rawseti(L, -2, ++count);
        }
    return count;
}

static void push_scenario(lua_State *L, void *ctx)
{
    struct stage *stage = ctx;
    const struct registered *one = &stage->loading->scenarios[stage->index];
    lua_pushcfunction(L, call_all);
    lua_newtable(L);
    lua_Integer count = push_befores(L, stage->loading, one->group, 0);
    lua_rawgeti(L, LUA_REGISTRYINDEX, one->ref);
    lua_rawseti(L, -2, count + 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, stage);
}

static uint64_t timeout_of(const struct stage *stage)
{
    if (info_of(stage)->timeout_us != 0)
        return info_of(stage)->timeout_us;
    if (stage->options->timeout_us != 0)
        return stage->options->timeout_us;
    return stage->scene.clock.real ? TIMEOUT_REAL_US : TIMEOUT_SIM_US;
}

static uint64_t play(struct stage *stage)
{
    if (stage_run(stage, push_scenario, stage, timeout_of(stage), "the scenario"))
        stage_end(stage);
    else
        sched_abandon(stage->scene.sched);
    uint64_t ended_us = scene_now(&stage->scene);
    for (size_t i = 0; stage->parts != NULL && stage->parts[i] != NULL; i++)
        if (stage->parts[i]->over != NULL)
            stage->parts[i]->over(&stage->scene);
    stage_tear_down(stage);
    if (stage->scene.verdicts->assertions == 0 && verdicts_worst(stage->scene.verdicts) == NULL)
        scene_record(&stage->scene,
                     &(struct failure){.verdict = VERDICT_INCONCLUSIVE,
                                       .sentence = V("nothing was asserted"),
                                       .hint = V("expect(…), x:expect, x:wait and t:flow assert")});
    return ended_us;
}

/* Whoever looks on may ask from here until watch_end. */
static void watch_begin(struct stage *stage)
{
    if (stage->options->watch == NULL)
        return;
    stage->options->watch->scene = &stage->scene;
    stage->engine->asked = stage->options->watch->asked;
    stage->engine->answer = answer_watch;
}

static void watch_end(struct stage *stage)
{
    if (stage->options->watch != NULL)
        stage->options->watch->scene = NULL;
    stage->engine->asked = NULL;
}

static void close_all(struct stage *stage)
{
    size_t count = 0;
    while (stage->parts != NULL && stage->parts[count] != NULL)
        count++;
    while (stage->engine != NULL && stage->engine->scene != NULL && count-- > 0)
        if (stage->parts[count]->destroy != NULL)
            stage->parts[count]->destroy(&stage->scene);
    while (stage->unchecked != NULL) {
        struct unchecked *next = stage->unchecked->next;
        mem_free(stage->unchecked);
        stage->unchecked = next;
    }
    sched_destroy(stage->scene.sched);
    engine_destroy(stage->engine);
    stage->closed_us = scene_now(&stage->scene);
    world_destroy(stage->scene.world);
    stage->scene.world = NULL;
}

static enum err run(struct stage *stage, struct loading *loading, struct scene_result *out)
{
    struct world_user user = stage_world_user(stage);
    stage->loading = loading;
    enum err err = open_world(stage, &user);
    if (err == ERR_OK)
        err = open_engine(stage);
    if (err == ERR_OK)
        err = open_sched(stage);
    if (err == ERR_OK && load(stage) && create_all(stage)) {
        watch_begin(stage);
        out->virtual_us = play(stage);
        watch_end(stage);
    }
    close_all(stage);
    return err;
}

static struct view skip_reason(const struct stage *stage)
{
    return info_of(stage)->skip.len > 0 ? info_of(stage)->skip : stage->options->skip;
}

static void stage_init(struct stage *stage, struct suite *suite, size_t index,
                       const struct scene_options *options)
{
    const struct scenario_info *info = suite_scenario(suite, index);
    *stage = (struct stage){.suite = suite, .options = options, .index = index, .stop_us = NEVER};
    stage->parts = suite->options.parts;
    stage->scene.driver = options->driver;
    stage->scene.trace = options->trace;
    stage->scene.seed = info->has_seed ? info->seed : options->seed;
    stage->scene.rng = rng_stream((struct rng){stage->scene.seed}, info->id);
    stage->scene.clock = options->clock;
    stage->scene.way = options->way;
    stage->scene.target = options->target;
    stage->scene.link = options->link;
    stage->scene.info = info;
    stage->scene.ignored = &options->ignored;
    stage->scene.tls = &suite->tls;
    stage->scene.epoch_s = options->epoch_s == 0 ? SCENE_EPOCH_S : options->epoch_s;
}

static enum err play_or_skip(struct stage *stage, struct scene_result *out)
{
    struct loading loading = {0};
    enum err err = ERR_OK;
    struct view skip = skip_reason(stage);
    if (skip.len > 0)
        scene_record(&stage->scene, &(struct failure){.verdict = VERDICT_SKIP, .sentence = skip});
    else
        err = run(stage, &loading, out);
    stage_judge(stage, out); /* texts of places are the suite's, and the records' own */
    loading_deinit(&loading);
    return err;
}

enum err scene_run(struct suite *suite, size_t index, const struct scene_options *options,
                   struct scene_result *out)
{
    struct stage stage;
    stage_init(&stage, suite, index, options);
    *out = (struct scene_result){.verdict = VERDICT_ERROR};
    enum err err = verdicts_create(&stage.scene.verdicts);
    if (err != ERR_OK)
        return err;
    for (size_t i = 0; i < suite->options.secret_count && err == ERR_OK; i++)
        err = trace_secret_add(options->trace, suite->options.secrets[i].value);
    if (err == ERR_OK) {
        stage_begin_traced(&stage);
        err = play_or_skip(&stage, out);
    }
    if (err == ERR_OK)
        stage_end_traced(&stage, out);
    verdicts_destroy(stage.scene.verdicts);
    return err;
}
