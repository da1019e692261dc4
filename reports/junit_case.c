#include "reports/attachment.h"
#include "reports/event.h"
#include "reports/failure.h"
#include "reports/junit.h"
#include "reports/standing.h"
#include "reports/text.h"
#include "reports/xml.h"

#include <limits.h>
#include <stdlib.h>

enum { MESSAGE_COLUMNS = 200, LADDER_COLUMNS = 100, BODY_ROWS = 40 };

void junit_class_add(struct buf *out, struct view file)
{
    struct buf name = {0};
    while (view_starts(file, V("./")))
        file = view_skip(file, 2);
    if (view_ends(file, V(".lua")))
        file.len -= 4;
    for (size_t i = 0; i < file.len; i++)
        buf_add_char(&name, file.ptr[i] == '/' ? '.' : file.ptr[i]);
    text_add(out, name.len > 0 ? buf_view(&name) : V("scenarios"));
    text_part_end(out, &name);
}

static void path_add(const struct junit *junit, struct buf *out, struct view file)
{
    bool placed = junit->run->started_s != 0 && junit->run->root.len > 0;
    if (placed && !view_starts(file, V("/"))) {
        buf_add(out, junit->run->root);
        buf_add_char(out, '/');
    }
    buf_add(out, file);
}

void junit_file_write(const struct junit *junit, struct view file)
{
    struct buf path = {0};
    path_add(junit, &path, file);
    xml_attribute(junit->out, "file", buf_view(&path));
    text_part_end(junit->out, &path);
}

void junit_property_write(const struct junit *junit, const char *name, struct view value)
{
    if (value.len == 0)
        return;
    buf_add(junit->out, V("<property"));
    xml_attribute(junit->out, "name", view_of(name));
    xml_attribute(junit->out, "value", value);
    buf_add(junit->out, V("/>"));
}

void junit_seconds_property_write(const struct junit *junit, const char *name, uint64_t time_us)
{
    struct buf value = {0};
    text_add_seconds(&value, time_us, 3);
    junit_property_write(junit, name, buf_view(&value));
    text_part_end(junit->out, &value);
}

void junit_seed_property_write(const struct junit *junit, uint64_t seed)
{
    struct buf value = {0};
    buf_add_uint(&value, seed);
    junit_property_write(junit, "seed", buf_view(&value));
    text_part_end(junit->out, &value);
}

static void attachment_properties_write(const struct junit *junit, const struct report_case *one)
{
    struct attachment attachment = {0};
    junit_property_write(junit, "attachment", one->pcap);
    for (struct view rest = one->events; attachment_take(&rest, &attachment);) {
        struct buf path = {0};
        attachment_path_add(&path, one, &attachment);
        junit_property_write(junit, "attachment", buf_view(&path));
        text_part_end(junit->out, &path);
    }
}

static void properties_write(const struct junit *junit, const struct report_case *one)
{
    buf_add(junit->out, V("<properties>"));
    junit_seed_property_write(junit, one->seed);
    if (!view_equal(one->net, V("real")))
        junit_seconds_property_write(junit, "virtual-time", one->virtual_us);
    junit_property_write(junit, "net", one->net);
    junit_property_write(junit, "tags", one->tags);
    junit_property_write(junit, "covers", one->covers);
    junit_property_write(junit, "level", one->level);
    junit_property_write(junit, "standing", view_of(standing_text(one->standing)));
    junit_property_write(junit, "flaky", one->flaky ? V("true") : V(""));
    attachment_properties_write(junit, one);
    buf_add(junit->out, V("</properties>\n"));
}

static void message_write(const struct junit *junit, const struct report_case *one,
                          const struct detail *detail)
{
    struct buf text = {0}, cut = {0};
    buf_add(&text, one->reason.len > 0 ? one->reason : view_of(verdict_text(one->verdict)));
    if (detail->section.len > 0) {
        buf_add(&text, V(" ("));
        buf_add(&text, detail->section);
        buf_add(&text, V(")"));
    }
    text_add_cut(&cut, buf_view(&text), MESSAGE_COLUMNS);
    xml_attribute(junit->out, "message", buf_view(&cut));
    text_part_end(junit->out, &text);
    text_part_end(junit->out, &cut);
}

static void body_write(const struct junit *junit, const struct report_case *one,
                       const struct detail *detail)
{
    struct failure_options options = {.bare = true, .rows_most = BODY_ROWS};
    struct failure_place place = failure_place(one, detail);
    struct buf body = {0}, path = {0};
    path_add(junit, &path, place.file);
    text_add(&body, buf_view(&path));
    buf_printf(&body, ":%u\n", (unsigned)place.line);
    failure_write(&body, one, &options);
    xml_text(junit->out, buf_view(&body));
    text_part_end(junit->out, &path);
    text_part_end(junit->out, &body);
}

static void failure_element_write(const struct junit *junit, const struct report_case *one)
{
    const char *element = one->verdict == VERDICT_FAIL ? "failure" : "error";
    struct detail detail;
    detail_init(&detail, one->detail);
    buf_printf(junit->out, "<%s", element);
    message_write(junit, one, &detail);
    xml_attribute(junit->out, "type", view_of(verdict_text(one->verdict)));
    buf_add_char(junit->out, '>');
    body_write(junit, one, &detail);
    buf_printf(junit->out, "</%s>\n", element);
    detail_deinit(&detail);
}

