/* w:expect_request(method, opts): a request that came to a wire, and what the script answers to it.
 */
#pragma once
#include <lua.h>

void wire_request_open(lua_State *L);  /* its metatable; once per state */
int wire_expect_request(lua_State *L); /* wire, pattern, opts → the request */
int wire_reply(lua_State *L); /* wire_api.c: wire, request, status, opts → the response */
