/* The script's own coroutines (generators): as in Lua, but a wait inside one passes through it to
 * the scheduler, and no error or budget is caught by them that a task would not see.
 *
 *     coroutine_open(L);
 */
#pragma once
#include <lua.h>

void coroutine_open(lua_State *L);
/* "file:line" of the first coroutine that was made and never resumed; NULL: there is none. Pushes
 * the text that it borrows from. */
const char *coroutine_never_run(lua_State *L);
