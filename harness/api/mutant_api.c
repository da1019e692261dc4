#include "harness/api/mutant_api.h"

#include "harness/api/again_opts.h"
#include "harness/api/agent_opts.h"
#include "harness/api/tls_opts.h"
#include "harness/catalogue/requirement.h"
#include "harness/lua/engine.h"
#include "harness/lua/order.h"
#include "harness/scene/run.h"

static const char registered_key; /* registry: list of mutants, as mutants_push gives it */

static const char *const mutant_names[] = {"why", "on_send", "on_receive", "agent",
                                           "tls", "also",    NULL};
/* Of those of t:agent, what makes a device another one and does not move it. */
static const char *const device_names[] = {"timers", "breaks",  "manual",        "strict",
                                           "codecs", "session", "refresh",       "follow",
                                           "retry",  "events",  "info_packages", NULL};

static void row_check(lua_State *L, struct view id, const char *what)
{
    if (requirement_find(id) != NULL)
        return;
    const char *near = requirement_near(lua_pushlstring(L, id.ptr, id.len));
    if (near != NULL)
        scene_misuse(L, "%s: the catalogue has no '%.*s'; did you mean '%s'?", what, VIEW_ARG(id),
                     near);
    scene_misuse(L, "%s: the catalogue has no '%.*s'; 'CTI-001' is one of its ids", what,
                 VIEW_ARG(id));
}

static void name_check(lua_State *L, struct view name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_')
            scene_misuse(L, "the name of a mutant '%.*s': small letters, digits and '_' only",
                         VIEW_ARG(name));
    }
    if (name.len == 0)
        scene_misuse(L, "a mutant has a name, as in mutant(\"STI-014\", \"no_487\", { … })");
}

/* also = { ["CAN-008"] = "why it turns red as well" }; pushes the list of ids. */
static void also_push(lua_State *L, const struct opts *opts)
{
    lua_newtable(L);
    if (!opts_push(opts, "also"))
        return;
    if (!lua_istable(L, -1))
        opts_wrong(opts, "also", "a table of reasons by row, as in { [\"CAN-008\"] = \"why\" }");
    int also = lua_gettop(L);
    lua_Integer count = order_keys(L, also);
    for (lua_Integer i = 1; i <= count; i++) {
        if (lua_rawgeti(L, -1, i) != LUA_TSTRING)
            scene_misuse(L, "also wants reasons by row, as in { [\"CAN-008\"] = \"why\" }");
        row_check(L, arg_view(L, -1, "a row of the catalogue"), "also");
        lua_pushvalue(L, -1);
        if (lua_rawget(L, also) != LUA_TSTRING || lua_rawlen(L, -1) == 0)
            scene_misuse(L, "also: the reason of '%s' is a text", lua_tostring(L, -2));
        lua_pop(L, 1);
        lua_rawseti(L, also - 1, i);
    }
    lua_settop(L, also - 1);
}

static void hook_check(const struct opts *opts, const char *name)
{
    if (!opts_push(opts, name))
        return;
    if (!lua_isfunction(opts->L, -1))
        opts_wrong(opts, name, "a function of the message and the device");
    lua_pop(opts->L, 1);
}

/* The options of the agent on top of the stack, or none. */
static void device_read(lua_State *L, struct agent_options *out, struct view *codecs)
{
    struct opts opts = opts_open(L, lua_gettop(L), "agent of a mutant", device_names, NULL);
    uint32_t again = again_read(&opts, out->again);

    agent_opts_read(&opts, out, codecs);
    out->again = again;
}

/* Found when the file is loaded, and not by the first scenario that meets the device. */
static void opts_check(const struct opts *opts)
{
    struct agent_options options = {0};
    struct view codecs[AGENT_CODECS_MAX], why;
    bool breaks =
        opts_has(opts, "on_send") || opts_has(opts, "on_receive") || opts_has(opts, "tls");

    if (!opts_view(opts, "why", &why) || why.len == 0)
        scene_misuse(opts->L, "a mutant says what is wrong with it: why = \"…\"");
    hook_check(opts, "on_send");
    hook_check(opts, "on_receive");
    tls_opts_read(opts, &options.party.security);
    if (opts_push(opts, "agent")) {
        device_read(opts->L, &options, codecs);
        lua_pop(opts->L, 1);
    } else if (!breaks) {
        scene_misuse(opts->L, "a mutant breaks something: give on_send, on_receive, agent or tls");
    }
}

