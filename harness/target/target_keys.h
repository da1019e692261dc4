/* The keys of a target in sipwright.lua: one row each, what is not a row is refused. Private to
 * config.c.
 *
 *     for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1))
 *         target_key_read(L, &reading);
 */
#pragma once
#include "harness/target/config.h"

#include <lua.h>

/* What is read while Lua protects the reading: errors are Lua's, their texts the complaint. */
struct reading {
    struct targets *out;
    const char *wanted;
    const char *folder; /* the suite's root */
    const char *target; /* the name of the one being read */
    struct target *into;
};

/* The key at -2, the value at -1 go into r->into. Raises an error that names the key and its mend.
 */
void target_key_read(lua_State *L, struct reading *r);
/* The text at the index, in the arena; raises where there is no memory. */
struct view reading_text(lua_State *L, struct reading *r, int index);
