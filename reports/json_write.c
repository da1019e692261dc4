#include "reports/counts.h"
#include "reports/event.h"
#include "reports/json.h"
#include "reports/writer.h"

#include <string.h>

/* One object a line. A field that is zero, absent or false is left out, but for those that a reader
 * would miss; fields of the wall clock and of this machine's paths stand there only with a clock.
 */

static void key_add(struct buf *out, const char *name, const char *tail)
{
    buf_add(out, V(",\""));
    buf_add(out, view_of(name));
    buf_add(out, view_of(tail));
    buf_add(out, V("\":"));
}

/* A number that a double cannot hold stands in quotes, or JavaScript would round it. */
static void number_add(struct buf *out, const char *name, uint64_t value)
{
    bool quoted = value > UINT64_C(9007199254740992);
    key_add(out, name, "");
    buf_add(out, quoted ? V("\"") : V(""));
    buf_add_uint(out, value);
    buf_add(out, quoted ? V("\"") : V(""));
}

static void flag_add(struct buf *out, const char *name, bool value)
{
    key_add(out, name, "");
    buf_add(out, value ? V("true") : V("false"));
}

/* Bytes that are no UTF-8 have "_base64" at their name's end. */
static void text_field_add(struct buf *out, const char *name, struct view text)
{
    if (text.ptr == NULL)
        return;
    size_t start = out->len;
    key_add(out, name, "");
    if (json_add_text(out, text) || out->failed != ERR_OK)
        return;
    out->len = start;
    key_add(out, name, "_base64");
    json_add_base64(out, text);
}

