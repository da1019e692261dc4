/* A step of a GitHub workflow (--github): its summary and its annotations.
 *
 *     struct step step;
 *     if (!step_check(&complaint))
 *         refuse(complaint);
 *     bool told = step_begin(&step);            // before anything is shown
 *     bool written = step_summarize(&run);
 *     bool told = step_end(&step, &run);        // behind all that was shown
 */
#pragma once
#include "reports/reports.h"

struct step {
    char token[40]; /* ends what step_begin begins; nobody can guess it */
};

bool step_check(struct buf *complaint); /* false: this is none, or its summary cannot be written */
/* From now on the runner obeys nothing that is shown: names and sentences are the scenarios'. */
bool step_begin(struct step *step);
/* Appends to the step's summary, whole or not at all; false: not, which was said. */
bool step_summarize(const struct report_run *run);
bool step_end(const struct step *step, const struct report_run *run); /* annotations */
