/* a:on_send(fn) and a:on_receive(fn): the wire as a script's function sees it. */
#pragma once
#include "harness/agent/agents.h"

int agent_on_send(lua_State *L);
int agent_on_receive(lua_State *L);
/* As in struct scene_part. */
enum trace_fate hooks_out(struct scene *scene, uint32_t party, struct sip_msg *msg,
                          uint64_t copy_key, struct blob **bytes);
enum trace_fate hooks_in(struct scene *scene, uint32_t from, uint32_t party, struct sip_msg *msg,
                         struct blob **bytes);
