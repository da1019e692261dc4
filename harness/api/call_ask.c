/* Requests in a call. */
#include "harness/agent/session.h"
#include "harness/api/again_opts.h"
#include "harness/api/auth_opts.h"
#include "harness/api/call_api.h"
#include "harness/api/kinds.h"
#include "harness/api/message.h"
#include "harness/api/rows_more.h"
#include "harness/api/send_opts.h"

struct asking { /* one request in a call, from the script's options to the wire */
    struct call *call;
    struct view method, text; /* text: the body where the options have none; absent: none */
    const char *whose;
    struct send_opts send;
    struct sip_request_options options;
    struct opts opts;
};

static void asking_read(lua_State *L, struct asking *asking, int opts_index)
{
    static const char *const names[] = {"retry", "auth", "package", NULL};

    asking->opts = opts_open(L, opts_index, asking->whose, send_names, names);
    send_opts_read(&asking->opts, &asking->call->agent->party, &asking->send);
    send_opts_request(&asking->send, &asking->options);
    asking->options.method = asking->method;
    asking->options.call = asking->call->stack;
    asking->options.again = again_read(&asking->opts, asking->call->again);
    auth_read(&asking->opts, asking->call->agent, &asking->options);
    if (asking->text.ptr != NULL && asking->options.body.ptr == NULL) {
        asking->options.body = asking->text;
        if (asking->options.content_type.ptr == NULL)
            asking->options.content_type = V("text/plain");
    }
}

/* sdp: the description that it bears, or empty; freed. */
static int asking_send(lua_State *L, struct asking *asking, struct buf *sdp)
{
    struct call *call = asking->call;
    struct request *request = NULL;
    enum err err = sdp->failed;

    if (sdp->len > 0)
        asking->options.body = buf_view(sdp);
    command_traced(L, &call->agent->party, "%.*s", VIEW_ARG(asking->method));
    if (err == ERR_OK)
        err = request_send(call->agent, &asking->options, &request, NULL);
    buf_deinit(sdp);
    if (err != ERR_OK)
        return command_failed(L, &call->agent->party, asking->whose, err);
    request->script = true;
    return request_push(L, request);
}

static int ask(lua_State *L, struct view method, const char *whose, int opts_index,
               struct view text)
{
    struct asking asking = {
        .call = call_check(L, 1), .method = method, .text = text, .whose = whose};
    struct buf sdp = {0};

    asking_read(L, &asking, opts_index);
    if (asking.send.sdp == SDP_GIVEN)
        sdp.failed = send_opts_sdp(&asking.send, asking.call, &sdp);
    return asking_send(L, &asking, &sdp);
}

int script_bye(lua_State *L)
{
    lua_settop(L, 2);
    return ask(L, V("BYE"), "BYE", 2, (struct view){0});
}

/* RFC 6086 §4.2.1, §4.3.1: INFO of a package, which the other side has to have said that it takes.
 */
static void package_read(lua_State *L, struct asking *asking)
{
    struct sip_request_options *options = &asking->options;
    const struct call *call = asking->call;
    const struct sip_stack *stack = agent_stack(call->agent);
    struct view package, party = call->agent->party.name;

    if (!opts_view(&asking->opts, "package", &package))
        return;
    size_t name_len = view_find_char(package, ';');
    if (!options->force && stack != NULL &&
        !sip_call_takes(stack, call->stack, view_head(package, name_len)))
        scene_misuse(L,
                     "%.*s: the other side has not said that it takes INFO of package '%.*s' "
                     "(Recv-Info, RFC 6086); send it all the same with {force = true}",
                     VIEW_ARG(party), VIEW_ARG(view_head(package, name_len)));
    rows_more(L, &options->rows, &options->row_count, V("Info-Package"), package);
    if (options->body.len > 0)
        rows_more(L, &options->rows, &options->row_count, V("Content-Disposition"),
                  V("Info-Package"));
}

int script_info(lua_State *L)
{
    struct asking asking = {.call = call_check(L, 1), .method = V("INFO"), .whose = "INFO"};
    struct buf sdp = {0};

    lua_settop(L, 2);
    asking_read(L, &asking, 2);
    package_read(L, &asking);
    if (asking.send.sdp == SDP_GIVEN)
        sdp.failed = send_opts_sdp(&asking.send, asking.call, &sdp);
    return asking_send(L, &asking, &sdp);
}

int script_message(lua_State *L)
{
    lua_settop(L, 3);
    struct view text = lua_isnil(L, 2) ? V("") : arg_view(L, 2, "the text of a message");
    return ask(L, V("MESSAGE"), "MESSAGE", 3, text);
}

int script_request(lua_State *L)
{
    lua_settop(L, 3);
    struct view method = arg_view(L, 2, "a method");
    return ask(L, method, lua_tostring(L, 2), 3, (struct view){0});
}

enum offer_kind { OFFER_AGAIN, OFFER_HOLD, OFFER_RESUME };

static enum err offer_make(struct call *call, enum offer_kind kind, struct buf *sdp)
{
    switch (kind) {
    case OFFER_HOLD:
        return session_hold(call, true, sdp);
    case OFFER_RESUME:
        return session_hold(call, false, sdp);
    default:
        return session_offer(call, sdp);
    }
}

static int reinvite(lua_State *L, const char *whose, enum offer_kind kind)
{
    struct asking asking = {.call = call_check(L, 1), .method = V("INVITE"), .whose = whose};
    struct buf sdp = {0};

    lua_settop(L, 2);
    asking_read(L, &asking, 2);
    if (asking.send.sdp == SDP_GIVEN) {
        sdp.failed = send_opts_sdp(&asking.send, asking.call, &sdp);
    } else if (asking.send.sdp != SDP_NONE && asking.send.body.ptr == NULL) {
        enum err err = offer_make(asking.call, kind, &sdp);
        if (err != ERR_OK) {
            buf_deinit(&sdp);
            return command_failed(L, &asking.call->agent->party, whose, err);
        }
    }
    return asking_send(L, &asking, &sdp);
}

