/* What a run says of the requirements that its cases cover. A requirement passed when all that put
 * it to the test passed, at once; skipped cases neither raise nor lower anything.
 *
 *     enum err err = score_make(cases, count, &arena, &run);
 *     use(run.score.must_passed);
 */
#pragma once
#include "reports/reports.h"

/* Fills score, requirements and requirement_count of the run; memory is the arena's. */
enum err score_make(const struct report_case *cases, size_t count, struct arena *arena,
                    struct report_run *out) NODISCARD; /* MEMORY */
