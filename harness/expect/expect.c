#include "harness/expect/expect.h"

#include "harness/expect/checker.h"
#include "harness/expect/equal.h"
#include "harness/expect/show.h"
#include "harness/lua/handle.h"
#include "harness/lua/order.h"

static int expect_call(lua_State *L)
{
    lua_remove(L, 1); /* expect itself */
    return checker_make(L, false);
}

static int expect_soft(lua_State *L)
{
    return checker_make(L, true);
}

static int expect_index(lua_State *L)
{
    static const char *const names[] = {"soft", NULL};
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : luaL_typename(L, 2);
    const char *nearest = suggest(name, names);
    return misuse(L, "unknown field '%s' of expect%s", name,
                  nearest == NULL ? "" : "; did you mean 'expect.soft'?");
}

static int check_equals(lua_State *L)
{
    struct checker *checker;
    int value = checker_begin(L, "equals", 1, &checker);
    bool holds = equal(L, value, CHECK_ARG);
    lua_pushliteral(L, "");
    if (!holds && lua_istable(L, value) && lua_istable(L, CHECK_ARG)) {
        lua_pushliteral(L, "; they differ at ");
        difference(L, value, CHECK_ARG);
        lua_concat(L, 3);
    }
    const char *more = lua_tostring(L, -1);
    show_push(L, CHECK_ARG);
    return checker_say(L, checker, value, holds, more);
}

static bool has_value(lua_State *L, int list, int wanted)
{
    lua_Integer count = luaL_len(L, list);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_geti(L, list, i);
        bool same = equal(L, -1, wanted);
        lua_pop(L, 1);
        if (same)
            return true;
    }
    return false;
}

static bool has_named_value(lua_State *L, int table, int wanted)
{
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1))
        if (equal(L, -1, wanted)) {
            lua_pop(L, 2);
            return true;
        }
    return false;
}

static bool text_contains(lua_State *L, int value, int wanted)
{
    struct view text, part;
    if (lua_type(L, wanted) != LUA_TSTRING && lua_type(L, wanted) != LUA_TNUMBER)
        misuse(L, "expect(string):contains wants a string, got %s", handle_type_text(L, wanted));
    text.ptr = lua_tolstring(L, value, &text.len);
    part.ptr = lua_tolstring(L, wanted, &part.len);
    return part.len == 0 || view_find(text, part) < text.len;
}

static int check_contains(lua_State *L)
{
    struct checker *checker;
    int value = checker_begin(L, "contains", 1, &checker);
    bool holds = false;
    if (lua_type(L, value) == LUA_TSTRING)
        holds = text_contains(L, value, CHECK_ARG);
    else if (lua_istable(L, value))
        holds = has_named_value(L, value, CHECK_ARG);
    else if (luaL_getmetafield(L, value, "__len") != LUA_TNIL)
        holds = has_value(L, value, CHECK_ARG);
    lua_settop(L, value);
    lua_pushliteral(L, "something that contains ");
    show_push(L, CHECK_ARG);
    lua_concat(L, 2);
    return checker_say(L, checker, value, holds, "");
}

static int check_one_of(lua_State *L)
{
    struct checker *checker;
    int value = checker_begin(L, "one_of", 1, &checker);
    if (!lua_istable(L, CHECK_ARG))
        return misuse(L, "expect(value):one_of wants a list, as in one_of{ 486, 600 }");
    bool holds = has_value(L, CHECK_ARG, value);
    lua_pushliteral(L, "one of ");
    show_push(L, CHECK_ARG);
    lua_concat(L, 2);
    return checker_say(L, checker, value, holds, "");
}

/* Numbers with numbers, strings with strings; anything else is not in that order. */
static bool comparable(lua_State *L, int value, int bound, const char *name)
{
    int type = lua_type(L, bound);
    if (type != LUA_TNUMBER && type != LUA_TSTRING)
        misuse(L, "expect(value):%s wants a number, got %s", name, handle_type_text(L, bound));
    return lua_type(L, value) == type;
}

