/* pairs and next in one order on every machine: booleans, numbers, strings, handles; a table with
 * two keys that have no order (tables, functions) is refused, with the reason.
 *
 *     int count = order_keys(L, 1);     pushes a table of the keys of the table at 1, in order
 */
#pragma once
#include <lua.h>

lua_Integer order_keys(lua_State *L, int index);
void order_open(lua_State *L); /* pairs, next */
