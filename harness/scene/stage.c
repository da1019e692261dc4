/* The loop: what of a scenario runs, until when, and what stopped it. */
#include "harness/scene/stage.h"

#include "harness/lua/text.h"
#include "harness/scene/hint.h"

#define PARDON_INSTRUCTIONS UINT64_C(100000000)

struct end { /* of a task, handed through Lua's protection */
    struct stage *stage;
    lua_State *thread;
    uint32_t task;
    int status;
    const char *what; /* stands before the text: "on_send of alice"; NULL: nothing */
};

struct start {
    struct stage *stage;
    void (*push)(lua_State *L, void *ctx);
    void *ctx;
};

static void add_frames(struct stage *stage, struct record *record, lua_State *thread)
{
    struct buf frames = {0};
    if (record == NULL || thread == NULL)
        return;
    traceback_write(thread, &frames);
    if (view_find_char(buf_view(&frames), '\n') + 1 < frames.len)
        record->traceback = arena_copy(&stage->scene.verdicts->arena, buf_view(&frames));
    buf_deinit(&frames);
}

static void record_script_error(const struct end *end, struct view text)
{
    struct stage *stage = end->stage;
    struct view rest;
    struct place place = place_from_text(stage->suite, text, &rest);
    struct buf hint = {0}, sentence = {0};
    if (place.line == 0 && end->thread != NULL)
        place = place_of(end->thread, 0);
    if (end->status == LUA_ERRMEM)
        rest = V("the script's memory limit was reached");
    if (rest.len == 0)
        rest = V("the script raised an error without a text");
    if (end->what != NULL)
        buf_printf(&sentence, "%s: ", end->what);
    buf_add(&sentence, rest);
    hint_for_error(&hint, rest);
    struct failure failure = {
        .verdict = VERDICT_ERROR, .sentence = buf_view(&sentence), .hint = buf_view(&hint)};
    failure.source = (struct trace_source){place.file, place.line, end->task};
    struct record *record = scene_record(&stage->scene, &failure);
    add_frames(stage, record, end->thread);
    buf_deinit(&hint);
    buf_deinit(&sentence);
}

/* What was recorded when it was raised is not recorded again when it comes out. */
static int look_at_error(lua_State *L)
{
    const struct end *end = lua_touserdata(L, 1);
    if (end->stage->engine->spent)
        return 0; /* record_broken tells it, with the line that ran then */
    struct view text = text_push(L, 2);
    if (verdicts_find_raised(end->stage->scene.verdicts, end->task, text) == NULL)
        record_script_error(end, text);
    return 0;
}

static int look_at_end(lua_State *L)
{
    struct end *end = lua_touserdata(L, 1);
    if (end->status == LUA_OK) {
        task_keep_results(L, end->task, end->thread);
        return 0;
    }
    lua_pushvalue(end->thread, -1);
    lua_xmove(end->thread, L, 1);
    return look_at_error(L);
}

static void end_scenario(struct stage *stage)
{
    stage->over = true;
    sched_stop(stage->scene.sched);
}

void stage_ended(void *ctx, uint32_t task, lua_State *thread, int status)
{
    struct stage *stage = ctx;
    struct end end = {stage, thread, task, status, NULL};
    struct view error;
    lua_checkstack(thread, 1);
    if (engine_call(stage->engine, look_at_end, &end, &error) != LUA_OK)
        scene_record(&stage->scene, &(struct failure){.verdict = VERDICT_ERROR, .sentence = error});
    if (status != LUA_OK)
        end_scenario(stage);
    if (task == stage->watched)
        stage->watched_ended = true;
}

void scene_error(struct scene *scene, lua_State *L, const char *what)
{
    struct stage *stage = stage_of(scene);
    struct end end = {stage, NULL, sched_task(L), LUA_ERRRUN, what};
    if (lua_checkstack(L, 3)) {
        lua_pushcfunction(L, look_at_error);
        lua_insert(L, -2);
        lua_pushlightuserdata(L, &end);
        lua_insert(L, -2);
        if (lua_pcall(L, 2, 0, 0) != LUA_OK) {
            scene_record(
                scene, &(struct failure){.verdict = VERDICT_ERROR, .sentence = error_text(L, -1)});
            lua_pop(L, 1);
        }
    } else {
        scene_record(scene, &(struct failure){.verdict = VERDICT_ERROR,
                                              .sentence = V("an error found no room")});
        lua_pop(L, 1);
    }
    end_scenario(stage);
}

/* Whose deadline is the first; NULL: a task's. */
static const struct scene_part *part_due(const struct stage *stage)
{
    struct moment first = sched_deadline(stage->scene.sched);
    const struct scene_part *found = NULL;
    for (size_t i = 0; stage->parts != NULL && stage->parts[i] != NULL; i++) {
        const struct scene_part *part = stage->parts[i];
        if (part->deadline == NULL || !moment_before(part->deadline(&stage->scene), first))
            continue;
        first = part->deadline(&stage->scene);
        found = part;
    }
    return found;
}

