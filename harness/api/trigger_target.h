/* t.dut:trigger(action, …) of a device that is somebody else's: what its target says of it. */
#pragma once
#include "harness/agent/device.h"

#include <lua.h>

/* Stack: the device, the action, its arguments. */
int target_trigger(lua_State *L, const struct device *device);
