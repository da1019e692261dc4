/* $name -> value, as patterns bind them. Private to harness/pattern.
 *
 *     const struct view *value = vars_find(vars, V("b"));
 */
#pragma once
#include "harness/pattern/pattern.h"

enum { VARS_MAX = 1024 };

const struct view *vars_find(const struct vars *vars, struct view name); /* NULL: not bound yet */
/* Both are copied. LIMIT: VARS_MAX, MEMORY. */
enum err vars_bind(struct vars *vars, struct view name, struct view value) NODISCARD;
