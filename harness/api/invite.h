/* a:invite and a:expect_invite: where calls come from. */
#pragma once
#include <lua.h>

int agent_invite(lua_State *L);
int agent_expect_invite(lua_State *L); /* verb_request.c */
