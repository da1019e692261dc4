/* t.dut:trigger(action, …): what a person or a command would do to the device. */
#pragma once
#include "core/core.h"

#include <lua.h>

int device_trigger(lua_State *L);
void trigger_wait_say(lua_State *waiting, struct buf *out); /* as in struct wait_kind */
