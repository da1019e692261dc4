/* An action that is a REFER outside of any call, from the agent `operator`: RFC 3515 §2.4.4.
 *
 *     return refer_trigger(L, device, action, within_us);
 */
#pragma once
#include "harness/agent/device.h"
#include "harness/target/target.h"

#include <lua.h>

/* Stack: the device, the action's name, the URI that it is to call. Waits until it has taken the
 * REFER; a refusal is an ERROR. */
int refer_trigger(lua_State *L, const struct device *device, const struct target_action *action,
                  uint64_t within_us);
