#include "harness/run/parts.h"

const struct scene_part *const run_parts[] = {NULL};
