/* The runs that a command is given as files: JSON lines of `run --json`, shards or whole.
 *
 *     struct results results = {0};
 *     int code = results_read("statement", &options->paths, 0, &results);
 *     for (size_t i = 0; i < results.case_count; i++)
 *         use(results.cases[i]);
 *     results_deinit(&results);
 */
#pragma once
#include "harness/options/options.h"
#include "reports/reports.h"

struct results {
    struct report_read **reads;
    size_t count;
    struct report_case *cases; /* of all runs, in their order */
    size_t case_count;
    struct report_run run; /* the first one's words; the cases of all; interrupted: one was */
};

/* Those of paths from index `from` on. They have to be of one target and net. Gives an exit code;
 * what is not EXIT_ALL_PASSED was told. */
int results_read(const char *command, const struct strings *paths, size_t from,
                 struct results *out);
void results_deinit(struct results *results);
