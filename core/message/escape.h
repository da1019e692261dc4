/* Escaped characters of URIs: RFC 3261 §19.1.2, §19.1.4.
 *
 *     while (at < end)
 *         use(escape_next(&at, end, &escaped));
 */
#pragma once
#include "core/message/scan.h"

/* The next character, decoded; a "%" without two hex digits is itself. */
unsigned char escape_next(const char **at, const char *end, bool *out_escaped);
/* "Characters other than those in the reserved set are equivalent to their encoding." */
bool escape_equal(struct view a, struct view b, bool any_case);
/* The first "%" that two hex digits do not follow; NULL: none. */
const char *escape_fault(struct view text);
