/* The keys of a target in sipwright.lua: one row each, what is not a row is refused. Private to
 * config.c.
 *
 *     target_keys_read(L, &reading, lua_gettop(L));
 */
#pragma once
#include "harness/target/reading.h"

/* The table at the index goes into r->into. Raises an error that names the key and its mend. */
void target_keys_read(lua_State *L, struct reading *r, int index);

/* One for each key. */
void key_uri(lua_State *L, struct reading *r, int value);
void key_addresses(lua_State *L, struct reading *r, int value);
void key_bind(lua_State *L, struct reading *r, int value);
void key_dns(lua_State *L, struct reading *r, int value);
void key_roles(lua_State *L, struct reading *r, int value);
void key_supports(lua_State *L, struct reading *r, int value);
void key_auto_answer(lua_State *L, struct reading *r, int value);
void key_exclude(lua_State *L, struct reading *r, int value);
void key_known_failures(lua_State *L, struct reading *r, int value);
void key_background(lua_State *L, struct reading *r, int value);
void key_accounts(lua_State *L, struct reading *r, int value);
void key_tls(lua_State *L, struct reading *r, int value);
void key_start(lua_State *L, struct reading *r, int value);
void key_ready(lua_State *L, struct reading *r, int value);
void key_reset(lua_State *L, struct reading *r, int value);
void key_actions(lua_State *L, struct reading *r, int value);
void key_jobs(lua_State *L, struct reading *r, int value);
void key_patience(lua_State *L, struct reading *r, int value);
void key_tolerance(lua_State *L, struct reading *r, int value);
void key_rate_limit(lua_State *L, struct reading *r, int value);
void key_limits(lua_State *L, struct reading *r, int value);
