/* What scripts hold: a userdata {kind, index, generation, world} that names a record of the
 * harness. A handle of an earlier scenario or of a freed record is refused with a sentence.
 *
 *     static const struct handle_kind call_kind = {"call", call_methods, call_field};
 *     handle_push(L, &call_kind, call->handle);
 *     struct call *call = handle_check(L, 1, &call_kind);
 */
#pragma once
#include "core/core.h"

#include <lua.h>
#include <lauxlib.h>

struct handle_kind {
    const char *name;        /* "call": in messages, and tostring gives "call 3" */
    const luaL_Reg *methods; /* call:name(…) */
    /* Pushes the field `name` of the record and gives 1; 0: there is no such field. May be NULL. */
    int (*field)(lua_State *L, void *record, const char *name);
    const char *const *fields;       /* names for suggestions; NULL-terminated; may be NULL */
    const struct handle_kind *gives; /* whose methods are looked for here by mistake; may be NULL */
    const char *how;                 /* to come by one: "local leg = bob:expect_invite()" */
};

/* The record table of this kind; once per scenario, before any push. */
void handle_kind_table(lua_State *L, const struct handle_kind *kind, struct table *table);
void handle_push(lua_State *L, const struct handle_kind *kind, struct handle handle);
/* The record; raises a misuse ("expected a call, got a string", "this call is gone") otherwise. */
void *handle_check(lua_State *L, int index, const struct handle_kind *kind);
void *handle_test(lua_State *L, int index, const struct handle_kind *kind); /* NULL: not one */
/* Of whatever kind it is; NULL, with no kind: it is no handle; with one: its record is gone. */
void *handle_any(lua_State *L, int index, const struct handle_kind **out_kind);

/* Whether a script may still hold it: since the collector's last round. */
bool handle_held(lua_State *L, const struct handle_kind *kind, struct handle handle);

/* An unknown name is an error with a suggestion: the nearest of the candidates, or NULL. */
const char *suggest(const char *name, const char *const *candidates);
/* For order.c: the kind's name and the record's index where the value is a handle; NULL: it is
 * none. */
const char *handle_order(lua_State *L, int index, lua_Integer *out);
/* What stands at the index, for messages: "a call", "a string", "nothing"; static or kind's name.
 */
const char *handle_type_text(lua_State *L, int index);
