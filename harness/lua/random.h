/* math.random from the scenario's seed. A draw is named by who draws (a task, a message's hook) and
 * counted there, so that a new draw in one shifts none in another.
 *
 *     struct random_scope was = random_begin(L, copy_key);
 *     status = sched_call_now(sched, L, 1, 1);
 *     random_end(L, was);
 */
#pragma once
#include "core/core.h"

#include <lua.h>

struct random_scope {
    uint64_t key, count;
};

void random_open(lua_State *L);
/* Draws from here on are those of `key` (not 0), from the first on: a copy of a message gets the
 * same. */
struct random_scope random_begin(lua_State *L, uint64_t key);
void random_end(lua_State *L, struct random_scope was);
/* The next draw of the script. */
uint64_t random_draw(lua_State *L);
