#include "harness/target/target_keys.h"

#include <lauxlib.h>

/* The action that is being read: keys of its table know no other place. */
struct action_reading {
    struct reading r; /* first: what the readers of keys are given */
    struct target_action *out;
    bool refer;
};

static struct target_action *out_of(struct reading *r)
{
    return ((struct action_reading *)r)->out;
}

static void http_read(lua_State *L, struct reading *r, int value)
{
    struct http_request *http = &out_of(r)->http;

    http->url = reading_text(L, r, "actions.http", value);
    if (!view_starts_nocase(http->url, V("http://")) &&
        !view_starts_nocase(http->url, V("https://")))
        luaL_error(
            L, "targets.%s.actions: '%s' is no URL, as in http = \"http://127.0.0.1:8000/call\"",
            r->target, http->url.ptr);
    out_of(r)->kind = ACTION_HTTP;
}

static void method_read(lua_State *L, struct reading *r, int value)
{
    struct view method = reading_text(L, r, "actions.method", value);

    for (size_t i = 0; i < method.len; i++)
        if (method.ptr[i] < 'A' || method.ptr[i] > 'Z')
            luaL_error(L, "targets.%s.actions.method: expected \"GET\", \"POST\" …, got \"%s\"",
                       r->target, method.ptr);
    out_of(r)->http.method = method;
}

static void body_read(lua_State *L, struct reading *r, int value)
{
    out_of(r)->http.body = reading_text(L, r, "actions.body", value);
}

static void user_read(lua_State *L, struct reading *r, int value)
{
    out_of(r)->http.user = reading_text(L, r, "actions.user", value);
}

static void password_read(lua_State *L, struct reading *r, int value)
{
    out_of(r)->http.password = reading_text(L, r, "actions.password", value);
}

static void insecure_read(lua_State *L, struct reading *r, int value)
{
    out_of(r)->http.insecure = reading_bool(L, r, "actions.insecure", value);
}

/* { ["Content-Type"] = "application/json" } */
static void headers_read(lua_State *L, struct reading *r, int value)
{
    struct http_header *headers = reading_named(L, r, "actions.headers", value, sizeof *headers);
    size_t count = 0;

    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1)) {
        headers[count].name = reading_copy(L, r, -2);
        headers[count++].value = reading_text(L, r, "actions.headers", lua_gettop(L));
    }
    out_of(r)->http.headers = headers;
    out_of(r)->http.header_count = count;
}

static void refer_read(lua_State *L, struct reading *r, int value)
{
    if (!reading_bool(L, r, "actions.refer", value))
        luaL_error(L, "targets.%s.actions: refer = true, or another way to do it", r->target);
    ((struct action_reading *)r)->refer = true;
    out_of(r)->kind = ACTION_REFER;
}

static void account_read(lua_State *L, struct reading *r, int value)
{
    out_of(r)->account = reading_text(L, r, "actions.account", value);
}

static void ask_read(lua_State *L, struct reading *r, int value)
{
    out_of(r)->ask = reading_text(L, r, "actions.ask", value);
    out_of(r)->kind = ACTION_PERSON;
}

static void within_read(lua_State *L, struct reading *r, int value)
{
    out_of(r)->within_us = reading_duration(L, r, "actions.within", value);
}

static const struct key_row action_rows[] = {
    {"http",     http_read    },
    {"method",   method_read  },
    {"headers",  headers_read },
    {"body",     body_read    },
    {"user",     user_read    },
    {"password", password_read},
    {"insecure", insecure_read},
    {"refer",    refer_read   },
    {"account",  account_read },
    {"ask",      ask_read     },
    {"within",   within_read  },
    {NULL,       NULL         }
};

/* Exactly one of: a program, http, refer, ask. */
static void table_check(lua_State *L, const struct action_reading *a, bool program)
{
    const struct target_action *action = a->out;
    bool http = action->http.url.len > 0;
    bool of_http = action->http.method.len > 0 || action->http.body.ptr != NULL ||
                   action->http.user.ptr != NULL || action->http.password.ptr != NULL ||
                   action->http.insecure || action->http.header_count > 0;

    if (program + http + a->refer + (action->ask.len > 0) != 1)
        luaL_error(L,
                   "targets.%s.actions: one of { \"program\", \"argument\" }, { http = URL }, "
                   "{ refer = true } and { ask = \"…\" }",
                   a->r.target);
    if (of_http && !http)
        luaL_error(L,
                   "targets.%s.actions: method, headers, body, user, password and insecure are "
                   "for http = URL",
                   a->r.target);
    if (action->account.ptr != NULL && !a->refer)
        luaL_error(L, "targets.%s.actions: an account is for refer = true", a->r.target);
}

static void table_read(lua_State *L, struct action_reading *a, int value)
{
    bool program = lua_rawlen(L, value) > 0;

    reading_keys(L, &a->r, "actions", value, action_rows, true);
    table_check(L, a, program);
    if (program)
        a->out->argv = reading_command(L, &a->r, "actions", value);
}

/* All but a function, which stands in the file only. */
static void action_read(lua_State *L, struct action_reading *a, int value)
{
    if (lua_type(L, value) == LUA_TTABLE) {
        table_read(L, a, value);
    } else if (lua_type(L, value) == LUA_TSTRING) {
        a->out->kind = ACTION_PERSON;
        a->out->ask = reading_copy(L, &a->r, value);
    } else {
        luaL_error(L,
                   "targets.%s.actions: '%s' is a program and its arguments, { http = URL }, "
                   "{ refer = true }, a function that gives one of these, or what a person is to "
                   "do, not a %s",
                   a->r.target, a->out->name.ptr != NULL ? a->out->name.ptr : "what it gives",
                   luaL_typename(L, value));
    }
}

/* { call = function(uri) return { "ci/dial", uri } end, hangup = "Put the receiver down." } */
void key_actions(lua_State *L, struct reading *r, int value)
{
    struct target_action *actions = reading_named(L, r, "actions", value, sizeof *actions);

    r->into->actions = actions;
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1)) {
        struct action_reading a = {.r = *r, .out = &actions[r->into->action_count++]};
        a.out->name = reading_copy(L, r, -2);
        if (lua_type(L, -1) == LUA_TFUNCTION) {
            lua_pushvalue(L, -1);
            a.out->kind = ACTION_FUNCTION;
            a.out->function = luaL_ref(L, LUA_REGISTRYINDEX);
        } else {
            action_read(L, &a, lua_gettop(L));
        }
    }
    r->into->lua = L;
}

/* Arguments: the value, the struct action_reading. */
static int action_protected(lua_State *L)
{
    action_read(L, lua_touserdata(L, 2), 1);
    return 0;
}

enum err action_of(struct lua_State *L, int index, struct arena *arena, struct target_action *out,
                   struct buf *complaint)
{
    struct action_reading a = {
        .r = {.arena = arena, .target = "…"},
          .out = out
    };

    index = lua_absindex(L, index);
    lua_pushcfunction(L, action_protected);
    lua_pushvalue(L, index);
    lua_pushlightuserdata(L, &a);
    if (lua_pcall(L, 2, 0, 0) == LUA_OK)
        return ERR_OK;
    buf_add(complaint, view_of(lua_tostring(L, -1)));
    lua_pop(L, 1);
    return ERR_SYNTAX;
}
