#include "harness/run/parts.h"

#include "harness/api/api.h"

const struct scene_part *const run_parts[] = {&api_part, NULL};
