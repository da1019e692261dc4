/* Long loads: records of calls that have ended, that no script holds and that nothing has to be
 * judged by, are let go, and so are messages that are long past.
 *
 *     sweep_due(scene);        after each event
 */
#pragma once
#include "harness/agent/agents.h"

void sweep_due(struct scene *scene); /* does it now and then */
