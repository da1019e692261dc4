/* A baseline made anew from what a run says. What people wrote into it stays: why something fails,
 * since when, whose it is.
 *
 *     struct update update = {.old = &baseline, .today = V("2026-11-23")};
 *     enum err err = update_make(&update, &results.run, &fresh);
 */
#pragma once
#include "harness/gate/baseline.h"
#include "reports/reports.h"

struct update {
    const struct baseline *old; /* settled */
    struct view today;          /* when what fails now began to; absent: it is not said */
    bool only_fixed;            /* what fails no more, and nothing else */
    /* What was done: */
    size_t passing, failing, skipped, quarantined; /* entries of the new one */
    size_t fresh, fixed, gone,
        open; /* failures that are new, no more, taken out, without verdict */
};

/* Settled. A case that ended without a verdict, or was flaky, leaves its entry as it was. */
enum err update_make(struct update *update, const struct report_run *run,
                     struct baseline *out) NODISCARD; /* MEMORY */
