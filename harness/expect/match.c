/* The checks that take a regular expression: matches and raises. */
#include "harness/expect/checker.h"
#include "harness/lua/handle.h"
#include "harness/lua/text.h"
#include "harness/pattern/pattern.h"

static bool matches(lua_State *L, int expression, struct view subject)
{
    struct view text;
    struct pattern_error error;
    if (lua_type(L, expression) != LUA_TSTRING)
        misuse(L, "a regular expression is wanted, a string, got %s",
               handle_type_text(L, expression));
    text.ptr = lua_tolstring(L, expression, &text.len);
    int result = regex_match(text, subject, &error);
    if (result < 0)
        misuse(L, "regular expression '%.*s': %s", VIEW_ARG(view_head(text, 100)), error.sentence);
    return result == 1;
}

static void push_phrase(lua_State *L, const char *what, int expression)
{
    lua_pushfstring(L, "%s /%s/", what, lua_tostring(L, expression));
}

int check_matches(lua_State *L)
{
    struct checker *checker;
    int value = checker_begin(L, "matches", 1, &checker);
    bool text = lua_type(L, value) == LUA_TSTRING || lua_type(L, value) == LUA_TNUMBER;
    struct view subject = V("");
    if (text) {
        lua_pushvalue(L, value); /* a number is changed by what follows */
        subject.ptr = lua_tolstring(L, -1, &subject.len);
    }
    bool holds = matches(L, CHECK_ARG, subject) && text;
    push_phrase(L, "a match of", CHECK_ARG);
    return checker_say(L, checker, value, holds, "");
}

/* What failed inside is taken back, and only it: what a pcall inside has swallowed stays. */
static void unrecord(lua_State *L, struct view raised, uint64_t since)
{
    struct stage *stage = stage_of(scene_of(L));
    uint32_t task = sched_task(L);
    struct record *record = verdicts_find_raised(stage->scene.verdicts, task, raised);
    if (record != NULL)
        verdicts_remove(stage->scene.verdicts, record);
    for (struct unchecked *one = stage->unchecked, *next; one != NULL && one->serial > since;
         one = next) {
        next = one->next;
        if (one->task == task)
            unchecked_remove(stage, one);
    }
}

/* Stack: checker, expression or nil; on top the error, or nothing. */
static int after_call(lua_State *L, int status, lua_KContext ctx)
{
    struct checker *checker = lua_touserdata(L, CHECKER);
    bool raised = status != LUA_OK && status != LUA_YIELD;
    struct view text = {0};
    if (raised) {
        text = text_push(L, -1);
        unrecord(L, text, (uint64_t)ctx);
    } else {
        lua_pushliteral(L, "no error");
    }
    int value = lua_gettop(L);
    bool holds = raised && (lua_isnil(L, CHECK_ARG) || matches(L, CHECK_ARG, text));
    if (lua_isnil(L, CHECK_ARG))
        lua_pushliteral(L, "an error");
    else
        push_phrase(L, "an error that matches", CHECK_ARG);
    return checker_say(L, checker, value, holds, "");
}

int check_raises(lua_State *L)
{
    struct checker *checker;
    bool any = lua_gettop(L) < CHECK_ARG;
    int value = checker_begin(L, "raises", any ? 0 : 1, &checker);
    if (!lua_isfunction(L, value))
        return misuse(L, "expect(function):raises wants a function, got %s",
                      handle_type_text(L, value));
    if (any) {
        lua_pushnil(L);
        lua_insert(L, CHECK_ARG);
    }
    lua_KContext newest = (lua_KContext)stage_of(scene_of(L))->unchecked_serial;
    return after_call(L, lua_pcallk(L, 0, 0, 0, newest, after_call), newest);
}
