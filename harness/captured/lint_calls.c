#include "harness/captured/lint_calls.h"
#include "harness/calls/call_trace.h"
#include "harness/captured/lint_case.h"
#include "harness/captured/lint_held.h"
#include "harness/scene/json.h"

enum { LADDER_COLUMNS = 100 };

struct lint_calls {
    const struct options *options;
    struct lint_report *report;
    struct case_book *book;
    struct calls *calls;
    struct lint_held held;
    uint32_t number; /* of the last call, in this capture */
};

bool lint_cases_wanted(const struct options *options)
{
    return options->junit != NULL || options->html != NULL || options->tap != NULL;
}

bool lint_calls_wanted(const struct options *options)
{
    return options->ladder || lint_cases_wanted(options) || options->json != NULL;
}

enum err lint_calls_create(const struct options *options, struct lint_report *report,
                           struct case_book *book, struct lint_calls **out)
{
    struct lint_calls *calls = mem_zalloc(sizeof *calls);
    if (calls == NULL)
        return ERR_MEMORY;
    *calls = (struct lint_calls){.options = options, .report = report, .book = book};
    enum err err = calls_create(NULL, &calls->calls);
    if (err == ERR_OK)
        *out = calls;
    else
        lint_calls_destroy(calls);
    return err;
}

void lint_calls_destroy(struct lint_calls *calls)
{
    if (calls == NULL)
        return;
    for (struct lint_group *group; (group = lint_held_any(&calls->held)) != NULL;)
        lint_group_destroy(group);
    calls_destroy(calls->calls);
    mem_free(calls);
}

static void call_json(struct buf *out, const char *path, const struct call *call,
                      const struct lint_group *group)
{
    char address[ADDR_TEXT_MAX];
    buf_add_char(out, '{');
    json_number(out, "v", 1);
    json_text(out, "type", V("call"));
    json_text(out, "file", view_of(path));
    json_text(out, "call_id", call->call_id);
    json_number(out, "frame", call->messages[0].frame);
    json_number(out, "messages", call->message_count);
    json_number(out, "must", group == NULL ? 0 : group->must);
    json_number(out, "should", group == NULL ? 0 : group->should);
    json_text(out, "complete", call->complete ? V("yes") : V("no"));
    json_text(out, "lacks", call->lacks);
    json_key(out, "parties");
    for (uint16_t i = 0; i < call->party_count; i++) {
        buf_add(out, i == 0 ? V("[{") : V(",{"));
        json_text(out, "name", call->parties[i].name);
        json_text(out, "address", addr_text(&call->parties[i].address, address));
        buf_add_char(out, '}');
    }
    buf_add(out, V("]}\n"));
}

/* With the number that --calls of replay and record wants. */
static void call_heading(struct lint_calls *calls, struct buf *out, const struct call *call)
{
    text_add(out, view_of(calls->report->path));
    buf_printf(out, ":%u: call %u (", call->messages[0].frame, calls->number);
    text_add(out, call->call_id);
    buf_printf(out, "), %u message%s", call->message_count, call->message_count == 1 ? "" : "s");
    if (call->lacks.len > 0) {
        buf_add(out, V("; "));
        text_add(out, call->lacks);
    }
    buf_add(out, V("\n\n"));
}

static void group_text(struct buf *out, const char *path, const struct lint_group *group)
{
    for (uint32_t i = 0; group != NULL && i < group->count; i++)
        lint_finding_text(out, path, &group->items[i]);
    if (group != NULL && group->must + group->should > group->count)
        buf_printf(out, "%s: and %u more about this call\n", path,
                   group->must + group->should - group->count);
}

static void call_text(struct lint_calls *calls, struct buf *out, const struct call *call,
                      const struct lint_group *group, const struct report_case *one)
{
    call_heading(calls, out, call);
    report_ladder_write(out, one, LADDER_COLUMNS);
    buf_add_char(out, '\n');
    group_text(out, calls->report->path, group);
    buf_add(out, group == NULL ? V("") : V("\n"));
}

/* The call as a case, its events those of a trace: the ladder and JUnit are drawn from it. */
static enum err call_case(struct lint_calls *calls, const struct call *call,
                          const struct lint_group *group)
{
    struct buf *text = calls->options->ladder ? lint_report_text(calls->report) : NULL;
    struct lint_case made = {0};
    if (text == NULL && !lint_cases_wanted(calls->options))
        return ERR_OK;
    enum err err = lint_case_init(calls->report->path, call, group, &made);
    if (err == ERR_OK && text != NULL)
        call_text(calls, text, call, group, &made.report);
    if (err == ERR_OK && lint_cases_wanted(calls->options))
        err = case_book_add(calls->book, &made.report);
    lint_case_deinit(&made);
    return err;
}

static enum err call_tell(struct lint_calls *calls, const struct call *call)
{
    struct lint_group *group = lint_held_take(&calls->held, call->call_id);
    struct buf *json = lint_report_json(calls->report);
    calls->number++;
    if (json != NULL)
        call_json(json, calls->report->path, call, group);
    enum err err = call_case(calls, call, group);
    lint_report_spill(calls->report);
    lint_group_destroy(group);
    return err;
}

static enum err calls_drain(struct lint_calls *calls)
{
    enum err err = ERR_OK;
    for (struct call *call; err == ERR_OK && calls_next(calls->calls, &call); call_destroy(call))
        err = call_tell(calls, call);
    return err == ERR_OK ? calls_failure(calls->calls) : err;
}

enum err lint_calls_message(struct lint_calls *calls, const struct captured *message,
                            struct sip_msg *msg)
{
    enum err err = calls_take_read(calls->calls, message, msg);
    if (err != ERR_OK && err != ERR_SYNTAX)
        return err;
    return calls_drain(calls);
}

enum err lint_calls_finding(struct lint_calls *calls, const struct lint_finding *finding)
{
    return lint_held_add(&calls->held, finding);
}

/* What was found about a call that had to be let go of, or about what is in no call. */
static enum err rest_tell(struct lint_calls *calls, const struct lint_group *group)
{
    struct buf *text = calls->options->ladder ? lint_report_text(calls->report) : NULL;
    struct lint_case made = {0};
    enum err err = ERR_OK;
    if (text != NULL)
        group_text(text, calls->report->path, group);
    if (lint_cases_wanted(calls->options)) {
        err = lint_case_init(calls->report->path, NULL, group, &made);
        if (err == ERR_OK)
            err = case_book_add(calls->book, &made.report);
        lint_case_deinit(&made);
    }
    lint_report_spill(calls->report);
    return err;
}

enum err lint_calls_end(struct lint_calls *calls)
{
    calls_end(calls->calls);
    enum err err = calls_drain(calls);
    for (struct lint_group *group;
         err == ERR_OK && (group = lint_held_any(&calls->held)) != NULL;) {
        err = rest_tell(calls, group);
        lint_group_destroy(group);
    }
    return err;
}
