/* What a script's options leave behind until the scenario's end: in the arena of its agents. Each
 * raises where there is no memory.
 *
 *     out->domain = keep_text(L, domain);
 */
#pragma once
#include "core/core.h"

#include <lua.h>

void *keep_room(lua_State *L, size_t len); /* zeroed */
struct view keep_text(lua_State *L, struct view text);
struct view keep_buf(lua_State *L, struct buf *buf); /* which is deinitialized */
