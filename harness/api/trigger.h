/* t.dut:trigger(action, …): what a person or a command would do to the device. */
#pragma once
#include <lua.h>

int device_trigger(lua_State *L);
