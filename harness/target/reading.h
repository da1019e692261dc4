/* What a value of sipwright.lua has to be: each of these raises an error that names the key and the
 * mend where it is something else. Private to the readers of keys.
 *
 *     static void patience(lua_State *L, struct reading *r, int value)
 *     {
 *         r->into->patience_us = reading_duration(L, r, "patience", value);
 *     }
 */
#pragma once
#include "harness/target/target.h"

#include <lua.h>

/* What is read while Lua protects the reading: errors are Lua's, their texts the complaint. */
struct reading {
    struct arena *arena; /* texts live there */
    const char *target;  /* the name of the one being read */
    struct target *into;
};

enum { READING_LIST_MOST = 1000 };

struct key_row {
    const char *name;
    void (*read)(lua_State *L, struct reading *r, int value);
};

int reading_memory_error(lua_State *L);
void reading_want_text(lua_State *L, const struct reading *r, const char *key, int index);
/* The text at the index, in the arena, a NUL behind it. */
struct view reading_text(lua_State *L, struct reading *r, const char *key, int index);
/* The same of what is known to be one: a key, for the most. */
struct view reading_copy(lua_State *L, struct reading *r, int index);
void reading_want_table(lua_State *L, const struct reading *r, const char *key, int index);
bool reading_bool(lua_State *L, const struct reading *r, const char *key, int index);
uint64_t reading_count(lua_State *L, const struct reading *r, const char *key, int index,
                       uint64_t most); /* from 1 on */
uint64_t reading_duration(lua_State *L, struct reading *r, const char *key, int index); /* us */
/* Texts, in order. */
void reading_list(lua_State *L, struct reading *r, const char *key, int index,
                  const struct view **out, size_t *out_count);
/* A program and its arguments, NULL-terminated. */
const char *const *reading_command(lua_State *L, struct reading *r, const char *key, int index);
/* The text at the index names one. */
enum proto reading_transport(lua_State *L, const struct reading *r, const char *key, int index);
/* The bytes of the file below the suite's root that is named at the index. */
struct view reading_file(lua_State *L, struct reading *r, int index);
/* How many keys a table has; each has to be a name. */
size_t reading_names_count(lua_State *L, const struct reading *r, const char *key, int index);
/* The same, and zeroed room in the arena for an item of each. */
void *reading_named(lua_State *L, struct reading *r, const char *key, int index, size_t item_len);
/* Each named key of the table by its row (a NULL name ends them); key: of the table itself, NULL:
 * it is the target. What is no row is refused, with a suggestion. Entries without a name are passed
 * over where `listed`. */
void reading_keys(lua_State *L, struct reading *r, const char *key, int index,
                  const struct key_row *rows, bool listed);
