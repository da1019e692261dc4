/* A run for GitHub: the summary of a step, as Markdown, and annotations, as workflow commands.
 *
 *     struct github github = {.run = &run, .prefix = V("tests/sip"), .bytes_most = 900000};
 *     github_summary_write(&github, &summary);
 *     github_annotations_write(&github, &standard_output);
 */
#pragma once
#include "reports/report.h"

enum {
    GITHUB_ANNOTATIONS_MOST = 10,    /* of a kind in a step: GitHub drops the others */
    GITHUB_SUMMARY_MOST = 1024 << 10 /* bytes of a step: GitHub refuses a longer one as a whole */
};

struct github {
    const struct report_run *run;
    struct view prefix; /* the suite's folder as seen from the repository; empty: the same */
    size_t bytes_most;  /* of the summary: what does not fit is left out, and told */
};

void github_summary_write(const struct github *github, struct buf *out);
void github_annotations_write(const struct github *github, struct buf *out);
