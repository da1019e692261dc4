/* Keys of a table in their order: booleans, numbers, strings, handles, then at most one that has
 * none.
 *
 *     struct key key = key_read(L, -1);
 *     sorted = key_sort(keys, room, count);
 */
#pragma once
#include "core/core.h"

#include <lua.h>

/* A key while it is sorted; strings are borrowed from the table, which nobody changes meanwhile. */
struct key {
    enum { KEY_BOOL, KEY_NUMBER, KEY_STRING, KEY_HANDLE, KEY_OTHER } kind;
    bool is_float;
    lua_Integer integer; /* also of a boolean; a handle's index */
    lua_Number number;
    struct view text;  /* also a handle's kind */
    lua_Integer place; /* of KEY_HANDLE and KEY_OTHER: in the table of such keys */
};

struct key key_read(lua_State *L, int index); /* `place` is the caller's to fill */
int key_compare(const struct key *a, const struct key *b);
/* Stable; room is as large as keys. Gives where the result is: in one of the two. */
const struct key *key_sort(struct key *keys, struct key *room, size_t count);
void key_push(lua_State *L, const struct key *key,
              int others);                /* others: the table `place` is of */
void key_refuse(lua_State *L, int index); /* raises: a second key without an order */
