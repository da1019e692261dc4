#include "harness/api/want.h"

#include "harness/api/kinds.h"

#include <stdio.h>

static const char metatable_key, cache_key;
enum { CACHE_MAX = 512 };

static struct want *want_test(lua_State *L, int index)
{
    void *box = lua_touserdata(L, index);

    if (box == NULL || !lua_getmetatable(L, index))
        return NULL;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same ? box : NULL;
}

static struct want *want_push(lua_State *L)
{
    struct want *want = lua_newuserdatauv(L, sizeof *want, 1);

    *want = (struct want){0};
    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
    lua_setmetatable(L, -2);
    return want;
}

/* The method behind a status, "200|487 BYE": the last word before the checks. */
static enum sip_method method_of(struct view text)
{
    text = view_trim(view_head(text, view_find_char(text, '[')));
    for (size_t at; (at = view_find_char(text, ' ')) < text.len;)
        text = view_trim(view_skip(text, at));
    return sip_method_find(text);
}

static void want_describe(struct want *want)
{
    want->text = pattern_text(want->pattern);
    want->response = pattern_is_response(want->pattern);
    want->final = pattern_wants_final(want->pattern);
    want->bare = want->response && !pattern_names_method(want->pattern);
    want->method = method_of(want->text);
}

static struct want *want_parse(lua_State *L, int index)
{
    struct pattern_error error = {0};
    struct view text;

    text.ptr = lua_tolstring(L, index, &text.len);
    struct want *want = want_push(L);
    struct view copy = arena_copy(&want->arena, text);
    if (copy.ptr == NULL)
        luaL_error(L, "not enough memory");
    enum err err = pattern_parse(copy, &want->arena, &want->pattern, &error);
    if (err == ERR_SYNTAX)
        scene_misuse(L, "pattern \"%s\": %s", text.ptr, error.sentence);
    else if (err != ERR_OK)
        luaL_error(L, "not enough memory");
    want_describe(want);
    return want;
}

/* The text at the index; a want of the same text is there already, or is made and kept. */
static struct want *want_cached(lua_State *L, int index)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &cache_key);
    lua_pushvalue(L, index);
    if (lua_rawget(L, -2) == LUA_TNIL) {
        lua_pop(L, 1);
        want_parse(L, index);
        lua_Integer count = (lua_rawgeti(L, -2, 1), lua_tointeger(L, -1));
        lua_pop(L, 1);
        if (count >= CACHE_MAX) {
            lua_newtable(L);
            lua_replace(L, -3);
            lua_pushvalue(L, -2);
            lua_rawsetp(L, LUA_REGISTRYINDEX, &cache_key);
            count = 0;
        }
        lua_pushinteger(L, count + 1);
        lua_rawseti(L, -3, 1);
        lua_pushvalue(L, index);
        lua_pushvalue(L, -2);
        lua_rawset(L, -4);
    }
    lua_replace(L, index);
    lua_pop(L, 1);
    return lua_touserdata(L, index);
}

struct want *want_at(lua_State *L, int index)
{
    struct want *want;

    switch (lua_type(L, index)) {
    case LUA_TNUMBER: /* not in place: the script's own value may be in use */
        lua_pushfstring(L, "%d", (int)lua_tointeger(L, index));
        lua_replace(L, index);
        return want_cached(L, index);
    case LUA_TSTRING:
        return want_cached(L, index);
    case LUA_TFUNCTION:
        want = want_push(L);
        lua_pushvalue(L, index);
        lua_setiuservalue(L, -2, 1);
        lua_replace(L, index);
        want->text = V("what its function asks for");
        return want;
    default:
        want = want_test(L, index);
        if (want == NULL)
            scene_misuse(L,
                         "a pattern is a string (\"200 INVITE\"), a status or a function, not %s",
                         handle_type_text(L, index));
        return want;
    }
}

struct want *want_any_final(lua_State *L)
{
    struct want *want = want_push(L);

    want->any_final = want->response = want->final = true;
    want->text = V("a final response");
    return want;
}

/* The message is on top of the stack; popped. */
static bool function_holds(lua_State *L, int index)
{
    lua_getiuservalue(L, index, 1);
    lua_insert(L, -2);
    if (sched_call_now(scene_of(L)->sched, L, 1, 1) != LUA_OK)
        lua_error(L);
    bool holds = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return holds;
}

static bool pattern_holds(lua_State *L, const struct want *want,
                          const struct pattern_subject *subject, struct view *failed_check)
{
    struct vars *vars = scene_of(L)->vars;
    size_t mark = vars_mark(vars);

    if (pattern_match(want->pattern, subject, vars, failed_check))
        return true;
    vars_reset(vars, mark);
    return false;
}

bool want_matches(lua_State *L, struct want *want, int index, const struct mail *mail,
                  struct view *failed_check)
{
    if (want->any_final)
        return mail->status >= 200;
    if (want->pattern == NULL) {
        index = lua_absindex(L, index);
        message_push_mail(L, mail);
        return function_holds(L, index);
    }
    struct pattern_subject subject = {.msg = post_msg(&agents_of_lua(L)->post, mail->bytes),
                                      .generated = mail->generated,
                                      .error = (enum net_error)mail->error};
    if (subject.msg == NULL) /* bytes that are no SIP message are anything, and nothing else */
        return view_equal(want->text, V("*"));
    return pattern_holds(L, want, &subject, failed_check);
}

bool want_is(lua_State *L, struct want *want, int index, const struct message_info *info,
             int message_index, struct view *failed_check)
{
    if (want->pattern == NULL) {
        index = lua_absindex(L, index);
        lua_pushvalue(L, message_index);
        return function_holds(L, index);
    }
    struct pattern_subject subject = {.msg = message_msg(L, info),
                                      .generated = info->generated,
                                      .error = (enum net_error)info->error};
    return subject.msg != NULL && pattern_holds(L, want, &subject, failed_check);
}

static int want_gc(lua_State *L)
{
    struct want *want = lua_touserdata(L, 1);

    arena_deinit(&want->arena);
    return 0;
}

void want_open(lua_State *L)
{
    lua_newtable(L);
    lua_pushcfunction(L, want_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushliteral(L, "pattern");
    lua_setfield(L, -2, "__name");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &cache_key);
}
