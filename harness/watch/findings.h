/* What the monitor has found in a scenario, as events of its trace. */
#pragma once
#include "harness/watch/observer.h"

void findings_take(struct observer *observer); /* those that there are by now */
