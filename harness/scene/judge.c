/* The verdict out of what was recorded, as a sentence, as JSON and in the trace. */
#include "harness/scene/stage.h"

#include "harness/target/target.h"
#include "harness/scene/excerpt.h"
#include "harness/scene/json.h"

enum { MORE_MOST = 20 };

static const struct scenario_info *info_of(const struct stage *stage)
{
    return suite_scenario(stage->suite, stage->index);
}

static void write_record(struct buf *buf, const struct stage *stage, const struct record *record)
{
    const struct failure *failure = &record->failure;
    json_text(buf, "verdict", view_of(verdict_text(failure->verdict)));
    json_text(buf, "reason", failure->sentence);
    if (failure->source.line != 0) {
        json_text(buf, "file", failure->source.file);
        json_number(buf, "line", failure->source.line);
    }
    json_text(buf, "expected", failure->expected);
    json_text(buf, "actual", failure->actual);
    if (failure->hint.len > 0)
        json_text(buf, "hint", failure->hint);
    json_text(buf, "section", failure->section);
    if (failure->message != 0)
        json_number(buf, "message", failure->message);
    if (failure->mark.len > 0)
        json_text(buf, "mark", failure->mark);
    json_text(buf, "ghost", failure->ghost);
    if (record->traceback.len > 0)
        json_text(buf, "traceback", record->traceback);
    if (failure->source.line != 0)
        excerpt_json(buf, source_find(stage->suite->sources, failure->source.file),
                     failure->source.line);
}

/* Of what is wrong with the scenario as a whole: where it begins. */
static void write_own_line(struct buf *buf, const struct stage *stage)
{
    const struct scenario_info *info = info_of(stage);
    json_text(buf, "file", info->file);
    json_number(buf, "line", info->line);
    excerpt_json(buf, source_find(stage->suite->sources, info->file), info->line);
}

static void write_detail(struct buf *buf, const struct stage *stage, const struct record *worst)
{
    size_t more = 0;
    buf_add_char(buf, '{');
    write_record(buf, stage, worst);
    if (worst->failure.source.line == 0 && worst->failure.verdict != VERDICT_SKIP)
        write_own_line(buf, stage);
    for (const struct record *record = stage->scene.verdicts->first; record != NULL;
         record = record->next) {
        if (record == worst || more >= MORE_MOST)
            continue;
        if (more++ == 0) {
            json_key(buf, "more");
            buf_add_char(buf, '[');
        } else {
            buf_add_char(buf, ',');
        }
        buf_add_char(buf, '{');
        write_record(buf, stage, record);
        buf_add_char(buf, '}');
    }
    if (more > 0)
        buf_add_char(buf, ']');
    buf_add_char(buf, '}');
}

/* No pass: it is told apart, and its reason says both. */
static void foreseen(struct stage *stage, const char *how, struct view why,
                     struct scene_result *out)
{
    struct buf *reason = &stage->suite->reason, sentence = {0};

    buf_printf(&sentence, "%s (%.*s): %.*s", how, VIEW_ARG(why), VIEW_ARG(buf_view(reason)));
    buf_clear(reason);
    buf_add(reason, buf_view(&sentence));
    buf_deinit(&sentence);
    out->verdict = VERDICT_SKIP;
    out->xfailed = true;
}

static void apply_xfail(struct stage *stage, struct scene_result *out)
{
    struct view why = info_of(stage)->xfail;
    if (why.len == 0)
        return;
    if (out->verdict == VERDICT_FAIL) {
        foreseen(stage, "fails as expected", why, out);
    } else if (out->verdict == VERDICT_PASS) {
        buf_printf(&stage->suite->reason, "it passed, though it is expected to fail: %.*s",
                   VIEW_ARG(why));
        buf_add(&stage->suite->detail, V("{\"hint\":\"take the option xfail away\"}"));
        out->verdict = VERDICT_FAIL;
    }
}

static bool misused(const struct verdicts *verdicts)
{
    for (const struct record *record = verdicts->first; record != NULL; record = record->next)
        if (record->failure.misuse)
            return true;
    return false;
}

static void add_warnings(const struct stage *stage, const struct scene_result *out)
{
    const struct verdicts *verdicts = stage->scene.verdicts;
    struct buf *reason = &stage->suite->reason;
    if (out->verdict != VERDICT_PASS || reason->len > 0 || verdicts->warning_count == 0)
        return;
    buf_printf(reason, "warning: %.*s", VIEW_ARG(verdicts->warning));
    if (verdicts->warning_count > 1)
        buf_printf(reason, ", and %llu more", (unsigned long long)(verdicts->warning_count - 1));
}

