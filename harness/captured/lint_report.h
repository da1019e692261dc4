/* What lint says, on standard output and as JSON lines: findings, calls, a line for each capture.
 *
 *     enum err err = lint_report_open(&report, &options);
 *     lint_report_file(&report, path);
 *     lint_report_finding(&report, &finding);
 *     lint_report_summary(&report, &sums);
 *     err = lint_report_close(&report);
 */
#pragma once
#include "harness/capture/capture.h"
#include "harness/captured/lint_finding.h"
#include "harness/options/options.h"
#include "reports/reports.h"

struct lint_report { /* zeroed before it is opened */
    const char *path;
    uint64_t findings, must; /* of this capture */
    struct buf text, json;
    bool to_output, to_file; /* the JSON lines: to standard output, instead of text; to file */
    struct writer file;
    const char *json_path;
    bool told; /* findings are told as they come */
    bool summary_only, refused;
};

struct lint_sums { /* of one capture */
    uint64_t messages, calls;
    uint64_t unread; /* of the messages: the capture has them not whole */
    struct capture_counts capture;
    struct view why; /* where the capture ends before its end; absent: it does not */
};

/* IO: the JSON lines cannot be written, which was said. */
enum err lint_report_open(struct lint_report *report, const struct options *options) NODISCARD;
void lint_report_file(struct lint_report *report, const char *path); /* borrowed */
/* Counts it, and tells it where findings are told as they come. */
void lint_report_finding(struct lint_report *report, const struct lint_finding *finding);
/* Where text and JSON lines are wanted; NULL: they are not. lint_report_spill behind it. */
struct buf *lint_report_text(struct lint_report *report);
struct buf *lint_report_json(struct lint_report *report);
void lint_report_spill(struct lint_report *report);
void lint_report_summary(struct lint_report *report, const struct lint_sums *sums);
/* A sentence about this capture; empty: nothing is said. */
void lint_report_note(struct lint_report *report, struct view sentence);
enum err lint_report_close(struct lint_report *report) NODISCARD; /* IO: not all was written */
