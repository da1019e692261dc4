/* What a file's top level says: scenario, group, before_each, after_each, param, secret. */
#include "harness/scene/suite.h"

#include "harness/scene/scene.h"

static const char names_key; /* registry: name of a scenario -> its line */

static struct loading *loading_of(lua_State *L, const char *what)
{
    struct loading *loading = engine_of(L)->loading;
    if (loading == NULL || loading->closed)
        misuse(L, "%s stands at the top level of a file, not inside of a scenario", what);
    return loading;
}

static void *grow(lua_State *L, struct arena *arena, void *items, uint32_t count, uint32_t *size,
                  size_t len)
{
    void *grown = arena_room(arena, items, len, count, size, 16);
    if (grown == NULL)
        luaL_error(L, "not enough memory");
    return grown;
}

static struct view check_name(lua_State *L, const char *what)
{
    struct view name;
    if (lua_type(L, 1) != LUA_TSTRING)
        misuse(L, "%s wants its name first, a string", what);
    name.ptr = lua_tolstring(L, 1, &name.len);
    struct view trimmed = view_trim(name);
    if (trimmed.len == 0 || trimmed.len != name.len || name.len > 500)
        misuse(L, "the name of a %s is a line of 1 to 500 bytes without blanks around it", what);
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.ptr[i] < 0x20 || name.ptr[i] == 0x7f)
            misuse(L, "the name of a %s may have no control characters", what);
    return name;
}

/* (name, fn) or (name, opts, fn): gives the index of fn, and has opts read. */
static int check_arguments(lua_State *L, const char *what, struct loading *loading,
                           struct scenario_info *info)
{
    int fn = lua_isfunction(L, 2) ? 2 : 3;
    if (!lua_isfunction(L, fn))
        misuse(L, "%s(name, function) or %s(name, options, function): the function is missing",
               what, what);
    if (fn == 3 && !lua_istable(L, 2))
        misuse(L, "%s: the options are a table, got a %s", what, luaL_typename(L, 2));
    if (lua_gettop(L) > fn)
        misuse(L, "%s: the function comes last", what);
    if (fn == 3)
        scenario_options_read(L, 2, &loading->arena, info, what);
    return fn;
}

/* Names are looked up in a table of Lua: a file may have thousands. */
static void refuse_twice(lua_State *L, const struct scenario_info *info)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &names_key);
    lua_pushlstring(L, info->name.ptr, info->name.len);
    lua_pushvalue(L, -1);
    if (lua_rawget(L, -3) != LUA_TNIL)
        misuse(L, "there is a scenario '%.*s' at line %d already: names are unique",
               VIEW_ARG(info->name), (int)lua_tointeger(L, -1));
    lua_pop(L, 1);
    lua_pushinteger(L, info->line);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

static struct view concat(lua_State *L, struct arena *arena, struct view a, struct view b,
                          struct view c)
{
    struct buf text = {0};
    buf_add(&text, a);
    buf_add(&text, b);
    buf_add(&text, c);
    struct view copy =
        text.failed == ERR_OK ? arena_copy(arena, buf_view(&text)) : (struct view){0};
    buf_deinit(&text);
    if (copy.ptr == NULL)
        luaL_error(L, "not enough memory");
    return copy;
}

/* The line of the file itself: a helper in another file may make scenarios. */
static uint32_t line_in(lua_State *L, struct view file)
{
    lua_Debug ar;
    for (int level = 1; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.source[0] == '@' && ar.currentline > 0 && view_equal(view_of(ar.source + 1), file))
            return (uint32_t)ar.currentline;
    }
    return 0;
}

static int script_scenario(lua_State *L)
{
    struct loading *loading = loading_of(L, "scenario");
    const struct suite *suite = loading->suite;
    struct view name = check_name(L, "scenario");
    const struct group *group = &loading->groups[loading->group];
    struct registered one = {.info = group->inherited, .group = loading->group};
    one.info.file = suite->source->name;
    one.info.line = line_in(L, one.info.file);
    int fn = check_arguments(L, "scenario", loading, &one.info);
    one.info.name = concat(L, &loading->arena, group->prefix, name, V(""));
    refuse_twice(L, &one.info);
    one.info.id = concat(L, &loading->arena, one.info.file, V(": "), one.info.name);
    if (loading->scenario_count >= SCENARIOS_MOST)
        misuse(L, "more than %d scenarios in one file", SCENARIOS_MOST);
    loading->scenarios = grow(L, &loading->arena, loading->scenarios, loading->scenario_count,
                              &loading->scenario_size, sizeof one);
    lua_pushvalue(L, fn);
    one.ref = luaL_ref(L, LUA_REGISTRYINDEX);
    loading->scenarios[loading->scenario_count++] = one;
    return 0;
}

static uint32_t depth_of(const struct loading *loading, uint32_t group)
{
    uint32_t depth = 0;
    for (; group != 0; group = loading->groups[group].parent)
        depth++;
    return depth;
}

