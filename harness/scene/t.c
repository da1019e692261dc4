/* t, the test: what the scenario core itself has on it. Agents, flows and faults add theirs as
 * parts. */
#include "harness/scene/stage.h"

#include "harness/lua/handle.h"
#include "harness/lua/text.h"

static const char cleanups_key; /* registry: functions, in the order in which they were given */

static int check_function(lua_State *L, int index, const char *what)
{
    if (!lua_isfunction(L, index))
        misuse(L, "%s wants a function, got %s", what, handle_type_text(L, index));
    return index;
}

static struct view check_text(lua_State *L, int index, const char *what)
{
    struct view text;
    if (lua_type(L, index) != LUA_TSTRING)
        misuse(L, "%s wants a string, got %s", what, handle_type_text(L, index));
    text.ptr = lua_tolstring(L, index, &text.len);
    return text;
}

static void note(lua_State *L, enum trace_kind kind, struct view name, struct view mime,
                 struct view text)
{
    struct scene *scene = scene_of(L);
    struct place place = place_of(L, 0);
    struct trace_event event = {.time_us = scene_now(scene), .kind = kind};
    event.source = (struct trace_source){place.file, place.line, sched_task(L)};
    event.u.note.name = name;
    event.u.note.mime = mime;
    event.u.note.text = text;
    trace_append(scene->trace, &event);
}

/* t.sleep("3s") instead of t:sleep("3s") is told as what it is. */
static struct scene *check_t(lua_State *L, const char *method)
{
    struct scene *scene = scene_of(L);
    if (lua_touserdata(L, 1) != stage_of(scene)->t)
        misuse(L, "call it with a colon: t:%s(…)", method);
    return scene;
}

static void trace_sleep(lua_State *L, uint64_t due_us, enum trace_timer_act act)
{
    struct scene *scene = scene_of(L);
    struct place place = place_of(L, 0);
    struct trace_event event = {.time_us = scene_now(scene), .kind = TRACE_TIMER};
    event.source = (struct trace_source){place.file, place.line, sched_task(L)};
    event.u.timer.name = V("sleep");
    event.u.timer.due_us = due_us;
    event.u.timer.act = act;
    trace_append(scene->trace, &event);
}

static int slept(lua_State *L, int status, lua_KContext due_us)
{
    (void)status;
    trace_sleep(L, (uint64_t)due_us, TIMER_FIRED);
    return 0;
}

static void sleep_say(lua_State *waiting, struct buf *out)
{
    (void)waiting;
    buf_add(out, V("sleeping"));
}

static const struct wait_kind sleep_kind = {slept, sleep_say, false};

static int t_sleep(lua_State *L)
{
    uint64_t due_us = scene_now(check_t(L, "sleep")) + scene_duration(L, 2);
    trace_sleep(L, due_us, TIMER_SET);
    return sched_wait_for(L, NULL, due_us, (lua_KContext)due_us, &sleep_kind);
}

static int t_now(lua_State *L)
{
    lua_pushnumber(L, (lua_Number)scene_now(check_t(L, "now")) / 1e6);
    return 1;
}

static int after_given(lua_State *L, int status, lua_KContext ctx)
{
    *sched_word(L) = (uint32_t)ctx;
    if (status != LUA_OK && status != LUA_YIELD)
        return lua_error(L);
    return lua_gettop(L);
}

static int t_given(lua_State *L)
{
    check_t(L, "given");
    check_function(L, 2, "t:given");
    uint32_t *word = sched_word(L);
    if (word == NULL)
        return misuse(L, "t:given stands in a scenario's function");
    lua_KContext was = (lua_KContext)*word;
    (*word)++;
    lua_settop(L, 2);
    lua_remove(L, 1);
    return after_given(L, lua_pcallk(L, 0, LUA_MULTRET, 0, was, after_given), was);
}

static int after_step(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    (void)ctx;
    note(L, TRACE_STEP, check_text(L, 1, "t:step"), V(""), V("end"));
    return lua_gettop(L) - 1;
}

static int t_step(lua_State *L)
{
    check_t(L, "step");
    struct view name = check_text(L, 2, "t:step");
    note(L, TRACE_STEP, name, V(""), V("begin"));
    if (lua_isnoneornil(L, 3))
        return 0;
    check_function(L, 3, "t:step");
    lua_settop(L, 3);
    lua_remove(L, 1);
    lua_callk(L, 0, LUA_MULTRET, 0, after_step);
    return after_step(L, LUA_OK, 0);
}

static int t_log(lua_State *L)
{
    check_t(L, "log");
    check_text(L, 2, "t:log");
    note(L, TRACE_LOG, V("log"), V(""), text_format(L, 2));
    return 0;
}

static int t_attach(lua_State *L)
{
    check_t(L, "attach");
    struct view name = check_text(L, 2, "t:attach"), bytes = check_text(L, 3, "t:attach");
    struct view mime = lua_isnoneornil(L, 4) ? V("text/plain") : check_text(L, 4, "t:attach");
    note(L, TRACE_ATTACH, name, mime, bytes);
    return 0;
}

static int t_fail(lua_State *L)
{
    check_t(L, "fail");
    struct view text =
        lua_isnoneornil(L, 2) ? V("the scenario called t:fail") : check_text(L, 2, "t:fail");
    return scene_fail(L, &(struct failure){.verdict = VERDICT_FAIL, .sentence = text});
}

