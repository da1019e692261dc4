/* The closed environment: what a script may reach, and what an unknown global says.
 *
 *     sandbox_open(L);       of a fresh state, before anything else is registered
 *     lua_setglobal(L, "scenario");
 *     sandbox_close(L);      from now on an unknown global is an error
 */
#pragma once
#include <lua.h>

void sandbox_open(lua_State *L);
void sandbox_close(lua_State *L);
