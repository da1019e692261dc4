/* What lint says: findings with the bytes that they are about, and a line for each capture.
 *
 *     enum err err = lint_report_open(&report, json_path, summary_only);
 *     lint_report_file(&report, path);
 *     lint_report_message(&report, &message);
 *     lint_report_finding(&report, &finding);
 *     err = lint_report_close(&report);
 */
#pragma once
#include "harness/capture/capture.h"
#include "harness/monitor/monitor.h"

enum { LINT_MESSAGES_KEPT = 1024 };

struct lint_report { /* zeroed before it is opened */
    const char *path;
    struct captured kept[LINT_MESSAGES_KEPT]; /* the newest messages: findings show their bytes */
    uint64_t count, findings;                 /* of this capture */
    struct buf text, json;
    int json_fd; /* 0: none; 1: standard output, instead of text */
    bool summary_only, refused;
};

/* json: where the findings go as JSON lines too; "-": to standard output; NULL: nowhere. ERR_IO: it
 * cannot be written, which was said. */
enum err lint_report_open(struct lint_report *report, const char *json,
                          bool summary_only) NODISCARD;
void lint_report_file(struct lint_report *report, const char *path); /* borrowed */
void lint_report_message(struct lint_report *report, const struct captured *message);
void lint_report_finding(struct lint_report *report, const struct finding *finding);
/* why: where the capture ends before its end; absent: it does not. */
void lint_report_summary(struct lint_report *report, uint64_t messages, uint64_t calls,
                         struct view why);
void lint_report_note(struct lint_report *report,
                      struct view sentence);                      /* empty: nothing is said */
enum err lint_report_close(struct lint_report *report) NODISCARD; /* IO: not all was written */
