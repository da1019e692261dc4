/* What of the requirement catalogue is covered: by which scenarios, by which rules of the monitor,
 * where the code cites its section, and what the last runs said.
 *
 *     enum err err = coverage_create(&coverage);
 *     err = coverage_scenario_add(coverage, &scenario, V("UAS-009 DLG-003"));
 *     err = coverage_run_add(coverage, V("phone.jsonl"), report_read_run(read));
 *     coverage_json(coverage, &buf);
 *     coverage_destroy(coverage);
 */
#pragma once
#include "harness/catalogue/requirement.h"
#include "harness/coverage/reason.h"
#include "reports/reports.h"

struct coverage_names {
    struct view *items;
    uint32_t count, size;
};

struct coverage_row {
    const struct requirement *what;
    const struct coverage_reason *reason; /* why it is not put to the test; NULL: none is known */
    struct report_cover_scenario *scenarios; /* as they were added */
    uint32_t scenario_count, scenario_size;
    struct coverage_names rules; /* of the monitor */
    struct coverage_names code;  /* files that cite the section */
    struct report_cover_result *results;
    uint32_t result_count, result_size;
};

struct coverage {
    struct arena arena;
    struct coverage_row *rows; /* as the catalogue has them: requirement_count */
    struct report_cover_run *runs;
    uint32_t run_count, run_size, scenario_count;
};

/* With the rules and the code, which stand in the program. MEMORY. */
enum err coverage_create(struct coverage **out) NODISCARD;
void coverage_destroy(struct coverage *coverage); /* NULL is fine */
/* covers: ids parted by blanks. Texts are copied. MEMORY. */
enum err coverage_scenario_add(struct coverage *coverage,
                               const struct report_cover_scenario *scenario,
                               struct view covers) NODISCARD;
/* The verdicts of a run's cases; file: where they were read. MEMORY. */
enum err coverage_run_add(struct coverage *coverage, struct view file,
                          const struct report_run *run) NODISCARD;
bool coverage_row_covered(const struct coverage_row *row); /* by a scenario or a rule */
/* It is covered, but the runs that were added left it untested: all of its cases were skipped. */
bool coverage_row_idle(const struct coverage *coverage, const struct coverage_row *row);
size_t coverage_count(const struct coverage *coverage); /* of the rows that are covered */

/* write.c: for people: by area, then each row that nothing covers, and why. */
void coverage_text(const struct coverage *coverage, struct buf *out);
/* An object: "count", "covered", and "rows", each with "id", "covered", "scenarios", "rules",
 * "code", "results", "why" and what the catalogue says of it. */
void coverage_json(const struct coverage *coverage, struct buf *out);
/* page.c: for people with a browser: by RFC and section. suite: what was asked for. */
enum err coverage_page(const struct coverage *coverage, struct view suite,
                       const char *path) NODISCARD;
