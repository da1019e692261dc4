#include "harness/captured/lint_report.h"
#include "harness/host/pipe.h"
#include "harness/host/place.h"
#include "harness/run/screen.h"
#include "harness/scene/json.h"
#include "reports/reports.h"

#include <errno.h>
#include <unistd.h>

enum { FLUSH_AT = 64 << 10 };

static void flush(struct lint_report *report, size_t from)
{
    if (report->text.len >= from && report->text.len > 0) {
        report->refused |= !pipe_write(STDOUT_FILENO, buf_view(&report->text));
        buf_clear(&report->text);
    }
    if (report->json.len < from || report->json.len == 0)
        return;
    if (report->to_output) {
        report->refused |= !pipe_write(STDOUT_FILENO, buf_view(&report->json));
    } else {
        buf_add(writer_buf(&report->file), buf_view(&report->json));
        writer_spill(&report->file);
    }
    buf_clear(&report->json);
}

void lint_report_spill(struct lint_report *report)
{
    report->refused |= report->text.failed != ERR_OK || report->json.failed != ERR_OK;
    flush(report, FLUSH_AT);
}

static enum err refuse(const struct lint_report *report)
{
    struct buf complaint = {0};
    int error = errno;
    buf_printf(&complaint, "--json %s cannot be written: %s; %s", report->json_path,
               strerror(error), place_mend(error));
    screen_complain(buf_view(&complaint));
    buf_deinit(&complaint);
    return ERR_IO;
}

enum err lint_report_open(struct lint_report *report, const struct options *options)
{
    report->summary_only = options->summary;
    report->told = !options->ladder;
    report->json_path = options->json;
    report->to_output = options->json != NULL && strcmp(options->json, "-") == 0;
    report->to_file = options->json != NULL && !report->to_output;
    errno = 0;
    if (!report->to_file || writer_open(&report->file, options->json) == ERR_OK)
        return ERR_OK;
    enum err err = refuse(report);
    report->to_file = false;
    return writer_close(&report->file, err);
}

void lint_report_file(struct lint_report *report, const char *path)
{
    report->path = path;
    report->findings = report->must = 0;
}

struct buf *lint_report_text(struct lint_report *report)
{
    return report->to_output || report->summary_only ? NULL : &report->text;
}

struct buf *lint_report_json(struct lint_report *report)
{
    return report->to_output || report->to_file ? &report->json : NULL;
}

void lint_report_finding(struct lint_report *report, const struct lint_finding *finding)
{
    struct buf *text = lint_report_text(report), *json = lint_report_json(report);
    report->findings++;
    report->must += finding->rule->level == RULE_MUST;
    if (json != NULL)
        lint_finding_json(json, report->path, finding);
    if (text != NULL && report->told)
        lint_finding_text(text, report->path, finding);
    lint_report_spill(report);
}

static void sums_json(struct lint_report *report, const struct lint_sums *sums)
{
    struct buf *out = &report->json;
    buf_add_char(out, '{');
    json_number(out, "v", 1);
    json_text(out, "type", V("file"));
    json_text(out, "file", view_of(report->path));
    json_number(out, "messages", sums->messages);
    json_number(out, "calls", sums->calls);
    json_number(out, "findings", report->findings);
    json_number(out, "must", report->must);
    json_number(out, "unread", sums->unread);
    json_number(out, "frames", sums->capture.frames);
    json_number(out, "unknown_frames", sums->capture.unknown_frames);
    json_number(out, "cut_frames", sums->capture.cut_frames);
    json_number(out, "lost_fragments", sums->capture.lost_fragments);
    json_number(out, "stream_gaps", sums->capture.stream_gaps);
    json_number(out, "given_up", sums->capture.given_up);
    json_text(out, "ends_early", sums->why);
    buf_add(out, V("}\n"));
}

static void missing(struct buf *out, const char **comma, uint64_t count, const char *one,
                    const char *many)
{
    if (count == 0)
        return;
    buf_printf(out, "%s%llu %s", *comma, (unsigned long long)count, count == 1 ? one : many);
    *comma = ", ";
}

/* What the capture has not, so that nobody takes silence about it for praise. */
static void missing_text(struct lint_report *report, const struct lint_sums *sums)
{
    const struct capture_counts *counts = &sums->capture;
    struct buf what = {0};
    const char *comma = "";
    missing(&what, &comma, sums->unread, "message that is cut", "messages that are cut");
    missing(&what, &comma, counts->stream_gaps, "gap in a stream", "gaps in streams");
    missing(&what, &comma, counts->lost_fragments, "datagram without all its fragments",
            "datagrams without all their fragments");
    missing(&what, &comma, counts->given_up, "piece given up for a limit",
            "pieces given up for a limit");
    if (what.len > 0)
        buf_printf(&report->text, "%s: not judged, for the capture has it not whole: %.*s\n",
                   report->path, VIEW_ARG(buf_view(&what)));
    report->text.failed = what.failed != ERR_OK ? what.failed : report->text.failed;
    buf_deinit(&what);
}

/* Where each capture has one line this is said elsewhere. */
static void ending_text(struct lint_report *report, struct view why)
{
    struct buf sentence = {0};
    buf_printf(&sentence, "%s: it ends before its end: %.*s", report->path, VIEW_ARG(why));
    if (lint_report_text(report) == NULL) {
        screen_complain(buf_view(&sentence));
    } else {
        buf_add(&report->text, buf_view(&sentence));
        buf_add_char(&report->text, '\n');
    }
    buf_deinit(&sentence);
}

void lint_report_summary(struct lint_report *report, const struct lint_sums *sums)
{
    if (lint_report_json(report) != NULL)
        sums_json(report, sums);
    if (!report->to_output)
        buf_printf(&report->text, "%s: %llu SIP messages, %llu calls, %llu findings\n",
                   report->path, (unsigned long long)sums->messages,
                   (unsigned long long)sums->calls, (unsigned long long)report->findings);
    if (lint_report_text(report) != NULL)
        missing_text(report, sums);
    if (sums->why.ptr != NULL && !report->to_output)
        ending_text(report, sums->why);
    flush(report, 0);
}

void lint_report_note(struct lint_report *report, struct view sentence)
{
    if (lint_report_text(report) == NULL || sentence.len == 0)
        return;
    buf_printf(&report->text, "%s: %.*s\n", report->path, VIEW_ARG(sentence));
    flush(report, 0);
}

enum err lint_report_close(struct lint_report *report)
{
    report->refused |= report->text.failed != ERR_OK || report->json.failed != ERR_OK;
    flush(report, 0);
    if (report->refused)
        screen_complain(V("lint: not all of it could be written"));
    errno = 0;
    if (report->to_file && writer_close(&report->file, ERR_OK) != ERR_OK) {
        report->refused = refuse(report) != ERR_OK;
    }
    buf_deinit(&report->text);
    buf_deinit(&report->json);
    return report->refused ? ERR_IO : ERR_OK;
}