static bool run_ready(void *ctx, uint64_t now_us)
{
    struct stage *stage = ctx;
    bool due = world_user_due(stage->scene.world);
    const struct scene_part *part = due ? part_due(stage) : NULL;
    bool any = part != NULL && part->expire(&stage->scene, now_us);
    any |= sched_run_ready(stage->scene.sched, now_us, due && part == NULL);
    if (!any && now_us >= stage->stop_us)
        stage->timed_out = true;
    return any;
}

static struct moment deadline(void *ctx)
{
    const struct stage *stage = ctx;
    if (stage->watched_ended || stage->over)
        return (struct moment){scene_now(&stage->scene), 0}; /* time must not move on meanwhile */
    struct moment first = sched_deadline(stage->scene.sched);
    for (size_t i = 0; stage->parts != NULL && stage->parts[i] != NULL; i++) {
        if (stage->parts[i]->deadline == NULL)
            continue;
        struct moment own = stage->parts[i]->deadline(&stage->scene);
        if (moment_before(own, first))
            first = own;
    }
    struct moment stop = {stage->stop_us, UINT64_MAX}; /* behind all else at that instant */
    return moment_before(stop, first) ? stop : first;
}

#define EACH_PART(stage, part)                                                                     \
    for (const struct scene_part *const *part = (stage)->parts; part != NULL && *part != NULL;     \
         part++)

static void tell(void *ctx, uint32_t party, const struct tell *what)
{
    struct stage *stage = ctx;
    EACH_PART(stage, part)
    if ((*part)->tell != NULL)
        (*part)->tell(&stage->scene, party, what);
}

static void flow(void *ctx, uint32_t party, const struct flow_news *news)
{
    struct stage *stage = ctx;
    EACH_PART(stage, part)
    if ((*part)->flow != NULL)
        (*part)->flow(&stage->scene, party, news);
}

static void packet(void *ctx, uint32_t party, const struct packet *what)
{
    struct stage *stage = ctx;
    EACH_PART(stage, part)
    if ((*part)->packet != NULL)
        (*part)->packet(&stage->scene, party, what);
}

static void seen(void *ctx, const struct trace_event *event, struct blob *bytes,
                 struct sip_msg *msg)
{
    struct stage *stage = ctx;
    EACH_PART(stage, part)
    if ((*part)->seen != NULL)
        (*part)->seen(&stage->scene, event, bytes, msg);
}

static enum trace_fate hook_out(void *ctx, uint32_t party, struct sip_msg *msg, uint64_t copy_key,
                                struct blob **bytes)
{
    struct stage *stage = ctx;
    EACH_PART(stage, part)
    if ((*part)->hook_out != NULL)
        return (*part)->hook_out(&stage->scene, party, msg, copy_key, bytes);
    return FATE_NONE;
}

static enum trace_fate hook_in(void *ctx, uint32_t from, uint32_t party, struct sip_msg *msg,
                               struct blob **bytes)
{
    struct stage *stage = ctx;
    EACH_PART(stage, part)
    if ((*part)->hook_in != NULL)
        return (*part)->hook_in(&stage->scene, from, party, msg, bytes);
    return FATE_NONE;
}

static struct fate judge(void *ctx, uint32_t from, uint32_t to, struct sip_msg *msg,
                         struct blob *bytes)
{
    struct stage *stage = ctx;
    EACH_PART(stage, part)
    if ((*part)->judge != NULL)
        return (*part)->judge(&stage->scene, from, to, msg, bytes);
    return (struct fate){0};
}

struct world_user stage_world_user(struct stage *stage)
{
    struct world_user user = {.ctx = stage,
                              .run_ready = run_ready,
                              .deadline = deadline,
                              .tell = tell,
                              .packet = packet,
                              .flow = flow,
                              .seen = seen};
    EACH_PART(stage, part)
    {
        if ((*part)->hook_out != NULL)
            user.hook_out = hook_out;
        if ((*part)->hook_in != NULL)
            user.hook_in = hook_in;
        if ((*part)->judge != NULL)
            user.judge = judge;
    }
    return user;
}

static bool broken(const struct stage *stage)
{
    return sched_broken(stage->scene.sched) != NULL || world_broken(stage->scene.world) != NULL;
}

void stage_answer_watch(struct stage *stage, lua_State *running)
{
    const struct scene_watch *watch = stage->options->watch;
    if (watch != NULL && *watch->asked != 0)
        watch->answer(watch->ctx, &stage->scene, running);
}

static void drive(struct stage *stage)
{
    stage->timed_out = false;
    while (!stage->watched_ended && !stage->over && !stage->timed_out && !broken(stage)) {
        stage_answer_watch(stage, NULL);
        if (!world_turn(stage->scene.world))
            break;
    }
}

