/* What the monitor has found in a scenario: an event of the trace each, at once; and at the end a
 * failure for each MUST that was broken. */
#pragma once
#include "harness/watch/observer.h"

void findings_take(struct observer *observer); /* those that there are by now */
/* A MUST that an agent of ours has broken is an ERROR, one of the device's a FAIL. */
void findings_record(struct observer *observer);
void findings_drop(struct observer *observer);
