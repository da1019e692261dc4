/* What there is of regular expressions beside regex_match (pattern.h).
 *
 *     if (!regex_check(expression, &error))
 *         refuse(error.sentence);
 */
#pragma once
#include "harness/pattern/pattern.h"

bool regex_check(struct view expression, struct pattern_error *error); /* does it compile */
void regex_cache_drop(void); /* frees the cache, for leak checks at a process's end */