/* Pushes the one of this id, if there is one. */
static bool find_push(lua_State *L, struct view id)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registered_key);
    for (lua_Integer i = 1, count = (lua_Integer)lua_rawlen(L, -1); i <= count; i++) {
        lua_rawgeti(L, -1, i);
        lua_getfield(L, -1, "id");
        bool same = view_equal(view_of(lua_tostring(L, -1)), id);
        lua_pop(L, 1);
        if (same) {
            lua_remove(L, -2);
            return true;
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return false;
}

static void once_check(lua_State *L, int id)
{
    if (!find_push(L, view_of(lua_tostring(L, id))))
        return;
    lua_getfield(L, -1, "file");
    lua_getfield(L, -2, "line");
    scene_misuse(L, "there is a mutant '%s' at %s:%d already", lua_tostring(L, id),
                 lua_tostring(L, -2), (int)lua_tointeger(L, -1));
}

/* Stack: row, name, opts. */
static void entry_push(lua_State *L, const struct opts *opts)
{
    struct place place = place_of(L, 1);

    lua_createtable(L, 0, 8);
    lua_pushfstring(L, "%s.%s", lua_tostring(L, 1), lua_tostring(L, 2));
    once_check(L, lua_gettop(L));
    lua_setfield(L, 4, "id");
    lua_pushvalue(L, 1);
    lua_setfield(L, 4, "row");
    lua_pushvalue(L, 2);
    lua_setfield(L, 4, "name");
    opts_push(opts, "why");
    lua_setfield(L, 4, "why");
    also_push(L, opts);
    lua_setfield(L, 4, "also");
    lua_pushlstring(L, place.file.ptr, place.file.len);
    lua_setfield(L, 4, "file");
    lua_pushinteger(L, place.line);
    lua_setfield(L, 4, "line");
    lua_pushvalue(L, 3);
    lua_setfield(L, 4, "opts");
}

static int script_mutant(lua_State *L)
{
    lua_settop(L, 3);
    row_check(L, arg_view(L, 1, "a row of the catalogue"), "mutant");
    name_check(L, arg_view(L, 2, "the name of a mutant"));
    if (!lua_istable(L, 3))
        scene_misuse(L, "mutant(row, name, { why = \"…\", on_send = … }): the options are missing");
    struct opts opts = opts_open(L, 3, "mutant", mutant_names, NULL);
    opts_check(&opts);
    lua_settop(L, 3);
    entry_push(L, &opts);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registered_key);
    lua_insert(L, 4);
    lua_rawseti(L, 4, (lua_Integer)lua_rawlen(L, 4) + 1);
    return 0;
}

void mutant_open(lua_State *L)
{
    if (engine_of(L)->suite->mutant.ptr == NULL)
        return;
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &registered_key);
    lua_pushcfunction(L, script_mutant);
    lua_setglobal(L, "mutant");
}

void mutants_push(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registered_key);
}

/* Pushes the options of the mutant that the run asks for. */
static bool meant_push(lua_State *L)
{
    struct view id = engine_of(L)->suite->mutant;

    if (id.len == 0)
        return false;
    if (!find_push(L, id))
        scene_refused(L, "the mutant '%.*s' is no longer there", VIEW_ARG(id));
    lua_getfield(L, -1, "opts");
    lua_remove(L, -2);
    return true;
}

void mutant_options_read(lua_State *L, struct agent_options *out, struct view *codecs)
{
    int top = lua_gettop(L);

    if (meant_push(L)) {
        struct opts opts = opts_open(L, lua_gettop(L), "mutant", mutant_names, NULL);
        if (lua_getfield(L, opts.index, "agent") != LUA_TNIL)
            device_read(L, out, codecs);
        tls_opts_read(&opts, &out->party.security);
    }
    lua_settop(L, top);
}

static int hook_ref(lua_State *L, const char *name)
{
    if (lua_getfield(L, -1, name) == LUA_TFUNCTION)
        return luaL_ref(L, LUA_REGISTRYINDEX);
    lua_pop(L, 1);
    return 0;
}

void mutant_hooks_set(lua_State *L, struct agent *agent)
{
    if (!meant_push(L))
        return;
    agent->on_send = hook_ref(L, "on_send");
    agent->on_receive = hook_ref(L, "on_receive");
    lua_pop(L, 1);
}
