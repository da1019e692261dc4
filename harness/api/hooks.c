#include "harness/api/hooks.h"

#include "harness/agent/background.h"
#include "harness/api/kinds.h"
#include "harness/api/message.h"
#include "harness/lua/random.h"

#include <stdio.h>

static int hook_set(lua_State *L, int *ref, const char *name)
{
    lua_settop(L, 2);
    if (!lua_isnil(L, 2) && !lua_isfunction(L, 2))
        return scene_misuse(L, "%s wants a function of the message, or nil to end it, not %s", name,
                            handle_type_text(L, 2));
    if (*ref != 0)
        luaL_unref(L, LUA_REGISTRYINDEX, *ref);
    *ref = lua_isnil(L, 2) ? 0 : luaL_ref(L, LUA_REGISTRYINDEX);
    return 0;
}

int agent_on_send(lua_State *L)
{
    return hook_set(L, &agent_check(L, 1)->on_send, "on_send");
}

int agent_on_receive(lua_State *L)
{
    return hook_set(L, &agent_check(L, 1)->on_receive, "on_receive");
}

struct hook { /* one run of a hook; on the C stack */
    const struct agent *agent;
    int function;
    struct blob *bytes; /* before; borrowed */
    struct blob *after; /* one reference; NULL: unchanged */
    bool swallow;
    uint64_t time_us;
};

static void hook_result(lua_State *L, struct hook *hook)
{
    struct message_info *info = message_test(L, -1);
    struct view text;

    if (lua_isnil(L, -1))
        return;
    if (lua_isboolean(L, -1) && !lua_toboolean(L, -1)) {
        hook->swallow = true;
    } else if (info != NULL) {
        hook->after = blob_ref(info->bytes);
    } else if (lua_type(L, -1) == LUA_TSTRING) {
        text.ptr = lua_tolstring(L, -1, &text.len);
        hook->after = blob_create(text);
        if (hook->after == NULL)
            luaL_error(L, "not enough memory");
    } else {
        luaL_error(L,
                   "a hook gives a message or bytes to change it, false to swallow it, nothing "
                   "to let it pass; not %s",
                   handle_type_text(L, -1));
    }
}

/* The hook of a mutant is handed the device as scenarios have it. */
static int device_given(lua_State *L, const struct agent *agent)
{
    if (!agent->plays)
        return 0;
    handle_push(L, &device_kind,
                device_named(agent->party.agents, agent->party.name)->party.handle);
    return 1;
}

/* Argument: the hook. Runs in protected mode. */
static int hook_run(lua_State *L)
{
    struct hook *hook = lua_touserdata(L, 1);

    lua_rawgeti(L, LUA_REGISTRYINDEX, hook->function);
    message_push(L, &(struct message_info){
                        .bytes = hook->bytes, .time_us = hook->time_us, .has_time = true});
    int more = device_given(L, hook->agent);
    if (sched_call_now(scene_of(L)->sched, L, 1 + more, 1) != LUA_OK)
        return lua_error(L);
    hook_result(L, hook);
    return 0;
}

static void hook_error(struct scene *scene, const struct party *party, const char *which)
{
    char what[100];

    snprintf(what, sizeof what, "%s of %.*s", which, VIEW_ARG(party->name));
    scene_error(scene, scene->lua, what);
}

static enum trace_fate hook_call(struct scene *scene, const struct agent *agent, int function,
                                 const char *which, uint64_t key, struct blob **bytes)
{
    lua_State *L = scene->lua;
    struct hook hook = {
        .agent = agent, .function = function, .bytes = *bytes, .time_us = scene_now(scene)};

    if (!lua_checkstack(L, 8))
        return FATE_NONE;
    lua_pushcfunction(L, hook_run);
    lua_pushlightuserdata(L, &hook);
    struct random_scope was = random_begin(L, key); /* a copy gets the same draws */
    int status = lua_pcall(L, 1, 0, 0);
    random_end(L, was);
    if (status != LUA_OK) {
        hook_error(scene, &agent->party, which);
        blob_unref(hook.after);
        return FATE_NONE;
    }
    if (hook.swallow)
        return FATE_SWALLOWED;
    if (hook.after == NULL || view_equal(blob_view(hook.after), blob_view(*bytes))) {
        blob_unref(hook.after);
        return FATE_NONE;
    }
    blob_unref(*bytes);
    *bytes = hook.after;
    return FATE_CHANGED;
}

static const struct agent *agent_at(const struct scene *scene, uint32_t party)
{
    struct party *found = agents_party(scene->agents, party);

    return found != NULL && found->kind == PARTY_AGENT ? (const struct agent *)found : NULL;
}

enum trace_fate hooks_out(struct scene *scene, uint32_t party, struct sip_msg *msg,
                          uint64_t copy_key, struct blob **bytes)
{
    const struct agent *agent = agent_at(scene, party);
    struct agents *agents = scene->agents;

    if (agent == NULL || agent->on_send == 0 || agents->tidying)
        return FATE_NONE;
    if (msg != NULL)
        post_remember(&agents->post, msg);
    agents->draw_key = rng_mix(copy_key + 1) ^ party;
    agents->draw_count = 0;
    enum trace_fate fate =
        hook_call(scene, agent, agent->on_send, "on_send", agents->draw_key, bytes);
    agents->draw_key = 0;
    return fate;
}

enum trace_fate hooks_in(struct scene *scene, uint32_t from, uint32_t party, struct sip_msg *msg,
                         struct blob **bytes)
{
    const struct agent *agent = agent_at(scene, party);

    if (agent != NULL && background_takes(scene->agents, from, msg))
        return FATE_SWALLOWED;
    if (agent == NULL || agent->on_receive == 0 || scene->agents->tidying)
        return FATE_NONE;
    if (msg != NULL)
        post_remember(&scene->agents->post, msg);
    return hook_call(scene, agent, agent->on_receive, "on_receive",
                     view_hash(blob_view(*bytes)) ^ party, bytes);
}
