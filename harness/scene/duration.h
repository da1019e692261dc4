/* Durations of the scenario language: "20ms", "1.5s", "2m", "1h", or a number of seconds.
 *
 *     if (duration_parse(V("1.5s"), &us))
 *         wait(us);
 */
#pragma once
#include "core/core.h"

enum { DURATION_MOST_S = 366 * 86400 }; /* a year: more is a slip */

bool duration_parse(struct view text,
                    uint64_t *out_us); /* in whole microseconds, exactly; false: none */
bool duration_from_seconds(double seconds,
                           uint64_t *out_us); /* false: negative, too long, not a number */
