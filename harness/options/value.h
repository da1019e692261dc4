/* Values of options, as typed on the command line.
 *
 *     struct view name, value;
 *     if (value_pair(V("NAME=7"), &name, &value))
 *         set(name, value);
 */
#pragma once
#include "core/core.h"

bool value_shard(struct view text, uint32_t *out_index, uint32_t *out_count); /* "2/5" */
/* Which of "one|two|three" it is, from 1 on; 0: none. */
uint32_t value_one_of(struct view words, struct view text);
/* "name=value" at its first "="; false: there is none. */
bool value_pair(struct view text, struct view *out_name, struct view *out_value);