int script_reinvite(lua_State *L)
{
    return reinvite(L, "re-INVITE", OFFER_AGAIN);
}

int script_hold(lua_State *L)
{
    return reinvite(L, "hold", OFFER_HOLD);
}

int script_resume(lua_State *L)
{
    return reinvite(L, "resume", OFFER_RESUME);
}

static enum err ack_sdp(struct call *call, const struct send_opts *send, struct buf *sdp)
{
    if (send->sdp == SDP_GIVEN)
        return send_opts_sdp(send, call, sdp);
    if (send->sdp != SDP_NONE && send->body.ptr == NULL)
        return session_answer(call, sdp);
    return sdp->failed;
}

/* An offer only where one is asked for: most UPDATEs move the target or refresh the session
 * (RFC 4028 §7.4). */
int script_update(lua_State *L)
{
    struct asking asking = {.call = call_check(L, 1), .method = V("UPDATE"), .whose = "UPDATE"};
    struct buf sdp = {0};

    lua_settop(L, 2);
    asking_read(L, &asking, 2);
    if (asking.send.sdp == SDP_GIVEN)
        sdp.failed = send_opts_sdp(&asking.send, asking.call, &sdp);
    else if (asking.send.sdp == SDP_OURS && session_offer(asking.call, &sdp) != ERR_OK)
        sdp.failed = ERR_MEMORY;
    return asking_send(L, &asking, &sdp);
}

/* The response at the index; nil: the newest one. Borrowed until the next message is parsed. */
static struct sip_msg *reliable_at(lua_State *L, struct call *call, int index)
{
    if (lua_isnil(L, index))
        return post_msg(&call->agent->party.agents->post, call->last_response);
    return message_msg(L, message_check(L, index));
}

int script_prack(lua_State *L)
{
    struct asking asking = {.call = call_check(L, 1), .method = V("PRACK"), .whose = "PRACK"};
    struct call *call = asking.call;
    struct request *request = NULL;
    struct buf sdp = {0};

    lua_settop(L, 3);
    asking_read(L, &asking, 3);
    enum err err = ack_sdp(call, &asking.send, &sdp);
    if (sdp.len > 0)
        asking.options.body = buf_view(&sdp);
    command_traced(L, &call->agent->party, "PRACK");
    struct sip_msg *response = reliable_at(L, call, 2);
    if (err == ERR_OK)
        err = response == NULL ? ERR_ABSENT
                               : request_prack(call, &asking.options, response, &request);
    buf_deinit(&sdp);
    if (err == ERR_ABSENT)
        return scene_misuse(L, "prack wants a reliable response, with RSeq: "
                               "call:prack(call:expect(183))");
    if (err != ERR_OK)
        return command_failed(L, &call->agent->party, "PRACK", err);
    request->script = true;
    return request_push(L, request);
}

int script_ack(lua_State *L)
{
    struct asking asking = {.call = call_check(L, 1), .method = V("ACK"), .whose = "ACK"};
    struct call *call = asking.call;
    struct buf sdp = {0};

    lua_settop(L, 2);
    asking_read(L, &asking, 2);
    enum err err = ack_sdp(call, &asking.send, &sdp);
    if (sdp.len > 0)
        asking.options.body = buf_view(&sdp);
    command_traced(L, &call->agent->party, "ACK");
    struct sip_stack *stack = agent_stack(call->agent);
    if (err == ERR_OK)
        err = stack == NULL
                  ? ERR_STATE
                  : sip_ack_send(stack, scene_now(scene_of(L)), call->stack, &asking.options);
    buf_deinit(&sdp);
    if (err != ERR_OK)
        return command_failed(L, &call->agent->party, "ACK", err);
    agent_touch(call->agent);
    return 0;
}

/* The CANCEL of an INVITE: of a call's newest, or of a client transaction. */
int request_cancel(lua_State *L, struct request *invite, int opts_index)
{
    struct agent *agent = invite->agent;
    struct opts opts = opts_open(L, opts_index, "CANCEL", send_names, NULL);
    struct sip_request_options options = {.method = V("CANCEL")};
    struct sip_stack *stack = agent_stack(agent);
    struct handle handle = {0};
    struct send_opts send;

    send_opts_read(&opts, &agent->party, &send);
    send_opts_request(&send, &options);
    options.method = V("CANCEL");
    command_traced(L, &agent->party, "CANCEL");
    enum err err = stack == NULL ? ERR_STATE
                                 : sip_request_cancel(stack, scene_now(scene_of(L)), invite->stack,
                                                      &options, &handle);
    if (err != ERR_OK)
        return command_failed(L, &agent->party, "CANCEL", err);
    agent_touch(agent);
    if (handle_none(handle)) { /* only its next try was cancelled: nothing goes out */
        lua_pushnil(L);
        return 1;
    }
    struct request *request = request_create(agent, SIP_CANCEL, handle);
    if (request == NULL)
        return luaL_error(L, "not enough memory");
    request->call = invite->call;
    request->peer = invite->peer;
    request->script = true;
    return request_push(L, request);
}

int script_cancel(lua_State *L)
{
    struct call *call = call_check(L, 1);
    struct agents *agents = call->agent->party.agents;

    lua_settop(L, 2);
    struct request *invite = agents_request(agents, call->invite_out);
    if (invite == NULL)
        return scene_misuse(L, "%.*s: cancel is for the caller: this call received its INVITE",
                            VIEW_ARG(call->agent->party.name));
    return request_cancel(L, invite, 2);
}
