/* What a device can be able to do, by name: what `needs` and t.dut:supports know.
 *
 *     if (!capability_known(V("100rel")))
 *         say(capability_near("100rel"));
 */
#pragma once
#include "core/core.h"

/* Roles, transports, option tags, methods, auto_answer, digest, calls:N, event:PACKAGE and
 * trigger:NAME. */
bool capability_known(struct view name);
const char *capability_near(const char *name); /* the nearest one; NULL: none is near */
/* "event:presence": the package that it notifies of; absent: it is no such capability. */
struct view capability_event(struct view name);
/* "calls:2": that it can have so many calls at once; 0: it is no such capability. */
uint64_t capability_calls(struct view name);
