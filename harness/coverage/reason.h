/* Why a row of the catalogue is not put to the test: scenarios/uncovered.tsv, embedded by the
 * build.
 *
 *     const struct coverage_reason *reason = coverage_reason_find(V("TLS-007"));
 */
#pragma once
#include "core/core.h"

struct coverage_reason { /* in order of their ids' bytes; a NUL follows each text */
    struct view id;
    struct view kind; /* "open", "ability", "unseen", "no duty", "device" */
    struct view why;  /* one sentence */
};

extern const struct coverage_reason coverage_reasons[];
extern const size_t coverage_reason_count;

const struct coverage_reason *coverage_reason_find(struct view id); /* NULL: there is none */
