/* How a scenario ends, as far as messages go: what nobody answered, looked at, read or used up.
 *
 *     endcheck(scene);        after all that was under way has arrived
 */
#pragma once
#include "harness/scene/scene.h"

void endcheck(struct scene *scene); /* records failures */
