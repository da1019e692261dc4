/* What a script can ask of a wire's connections; the wire's own verbs mean its newest one. */
#pragma once
#include "harness/api/kinds.h"

int verb_connect(lua_State *L);
int verb_expect_connect(lua_State *L);
int verb_expect_close(lua_State *L);
int verb_write(lua_State *L);
int verb_close(lua_State *L);
int verb_reset(lua_State *L);
