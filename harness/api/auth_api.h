/* sip.challenge{…}, sip.authorize(request, response, user, password), sip.verify(request,
 * password): digest by hand, for wires and for what is manual.
 */
#pragma once
#include <lua.h>

int sip_challenge_call(lua_State *L);
int sip_authorize_call(lua_State *L);
int sip_verify_call(lua_State *L);
