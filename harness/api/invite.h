/* a:invite and a:expect_invite: where calls come from. */
#pragma once
#include "harness/api/referred.h"

int agent_invite(lua_State *L);
int agent_expect_invite(lua_State *L); /* verb_request.c */
/* Sends an INVITE with the script's options, and rows of the REFER that it follows (NULL: none).
 * Raises. */
struct call *invite_begin(lua_State *L, struct agent *agent, const struct aim *aim, int opts_index,
                          const struct refer *refer);
