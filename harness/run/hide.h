/* What the parent itself tells, without the secrets that it was given: names, reasons, lines that
 * repeat a case, its own command line. (Events come from the workers blacked out.)
 *
 *     hide_case(&secrets, &arena, &one->report);
 */
#pragma once
#include "harness/options/options.h"
#include "reports/reports.h"

/* Where the text has one, it is a blackened copy in the arena from then on; absent: memory. */
void hide_text(struct secrets *secrets, struct arena *arena, struct view *text);
void hide_case(struct secrets *secrets, struct arena *arena, struct report_case *one);
