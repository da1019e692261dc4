/* a:register(registrar, opts) → handle: its state, wait, refresh, terminate.
 */
#pragma once
#include "harness/agent/registration.h"

#include <lua.h>

extern const struct handle_kind registration_kind;
int agent_register(lua_State *L);