/* Jenkins and others show the tries before the last by these. Ant's schema knows none. */
static void tries_write(const struct junit *junit, const struct report_case *one,
                        const char *element)
{
    struct view reasons = one->tried;
    for (uint32_t i = 1; i < one->tries && junit->dialect != JUNIT_ANT; i++) {
        struct view reason = text_line_take(&reasons);
        if (reason.len == 0)
            reason = one->reason.len > 0 ? one->reason : V("it failed before");
        buf_printf(junit->out, "<%s", element);
        xml_attribute(junit->out, "message", reason);
        buf_add(junit->out, V(" type=\"fail\"><stackTrace>"));
        xml_text(junit->out, reason);
        buf_printf(junit->out, "</stackTrace></%s>\n", element);
    }
}

static void skipped_write(const struct junit *junit, struct view message)
{
    buf_add(junit->out, V("<skipped"));
    xml_attribute(junit->out, "message", message);
    buf_add(junit->out, V("/>\n"));
}

/* "known failure (no hold yet, #17): expected 200 …" */
static void excused_write(const struct junit *junit, const struct report_case *one)
{
    struct buf message = {0};
    standing_sentence(&message, one);
    skipped_write(junit, buf_view(&message));
    text_part_end(junit->out, &message);
}

static void result_write(const struct junit *junit, const struct report_case *one)
{
    if (failure_is(one)) {
        failure_element_write(junit, one);
        tries_write(junit, one, one->verdict == VERDICT_FAIL ? "rerunFailure" : "rerunError");
    }
    if (report_excused(one))
        excused_write(junit, one);
    else if (one->flaky)
        tries_write(junit, one, "flakyFailure");
    if (one->verdict == VERDICT_SKIP)
        skipped_write(junit, one->reason);
}

/* What the monitor found, also where it does not fail the case. */
static void findings_add(struct buf *out, const struct report_case *one)
{
    struct view rest = one->events;
    for (struct trace_event event; event_take(&rest, NULL, &event);) {
        if (event.kind != TRACE_FINDING)
            continue;
        text_add(out, event.u.finding.sentence);
        buf_add(out, V(" ["));
        text_add(out, event.u.finding.rule);
        buf_add(out, V(", "));
        text_add(out, event.u.finding.section);
        buf_add(out, V("]\n"));
    }
}

/* Jenkins wants an absolute path, GitLab one that is relative to the project. What is not there
 * (any more) is told as it was. */
static void attachment_line_add(const struct junit *junit, struct buf *out, struct view given)
{
    char real[PATH_MAX];
    struct buf path = {0};
    struct view base = junit->run->base, shown = given;
    buf_add(&path, given);
    buf_add_char(&path, '\0');
    if (junit->run->started_s != 0 && path.failed == ERR_OK && realpath(path.ptr, real) != NULL) {
        shown = view_of(real);
        if (base.len > 0 && view_starts(shown, base) && shown.ptr[base.len] == '/')
            shown = view_skip(shown, base.len + 1);
    }
    buf_add(out, V("[[ATTACHMENT|"));
    text_add(out, shown);
    buf_add(out, V("]]\n"));
    text_part_end(out, &path);
}

/* The capture first: GitLab shows one only. */
static void attachments_add(const struct junit *junit, struct buf *out,
                            const struct report_case *one)
{
    struct attachment attachment = {0};
    if (one->pcap.len == 0)
        return;
    attachment_line_add(junit, out, one->pcap);
    for (struct view rest = one->events; attachment_take(&rest, &attachment);) {
        struct buf path = {0};
        attachment_path_add(&path, one, &attachment);
        attachment_line_add(junit, out, buf_view(&path));
        text_part_end(out, &path);
    }
}

void junit_output_add(const struct junit *junit, struct buf *out, const struct report_case *one)
{
    report_ladder_write(out, one, LADDER_COLUMNS);
    findings_add(out, one);
    attachments_add(junit, out, one);
}

static void output_write(const struct junit *junit, const struct report_case *one)
{
    struct buf text = {0};
    junit_output_add(junit, &text, one);
    if (text.len > 0) {
        buf_add(junit->out, V("<system-out>"));
        xml_text(junit->out, buf_view(&text));
        buf_add(junit->out, V("</system-out>\n"));
    }
    text_part_end(junit->out, &text);
}

static void attributes_write(const struct junit *junit, const struct report_case *one, size_t twin)
{
    struct buf name = {0}, class_name = {0};
    buf_add(&name, report_name(one));
    if (twin > 0)
        buf_printf(&name, " (%zu)", twin + 1);
    junit_class_add(&class_name, one->file);
    xml_attribute(junit->out, "name", buf_view(&name));
    xml_attribute(junit->out, "classname", buf_view(&class_name));
    if (junit->dialect == JUNIT_DEFAULT) {
        junit_file_write(junit, one->file);
        xml_attribute_uint(junit->out, "line", one->line);
    }
    xml_attribute_seconds(junit->out, "time", junit->run->started_s == 0 ? 0 : one->wall_us);
    text_part_end(junit->out, &name);
    text_part_end(junit->out, &class_name);
}

void junit_case_write(const struct junit *junit, const struct report_case *one, size_t twin)
{
    buf_add(junit->out, V("<testcase"));
    attributes_write(junit, one, twin);
    buf_add(junit->out, V(">\n"));
    if (junit->dialect == JUNIT_DEFAULT)
        properties_write(junit, one);
    result_write(junit, one);
    if (junit->dialect != JUNIT_ANT)
        output_write(junit, one);
    buf_add(junit->out, V("</testcase>\n"));
}
