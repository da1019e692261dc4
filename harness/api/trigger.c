#include "harness/api/trigger.h"

#include "harness/agent/builtin.h"
#include "harness/agent/words.h"
#include "harness/api/aim.h"
#include "harness/api/kinds.h"
#include "harness/api/opts.h"
#include "harness/api/trigger_target.h"

enum { ACTION_NAMES_MAX = 32 };

static const struct builtin_action *action_find(struct view name)
{
    for (size_t i = 0; builtin_actions[i].name != NULL; i++)
        if (view_equal(view_of(builtin_actions[i].name), name))
            return &builtin_actions[i];
    return NULL;
}

static const struct builtin_action *action_at(lua_State *L, int index)
{
    struct view name = arg_view(L, index, "an action");
    const struct builtin_action *action = action_find(name);
    const char *names[ACTION_NAMES_MAX] = {0};
    char room[80];

    for (size_t i = 0; builtin_actions[i].name != NULL && i + 1 < ACTION_NAMES_MAX; i++)
        names[i] = builtin_actions[i].name;
    if (action == NULL)
        scene_misuse(L, "the device that sipwright plays knows no action '%s'%s",
                     lua_tostring(L, index),
                     mend(lua_tostring(L, index), names, room, sizeof room));
    return action;
}

static struct builtin_aim aim_for(lua_State *L, const struct builtin_action *action)
{
    if (!action->wants_uri)
        return (struct builtin_aim){0};
    struct aim aim = aim_at(L, 3, action->name);
    return (struct builtin_aim){aim.uri, aim.remote, aim.proto, aim.peer};
}

static int too_late(lua_State *L, const struct device *device, const struct builtin_action *action,
                    uint64_t began_us)
{
    char room[WORDS_MAX];
    struct view within = words_duration(scene_now(scene_of(L)) - began_us, room);

    return scene_refused(L, "%.*s: %s wants %s, and there was none for %.*s",
                         VIEW_ARG(device->party.name), action->name, action->lacks,
                         VIEW_ARG(within));
}

void trigger_wait_say(lua_State *waiting, struct buf *out)
{
    buf_printf(out, "the device: waiting for its action '%s'", lua_tostring(waiting, 2));
}

static int trigger_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind trigger_kind = {trigger_again, trigger_wait_say, false};

/* Stack: the device, the action, its argument. ctx: when it began. */
static int trigger_again(lua_State *L, int status, lua_KContext ctx)
{
    struct device *device = handle_check(L, 1, &device_kind);
    const struct builtin_action *action = action_at(L, 2);
    struct builtin_aim aim = aim_for(L, action);
    uint64_t began_us = (uint64_t)ctx;
    uint64_t deadline_us = began_us + 64 * sip_timers_default.t1_us;
    enum err err;

    (void)status;
    if (builtin_act(device, action, &aim, &err))
        return err == ERR_OK ? 0 : command_failed(L, &device->party, action->name, err);
    if (scene_now(scene_of(L)) >= deadline_us)
        return too_late(L, device, action, began_us);
    return sched_wait_for(L, &device->agent->changed, deadline_us, ctx, &trigger_kind);
}

int device_trigger(lua_State *L)
{
    const struct device *device = handle_check(L, 1, &device_kind);

    if (device->agent == NULL)
        return target_trigger(L, device);
    lua_settop(L, 3);
    const struct builtin_action *action = action_at(L, 2);
    command_traced(L, &device->party, "trigger: %s", action->name);
    return trigger_again(L, LUA_OK, (lua_KContext)scene_now(scene_of(L)));
}
