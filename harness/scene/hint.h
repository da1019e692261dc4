/* What a person can do about an error of Lua's own.
 *
 *     hint_for_error(&buf, V("attempt to call a nil value (method 'spilt')"));
 */
#pragma once
#include "core/core.h"

#include <lua.h>

void hint_for_error(struct buf *buf, struct view text); /* adds nothing where it knows nothing */
/* Of a misuse with this sentence, while what was misused is the function that runs. */
void hint_for_misuse(struct buf *buf, lua_State *L, struct view text);
