/* t:flow, call:flow, t:mark, t:messages: assertions about what went over the wire. */
#pragma once
#include "harness/api/watch.h"

#include <lua.h>

void flow_open(lua_State *L); /* once per state */
int t_flow(lua_State *L);
int t_mark(lua_State *L);
int t_messages(lua_State *L);
int script_flow(lua_State *L);
/* The end: messages that no flow accounts for after the last one. Records failures. */
void flow_settled(struct scene *scene);
