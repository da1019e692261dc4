/* The page of the catalogue, while it is written: what its parts share.
 *
 *     coverage_row_write(out, coverage, index);
 */
#pragma once
#include "core/base.h"
#include "reports/coverage.h"

struct cover_count { /* of some rows */
    size_t all, covered;
};

struct view cover_run_name(const struct report_cover_run *run); /* "simulated" where none is */
struct view cover_section(const struct report_cover_row *row);  /* the first of its sections */
void cover_anchor(struct buf *out, struct view rfc);            /* "rfc3261" */
void cover_row_write(struct buf *out, const struct report_coverage *coverage, size_t index);
void cover_head_write(struct buf *out, const struct report_coverage *coverage,
                      const size_t *order); /* order: by RFC and section */
