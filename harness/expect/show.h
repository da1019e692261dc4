/* Values as a sentence shows them: strings in quotes, tables by content, nothing without a bound.
 *
 *     struct view text = show_push(L, 2);
 */
#pragma once
#include "core/core.h"

#include <lua.h>

struct view show_push(lua_State *L, int index); /* pushes the text */
