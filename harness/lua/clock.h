/* os.time, os.clock, os.date and os.difftime by the scenario's clock, in UTC.
 *
 *     clock_open(L);
 */
#pragma once
#include <lua.h>

void clock_open(lua_State *L);
