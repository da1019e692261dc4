/* Values of options, as typed on the command line.
 *
 *     uint64_t limit_us;
 *     if (value_duration(V("1.5s"), &limit_us))
 *         limit(limit_us);
 */
#pragma once
#include "core/core.h"

/* "20ms", "1.5s", "2m", "1h", "500us", or a number of seconds; false: none of these, or over a
 * year. */
bool value_duration(struct view text, uint64_t *out_us);
bool value_shard(struct view text, uint32_t *out_index, uint32_t *out_count); /* "2/5" */
/* Which of "one|two|three" it is, from 1 on; 0: none. */
uint32_t value_one_of(struct view words, struct view text);
/* "name=value" at its first "="; false: there is none. */
bool value_pair(struct view text, struct view *out_name, struct view *out_value);
