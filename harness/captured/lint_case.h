/* A captured call and what is wrong with it as a case of a report.
 *
 *     enum err err = lint_case_init(path, call, group, &made);
 *     report_ladder_write(&out, &made.report, 100);
 *     lint_case_deinit(&made);
 */
#pragma once
#include "harness/calls/calls.h"
#include "harness/captured/lint_held.h"
#include "reports/reports.h"

struct lint_case {
    struct report_case report;
    struct arena arena;
    struct buf detail, events;
};

/* call NULL: of it there is nothing but the findings; group NULL: nothing is wrong. A MUST that is
 * broken fails the case; every finding is an event of it. MEMORY, LIMIT. */
enum err lint_case_init(const char *path, const struct call *call, const struct lint_group *group,
                        struct lint_case *out) NODISCARD;
void lint_case_deinit(struct lint_case *made);
