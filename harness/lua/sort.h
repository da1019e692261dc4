/* table.sort as a stable merge sort: Lua's own picks its pivots by the clock, so that rows that are
 * equal come out in another order in each run.
 *
 *     sort_open(L);
 */
#pragma once
#include <lua.h>

void sort_open(lua_State *L);