static int script_group(lua_State *L)
{
    struct loading *loading = loading_of(L, "group");
    struct view name = check_name(L, "group");
    uint32_t outer = loading->group;
    struct group one = {.parent = outer, .inherited = loading->groups[outer].inherited};
    int fn = check_arguments(L, "group", loading, &one.inherited);
    one.prefix = concat(L, &loading->arena, loading->groups[outer].prefix, name, V(": "));
    if (depth_of(loading, outer) >= GROUPS_DEEP || loading->group_count >= SCENARIOS_MOST)
        misuse(L, "groups are nested too deeply, or there are too many");
    loading->groups = grow(L, &loading->arena, loading->groups, loading->group_count,
                           &loading->group_size, sizeof one);
    loading->groups[loading->group_count] = one;
    loading->group = (uint32_t)loading->group_count++;
    lua_pushvalue(L, fn);
    int status = lua_pcall(L, 0, 0, 0);
    loading->group = outer;
    return status == LUA_OK ? 0 : lua_error(L);
}

static int add_around(lua_State *L, bool after)
{
    const char *what = after ? "after_each" : "before_each";
    struct loading *loading = loading_of(L, what);
    if (!lua_isfunction(L, 1))
        return misuse(L, "%s wants a function, got a %s", what, luaL_typename(L, 1));
    loading->arounds = grow(L, &loading->arena, loading->arounds, loading->around_count,
                            &loading->around_size, sizeof *loading->arounds);
    lua_settop(L, 1);
    loading->arounds[loading->around_count++] =
        (struct around){loading->group, after, luaL_ref(L, LUA_REGISTRYINDEX)};
    return 0;
}

static int script_before_each(lua_State *L)
{
    return add_around(L, false);
}

static int script_after_each(lua_State *L)
{
    return add_around(L, true);
}

static const struct named_text *find_named(const struct named_text *list, size_t count,
                                           struct view name)
{
    for (size_t i = count; i > 0; i--) /* the one given last on the command line goes */
        if (view_equal(list[i - 1].name, name))
            return &list[i - 1];
    return NULL;
}

static void note_param(lua_State *L, struct loading *loading, struct view name)
{
    for (size_t i = 0; i < loading->param_count; i++)
        if (view_equal(loading->params[i], name))
            return;
    loading->params = grow(L, &loading->arena, loading->params, loading->param_count,
                           &loading->param_size, sizeof *loading->params);
    loading->params[loading->param_count++] = copy_in(L, &loading->arena, name);
}

/* A text from the command line where the default is a number or a boolean: of that type. */
static int push_like(lua_State *L, struct view name, struct view value, int like)
{
    lua_pushlstring(L, value.ptr, value.len);
    if (lua_type(L, like) == LUA_TNUMBER) {
        if (!lua_stringtonumber(L, lua_tostring(L, -1)))
            return misuse(L, "--set %.*s=%.*s: a number is wanted", VIEW_ARG(name),
                          VIEW_ARG(value));
    } else if (lua_type(L, like) == LUA_TBOOLEAN) {
        bool is_true = view_equal(value, V("true")), is_false = view_equal(value, V("false"));
        if (!is_true && !is_false)
            return misuse(L, "--set %.*s=%.*s: true or false is wanted", VIEW_ARG(name),
                          VIEW_ARG(value));
        lua_pushboolean(L, is_true);
    }
    return 1;
}

static const struct suite_options *options_of(lua_State *L)
{
    return engine_of(L)->suite;
}

static int script_param(lua_State *L)
{
    struct view name;
    name.ptr = luaL_checklstring(L, 1, &name.len);
    lua_settop(L, 2);
    const struct suite_options *options = options_of(L);
    struct loading *loading = engine_of(L)->loading;
    if (loading != NULL)
        note_param(L, loading, name);
    const struct named_text *given = find_named(options->params, options->param_count, name);
    if (given != NULL)
        return push_like(L, name, given->value, 2);
    if (lua_isnil(L, 2))
        return misuse(L, "param '%.*s' has no default and was not given; run with --set %.*s=VALUE",
                      VIEW_ARG(name), VIEW_ARG(name));
    return 1;
}

static int script_secret(lua_State *L)
{
    struct view name;
    name.ptr = luaL_checklstring(L, 1, &name.len);
    const struct suite_options *options = options_of(L);
    const struct named_text *given = find_named(options->secrets, options->secret_count, name);
    if (given == NULL)
        return misuse(L,
                      "secret '%.*s' is not given; run with --secret %.*s=VALUE or set "
                      "SIPWRIGHT_SECRET_%.*s",
                      VIEW_ARG(name), VIEW_ARG(name), VIEW_ARG(name));
    lua_pushlstring(L, given->value.ptr, given->value.len);
    return 1;
}

static const luaL_Reg functions[] = {
    {"scenario",    script_scenario   },
    {"group",       script_group      },
    {"before_each", script_before_each},
    {"after_each",  script_after_each },
    {"param",       script_param      },
    {"secret",      script_secret     },
    {NULL,          NULL              }
};

void register_open(lua_State *L)
{
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &names_key);
    lua_pushglobaltable(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
