#include "harness/scene/scene.h"

#include "harness/scene/duration.h"
#include "harness/scene/hint.h"
#include "harness/scene/stage.h"

#include <stdarg.h>

struct scene *scene_of(lua_State *L)
{
    struct scene *scene = engine_of(L)->scene;
    if (scene == NULL)
        misuse(L, "this is only there while a scenario runs, not at the top level of a file");
    return scene;
}

struct stage *stage_of(struct scene *scene)
{
    return (struct stage *)scene;
}

uint64_t scene_now(const struct scene *scene)
{
    return scene->world == NULL ? 0 : world_now(scene->world);
}

/* An assertion that did not hold is one that was executed. */
static void trace_failure(struct scene *scene, const struct failure *failure)
{
    struct trace_event event = {
        .time_us = scene_now(scene), .kind = TRACE_EXPECT, .source = failure->source};
    event.u.expect.what = failure->sentence;
    event.u.expect.expected = failure->expected;
    event.u.expect.actual = failure->actual;
    event.u.expect.soft = failure->soft;
    trace_append(scene->trace, &event);
}

/* An error is no assertion; that it came here, and what comes after it is the tidy-up, is told. */
static void trace_error(struct scene *scene, const struct failure *failure)
{
    struct trace_event event = {
        .time_us = scene_now(scene), .kind = TRACE_LOG, .source = failure->source};
    event.u.note.name = V("error");
    event.u.note.text = failure->sentence;
    trace_append(scene->trace, &event);
}

static struct record *record(struct scene *scene, const struct failure *failure, struct view raised)
{
    if (failure->verdict == VERDICT_FAIL || failure->verdict == VERDICT_INCONCLUSIVE) {
        scene->verdicts->assertions++;
        trace_failure(scene, failure);
    } else if (failure->verdict == VERDICT_ERROR) {
        trace_error(scene, failure);
    }
    return verdicts_add(scene->verdicts, failure, raised);
}

struct record *scene_record(struct scene *scene, const struct failure *failure)
{
    return record(scene, failure, (struct view){0});
}

void scene_warn(struct scene *scene, struct view sentence)
{
    verdicts_warn(scene->verdicts, sentence);
}

static void fill_source(lua_State *L, struct failure *failure)
{
    if (failure->source.line == 0) {
        struct place place = place_of(L, 0);
        failure->source.file = place.file;
        failure->source.line = place.line;
    }
    failure->source.task = sched_task(L);
}

/* The frames of the script that led there, where they say more than the line itself. */
static void keep_traceback(lua_State *L, struct scene *scene, struct record *record)
{
    struct buf text = {0};
    if (record == NULL)
        return;
    traceback_write(L, &text);
    if (view_find_char(buf_view(&text), '\n') + 1 < text.len)
        record->traceback = arena_copy(&scene->verdicts->arena, buf_view(&text));
    buf_deinit(&text);
}

int scene_fail(lua_State *L, const struct failure *given)
{
    struct scene *scene = scene_of(L);
    struct failure failure = *given;
    const uint32_t *word = sched_word(L);
    fill_source(L, &failure);
    bool blurred = failure.network.ptr != NULL && scene->link != NULL;
    if (failure.verdict == VERDICT_FAIL && ((word != NULL && *word > 0) || blurred))
        failure.verdict = VERDICT_INCONCLUSIVE;
    if (blurred)
        failure.hint = failure.network;
    if (failure.soft) {
        keep_traceback(L, scene, record(scene, &failure, (struct view){0}));
        return 0;
    }
    struct place place = {failure.source.file, failure.source.line};
    struct view raised = push_placed(L, place, view_head(failure.sentence, SENTENCE_MOST));
    keep_traceback(L, scene, record(scene, &failure, raised));
    return lua_error(L);
}

void scene_misused(lua_State *L, struct view text, struct view raised)
{
    struct scene *scene = engine_of(L)->scene;
    struct buf hint = {0};
    hint_for_misuse(&hint, L, text);
    struct failure failure = {.verdict = VERDICT_ERROR,
                              .sentence = text,
                              .hint = buf_view(&hint),
                              .source = scene->meant,
                              .misuse = true};
    scene->meant = (struct trace_source){0};
    fill_source(L, &failure);
    keep_traceback(L, scene, record(scene, &failure, raised));
    buf_deinit(&hint);
}

int scene_misuse(lua_State *L, const char *format, ...)
{
    char text[1000]; /* a list of options is long */
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return misuse(L, "%s", text);
}

int scene_refused(lua_State *L, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return scene_fail(L, &(struct failure){.verdict = VERDICT_ERROR, .sentence = view_of(text)});
}

int scene_skip(lua_State *L, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return scene_fail(L, &(struct failure){.verdict = VERDICT_SKIP, .sentence = view_of(text)});
}

void scene_held(lua_State *L, struct view what, struct view actual)
{
    struct scene *scene = scene_of(L);
    struct place place = place_of(L, 0);
    struct trace_event event = {.time_us = scene_now(scene), .kind = TRACE_EXPECT};
    event.source = (struct trace_source){place.file, place.line, sched_task(L)};
    event.u.expect.what = what;
    event.u.expect.actual = actual;
    event.u.expect.ok = true;
    scene->verdicts->assertions++;
    trace_append(scene->trace, &event);
}

uint64_t scene_duration(lua_State *L, int index)
{
    uint64_t us = 0;
    struct view text;
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
        text.ptr = lua_tolstring(L, index, &text.len);
        if (!duration_parse(text, &us))
            misuse(L, "'%.*s' is no duration: \"20ms\", \"1.5s\", \"2m\" or a number of seconds",
                   VIEW_ARG(view_head(text, 60)));
        break;
    case LUA_TNUMBER:
        if (!duration_from_seconds(lua_tonumber(L, index), &us))
            misuse(L, "%.14g is no duration: seconds from 0 to a year are wanted",
                   lua_tonumber(L, index));
        break;
    default:
        misuse(L, "a duration is wanted (\"20ms\", \"1.5s\", \"2m\" or seconds), got a %s",
               luaL_typename(L, index));
    }
    return us;
}
