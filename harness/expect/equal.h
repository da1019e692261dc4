/* Equality by content, and where two values differ first.
 *
 *     if (!equal(L, 1, 2))
 *         difference(L, 1, 2);      pushes ".media[1].port: expected 4000, got 0", or ""
 */
#pragma once
#include <stdbool.h>

#include <lua.h>

bool equal(lua_State *L, int a, int b);
/* Pushes the first difference of two tables that are not equal; "" for anything else. */
void difference(lua_State *L, int got, int expected);
