#include "harness/run/lint_report.h"
#include "harness/run/pipe.h"
#include "harness/run/screen.h"
#include "harness/scene/json.h"

#include <fcntl.h>
#include <unistd.h>

enum { FLUSH_AT = 64 << 10, BYTES_SHOWN = 100 };

static void flush(struct lint_report *report, size_t from)
{
    if (report->text.len >= from && report->text.len > 0) {
        report->refused |= !pipe_write(STDOUT_FILENO, buf_view(&report->text));
        buf_clear(&report->text);
    }
    if (report->json.len >= from && report->json.len > 0) {
        report->refused |= !pipe_write(report->json_fd, buf_view(&report->json));
        buf_clear(&report->json);
    }
}

enum err lint_report_open(struct lint_report *report, const char *json, bool summary_only)
{
    struct buf complaint = {0};
    report->summary_only = summary_only;
    if (json == NULL)
        return ERR_OK;
    report->json_fd = strcmp(json, "-") == 0
                          ? STDOUT_FILENO
                          : open(json, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (report->json_fd > 0)
        return ERR_OK;
    report->json_fd = 0;
    buf_printf(&complaint, "--json: %s cannot be written", json);
    screen_complain(buf_view(&complaint));
    buf_deinit(&complaint);
    return ERR_IO;
}

static void kept_drop(struct lint_report *report)
{
    for (size_t i = 0; i < LINT_MESSAGES_KEPT; i++) {
        blob_unref(report->kept[i].bytes);
        report->kept[i].bytes = NULL;
    }
    report->count = 0;
}

void lint_report_file(struct lint_report *report, const char *path)
{
    kept_drop(report);
    report->path = path;
    report->findings = 0;
}

void lint_report_message(struct lint_report *report, const struct captured *message)
{
    struct captured *slot = &report->kept[report->count++ % LINT_MESSAGES_KEPT];
    blob_unref(slot->bytes);
    *slot = *message;
    blob_ref(slot->bytes);
}

static const struct captured *kept_find(const struct lint_report *report, uint64_t frame)
{
    for (uint64_t back = 1; back <= report->count && back <= LINT_MESSAGES_KEPT; back++) {
        const struct captured *kept = &report->kept[(report->count - back) % LINT_MESSAGES_KEPT];
        if (kept->frame == frame)
            return kept;
    }
    return NULL;
}

/* The line of the message that the finding points at, its first one where it is about all of it. */
static struct view line_at(const struct captured *message, uint32_t offset)
{
    struct view all = blob_view(message->bytes);
    size_t begin = offset < all.len ? offset : 0;
    while (begin > 0 && all.ptr[begin - 1] != '\n')
        begin--;
    struct view line = view_skip(all, begin);
    return view_trim(view_head(line, view_find_char(line, '\n')));
}

static void text_finding(struct lint_report *report, const struct finding *finding)
{
    const struct captured *message = kept_find(report, finding->seq);
    const struct rule_row *rule = finding->rule;
    char address[ADDR_TEXT_MAX];
    struct buf *out = &report->text;
    buf_printf(out, "%s:%llu: %s: %s: ", report->path, (unsigned long long)finding->seq,
               rule->level == RULE_MUST ? "must" : "should", rule->demand);
    screen_text(out, finding->sentence, false);
    buf_printf(out, " [%s, %s; %.*s", rule->id, rule->section,
               VIEW_ARG(addr_text(&finding->address, address)));
    if (finding->other != 0)
        buf_printf(out, "; see %llu", (unsigned long long)finding->other);
    buf_add(out, V("]\n"));
    if (message == NULL)
        return;
    buf_add(out, V("    | "));
    screen_text(out, view_head(line_at(message, finding->offset), BYTES_SHOWN), false);
    buf_add_char(out, '\n');
}

static void json_finding(struct lint_report *report, const struct finding *finding)
{
    char address[ADDR_TEXT_MAX];
    struct buf *out = &report->json;
    buf_add_char(out, '{');
    json_text(out, "file", view_of(report->path));
    json_number(out, "frame", finding->seq);
    if (finding->other != 0)
        json_number(out, "see", finding->other);
    json_text(out, "rule", view_of(finding->rule->id));
    json_text(out, "section", view_of(finding->rule->section));
    json_text(out, "level", finding->rule->level == RULE_MUST ? V("must") : V("should"));
    json_text(out, "demand", view_of(finding->rule->demand));
    json_text(out, "sentence", finding->sentence);
    json_text(out, "blamed", addr_text(&finding->address, address));
    json_text(out, "call_id", finding->call_id);
    json_number(out, "offset", finding->offset);
    json_number(out, "time_us", finding->time_us);
    buf_add(out, V("}\n"));
}

void lint_report_finding(struct lint_report *report, const struct finding *finding)
{
    report->findings++;
    if (report->json_fd > 0)
        json_finding(report, finding);
    if (report->json_fd != STDOUT_FILENO && !report->summary_only)
        text_finding(report, finding);
    flush(report, FLUSH_AT);
}

void lint_report_summary(struct lint_report *report, uint64_t messages, uint64_t calls,
                         struct view why)
{
    if (report->json_fd != STDOUT_FILENO)
        buf_printf(&report->text, "%s: %llu SIP messages, %llu calls, %llu findings\n",
                   report->path, (unsigned long long)messages, (unsigned long long)calls,
                   (unsigned long long)report->findings);
    if (report->json_fd != STDOUT_FILENO && why.ptr != NULL)
        buf_printf(&report->text, "%s: it ends before its end: %.*s\n", report->path,
                   VIEW_ARG(why));
    flush(report, 0);
}

void lint_report_note(struct lint_report *report, struct view sentence)
{
    if (report->json_fd == STDOUT_FILENO || sentence.len == 0)
        return;
    buf_printf(&report->text, "%s: %.*s\n", report->path, VIEW_ARG(sentence));
    flush(report, 0);
}

enum err lint_report_close(struct lint_report *report)
{
    flush(report, 0);
    if (report->json_fd > STDOUT_FILENO)
        report->refused |= close(report->json_fd) != 0;
    report->refused |= report->text.failed != ERR_OK || report->json.failed != ERR_OK;
    kept_drop(report);
    buf_deinit(&report->text);
    buf_deinit(&report->json);
    if (report->refused)
        screen_complain(V("lint: not all of it could be written"));
    return report->refused ? ERR_IO : ERR_OK;
}
