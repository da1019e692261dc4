#include "harness/expect/expect.h"

#include "harness/expect/checker.h"
#include "harness/expect/equal.h"
#include "harness/expect/show.h"
#include "harness/lua/handle.h"
#include "harness/lua/order.h"

enum { VALUE = 1, WHAT = 2 }; /* user values */

static const char checker_key; /* registry: metatable */

static struct checker *checker_at(lua_State *L, const char *name)
{
    bool fine = false;
    if (lua_type(L, CHECKER) == LUA_TUSERDATA && lua_getmetatable(L, CHECKER)) {
        lua_rawgetp(L, LUA_REGISTRYINDEX, &checker_key);
        fine = lua_rawequal(L, -1, -2);
        lua_pop(L, 2);
    }
    if (!fine)
        misuse(L, "call it with a colon, as in expect(value):%s(…)", name);
    return lua_touserdata(L, CHECKER);
}

void unchecked_remove(struct stage *stage, struct unchecked *one)
{
    if (one == NULL)
        return;
    if (one->prev == NULL)
        stage->unchecked = one->next;
    else
        one->prev->next = one->next;
    if (one->next != NULL)
        one->next->prev = one->prev;
    mem_free(one);
}

static bool read_soft(lua_State *L, int index)
{
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1))
        if (lua_type(L, -2) != LUA_TSTRING || strcmp(lua_tostring(L, -2), "soft") != 0)
            misuse(L, "the only option of a check is { soft = true }");
    lua_getfield(L, index, "soft");
    bool soft = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return soft;
}

static const char *source_name(lua_State *L, struct view file)
{
    struct sources *sources = engine_of(L)->sources;
    const struct source *source = sources == NULL ? NULL : source_find(sources, file);
    return source == NULL ? "" : source->name.ptr; /* outlives the state */
}

static int make_checker(lua_State *L, bool soft)
{
    struct stage *stage = stage_of(scene_of(L));
    if (lua_gettop(L) == 0)
        return misuse(L, "expect wants a value");
    lua_settop(L, 2);
    if (lua_istable(L, 2)) {
        soft |= read_soft(L, 2);
        lua_pushnil(L);
        lua_replace(L, 2);
    } else if (!lua_isnil(L, 2) && lua_type(L, 2) != LUA_TSTRING) {
        return misuse(L, "expect(value, what): what is a name for the value, a string");
    }
    struct checker *checker = lua_newuserdatauv(L, sizeof *checker, 2);
    *checker = (struct checker){.soft = soft};
    lua_rawgetp(L, LUA_REGISTRYINDEX, &checker_key);
    lua_setmetatable(L, -2);
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, VALUE);
    lua_pushvalue(L, 2);
    lua_setiuservalue(L, -2, WHAT);
    struct unchecked *pending = mem_zalloc(sizeof *pending);
    if (pending == NULL)
        return luaL_error(L, "not enough memory");
    pending->place = place_of(L, 0);
    pending->place.file = view_of(source_name(L, pending->place.file));
    pending->task = sched_task(L);
    pending->serial = ++stage->unchecked_serial;
    pending->next = stage->unchecked;
    if (pending->next != NULL)
        pending->next->prev = pending;
    stage->unchecked = checker->pending = pending;
    return 1;
}

static int expect_call(lua_State *L)
{
    lua_remove(L, 1); /* expect itself */
    return make_checker(L, false);
}

static int expect_soft(lua_State *L)
{
    return make_checker(L, true);
}

static int expect_index(lua_State *L)
{
    static const char *const names[] = {"soft", NULL};
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : luaL_typename(L, 2);
    const char *nearest = suggest(name, names);
    return misuse(L, "unknown field '%s' of expect%s", name,
                  nearest == NULL ? "" : "; did you mean 'expect.soft'?");
}

int checker_begin(lua_State *L, const char *name, int arg_count, struct checker **out)
{
    struct checker *checker = checker_at(L, name);
    if (lua_gettop(L) < CHECKER + arg_count)
        misuse(L, "expect(value):%s: %s missing", name,
               arg_count == 1 ? "its argument is" : "arguments are");
    bool soft = checker->soft;
    if (lua_istable(L, CHECK_ARG + arg_count))
        soft |= read_soft(L, CHECK_ARG + arg_count);
    else if (!lua_isnoneornil(L, CHECK_ARG + arg_count))
        misuse(L, "expect(value):%s takes %d argument%s and { soft = true }", name, arg_count,
               arg_count == 1 ? "" : "s");
    checker->soft = soft;
    lua_settop(L, CHECKER + arg_count);
    unchecked_remove(stage_of(scene_of(L)), checker->pending);
    checker->pending = NULL;
    lua_getiuservalue(L, CHECKER, VALUE);
    *out = checker;
    return lua_gettop(L);
}

/* The phrase is on top. */
static int fail(lua_State *L, const struct checker *checker, struct view actual, bool negated,
                const char *more)
{
    struct view expected = {0}, sentence;
    if (negated) {
        lua_pushliteral(L, "not ");
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    expected.ptr = lua_tolstring(L, -1, &expected.len);
    bool named = lua_getiuservalue(L, CHECKER, WHAT) == LUA_TSTRING;
    lua_pushfstring(L, "%s%sexpected %s, got %s%s", named ? lua_tostring(L, -1) : "",
                    named ? ": " : "", expected.ptr, actual.ptr, more);
    sentence.ptr = lua_tolstring(L, -1, &sentence.len);
    scene_fail(L, &(struct failure){.verdict = VERDICT_FAIL,
                                    .sentence = sentence,
                                    .expected = expected,
                                    .actual = actual,
                                    .soft = checker->soft});
    return 0;
}

int checker_say(lua_State *L, struct checker *checker, int value, bool holds, const char *more)
{
    bool negated = checker->negated;
    checker->negated = false; /* never() is for the check after it */
    struct view actual = show_push(L, value);
    lua_insert(L, -2);
    if (holds == negated) {
        fail(L, checker, actual, negated, more);
    } else {
        struct view phrase;
        phrase.ptr = lua_tolstring(L, -1, &phrase.len);
        scene_held(L, phrase, actual);
    }
    lua_settop(L, CHECKER);
    return 1;
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
    bool holds =
        comparable(L, value, CHECK_ARG, "between") & comparable(L, value, CHECK_ARG + 1, "between");
    holds = holds && lua_compare(L, CHECK_ARG, value, LUA_OPLE) &&
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
    struct checker *checker = checker_at(L, "never");
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

/* Upvalue: the checks. */
static int checker_index(lua_State *L)
{
    const char *names[sizeof checks / sizeof *checks];
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        names[i] = checks[i].name;
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : luaL_typename(L, 2);
    const char *nearest = suggest(name, names);
    return misuse(L, "unknown check '%s' of expect%s%s%s", name,
                  nearest == NULL ? "" : "; did you mean '", nearest == NULL ? "" : nearest,
                  nearest == NULL ? "" : "'?");
}

static int checker_tostring(lua_State *L)
{
    lua_pushliteral(L, "expect(…)");
    return 1;
}

static void open_checker(lua_State *L)
{
    lua_createtable(L, 0, 4);
    luaL_newlib(L, checks);
    lua_pushcclosure(L, checker_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, checker_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushliteral(L, "expectation");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &checker_key);
}

void expect_open(lua_State *L)
{
    open_checker(L);
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