static void record_broken(struct stage *stage)
{
    struct engine *engine = stage->engine;
    struct failure failure = {.verdict = VERDICT_ERROR};
    if (world_broken(stage->scene.world) != NULL) {
        failure.sentence = view_of(world_broken(stage->scene.world));
        failure.hint = V("does a hook or an agent answer itself without end?");
    } else {
        failure.sentence = view_of(engine_broken(engine));
        if (!engine->spent)
            failure.hint = V("a string or a table that grows without end?");
        if (engine->spent) {
            failure.hint =
                V("a loop that waits for something needs a wait inside: t:sleep, expect …");
            failure.source =
                (struct trace_source){view_of(engine->spent_file), engine->spent_line, 0};
        }
    }
    if (!verdicts_has(stage->scene.verdicts, VERDICT_ERROR))
        scene_record(&stage->scene, &failure);
    engine_pardon(engine, PARDON_INSTRUCTIONS);
}

enum { WAITING_SHOWN = 4 };

/* What the tasks wait for and where, for the sentence of a timeout: the first one, which the
 * excerpt shows, and some more. */
static lua_State *add_waiting(const struct stage *stage, struct buf *out)
{
    uint32_t number = 0, shown = 0;
    lua_State *first = NULL;
    struct sched_waiting waiting;
    while (sched_waiting_next(stage->scene.sched, &number, &waiting)) {
        struct place place = place_of(waiting.thread, 0);
        first = first == NULL ? waiting.thread : first;
        if (++shown > WAITING_SHOWN)
            continue;
        buf_add(out, V("; "));
        waiting.kind->say(waiting.thread, out);
        buf_printf(out, " at %.*s:%u", VIEW_ARG(place.file), place.line);
    }
    if (shown > WAITING_SHOWN)
        buf_printf(out, "; and %u more", shown - WAITING_SHOWN);
    return first;
}

static void record_timeout(struct stage *stage, const char *what)
{
    struct buf sentence = {0};
    double seconds = (double)scene_now(&stage->scene) / 1e6;
    if (stage->timed_out)
        buf_printf(&sentence, "%s did not end within its time, %g s on its clock", what, seconds);
    else
        buf_printf(&sentence, "%s waits for what cannot come any more", what);
    lua_State *thread = add_waiting(stage, &sentence);
    struct failure failure = {.verdict = VERDICT_FAIL, .sentence = buf_view(&sentence)};
    if (stage->timed_out)
        failure.hint = V("give it more with the option timeout = \"20m\"");
    if (thread != NULL) {
        struct place place = place_of(thread, 0);
        failure.source = (struct trace_source){place.file, place.line, 0};
    }
    add_frames(stage, scene_record(&stage->scene, &failure), thread);
    buf_deinit(&sentence);
}

static int start_task(lua_State *L)
{
    struct start *start = lua_touserdata(L, 1);
    int top = lua_gettop(L);
    start->push(L, start->ctx);
    struct stage *stage = start->stage;
    if (sched_spawn(stage->scene.sched, L, lua_gettop(L) - top - 1, &stage->watched) != ERR_OK)
        return luaL_error(L, "not enough memory");
    return 0;
}

bool stage_run(struct stage *stage, void (*push)(lua_State *L, void *ctx), void *ctx,
               uint64_t limit_us, const char *what)
{
    struct start start = {stage, push, ctx};
    struct view error;
    stage->over = stage->watched_ended = false;
    stage->stop_us = scene_now(&stage->scene) + limit_us;
    if (engine_call(stage->engine, start_task, &start, &error) != LUA_OK) {
        scene_record(&stage->scene, &(struct failure){.verdict = VERDICT_ERROR, .sentence = error});
        stage->over = true;
        return false;
    }
    drive(stage);
    bool fine = !stage->over && !broken(stage);
    if (broken(stage))
        record_broken(stage);
    else if (!stage->over && !stage->watched_ended) {
        record_timeout(stage, what);
        fine = false;
    }
    stage->stop_us = NEVER;
    return fine;
}

/* Nothing is under way that could matter: then the end need not be waited for. */
static bool at_rest(const struct stage *stage)
{
    if (world_in_flight(stage->scene.world) > 0)
        return false;
    for (size_t i = 0; stage->scene.clock.real && stage->parts != NULL && stage->parts[i] != NULL;
         i++)
        if (stage->parts[i]->at_rest != NULL && !stage->parts[i]->at_rest(&stage->scene))
            return false;
    return true;
}

void stage_settle(struct stage *stage)
{
    const uint64_t limit_us = stage->scene.clock.real ? US_PER_S / 2 : 3600 * US_PER_S;
    stage->stop_us = scene_now(&stage->scene) + limit_us;
    stage->timed_out = stage->watched_ended = stage->over = false;
    while (!stage->timed_out && !broken(stage) && !at_rest(stage))
        if (!world_turn(stage->scene.world))
            break;
    stage->stop_us = NEVER;
    if (broken(stage))
        record_broken(stage);
}
