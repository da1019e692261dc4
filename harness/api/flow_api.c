#include "harness/api/flow_api.h"

#include "harness/agent/words.h"
#include "harness/api/flow_text.h"
#include "harness/api/kinds.h"
#include "harness/api/opts.h"

#include <stdio.h>

static const char *const names[] = {"within", "loose", "interleave", "fold",
                                    "quiet",  "from",  "soft",       NULL};

struct asking { /* a flow that is being waited for; a userdata on the coroutine's stack */
    struct flow_text *text;
    struct handle call;
    struct flow_question question;
    struct trace_source source; /* of the line of t:flow; file borrowed */
    struct view awaited;        /* the line that has to come; absent: silence */
    bool soft;
};

static const char metatable_key;

static int asking_gc(lua_State *L)
{
    struct asking *asking = lua_touserdata(L, 1);

    flow_text_drop(asking->text);
    asking->text = NULL;
    return 0;
}

void flow_open(lua_State *L)
{
    lua_newtable(L);
    lua_pushcfunction(L, asking_gc);
    lua_setfield(L, -2, "__gc");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
}

static struct asking *asking_push(lua_State *L)
{
    struct asking *asking = lua_newuserdatauv(L, sizeof *asking, 0);

    *asking = (struct asking){0};
    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
    lua_setmetatable(L, -2);
    return asking;
}

static void question_read(lua_State *L, struct asking *asking, const struct opts *opts)
{
    struct scene *scene = scene_of(L);
    struct flow_question *q = &asking->question;
    struct view from;

    *q = (struct flow_question){.log = scene->log,
                                .vars = scene->vars,
                                .t1_us = sip_timers_default.t1_us,
                                .within_us = NEVER,
                                .began_us = scene_now(scene),
                                .tolerance_us = scene->clock.tolerance_us,
                                .tolerance_ppm = scene->clock.tolerance_ppm,
                                .real = scene->clock.real,
                                .rough = scene->link != NULL};
    q->parties = asking->text->parties;
    q->unseen = asking->text->unseen;
    opts_duration(opts, "within", &q->within_us);
    opts_duration(opts, "quiet", &q->quiet_us);
    q->loose = opts_true(opts, "loose");
    q->interleave = opts_true(opts, "interleave");
    q->fold = opts_true(opts, "fold");
    asking->soft = opts_true(opts, "soft");
    q->from_index = watch_get_or_raise(L, asking->call)->next_index;
    if (!opts_view(opts, "from", &from))
        return;
    const struct mark *mark = mark_find(scene->agents, from);
    if (mark == NULL)
        scene_misuse(L, "there is no mark \"%.*s\": set it with t:mark(\"%.*s\")", VIEW_ARG(from),
                     VIEW_ARG(from));
    q->from_index = mark->index;
}

/* What came since the last flow passed, between participants that the new one does not cover. */
static size_t stray_before(const struct agents *agents, const struct watch *watch,
                           const struct flow_text *next)
{
    struct log *log = agents->scene->log;
    size_t count = log_count(log);
    size_t index = watch->last == NULL ? count : watch_stray(watch, watch->next_index);

    while (index < count) {
        const struct log_entry *entry = log_at(log, index);
        if (next == NULL || !flow_text_has(next, entry->from) || !flow_text_has(next, entry->to))
            return index;
        index = watch_stray(watch, index + 1);
    }
    return count;
}

static void stray_failure(const struct agents *agents, const struct watch *watch, size_t index,
                          struct failure *out, char *room)
{
    struct log *log = agents->scene->log;
    const struct log_entry *entry = log_at(log, index);
    char what[WORDS_MAX], when[WORDS_MAX];
    struct view from = agents_name(agents, entry->from), to = agents_name(agents, entry->to);
    struct view message = words_message(log_message(log, index), what);
    struct view time = words_time(entry->sent_us, when);
    int len = snprintf(room, 200,
                       "%.*s from %.*s to %.*s at %.*s came after the last line of the "
                       "flow%s",
                       VIEW_ARG(message), VIEW_ARG(from), VIEW_ARG(to), VIEW_ARG(time),
                       entry->copy_of != 0 ? " (a copy)" : "");

    *out = (struct failure){
        .verdict = VERDICT_FAIL,
        .sentence = {room, len < 200 ? (size_t)len : 199},
        .expected = V("silence between the participants until the next flow, t:mark() or the end"),
        .actual = {room, len < 200 ? (size_t)len : 199},
        .hint = V("add a line for it, or end the silence with t:mark()"),
        .source = watch->source,
        .message = entry->seq
    };
}

static void stray_check(lua_State *L, struct watch *watch, const struct flow_text *next)
{
    struct agents *agents = agents_of_lua(L);
    size_t stray = stray_before(agents, watch, next);
    struct failure failure;
    char room[200];

    if (stray == log_count(agents->scene->log))
        return;
    stray_failure(agents, watch, stray, &failure, room);
    watch_end(watch);
    scene_fail(L, &failure);
}

