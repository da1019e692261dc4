/* a:register(registrar, opts) → handle: its state, wait, refresh, terminate.
 */
#pragma once
#include "harness/agent/registration.h"

#include <lua.h>

extern const struct handle_kind registration_kind;
int agent_register(lua_State *L);

/* registration_wait.c */
struct registration *registration_check(lua_State *L, int index);
int registration_wait(lua_State *L);
const char *registration_state_word(const struct registration *registration);
