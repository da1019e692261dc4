/* Tables of options that a script gives: read by name, and an unknown name is an error with a mend.
 *
 *     struct opts opts = opts_open(L, 3, "invite", invite_names, send_names);
 *     if (opts_view(&opts, "reason", &reason))
 *         use(reason);
 */
#pragma once
#include "harness/scene/scene.h"

#include <lauxlib.h>

struct opts {
    lua_State *L;
    int index; /* 0: none were given */
    const char *whose;
};

/* Nothing or nil at the index: no options. The lists are NULL-terminated; the second may be NULL.
 */
struct opts opts_open(lua_State *L, int index, const char *whose, const char *const *known,
                      const char *const *more);
/* Each: false where the option is not given; raises where it is of another type. Views live as long
 * as the script's table has the value. */
bool opts_has(const struct opts *opts, const char *name);
bool opts_view(const struct opts *opts, const char *name, struct view *out);
bool opts_bool(const struct opts *opts, const char *name, bool *out);
bool opts_uint(const struct opts *opts, const char *name, uint64_t max, uint64_t *out);
bool opts_duration(const struct opts *opts, const char *name, uint64_t *out);
bool opts_seconds(const struct opts *opts, const char *name, uint32_t *out);      /* whole ones */
bool opts_fraction(const struct opts *opts, const char *name, uint32_t *out_ppm); /* 0.05: 50000 */
/* Pushes the value: true; pushes nothing: false. */
bool opts_push(const struct opts *opts, const char *name);
/* The same of a list of strings; one string alone is a list of one. */
bool opts_push_list(const struct opts *opts, const char *name);
bool opts_true(const struct opts *opts, const char *name); /* given, and true */
/* Raises: option 'sdp' of invite is a string or a table, not a number. */
int opts_wrong(const struct opts *opts, const char *name, const char *wanted);

/* Argument helpers: a view of the string at index, or a misuse that names it. */
struct view arg_view(lua_State *L, int index, const char *what);
/* Settles the stack at three: self, an argument that may be left out, the options. A table alone is
 * the options: tx:response{ within = "1s" }. */
void args_settle(lua_State *L);
/* The nearest name, as "; did you mean 'x'?" or "", into room. */
const char *mend(const char *name, const char *const *candidates, char *room, size_t size);
/* How many of the values on top of the stack: lists of strings, each to be read with list_item. */
size_t list_count(lua_State *L, int index, const char *what);
struct view list_item(lua_State *L, int index, size_t item, const char *what);
