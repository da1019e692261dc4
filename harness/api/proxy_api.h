/* t:proxy and t:redirect: agents whose role is to send requests on, or elsewhere.
 *
 *     {"proxy", t_proxy},
 */
#pragma once
#include <lua.h>

int t_proxy(lua_State *L);
int t_redirect(lua_State *L);
