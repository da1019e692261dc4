/* What this folder adds to t: t:agent, t:agents, t:wire, t:flow, t:mark, t:messages, t.net, t.dut.
 */
#pragma once
#include "harness/api/agent_opts.h"

#include <lua.h>

struct scene;
int t_agent(lua_State *L);
int t_agents(lua_State *L);
int t_registrar(lua_State *L);
int t_wire(lua_State *L);
/* options: what the caller wants of the agent by itself. Raises. */
struct agent *agent_make(const struct opts *opts, struct view name, struct agent_options options);
int t_device(lua_State *L);
int t_dut_push(lua_State *L, struct scene *scene);
