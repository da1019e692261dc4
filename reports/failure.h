/* One failure for a person: what, where, why, the source, the ladder, the mend, the repetition.
 *
 *     struct failure_options options = {.width = 100};
 *     failure_write(&out, one, &options);
 */
#pragma once
#include "reports/detail.h"
#include "reports/report.h"

struct failure_options {
    bool colour;
    bool wall;        /* tell the wall time too, where it is known */
    bool bare;        /* without the headline: a report has it elsewhere */
    unsigned width;   /* columns; 0: 100 */
    size_t rows_most; /* of the ladder; 0: 60 */
};

void failure_write(struct buf *out, const struct report_case *one,
                   const struct failure_options *options);
bool failure_is(const struct report_case *one); /* FAIL, ERROR or INCONCLUSIVE, and not excused */

/* Where it failed: the script's line, or else the scenario's own. */
struct failure_place {
    struct view file;
    uint32_t line;
};
struct failure_place failure_place(const struct report_case *one, const struct detail *detail);
/* Whether its sentence says already what was expected, and what came. */
bool failure_says_all(const struct report_case *one, const struct detail *detail);
/* "   3 ms (virtual 2.0 s)"; wall: that may be told. Nothing where there is nothing to tell. */
void failure_times_add(struct buf *out, const struct report_case *one, bool wall);
/* Sets and ends a colour, where colours are wanted. code: "31" */
void colour_add(struct buf *out, bool colour, const char *code, struct view text);
