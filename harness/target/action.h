/* What a trigger does to a device: a program, an HTTP request, a REFER, or what a person is asked.
 *
 *     enum err err = action_of(lua, -1, &arena, &action, &complaint);
 */
#pragma once
#include "core/core.h"

struct lua_State;

enum action_kind {
    ACTION_PROGRAM,
    ACTION_PERSON,
    ACTION_HTTP,
    ACTION_REFER,
    ACTION_FUNCTION /* of sipwright.lua: it gives one of the others */
};

struct http_header {
    struct view name, value;
};

struct http_request { /* "%s" in url and body: an argument of the trigger */
    struct view url, method, body, user, password; /* absent: not given */
    const struct http_header *headers;
    size_t header_count;
    bool insecure; /* any certificate will do */
};

struct target_action {
    struct view name;
    enum action_kind kind;
    const char *const *argv; /* PROGRAM: the trigger's arguments are added */
    struct view ask;         /* PERSON: of him at the terminal */
    struct http_request http;
    struct view account; /* REFER: of the target, whose it is; absent: nobody's */
    int function;        /* FUNCTION: a reference in target.lua */
    uint64_t within_us;  /* 0: target.limits.action_us */
};

/* What a function of sipwright.lua gave, which stands at the index of its state: all but another
 * function. ERR_SYNTAX: complaint is one sentence. */
enum err action_of(struct lua_State *L, int index, struct arena *arena, struct target_action *out,
                   struct buf *complaint) NODISCARD;
