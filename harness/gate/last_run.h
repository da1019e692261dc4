/* What failed when the suite was run last, for --last-failed and --failed-first: a file below the
 * suite's root, .sipwright/last-run.json.
 *
 *     struct last_run last = {0};
 *     enum err err = last_run_read(root, &last, &complaint);
 *     if (last_run_failed(&last, id))
 *         first(id);
 *     err = last_run_write(root, &run);
 *     last_run_deinit(&last);
 */
#pragma once
#include "reports/reports.h"

struct last_run {
    struct arena arena;
    void **ids; /* of what failed: struct view, in order */
    size_t count;
    bool known; /* there was one */
};

/* None is no error. SYNTAX: the file is none of ours, and the complaint says so. */
enum err last_run_read(struct view root, struct last_run *out, struct buf *complaint) NODISCARD;
bool last_run_failed(const struct last_run *last, struct view id);
/* Whole or not at all. What failed before and did not run now is still failed; where nothing ever
 * did, nothing is written. IO: errno says why. */
enum err last_run_write(struct view root, const struct report_run *run) NODISCARD;
void last_run_deinit(struct last_run *last);