/* An object stands as one; anything else as text. */
static void object_add(struct buf *out, const char *name, struct view text)
{
    json_t *root = json_of(text);
    char *dump = json_is_object(root) ? json_dumps(root, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    if (dump == NULL) {
        text_field_add(out, name, text);
    } else {
        key_add(out, name, "");
        buf_add(out, view_of(dump));
    }
    mem_free(dump);
    json_decref(root);
}

static void line_begin(struct buf *out, const char *type)
{
    buf_add(out, V("{\"v\":1,\"type\":\""));
    buf_add(out, view_of(type));
    buf_add_char(out, '"');
}

static void line_end(struct buf *out)
{
    buf_add(out, V("}\n"));
}

static void handle_add(struct buf *out, const char *name, struct handle handle)
{
    key_add(out, name, "");
    buf_add_char(out, '"');
    buf_add_uint(out, handle.index);
    buf_add_char(out, '.');
    buf_add_uint(out, handle.gen);
    buf_add_char(out, '"');
}

static void addr_add(struct buf *out, const char *name, const struct addr *addr)
{
    key_add(out, name, "");
    buf_add_char(out, '"');
    addr_write(out, addr);
    buf_add_char(out, '"');
}

static void seqs_add(struct buf *out, const char *name, const struct trace_event *event)
{
    key_add(out, name, "");
    buf_add_char(out, '[');
    for (size_t i = 0; i < event->u.finding.evidence_count; i++) {
        buf_add(out, i > 0 ? V(",") : V(""));
        buf_add_uint(out, event->u.finding.evidence[i]);
    }
    buf_add_char(out, ']');
}

static void enum_add(struct buf *out, const struct trace_field *field, const void *from)
{
    uint32_t value;
    memcpy(&value, from, sizeof value);
    if (value == 0 && !field->always)
        return;
    key_add(out, field->name, "");
    buf_add_char(out, '"');
    buf_add(out, view_of(value < field->text_count ? field->texts[value] : "?"));
    buf_add_char(out, '"');
}

static void field_add(struct buf *out, const struct trace_event *event,
                      const struct trace_field *field)
{
    const void *from = (const char *)event + field->offset;
    uint64_t number = field->type == TRACE_FIELD_U64   ? *(const uint64_t *)from
                      : field->type == TRACE_FIELD_U32 ? *(const uint32_t *)from
                                                       : 0;
    switch (field->type) {
    case TRACE_FIELD_U32:
    case TRACE_FIELD_U64:
        if (number != 0 || field->always)
            number_add(out, field->name, number);
        return;
    case TRACE_FIELD_BOOL:
        if (*(const bool *)from || field->always)
            flag_add(out, field->name, *(const bool *)from);
        return;
    case TRACE_FIELD_ENUM:
        enum_add(out, field, from);
        return;
    case TRACE_FIELD_HANDLE:
        if (!handle_none(*(const struct handle *)from))
            handle_add(out, field->name, *(const struct handle *)from);
        return;
    case TRACE_FIELD_ADDR:
        if (((const struct addr *)from)->family != 0)
            addr_add(out, field->name, from);
        return;
    case TRACE_FIELD_TEXT:
    case TRACE_FIELD_BYTES:
        text_field_add(out, field->name, *(const struct view *)from);
        return;
    case TRACE_FIELD_JSON:
        object_add(out, field->name, *(const struct view *)from);
        return;
    case TRACE_FIELD_SEQS:
        seqs_add(out, field->name, event);
        return;
    }
}

static void fields_add(struct buf *out, const struct trace_event *event, struct trace_fields fields)
{
    for (size_t i = 0; i < fields.count; i++)
        field_add(out, event, &fields.rows[i]);
}

static void event_write(struct buf *out, const struct trace_event *event, size_t index)
{
    line_begin(out, "event");
    number_add(out, "case", index);
    key_add(out, "kind", "");
    buf_add_char(out, '"');
    buf_add(out, view_of(trace_kind_text(event->kind)));
    buf_add_char(out, '"');
    fields_add(out, event, trace_fields_common());
    fields_add(out, event, trace_fields(event->kind));
    line_end(out);
}

static void run_write(struct buf *out, const struct report_run *run)
{
    line_begin(out, "run");
    text_field_add(out, "version", run->version);
    number_add(out, "seed", run->seed);
    text_field_add(out, "net", run->net);
    text_field_add(out, "target", run->target);
    number_add(out, "cases", run->case_count);
    if (run->started_s != 0) {
        number_add(out, "started_s", run->started_s);
        text_field_add(out, "command_line", run->command_line);
    }
    line_end(out);
}

static void case_write(struct buf *out, const struct report_case *one, size_t index)
{
    line_begin(out, "case");
    number_add(out, "case", index);
    text_field_add(out, "id", one->id);
    text_field_add(out, "file", one->file);
    number_add(out, "line", one->line);
    text_field_add(out, "name", one->name);
    text_field_add(out, "net", one->net);
    number_add(out, "seed", one->seed);
    text_field_add(out, "tags", one->tags);
    text_field_add(out, "covers", one->covers);
    line_end(out);
}

/* The folder of the pcap is this run's; its name is the case's. */
static struct view base_name(struct view path)
{
    for (size_t slash; (slash = view_find_char(path, '/')) < path.len;)
        path = view_skip(path, slash + 1);
    return path;
}

static void verdict_write(struct buf *out, const struct report_case *one, size_t index, bool clock)
{
    line_begin(out, "verdict");
    number_add(out, "case", index);
    key_add(out, "verdict", "");
    json_add_text(out, view_of(verdict_text(one->verdict)));
    text_field_add(out, "reason", one->reason);
    if (one->detail.ptr != NULL)
        object_add(out, "detail", one->detail);
    text_field_add(out, "rerun", one->rerun);
    text_field_add(out, "pcap", clock ? one->pcap : base_name(one->pcap));
    number_add(out, "tries", one->tries);
    flag_add(out, "flaky", one->flaky);
    number_add(out, "virtual_us", one->virtual_us);
    if (clock)
        number_add(out, "wall_us", one->wall_us);
    line_end(out);
}

static void end_write(struct buf *out, const struct report_run *run)
{
    struct counts counts = counts_of(run->cases, run->case_count);
    line_begin(out, "end");
    number_add(out, "cases", counts.all);
    number_add(out, "passed", counts.passed);
    number_add(out, "failed", counts.failed);
    number_add(out, "errors", counts.errors);
    number_add(out, "inconclusive", counts.inconclusive);
    number_add(out, "skipped", counts.skipped);
    number_add(out, "flaky", counts.flaky);
    flag_add(out, "interrupted", run->interrupted);
    number_add(out, "exit", run->exit_code < 0 ? 0 : (uint64_t)run->exit_code);
    if (run->started_s != 0)
        number_add(out, "wall_us", run->wall_us);
    line_end(out);
}

static void events_write(struct writer *writer, const struct report_case *one, size_t index,
                         struct arena *arena)
{
    struct view rest = one->events;
    for (struct trace_event event; event_take(&rest, arena, &event);) {
        event_write(writer_buf(writer), &event, index);
        writer_spill(writer);
        arena_reset(arena);
    }
}

enum err report_json_write(const struct report_run *run, const char *path)
{
    struct writer writer;
    struct arena arena = {0};
    enum err err = writer_open(&writer, path);
    if (err != ERR_OK)
        return writer_close(&writer, err);
    run_write(writer_buf(&writer), run);
    for (size_t i = 0; i < run->case_count; i++) {
        case_write(writer_buf(&writer), &run->cases[i], i + 1);
        events_write(&writer, &run->cases[i], i + 1, &arena);
        verdict_write(writer_buf(&writer), &run->cases[i], i + 1, run->started_s != 0);
    }
    end_write(writer_buf(&writer), run);
    arena_deinit(&arena);
    return writer_close(&writer, ERR_OK);
}
