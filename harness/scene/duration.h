/* Durations as text: "20ms", "1.5s", "2m", "1h".
 *
 *     if (duration_parse(V("1.5s"), &us))
 *         wait(us);
 */
#pragma once
#include "core/core.h"

enum { DURATION_MOST_S = 366 * 86400 }; /* a year: more is a slip */

bool duration_parse(struct view text,
                    uint64_t *out_us); /* in whole microseconds, exactly; false: none */
/* The same, and a number alone is one of seconds: of the command line and of sipwright.lua. */
bool duration_parse_bare(struct view text, uint64_t *out_us);
bool duration_from_seconds(double seconds,
                           uint64_t *out_us); /* false: negative, too long, not a number */
