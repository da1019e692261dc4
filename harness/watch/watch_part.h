/* The monitor, in every scenario: what the world shows goes to it, and what it finds goes into the
 * trace and counts.
 *
 *     static const struct scene_part *const parts[] = {&api_part, &watch_part, NULL};
 *
 * It stands behind the part that knows who is who.
 */
#pragma once
#include "harness/scene/part.h"

extern const struct scene_part watch_part;
