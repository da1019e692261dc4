/* REFER, RFC 3515: asking for it, and doing what it asks for. */
#include "harness/api/again_opts.h"
#include "harness/api/aim.h"
#include "harness/api/auth_opts.h"
#include "harness/api/dialog_id.h"
#include "harness/api/invite.h"
#include "harness/api/kinds.h"
#include "harness/api/referred.h"
#include "harness/api/rows_more.h"
#include "harness/api/send_opts.h"
#include "harness/api/subscription_api.h"
#include "harness/api/verbs.h"

static const char *const names[] = {"replaces",   "no_sub",        "method",
                                    "early_only", "target_dialog", "referred_by",
                                    "retry",      "auth",          NULL};

/* <sip:carol@192.0.2.3?Replaces=…>, RFC 3515 §2.1, RFC 3891 §6.1. */
static struct view refer_to(lua_State *L, const struct opts *opts, struct view uri, uint32_t peer)
{
    struct view method, replaces = replaces_read(opts, peer);
    struct buf buf = {0};

    size_t headers = view_find_char(uri, '?');

    buf_add_char(&buf, '<');
    buf_add(&buf, view_head(uri, headers));
    if (opts_view(opts, "method", &method)) {
        buf_add(&buf, V(";method="));
        buf_add(&buf, method);
    }
    buf_add(&buf, view_skip(uri, headers));
    if (replaces.ptr != NULL) {
        buf_add(&buf, headers < uri.len ? V("&Replaces=") : V("?Replaces="));
        header_escape(&buf, replaces);
    }
    buf_add_char(&buf, '>');
    if (buf.failed == ERR_OK)
        view_push(L, buf_view(&buf));
    enum err err = buf.failed;
    buf_deinit(&buf);
    if (err != ERR_OK)
        luaL_error(L, "not enough memory");
    return arg_view(L, -1, "a Refer-To");
}

/* The other end of the call that is to be replaced, where no target is given. */
static struct view target_of(lua_State *L, const struct opts *opts)
{
    struct sip_call_info info;
    struct call *call = opts_push(opts, "replaces") ? handle_test(L, -1, &call_kind) : NULL;

    if (call == NULL || call_dialog(call, &info) != ERR_OK || info.remote_target.ptr == NULL)
        scene_misuse(L, "refer wants a target: an agent, a URI, or {replaces = call}");
    return info.remote_target;
}

/* RFC 3892 §2.1, by the identity that our messages have. */
static struct view referred_by(lua_State *L, const struct opts *opts, const struct agent *agent)
{
    struct view text;
    bool wanted = true;

    if (!opts_push(opts, "referred_by"))
        return (struct view){0};
    if (lua_type(L, -1) != LUA_TBOOLEAN && opts_view(opts, "referred_by", &text))
        return text;
    wanted = lua_toboolean(L, -1);
    if (!wanted)
        return (struct view){0};
    lua_pushfstring(L, "<%s>", lua_pushlstring(L, agent->party.uri.ptr, agent->party.uri.len));
    return arg_view(L, -1, "referred_by");
}

/* Stack: …, the target at target_index, the options behind it. */
static int refer(lua_State *L, struct agent *agent, struct call *call, const struct aim *whom,
                 int target_index)
{
    struct sip_subscribe_options options = {.event = V("refer")};
    struct opts opts = opts_open(L, target_index + 1, "refer", send_names, names);
    struct aim target = {.peer = 0};
    struct subscription *sub;
    struct send_opts send;
    bool no_sub = false;

    luaL_checkstack(L, 40, "refer");
    send_opts_read(&opts, &agent->party, &send);
    send_opts_request(&send, &options.request);
    if (!lua_isnil(L, target_index))
        target = aim_at(L, target_index, "refer");
    else
        target.uri = target_of(L, &opts);
    struct sip_request_options *request = &options.request;
    request->method = V("REFER");
    request->again = again_read(&opts, agent->stack.again);
    auth_read(&opts, agent, request);
    rows_more(L, &request->rows, &request->row_count, V("Refer-To"),
              refer_to(L, &opts, target.uri, target.peer));
    rows_more(L, &request->rows, &request->row_count, V("Referred-By"),
              referred_by(L, &opts, agent));
    opts_bool(&opts, "no_sub", &no_sub);
    if (no_sub) /* RFC 4488 §4 */
        rows_more(L, &request->rows, &request->row_count, V("Refer-Sub"), V("false"));
    rows_more(L, &request->rows, &request->row_count, V("Target-Dialog"),
              target_dialog_read(&opts, whom == NULL ? 0 : whom->peer));
    if (call != NULL) {
        request->call = call->stack;
    } else {
        request->uri = whom->uri;
        request->remote = whom->remote;
        request->proto = whom->proto;
    }
    command_traced(L, &agent->party, "REFER to %.*s", VIEW_ARG(target.uri));
    enum err err = subscription_begin(agent, &options, call, &sub);
    if (err != ERR_OK)
        return command_failed(L, &agent->party, "REFER", err);
    if (whom != NULL)
        sub->peer = agents_request(agents_of_lua(L), sub->request)->peer = whom->peer;
    return subscription_push(L, sub);
}

int call_refer(lua_State *L)
{
    struct call *call = call_check(L, 1);

    args_settle(L); /* refer{replaces = call} */
    return refer(L, call->agent, call, NULL, 2);
}

int agent_refer(lua_State *L)
{
    struct agent *agent = agent_check(L, 1);

    lua_settop(L, 4);
    struct aim whom = aim_from(L, 2, "refer", &agent->party);
    return refer(L, agent, NULL, &whom, 3);
}

static int expect_refer(lua_State *L)
{
    lua_settop(L, 2);
    return verb_expect_subscription(L, "expect_refer", V("REFER"), (struct view){0});
}

int call_expect_refer(lua_State *L)
{
    call_check(L, 1);
    return expect_refer(L);
}

int agent_expect_refer(lua_State *L)
{
    agent_check(L, 1);
    return expect_refer(L);
}

/* sub:follow(opts): sends what the Refer-To asks for, and notifies of each response. Gives the
 * call, or of another method than INVITE the client transaction. */
int subscription_follow(lua_State *L)
{
    struct subscription *sub = subscription_check(L, 1);
    struct referred referred;

    lua_settop(L, 2);
    if (!sub->notifier || !sub->refer)
        return scene_misuse(L, "follow is for REFER, and for the one who was asked");
    referred_read(L, sub, &referred);
    if (!view_equal(referred.refer.method, V("INVITE")))
        return referred_send(L, sub, &referred, 2);
    struct call *call = invite_begin(L, sub->agent, &referred.aim, 2, &referred.refer);
    struct request *request = agents_request(agents_of_lua(L), call->invite);
    refer_follows(sub, request);
    return call_push(L, call);
}
