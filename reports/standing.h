/* What is told of a case besides its verdict: how it stands to what was known.
 *
 *     if (report_excused(one))
 *         standing_sentence(&out, one);
 */
#pragma once
#include "reports/report.h"

/* "known failure", "quarantined" …; of a plain one "flaky" or the verdict's own word. */
const char *standing_words(const struct report_case *one);
/* "known failure (no hold yet, #17): expected 200 from dut": words, why, and the verdict's
 * sentence. */
void standing_sentence(struct buf *out, const struct report_case *one);
