/* t.net:dns{…}: what the names of a scenario mean.
 *
 *     {"dns", net_dns},
 */
#pragma once
#include <lua.h>

int net_dns(lua_State *L);
