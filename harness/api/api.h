/* What this folder and harness/agent add to every scenario: agents, calls, wires, messages, flows,
 * faults, and the judgement of what is left over.
 *
 *     const struct scene_part *const parts[] = {&api_part, NULL};
 */
#pragma once
#include "harness/scene/part.h"

extern const struct scene_part api_part;
