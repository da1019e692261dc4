/* The two faces of a conformance statement.
 *
 *     statement_markdown(&run, &out);
 *     statement_json(&run, &out);
 */
#pragma once
#include "reports/reports.h"

/* The run has its score and requirements. */
void statement_markdown(const struct report_run *run, struct buf *out);
void statement_json(const struct report_run *run, struct buf *out);
