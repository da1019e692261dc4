#include "harness/run/parts.h"

#include "harness/api/api.h"
#include "harness/impaired/resend.h"
#include "harness/watch/watch_part.h"

const struct scene_part *const run_parts[] = {&api_part, &resend_part, &watch_part, NULL};
