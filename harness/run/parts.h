/* What the areas of the harness add to every scenario, in the order in which they are asked. */
#pragma once
#include "harness/scene/part.h"

extern const struct scene_part *const run_parts[]; /* NULL-terminated */
