/* a:subscribe, call:subscribe, and those who are asked. */
#include "harness/api/again_opts.h"
#include "harness/api/aim.h"
#include "harness/api/auth_opts.h"
#include "harness/api/kinds.h"
#include "harness/api/send_opts.h"
#include "harness/api/subscription_api.h"
#include "harness/api/verbs.h"

enum { EXPIRES_USUAL_S = 3600 };

static const char *const names[] = {"expires", "id", "refresh", "retry", "follow", "auth", NULL};

/* Stack: agent or call at 1, the options at opts_index. */
static int subscribe(lua_State *L, struct agent *agent, struct call *call, const struct aim *aim,
                     struct view event, int opts_index)
{
    struct sip_subscribe_options options = {.event = event, .expires_s = EXPIRES_USUAL_S};
    struct opts opts = opts_open(L, opts_index, "subscribe", send_names, names);
    struct subscription *sub;
    struct send_opts send;
    bool refresh = true;

    send_opts_read(&opts, &agent->party, &send);
    send_opts_request(&send, &options.request);
    options.request.method = V("SUBSCRIBE");
    options.request.again = again_soft(&opts, agent->stack.again);
    auth_read(&opts, agent, &options.request);
    opts_view(&opts, "id", &options.id);
    opts_bool(&opts, "refresh", &refresh);
    options.no_refresh = !refresh;
    opts_seconds(&opts, "expires", &options.expires_s);
    if (call != NULL) {
        options.request.call = call->stack;
    } else {
        options.request.uri = aim->uri;
        options.request.remote = aim->remote;
        options.request.proto = aim->proto;
    }
    command_traced(L, &agent->party, "SUBSCRIBE to %.*s", VIEW_ARG(event));
    enum err err = subscription_begin(agent, &options, call, &sub);
    if (err != ERR_OK)
        return command_failed(L, &agent->party, "SUBSCRIBE", err);
    if (aim != NULL) {
        sub->peer = aim->peer;
        agents_request(agents_of_lua(L), sub->request)->peer = aim->peer;
    }
    return subscription_push(L, sub);
}

int agent_subscribe(lua_State *L)
{
    struct agent *agent = agent_check(L, 1);

    lua_settop(L, 4);
    struct aim aim = aim_from(L, 2, "subscribe", &agent->party);
    struct view event = arg_view(L, 3, "an event package");
    return subscribe(L, agent, NULL, &aim, event, 4);
}

int call_subscribe(lua_State *L)
{
    struct call *call = call_check(L, 1);

    lua_settop(L, 3);
    struct view event = arg_view(L, 2, "an event package");
    return subscribe(L, call->agent, call, NULL, event, 3);
}

static int expect_subscribe(lua_State *L)
{
    struct view event = {0};

    args_settle(L); /* expect_subscribe({from = …}) */
    if (!lua_isnil(L, 2))
        event = arg_view(L, 2, "an event package");
    lua_rotate(L, 2, 1); /* the options to 2, the event behind them */
    return verb_expect_subscription(L, "expect_subscribe", V("SUBSCRIBE"), event);
}

int agent_expect_subscribe(lua_State *L)
{
    agent_check(L, 1);
    return expect_subscribe(L);
}

int call_expect_subscribe(lua_State *L)
{
    call_check(L, 1);
    return expect_subscribe(L);
}
