#include "harness/api/trigger_target.h"

#include "harness/api/acting.h"
#include "harness/api/kinds.h"
#include "harness/api/opts.h"
#include "harness/api/trigger_http.h"
#include "harness/api/trigger_refer.h"

enum { ARGUMENTS_MAX = 64 };
#define WITHIN_US (UINT64_C(30) * US_PER_S) /* a program, an answer; a person may take his time */

static uint64_t within_of(const struct device *device, const struct target_action *action)
{
    uint64_t usual_us = device->target->limits.action_us;

    if (action->within_us != 0)
        return action->within_us;
    if (action->kind == ACTION_PERSON)
        return 0;
    return usual_us != 0 ? usual_us : WITHIN_US;
}

/* An agent is its URI, all else its text: in place. */
static void arguments_text(lua_State *L)
{
    for (int i = 3; i <= lua_gettop(L); i++) {
        const struct party *party = party_test(L, i);
        int type = lua_type(L, i);
        if (party != NULL)
            view_push(L, party->uri);
        else if (type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TBOOLEAN)
            luaL_tolstring(L, i, NULL);
        else
            scene_misuse(L, "trigger gives a program agents, texts and numbers, not a %s",
                         luaL_typename(L, i));
        lua_replace(L, i);
    }
}

static int run_program(lua_State *L, const struct device *device,
                       const struct target_action *action)
{
    const char *argv[2 * ARGUMENTS_MAX] = {0};
    bool given = action->name.ptr != NULL; /* else a function has had the arguments */
    size_t count = 0;

    for (; action->argv[count] != NULL && count < ARGUMENTS_MAX; count++)
        argv[count] = action->argv[count];
    for (int i = 3; given && i <= lua_gettop(L) && count + 1 < 2 * ARGUMENTS_MAX; i++)
        argv[count++] = lua_tostring(L, i);
    return acting_run(
        L, device, &(struct acting_program){.argv = argv, .within_us = within_of(device, action)});
}

static int run_function(lua_State *L, const struct device *device,
                        const struct target_action *action);

static int run(lua_State *L, const struct device *device, const struct target_action *action)
{
    switch (action->kind) {
    case ACTION_PERSON:
        return acting_ask(L, device, action->ask, within_of(device, action));
    case ACTION_HTTP:
        return http_trigger(L, device, &action->http, within_of(device, action));
    case ACTION_REFER:
        return refer_trigger(L, device, action, within_of(device, action));
    case ACTION_FUNCTION:
        return run_function(L, device, action);
    case ACTION_PROGRAM:
        break;
    }
    return run_program(L, device, action);
}

/* In the state of sipwright.lua, which is another one: its result is left on top there. */
static void function_call(lua_State *L, const struct device *device,
                          const struct target_action *action)
{
    lua_State *theirs = device->target->lua;
    int top = lua_gettop(theirs), count = lua_gettop(L) - 2;

    lua_checkstack(theirs, count + 4);
    lua_rawgeti(theirs, LUA_REGISTRYINDEX, action->function);
    for (int i = 3; i < 3 + count; i++)
        lua_pushstring(theirs, lua_tostring(L, i));
    if (lua_pcall(theirs, count, 1, 0) == LUA_OK)
        return;
    lua_pushstring(L, lua_isstring(theirs, -1) ? lua_tostring(theirs, -1) : "it raised no text");
    lua_settop(theirs, top);
    scene_refused(L, "%.*s: the action '%s': %s", VIEW_ARG(device->party.name), lua_tostring(L, 2),
                  lua_tostring(L, -1));
}

static int run_function(lua_State *L, const struct device *device,
                        const struct target_action *action)
{
    lua_State *theirs = device->target->lua;
    int top = lua_gettop(theirs);
    struct target_action given = {.within_us = 0};
    struct buf complaint = {0};
    char why[200] = "it gives nothing";

    function_call(L, device, action);
    enum err err = lua_isnil(theirs, -1)
                       ? ERR_SYNTAX
                       : action_of(theirs, -1, &agents_of_lua(L)->arena, &given, &complaint);
    lua_settop(theirs, top);
    if (complaint.len > 0)
        snprintf(why, sizeof why, "%.*s", VIEW_ARG(buf_view(&complaint)));
    buf_deinit(&complaint);
    if (err != ERR_OK)
        return scene_refused(L, "%.*s: the action '%s': %s: return { \"ci/dial\", uri }",
                             VIEW_ARG(device->party.name), lua_tostring(L, 2), why);
    return run(L, device, &given);
}

static int skip(lua_State *L, const struct device *device, struct view action)
{
    return scene_skip(L, "the target %.*s has no action '%.*s'", VIEW_ARG(device->target->name),
                      VIEW_ARG(action));
}

int target_trigger(lua_State *L, const struct device *device)
{
    struct view name = arg_view(L, 2, "an action");
    const struct target_action *action = target_action_find(device->target, name);

    if (device->target->auto_answer && view_equal(name, V("answer")))
        return 0;
    if (action == NULL)
        return skip(L, device, name);
    if (lua_gettop(L) > ARGUMENTS_MAX)
        return scene_misuse(L, "trigger takes no more than %d arguments", ARGUMENTS_MAX);
    command_traced(L, &device->party, "trigger: %.*s", VIEW_ARG(name));
    arguments_text(L);
    return run(L, device, action);
}
