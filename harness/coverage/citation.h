/* Where the code cites a section of an RFC: found by the build in the sources of the stack.
 *
 *     for (size_t i = 0; i < citation_count; i++)
 *         if (citation_is_for(&citations[i], requirement))
 *             use(citations[i].file);
 */
#pragma once
#include "harness/catalogue/requirement.h"

struct citation {                   /* a NUL follows each */
    struct view rfc, section, file; /* "RFC 3261", "17.1.1.2", "core/transaction/rows.c" */
};

extern const struct citation citations[]; /* by file */
extern const size_t citation_count;

/* The section that is cited is one of the requirement's own, or lies inside one. */
bool citation_is_for(const struct citation *citation, const struct requirement *one);
