/* Parts of the agent's methods that others use too. */
#pragma once
#include "harness/agent/agents.h"

/* Stack: the agent, the target, the options. Sends, and pushes the client transaction. */
int agent_send(lua_State *L, struct agent *agent, struct view method, struct view text);
int party_field(lua_State *L, const struct party *party, const char *name);