static int t_skip(lua_State *L)
{
    check_t(L, "skip");
    struct view why = check_text(L, 2, "t:skip");
    return scene_fail(L, &(struct failure){.verdict = VERDICT_SKIP, .sentence = why});
}

static int t_cleanup(lua_State *L)
{
    struct scene *scene = check_t(L, "cleanup");
    check_function(L, 2, "t:cleanup");
    if (scene->tearing_down)
        return misuse(L, "t:cleanup comes too late here: the cleanups run already");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &cleanups_key);
    lua_pushvalue(L, 2);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    return 0;
}

bool t_next_cleanup(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &cleanups_key);
    lua_Integer last = (lua_Integer)lua_rawlen(L, -1);
    if (last == 0) {
        lua_pop(L, 1);
        return false;
    }
    lua_rawgeti(L, -1, last);
    lua_pushnil(L);
    lua_rawseti(L, -3, last);
    lua_remove(L, -2);
    return true;
}

static int push_seed(lua_State *L, struct scene *scene)
{
    lua_pushinteger(L, (lua_Integer)scene->seed);
    return 1;
}

static const luaL_Reg methods[] = {
    {"sleep",   t_sleep  },
    {"now",     t_now    },
    {"spawn",   t_spawn  },
    {"all",     t_all    },
    {"given",   t_given  },
    {"step",    t_step   },
    {"log",     t_log    },
    {"attach",  t_attach },
    {"fail",    t_fail   },
    {"skip",    t_skip   },
    {"cleanup", t_cleanup},
    {NULL,      NULL     }
};

static const struct scene_field fields[] = {
    {"seed", push_seed},
    {NULL,   NULL     }
};

static const struct scene_field *find_field(const struct scene_field *list, const char *name)
{
    for (; list != NULL && list->name != NULL; list++)
        if (strcmp(list->name, name) == 0)
            return list;
    return NULL;
}

static const struct scene_field *find_any_field(const struct stage *stage, const char *name)
{
    const struct scene_field *field = find_field(fields, name);
    for (size_t i = 0; field == NULL && stage->parts != NULL && stage->parts[i] != NULL; i++)
        field = find_field(stage->parts[i]->t_fields, name);
    return field;
}

enum { NAMES_MOST = 200 };

static size_t add_names(const char **names, size_t count, const luaL_Reg *list,
                        const struct scene_field *more)
{
    for (; list != NULL && list->name != NULL && count < NAMES_MOST; list++)
        names[count++] = list->name;
    for (; more != NULL && more->name != NULL && count < NAMES_MOST; more++)
        names[count++] = more->name;
    return count;
}

static int unknown_name(lua_State *L, const struct stage *stage, const char *name)
{
    const char *names[NAMES_MOST + 1];
    size_t count = add_names(names, 0, methods, fields);
    for (size_t i = 0; stage->parts != NULL && stage->parts[i] != NULL; i++)
        count = add_names(names, count, stage->parts[i]->t_methods, stage->parts[i]->t_fields);
    names[count] = NULL;
    const char *nearest = suggest(name, names);
    if (nearest != NULL)
        return misuse(L, "unknown method or field '%s' of t; did you mean '%s'?", name, nearest);
    return misuse(L, "unknown method or field '%s' of t", name);
}

/* Upvalue: the methods. */
static int t_index(lua_State *L)
{
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    struct scene *scene = scene_of(L);
    struct stage *stage = stage_of(scene);
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : luaL_typename(L, 2);
    const struct scene_field *field = find_any_field(stage, name);
    if (field != NULL)
        return field->push(L, scene);
    return unknown_name(L, stage, name);
}

static int t_newindex(lua_State *L)
{
    return misuse(L, "a field of t cannot be set; keep what you need in a local");
}

static int t_tostring(lua_State *L)
{
    lua_pushliteral(L, "t");
    return 1;
}

static void add_methods(lua_State *L, const luaL_Reg *list)
{
    for (; list != NULL && list->name != NULL; list++) {
        lua_getfield(L, -1, list->name);
        ASSERT(lua_isnil(L, -1)); /* two parts with a method of one name */
        lua_pop(L, 1);
        lua_pushcfunction(L, list->func);
        lua_setfield(L, -2, list->name);
    }
}

static bool has_method(const luaL_Reg *list, const char *name)
{
    for (; list != NULL && list->name != NULL; list++)
        if (strcmp(list->name, name) == 0)
            return true;
    return false;
}

static bool is_of_t(lua_State *L, const char *name)
{
    const struct stage *stage = stage_of(scene_of(L));
    bool found = has_method(methods, name);
    for (size_t i = 0; !found && stage->parts != NULL && stage->parts[i] != NULL; i++)
        found = has_method(stage->parts[i]->t_methods, name);
    return found;
}

void t_open(lua_State *L)
{
    struct stage *stage = stage_of(scene_of(L));
    stage->engine->is_of_t = is_of_t;
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &cleanups_key);
    stage->t = lua_newuserdatauv(L, 0, 0);
    lua_createtable(L, 0, 5);
    lua_newtable(L);
    add_methods(L, methods);
    for (size_t i = 0; stage->parts != NULL && stage->parts[i] != NULL; i++)
        add_methods(L, stage->parts[i]->t_methods);
    lua_pushcclosure(L, t_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, t_newindex);
    lua_setfield(L, -2, "__newindex");
    lua_pushcfunction(L, t_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushliteral(L, "t");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}
