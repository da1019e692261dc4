#include "harness/expect/checker.h"

#include "harness/expect/show.h"
#include "harness/lua/handle.h"

enum { VALUE = 1, WHAT = 2, CHECKS_MOST = 40 }; /* user values; names for a suggestion */

static const char checker_key; /* registry: metatable */

struct checker *checker_check(lua_State *L, const char *name)
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

int checker_make(lua_State *L, bool soft)
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

int checker_begin(lua_State *L, const char *name, int arg_count, struct checker **out)
{
    struct checker *checker = checker_check(L, name);
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

/* Both look alike, and are not: a header's value was compared to its text. */
static struct view fields_hint(struct view expected, struct view actual)
{
    bool quoted = expected.len == actual.len + 2 && expected.ptr[0] == '"' &&
                  view_equal(view_head(view_skip(expected, 1), actual.len), actual);
    return quoted
               ? V("it is no string but has fields (number, tag, uri …): compare one of them, or "
                   "tostring(…) of it")
               : (struct view){0};
}

/* The phrase is on top. */
static void fail(lua_State *L, const struct checker *checker, struct view actual, const char *more)
{
    struct view expected, sentence;
    expected.ptr = lua_tolstring(L, -1, &expected.len);
    bool named = lua_getiuservalue(L, CHECKER, WHAT) == LUA_TSTRING;
    lua_pushfstring(L, "%s%sexpected %s, got %s%s", named ? lua_tostring(L, -1) : "",
                    named ? ": " : "", expected.ptr, actual.ptr, more);
    sentence.ptr = lua_tolstring(L, -1, &sentence.len);
    scene_fail(L, &(struct failure){.verdict = VERDICT_FAIL,
                                    .sentence = sentence,
                                    .expected = expected,
                                    .actual = actual,
                                    .hint = fields_hint(expected, actual),
                                    .network = NETWORK_BLURS,
                                    .soft = checker->soft});
}

static void held(lua_State *L, struct view actual)
{
    struct view what;
    if (lua_getiuservalue(L, CHECKER, WHAT) == LUA_TSTRING)
        lua_pushfstring(L, "%s: %s", lua_tostring(L, -1), lua_tostring(L, -2));
    else
        lua_pop(L, 1);
    what.ptr = lua_tolstring(L, -1, &what.len);
    scene_held(L, what, actual);
}

int checker_say(lua_State *L, struct checker *checker, int value, bool holds, const char *more)
{
    bool negated = checker->negated;
    checker->negated = false; /* never() is for the check after it */
    struct view actual = show_push(L, value);
    lua_insert(L, -2);
    if (negated) {
        lua_pushliteral(L, "not ");
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    if (holds == negated)
        fail(L, checker, actual, more);
    else
        held(L, actual);
    lua_settop(L, CHECKER);
    return 1;
}

/* Upvalues: the checks by name, and as a list. */
static int checker_index(lua_State *L)
{
    const luaL_Reg *checks = lua_touserdata(L, lua_upvalueindex(2));
    const char *names[CHECKS_MOST + 1] = {0};
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    for (size_t i = 0; i < CHECKS_MOST && checks[i].name != NULL; i++)
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

void checker_open(lua_State *L, const luaL_Reg *checks)
{
    lua_createtable(L, 0, 4);
    lua_newtable(L);
    luaL_setfuncs(L, checks, 0);
    lua_pushlightuserdata(L, (void *)(uintptr_t)checks);
    lua_pushcclosure(L, checker_index, 2);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, checker_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushliteral(L, "expectation");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &checker_key);
}
