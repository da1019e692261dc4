/* A catalogue of requirements as a page: by RFC and section, what covers each, and what runs said.
 *
 *     struct report_coverage coverage = {.rows = rows, .row_count = n, .runs = runs, .run_count =
 * 2}; enum err err = report_coverage_write(&coverage, "out/coverage.html");
 */
#pragma once
#include "reports/report.h"

struct report_cover_scenario {
    struct view id, name, file; /* file: as the user would type it */
    uint32_t line;
};

struct report_cover_result { /* of a scenario in a run */
    size_t run;              /* index */
    struct report_case one;  /* id, verdict, standing, flaky, reason, seed */
};

struct report_cover_row {
    struct view id, area, rfc, section, level, role, text, stimulus, expected, quote;
    const char *group;     /* of its level, for the filter: "must" (NORM, too), "should", "may" */
    struct view kind, why; /* what keeps it from being put to the test; empty: nothing known */
    const struct report_cover_scenario *scenarios;
    const struct view *rules, *code; /* of the monitor; files that cite the section */
    const struct report_cover_result *results;
    size_t scenario_count, rule_count, code_count, result_count;
};

struct report_cover_cell { /* of a row in a run */
    bool there;            /* one of its cases covers the row */
    enum verdict verdict;  /* PASS: of all that put it to the test; SKIP: none did */
};

struct report_cover_run {
    struct view target, file; /* target: empty: simulated */
    struct report_score score;
    const struct report_cover_cell *cells; /* one for each row */
};

struct report_coverage {
    const struct report_cover_row *rows; /* in any order */
    const struct report_cover_run *runs;
    size_t row_count, run_count;
    size_t scenario_count;                   /* of the suite */
    struct view suite, version;              /* suite: the paths that were asked for */
    struct view (*subject)(struct view rfc); /* what an RFC is about */
};

/* A scenario or a rule covers it. */
bool report_cover_is(const struct report_cover_row *row);
/* No scenario covers it: a rule of the monitor judges it, where a scenario happens to lead there.
 */
bool report_cover_by_rule(const struct report_cover_row *row);
/* It is covered, but each run that was given left it untested: its cases were all skipped. */
bool report_cover_idle(const struct report_coverage *coverage, size_t row);
/* One page, self-contained as that of a run. */
enum err report_coverage_write(const struct report_coverage *coverage, const char *path) NODISCARD;
