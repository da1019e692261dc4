/* How many cases ended how: a flaky one is no pass, and an excused one no failure; each counts
 * once.
 *
 *     struct counts counts = counts_of(run->cases, run->case_count);
 */
#pragma once
#include "reports/report.h"

struct counts {
    size_t all, passed, failed, errors, inconclusive, skipped, flaky;
    size_t known, quarantined, advisory; /* not green, and excused */
    uint64_t wall_us, virtual_us;
};

struct counts counts_of(const struct report_case *cases, size_t count);
void counts_add(struct counts *counts, const struct report_case *one);
/* Behind another number: ", 3 flaky"; nothing where there is none. */
void count_tell(struct buf *out, size_t count, const char *word);