void stage_judge(struct stage *stage, struct scene_result *out)
{
    struct suite *suite = stage->suite;
    if (trace_cut(stage->scene.trace))
        verdicts_add(
            stage->scene.verdicts,
            &(struct failure){.verdict = VERDICT_ERROR,
                              .sentence = V("the trace reached its limit: events were lost")},
            (struct view){0});
    verdicts_black_out(stage->scene.verdicts, trace_secrets(stage->scene.trace));
    const struct record *worst = verdicts_worst(stage->scene.verdicts);
    buf_clear(&suite->reason);
    buf_clear(&suite->detail);
    out->assertions = stage->scene.verdicts->assertions;
    out->untidy = stage->scene.untidy;
    out->verdict = worst == NULL ? VERDICT_PASS : worst->failure.verdict;
    if (worst != NULL) {
        buf_add(&suite->reason, worst->failure.sentence);
        write_detail(&suite->detail, stage, worst);
    }
    out->misuse = misused(stage->scene.verdicts);
    out->environment = worst != NULL && worst->failure.environment;
    stage_judge_silence(stage, out);
    apply_xfail(stage, out);
    add_warnings(stage, out);
    out->reason = buf_view(&suite->reason);
    out->detail = suite->detail.failed == ERR_OK ? buf_view(&suite->detail) : V("{}");
}

static void append_note(struct stage *stage, enum trace_kind kind, struct view name,
                        struct buf *text)
{
    struct trace_event event = {.time_us = stage->closed_us, .kind = kind};
    event.u.note.name = name;
    event.u.note.mime = V("application/json");
    event.u.note.text = buf_view(text);
    trace_append(stage->scene.trace, &event);
    buf_deinit(text);
}

static void json_list(struct buf *buf, const char *key, struct view_list list)
{
    json_key(buf, key);
    buf_add_char(buf, '[');
    for (size_t i = 0; i < list.count; i++) {
        if (i > 0)
            buf_add_char(buf, ',');
        json_string(buf, list.items[i]);
    }
    buf_add_char(buf, ']');
}

static void json_params(struct buf *buf, const struct suite_options *options)
{
    json_key(buf, "params");
    buf_add_char(buf, '{');
    for (size_t i = 0; i < options->param_count; i++) {
        if (i > 0)
            buf_add_char(buf, ',');
        json_string(buf, options->params[i].name);
        buf_add_char(buf, ':');
        json_string(buf, options->params[i].value);
    }
    buf_add_char(buf, '}');
}

/* What a repetition needs. */
void stage_begin_traced(struct stage *stage)
{
    const struct scenario_info *info = info_of(stage);
    const struct scene_options *options = stage->options;
    struct buf text = {0};
    char hash[20];
    int len = snprintf(hash, sizeof hash, "%016llx", (unsigned long long)suite_hash(stage->suite));
    buf_add_char(&text, '{');
    json_text(&text, "id", info->id);
    json_text(&text, "file", info->file);
    json_number(&text, "line", info->line);
    json_text(&text, "hash", (struct view){hash, (size_t)len});
    json_number(&text, "seed", stage->scene.seed);
    json_text(&text, "net", options->clock.real ? V("real") : V("sim"));
    if (options->target_name.len > 0)
        json_text(&text, "target", options->target_name);
    json_list(&text, "tags", info->tags);
    json_list(&text, "covers", info->covers);
    json_params(&text, &stage->suite->options);
    json_text(&text, "version", V(SIPWRIGHT_VERSION));
    json_number(&text, "epoch",
                (uint64_t)(options->epoch_s == 0 ? SCENE_EPOCH_S : options->epoch_s));
    buf_add_char(&text, '}');
    append_note(stage, TRACE_BEGIN, info->id, &text);
}

/* Whoever looks at a long load that failed is told what is not shown to him. */
static void thinned_note(struct stage *stage)
{
    struct buf text = {0};
    uint64_t thinned = trace_thinned(stage->scene.trace);

    if (thinned == 0)
        return;
    buf_printf(&text,
               "of this long load the oldest %llu events were not kept; with --json FILE all are",
               (unsigned long long)thinned);
    append_note(stage, TRACE_LOG, V(""), &text);
}

/* Of messages: how many the monitor has judged, and what it could not. */
static void add_judged(struct buf *text, const struct scene *scene)
{
    if (scene->judged.messages == 0)
        return;
    json_number(text, "judged", scene->judged.messages);
    json_number(text, "not_judged", scene->judged.not_judged);
    json_number(text, "passed_over", scene->judged.passed_over);
}

/* The verdict, and counts, so that a trace that was cut is seen. */
void stage_end_traced(struct stage *stage, const struct scene_result *result)
{
    struct trace_event event = {.time_us = stage->closed_us, .kind = TRACE_VERDICT};
    const struct record *worst = verdicts_worst(stage->scene.verdicts);
    if (worst != NULL)
        event.source = worst->failure.source;
    event.u.verdict.verdict = result->verdict;
    if (result->verdict != VERDICT_PASS) { /* absent, whatever the buffers held before */
        event.u.verdict.reason = result->reason;
        event.u.verdict.detail = result->detail;
    }
    trace_append(stage->scene.trace, &event);
    thinned_note(stage);
    struct buf text = {0};
    buf_add_char(&text, '{');
    json_text(&text, "verdict", view_of(verdict_text(result->verdict)));
    json_number(&text, "assertions", result->assertions);
    json_number(&text, "events", trace_last(stage->scene.trace) + 1);
    json_number(&text, "virtual_us", result->virtual_us);
    add_judged(&text, &stage->scene);
    buf_add_char(&text, '}');
    append_note(stage, TRACE_END, info_of(stage)->id, &text);
}