static int flow_failed(lua_State *L, const struct asking *asking, const struct flow_answer *answer)
{
    struct failure failure = {.verdict = VERDICT_FAIL,
                              .sentence = view_of(answer->sentence),
                              .source = asking->source,
                              .message = answer->seq,
                              .soft = asking->soft};

    failure.source.line = flow_line_in_script(L, &asking->source, asking->text->text, answer->line);
    if (answer->expected[0] != '\0')
        failure.expected = view_of(answer->expected);
    if (answer->actual[0] != '\0')
        failure.actual = view_of(answer->actual);
    if (answer->ghost[0] != '\0')
        failure.ghost = view_of(answer->ghost);
    if (answer->hint[0] != '\0')
        failure.hint = view_of(answer->hint);
    return scene_fail(L, &failure);
}

static int flow_passed(lua_State *L, struct asking *asking, size_t next_index)
{
    struct agents *agents = agents_of_lua(L);
    struct watch *watch = watch_get_or_raise(L, asking->call);

    if (watch_begin(agents, watch, asking->text, &asking->question, next_index) != ERR_OK)
        return luaL_error(L, "not enough memory");
    watch->source = asking->source;
    watch->source.file = arena_copy(&agents->arena, asking->source.file);
    scene_held(L, V("the flow"), V("it came so"));
    return 0;
}

static void flow_say(lua_State *waiting, struct buf *out)
{
    const struct asking *asking = lua_touserdata(waiting, 4);

    if (asking->awaited.len > 0)
        buf_printf(out, "the flow: waiting for %.*s", VIEW_ARG(asking->awaited));
    else
        buf_add(out, V("the flow: watching that nothing more comes"));
}

static int flow_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind flow_kind = {flow_again, flow_say, false};

/* Stack: t or the call, the text, the options, the asking. */
static int flow_again(lua_State *L, int status, lua_KContext ctx)
{
    struct scene *scene = scene_of(L);
    struct asking *asking = lua_touserdata(L, 4);
    struct flow_answer answer = {0};

    (void)status;
    (void)ctx;
    if (asking->question.from_index < log_first(scene->log))
        return scene_misuse(L,
                            "the messages that this flow begins with are forgotten: of a long load "
                            "the newest are kept; t:mark() before what the flow is about");
    asking->question.now_us = scene_now(scene);
    switch (flow_match(asking->text->flow, &asking->question, &answer)) {
    case FLOW_MATCHED:
        return flow_passed(L, asking, answer.next_index);
    case FLOW_FAILED:
        return flow_failed(L, asking, &answer);
    case FLOW_WAITING:
        break;
    }
    asking->awaited = answer.awaited;
    return sched_wait_for(L, log_waiters(scene->log), answer.ask_again_us, 4, &flow_kind);
}

static struct view call_id_of(lua_State *L, const struct call *call, struct arena *arena)
{
    struct sip_msg *msg = post_msg(&agents_of_lua(L)->post, call->request);

    if (msg == NULL || sip_msg_call_id(msg).ptr == NULL) {
        scene_misuse(L, "this call has no Call-ID");
        return (struct view){0};
    }
    struct view call_id = arena_copy(arena, sip_msg_call_id(msg));
    if (call_id.ptr == NULL)
        luaL_error(L, "not enough memory");
    return call_id;
}

static int flow_begin(lua_State *L, const struct call *call)
{
    struct view text = arg_view(L, 2, "a flow");
    struct opts opts = opts_open(L, 3, "flow", names, NULL);
    struct asking *asking = asking_push(L);
    struct handle of = {0};

    if (call != NULL)
        of = call->handle;
    asking->call = of;
    asking->source = flow_source(L);
    asking->text = flow_text_parse(L, text, &asking->source);
    flow_text_resolve(L, asking->text);
    question_read(L, asking, &opts);
    if (call != NULL)
        asking->question.call_id = call_id_of(L, call, &asking->text->arena);
    stray_check(L, watch_get_or_raise(L, of), asking->text);
    return flow_again(L, LUA_OK, 4);
}

int t_flow(lua_State *L)
{
    lua_settop(L, 3);
    return flow_begin(L, NULL);
}

int script_flow(lua_State *L)
{
    struct call *call = handle_check(L, 1, &call_kind);

    lua_settop(L, 3);
    return flow_begin(L, call);
}

/* t:mark(name): the next flow begins here; what is not covered so far is let go. */
int t_mark(lua_State *L)
{
    struct agents *agents = agents_of_lua(L);
    size_t now = log_count(agents->scene->log);

    lua_settop(L, 2);
    for (struct watch *watch = agents->watches->first; watch != NULL; watch = watch->next) {
        stray_check(L, watch, NULL);
        watch_end(watch);
        watch->next_index = now;
    }
    watch_get_or_raise(L, (struct handle){0})->next_index = now;
    if (lua_isnil(L, 2))
        return 0;
    if (mark_set(agents, arg_view(L, 2, "a mark's name"), now) != ERR_OK)
        return luaL_error(L, "not enough memory");
    return 0;
}

void flow_settled(struct scene *scene)
{
    struct agents *agents = scene->agents;
    struct failure failure;
    char room[200];

    for (struct watch *watch = agents->watches->first; watch != NULL; watch = watch->next) {
        size_t stray = stray_before(agents, watch, NULL);
        if (stray == log_count(scene->log))
            continue;
        stray_failure(agents, watch, stray, &failure, room);
        scene_record(scene, &failure);
    }
}
