/* Text of values without addresses, so that two runs print the same: tables, functions and threads
 * are numbered when first printed.
 *
 *     struct view text = text_push(L, 2);
 */
#pragma once
#include "core/core.h"

#include <lua.h>

/* As luaL_tolstring: pushes the text of the value at index, by its __tostring or __name too. */
struct view text_push(lua_State *L, int index);
/* As string.format of the format at `index` and what follows it on the stack; pushes the text. */
struct view text_format(lua_State *L, int index);
/* tostring, print, string.format; removes string.dump. */
void text_open(lua_State *L);