static int check_between(lua_State *L)
{
    struct checker *checker;
    int value = checker_begin(L, "between", 2, &checker);
    bool low = comparable(L, value, CHECK_ARG, "between"); /* both may be a misuse: ask both */
    bool high = comparable(L, value, CHECK_ARG + 1, "between");
    bool holds = low && high && lua_compare(L, CHECK_ARG, value, LUA_OPLE) &&
                 lua_compare(L, value, CHECK_ARG + 1, LUA_OPLE);
    lua_pushliteral(L, "a value between ");
    show_push(L, CHECK_ARG);
    lua_pushliteral(L, " and ");
    show_push(L, CHECK_ARG + 1);
    lua_concat(L, 4);
    return checker_say(L, checker, value, holds, "");
}

static int check_at_least(lua_State *L)
{
    struct checker *checker;
    int value = checker_begin(L, "at_least", 1, &checker);
    bool holds =
        comparable(L, value, CHECK_ARG, "at_least") && lua_compare(L, CHECK_ARG, value, LUA_OPLE);
    lua_pushliteral(L, "at least ");
    show_push(L, CHECK_ARG);
    lua_concat(L, 2);
    return checker_say(L, checker, value, holds, "");
}

static int check_exists(lua_State *L)
{
    struct checker *checker;
    int value = checker_begin(L, "exists", 0, &checker);
    lua_pushliteral(L, "a value");
    return checker_say(L, checker, value, !lua_isnil(L, value), "");
}

static int check_is_nil(lua_State *L)
{
    struct checker *checker;
    int value = checker_begin(L, "is_nil", 0, &checker);
    lua_pushliteral(L, "nil");
    return checker_say(L, checker, value, lua_isnil(L, value), "");
}

static int check_is(lua_State *L)
{
    struct checker *checker;
    int value = checker_begin(L, "is", 1, &checker);
    struct scene *scene = scene_of(L);
    const struct scene_part *const *part = stage_of(scene)->parts;
    while (part != NULL && *part != NULL && (*part)->is == NULL)
        part++;
    if (part == NULL || *part == NULL)
        return misuse(L, "expect(message):is(pattern): there are no messages here");
    struct buf instead = {.limit = 400};
    bool holds = (*part)->is(L, value, CHECK_ARG, &instead);
    lua_pushstring(L, holds || instead.len == 0 ? "" : "; ");
    lua_pushlstring(L, instead.ptr == NULL ? "" : instead.ptr, holds ? 0 : instead.len);
    buf_deinit(&instead);
    lua_concat(L, 2);
    const char *more = lua_tostring(L, -1);
    if (lua_type(L, CHECK_ARG) == LUA_TSTRING || lua_type(L, CHECK_ARG) == LUA_TNUMBER) {
        lua_pushliteral(L, "");
        lua_pushvalue(L, CHECK_ARG);
        lua_concat(L, 2);
    } else {
        show_push(L, CHECK_ARG);
    }
    return checker_say(L, checker, value, holds, more);
}

static int check_never(lua_State *L)
{
    struct checker *checker = checker_check(L, "never");
    checker->negated = !checker->negated;
    lua_settop(L, CHECKER);
    return 1;
}

static const luaL_Reg checks[] = {
    {"equals",   check_equals  },
    {"matches",  check_matches },
    {"contains", check_contains},
    {"one_of",   check_one_of  },
    {"between",  check_between },
    {"at_least", check_at_least},
    {"exists",   check_exists  },
    {"is_nil",   check_is_nil  },
    {"is",       check_is      },
    {"raises",   check_raises  },
    {"never",    check_never   },
    {NULL,       NULL          }
};

void expect_open(lua_State *L)
{
    checker_open(L, checks);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, expect_soft);
    lua_setfield(L, -2, "soft");
    lua_createtable(L, 0, 3);
    lua_pushcfunction(L, expect_call);
    lua_setfield(L, -2, "__call");
    lua_pushcfunction(L, expect_index);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_setglobal(L, "expect");
}
