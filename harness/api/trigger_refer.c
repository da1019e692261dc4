#include "harness/api/trigger_refer.h"
#include "harness/api/trigger.h"

#include "harness/api/agent_api.h"
#include "harness/api/kinds.h"
#include "harness/api/opts.h"
#include "harness/api/subscription_api.h"
#include "harness/api/test_api.h"

enum { ROUND_US = 10000 };

static struct agent *operator_find(const struct agents *agents)
{
    struct party *party = agents_named(agents, V("operator"));

    return party != NULL && party->kind == PARTY_AGENT ? (struct agent *)party : NULL;
}

/* The scenario's own agent of that name, or one that is made now. */
static struct agent *operator_get(lua_State *L, const struct target_action *action)
{
    struct agent *agent = operator_find(agents_of_lua(L));

    if (agent != NULL)
        return agent;
    lua_createtable(L, 0, 2);
    view_push(L, action->account);
    lua_setfield(L, -2, "account");
    struct opts opts = {.L = L, .index = lua_gettop(L), .whose = "the action"};
    return agent_make(&opts, V("operator"), (struct agent_options){0});
}

static int refer_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind refer_kind = {refer_again, trigger_wait_say, true};

/* Stack: the device, the action, the URI, …; the subscription at ctx. */
static int refer_again(lua_State *L, int status, lua_KContext ctx)
{
    const struct device *device = handle_check(L, 1, &device_kind);
    const struct subscription *sub = subscription_check(L, (int)ctx);
    struct request *request = agents_request(agents_of_lua(L), sub->request);

    (void)status;
    if (request == NULL)
        return scene_refused(L, "%.*s: its REFER is gone", VIEW_ARG(device->party.name));
    uint64_t now_us = scene_now(scene_of(L)),
             until_us = request->sent_us + (uint64_t)lua_tointeger(L, (int)ctx + 1);
    if (request->status / 100 == 2)
        return 0;
    if (request->generated)
        return scene_refused(L, "%.*s: the action '%s': the REFER was not answered",
                             VIEW_ARG(device->party.name), lua_tostring(L, 2));
    if (request->status != 0)
        return scene_refused(L, "%.*s: the action '%s': the REFER was answered %u",
                             VIEW_ARG(device->party.name), lua_tostring(L, 2), request->status);
    if (now_us >= until_us)
        return scene_refused(L, "%.*s: the action '%s': the REFER was not answered in time",
                             VIEW_ARG(device->party.name), lua_tostring(L, 2));
    return sched_wait_for(L, NULL, now_us + ROUND_US, ctx, &refer_kind);
}

int refer_trigger(lua_State *L, const struct device *device, const struct target_action *action,
                  uint64_t within_us)
{
    int top = lua_gettop(L);

    if (top != 3)
        return scene_misuse(L, "the action '%s' of %.*s is a REFER: trigger(\"%s\", uri)",
                            lua_tostring(L, 2), VIEW_ARG(device->target->name), lua_tostring(L, 2));
    const struct agent *agent = operator_get(L, action);
    lua_pushcfunction(L, agent_refer);
    agent_push(L, agent);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 3);
    lua_call(L, 3, 1);
    const struct subscription *sub = subscription_check(L, lua_gettop(L));
    agents_request(agents_of_lua(L), sub->request)->script =
        false; /* its refusal is ours to tell */
    lua_pushinteger(L, (lua_Integer)within_us);
    return refer_again(L, LUA_OK, lua_gettop(L) - 1);
}
