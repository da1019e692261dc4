/* t.net: links between agents, and what befalls single messages. */
#pragma once
#include "harness/api/faults.h"

int t_net_push(lua_State *L, struct scene *scene);
