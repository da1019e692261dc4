#include "harness/captured/lint_case.h"
#include "harness/calls/call_trace.h"
#include "harness/scene/json.h"

/* The message by its bytes: a frame of a stream may have several. UINT32_MAX: not in this call. */
static uint32_t message_find(const struct call *call, const struct lint_finding *finding)
{
    for (uint32_t i = 0; call != NULL && i < call->message_count; i++)
        if (sip_msg_blob(call->messages[i].msg) == finding->bytes)
            return i;
    return UINT32_MAX;
}

static uint32_t frame_find(const struct call *call, uint64_t frame)
{
    for (uint32_t i = 0; frame != 0 && i < call->message_count; i++)
        if (call->messages[i].frame == frame)
            return i;
    return UINT32_MAX;
}

static void sentence_add(struct buf *out, const struct lint_finding *finding)
{
    buf_printf(out, "frame %llu: %s: %s: ", (unsigned long long)finding->frame,
               rule_level_text(finding->rule), finding->rule->demand);
    buf_add(out, finding->sentence);
}

static enum err finding_append(const struct call *call, const struct lint_finding *finding,
                               struct trace *trace, struct buf *room)
{
    uint32_t message = message_find(call, finding);
    uint64_t evidence[2];
    struct trace_event event = {.kind = TRACE_FINDING};
    buf_clear(room);
    sentence_add(room, finding);
    event.u.finding.rule = view_of(finding->rule->id);
    event.u.finding.section = view_of(finding->rule->section);
    event.u.finding.sentence = buf_view(room);
    event.u.finding.evidence = evidence;
    if (message != UINT32_MAX) {
        uint32_t other = frame_find(call, finding->other);
        event.u.finding.blamed = call->messages[message].from + 1U;
        evidence[event.u.finding.evidence_count++] = call_trace_seq(call, 0, message);
        if (other != UINT32_MAX)
            evidence[event.u.finding.evidence_count++] = call_trace_seq(call, 0, other);
    }
    return trace_append(trace, &event) != 0 ? ERR_OK : ERR_LIMIT;
}

static enum err events_make(const struct call *call, const struct lint_group *group,
                            struct buf *out)
{
    struct trace *trace;
    struct buf room = {0};
    enum err err = trace_create(NULL, &trace);
    if (err != ERR_OK)
        return err;
    if (call != NULL)
        err = call_trace(call, trace);
    for (uint32_t i = 0; err == ERR_OK && group != NULL && i < group->count; i++)
        err = finding_append(call, &group->items[i], trace, &room);
    for (struct view run; err == ERR_OK && (run = trace_unsent(trace)).len > 0;)
        buf_add(out, run);
    trace_destroy(trace);
    err = err == ERR_OK ? room.failed : err;
    buf_deinit(&room);
    return err == ERR_OK ? out->failed : err;
}

/* The line of the message as the source that is shown, numbered by its frame. */
static void excerpt_add(struct buf *out, const char *path, const struct lint_finding *finding)
{
    json_text(out, "file", view_of(path));
    json_number(out, "line", finding->frame);
    json_text(out, "section", view_of(finding->rule->section));
    json_key(out, "excerpt");
    buf_add(out, V("[{"));
    json_number(out, "line", finding->frame);
    json_text(out, "text", finding->line);
    buf_add(out, V("}]"));
    if (finding->len > 0)
        buf_printf(out, ",\"caret\":[%zu,%zu]", finding->column + 1, finding->len);
}

static bool is_must(const struct lint_finding *finding)
{
    return finding->rule->level == RULE_MUST;
}

static void more_add(struct buf *out, const char *path, const struct lint_group *group,
                     const struct lint_finding *first)
{
    struct buf room = {0};
    const char *comma = "[";
    for (uint32_t i = 0; i < group->count; i++) {
        if (&group->items[i] == first || !is_must(&group->items[i]))
            continue;
        if (*comma == '[')
            json_key(out, "more");
        buf_add(out, view_of(comma));
        comma = ",";
        buf_clear(&room);
        sentence_add(&room, &group->items[i]);
        buf_add_char(out, '{');
        json_text(out, "reason", buf_view(&room));
        excerpt_add(out, path, &group->items[i]);
        buf_add_char(out, '}');
    }
    if (*comma == ',')
        buf_add_char(out, ']');
    out->failed = room.failed != ERR_OK ? room.failed : out->failed;
    buf_deinit(&room);
}

static enum err failure_make(const char *path, const struct lint_group *group,
                             struct lint_case *made)
{
    const struct lint_finding *first = group->items;
    struct buf reason = {0};
    struct secrets met = {0};
    while (first < group->items + group->count - 1 && !is_must(first))
        first++;
    sentence_add(&reason, first);
    buf_add_char(&made->detail, '{');
    excerpt_add(&made->detail, path, first);
    more_add(&made->detail, path, group, first);
    buf_add_char(&made->detail, '}');
    secrets_black_out(&met, buf_view(&made->detail)); /* its lines say what is one */
    secrets_black_out(&met, buf_view(&reason));
    made->report.verdict = VERDICT_FAIL;
    made->report.reason = arena_copy(&made->arena, buf_view(&reason));
    made->report.detail = buf_view(&made->detail);
    made->report.line = (uint32_t)first->frame;
    buf_deinit(&reason);
    return made->report.reason.ptr == NULL || made->detail.failed != ERR_OK ? ERR_MEMORY : ERR_OK;
}

/* "alice to bob: INVITE, 1a2b@host" */
static enum err name_make(const struct call *call, const struct lint_group *group,
                          struct lint_case *made)
{
    struct buf name = {0};
    if (call != NULL) {
        const struct call_message *first = &call->messages[0];
        bool request = sip_msg_is_request(first->msg);
        buf_printf(&name, "%.*s to %.*s: %.*s, ",
                   VIEW_ARG(call->parties[request ? first->from : first->to].name),
                   VIEW_ARG(call->parties[request ? first->to : first->from].name),
                   VIEW_ARG(sip_msg_method_name(first->msg)));
    }
    buf_add(&name, call != NULL ? call->call_id : group->call_id);
    made->report.name = arena_copy(&made->arena, buf_view(&name));
    buf_deinit(&name);
    return made->report.name.ptr == NULL ? ERR_MEMORY : ERR_OK;
}

static uint64_t duration_us(const struct call *call)
{
    uint64_t first = call->messages[0].time_ns,
             last = call->messages[call->message_count - 1].time_ns;
    return last > first ? (last - first) / 1000 : 0;
}

enum err lint_case_init(const char *path, const struct call *call, const struct lint_group *group,
                        struct lint_case *out)
{
    *out = (struct lint_case){
        .report = {
                   .file = view_of(path), .verdict = VERDICT_PASS, .net = V("capture"), .tries = 1}
    };
    if (call != NULL) {
        out->report.line = call->messages[0].frame;
        out->report.virtual_us = duration_us(call);
    }
    enum err err = name_make(call, group, out);
    if (err == ERR_OK && group != NULL && group->must > 0 && group->count > 0)
        err = failure_make(path, group, out);
    if (err == ERR_OK)
        err = events_make(call, group, &out->events);
    out->report.id = out->report.name;
    out->report.events = buf_view(&out->events);
    return err;
}

void lint_case_deinit(struct lint_case *made)
{
    buf_deinit(&made->detail);
    buf_deinit(&made->events);
    arena_deinit(&made->arena);
}
