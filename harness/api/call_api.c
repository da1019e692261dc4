/* What a script can ask of a call. */
#include "harness/api/call_api.h"

#include "harness/agent/session.h"
#include "harness/api/flow_api.h"
#include "harness/api/kinds.h"
#include "harness/api/send_opts.h"
#include "harness/api/subscription_api.h"
#include "harness/api/verbs.h"

/* The INVITE that the script is to answer: a re-INVITE that is open, else the first one. */
static struct transaction *invite_to_answer(lua_State *L, const struct call *call,
                                            const char *doing)
{
    struct agents *agents = call->agent->party.agents;
    struct transaction *tx = agents_transaction(agents, call->invite_in);

    if (tx == NULL && call->caller)
        scene_misuse(L, "%.*s: %s is for the callee: this call sent the INVITE itself",
                     VIEW_ARG(call->agent->party.name), doing);
    if (tx == NULL)
        command_failed(L, &call->agent->party, doing, ERR_GONE);
    return tx;
}

/* RFC 3262 §5: an INVITE without an offer finds one in the first reliable response. */
static bool offer_is_due(struct call *call, struct transaction *tx,
                         const struct sip_response_options *options)
{
    struct sip_msg *msg = post_msg(&call->agent->party.agents->post, tx->request);
    bool required = msg != NULL && sip_msg_lists(msg, SIP_HEADER_REQUIRE, V("100rel"));

    return (options->reliable || required) && options->status > 100 && session_asked(call);
}

/* Does this response, by itself, bear a description? */
static bool sdp_is_due(struct call *call, struct transaction *tx,
                       const struct sip_response_options *options)
{
    if (options->status >= 300)
        return false;
    if (options->status < 200)
        return tx->method == SIP_INVITE && offer_is_due(call, tx, options);
    return tx->method == SIP_INVITE ||
           (tx->method == SIP_UPDATE && session_owes(call, OA_IN_UPDATE)) ||
           (tx->method == SIP_PRACK && session_owes(call, OA_IN_PRACK));
}

static enum err respond_sdp(struct call *call, const struct send_opts *send, bool due,
                            struct buf *sdp)
{
    enum err err = ERR_OK;

    if (send->sdp == SDP_GIVEN)
        return send_opts_sdp(send, call, sdp);
    if (send->sdp == SDP_OURS || (due && send->sdp == SDP_UNSAID && send->body.ptr == NULL))
        err = session_answer(call, sdp);
    if (err == ERR_OK && send->sdp == SDP_OURS && sdp->len == 0)
        err = session_offer(call, sdp); /* nothing is due: what was said last */
    return err;
}

static enum err respond(struct call *call, struct transaction *tx, const struct send_opts *send,
                        struct sip_response_options *options)
{
    struct buf sdp = {0};
    enum err err = respond_sdp(call, send, sdp_is_due(call, tx, options), &sdp);

    if (sdp.len > 0)
        options->body = buf_view(&sdp);
    if (err == ERR_OK)
        err = transaction_respond(tx, options);
    buf_deinit(&sdp);
    return err;
}

int script_respond_with(lua_State *L, struct call *call, struct transaction *tx,
                        const struct opts *opts, struct sip_response_options *options)
{
    struct send_opts send;
    uint16_t status = options->status;

    send_opts_read(opts, &call->agent->party, &send);
    send_opts_response(&send, options);
    options->status = status;
    command_traced(L, &call->agent->party, "%u", status);
    enum err err = respond(call, tx, &send, options);
    if (err != ERR_OK)
        return command_failed(L, &call->agent->party, lua_pushfstring(L, "%d", (int)status), err);
    return 0;
}

static int answer_invite(lua_State *L, int opts_index, uint16_t status, const char *whose)
{
    struct call *call = call_check(L, 1);
    struct opts opts = opts_open(L, opts_index, whose, answer_names, NULL);
    struct transaction *tx = invite_to_answer(L, call, whose);

    return script_respond_with(L, call, tx, &opts,
                               &(struct sip_response_options){.status = status});
}

static uint16_t status_at(lua_State *L, int index, lua_Integer least, lua_Integer most)
{
    lua_Integer status = lua_isinteger(L, index) ? lua_tointeger(L, index) : 0;

    if (status < least || status > most)
        scene_misuse(L, "expected a status from %d to %d, got %s", (int)least, (int)most,
                     lua_isinteger(L, index) ? lua_tostring(L, index) : handle_type_text(L, index));
    return (uint16_t)status;
}

static const char *const ring_names[] = {"status", "reliable", NULL};

/* RFC 3262 §3: only to who understands it. */
static void reliable_check(lua_State *L, const struct call *call, const struct transaction *tx)
{
    struct sip_msg *msg = post_msg(&call->agent->party.agents->post, tx->request);

    if (msg == NULL || sip_msg_lists(msg, SIP_HEADER_SUPPORTED, V("100rel")) ||
        sip_msg_lists(msg, SIP_HEADER_REQUIRE, V("100rel")))
        return;
    scene_refused(L,
                  "%.*s: the INVITE does not say Supported: 100rel, so that nothing reliable may "
                  "answer it (RFC 3262 §3); do it all the same with {force = true}",
                  VIEW_ARG(call->agent->party.name));
}

static int call_ring(lua_State *L)
{
    struct call *call = call_check(L, 1);
    struct sip_response_options options = {.status = 180};

    lua_settop(L, 2);
    struct opts opts = opts_open(L, 2, "ring", answer_names, ring_names);
    if (opts_push(&opts, "status"))
        options.status = status_at(L, lua_gettop(L), 101, 199);
    options.reliable = opts_true(&opts, "reliable");
    struct transaction *tx = invite_to_answer(L, call, "ring");
    if (options.reliable && !opts_true(&opts, "force"))
        reliable_check(L, call, tx);
    return script_respond_with(L, call, tx, &opts, &options);
}

static int call_answer(lua_State *L)
{
    lua_settop(L, 2);
    return answer_invite(L, 2, 200, "answer");
}

static int call_reject(lua_State *L)
{
    call_check(L, 1);
    lua_settop(L, 3);
    uint16_t status = lua_isnil(L, 2) ? 486 : status_at(L, 2, 300, 699);
    return answer_invite(L, 3, status, "reject");
}

static int call_respond(lua_State *L)
{
    call_check(L, 1);
    lua_settop(L, 3);
    return answer_invite(L, 3, status_at(L, 2, 100, 699), "respond");
}

/* The contact of opts goes before ours: redirect(uri, {status = 301}). */
static int call_redirect(lua_State *L)
{
    static const char *const names[] = {"status", NULL};
    struct call *call = call_check(L, 1);
    struct sip_response_options options = {.status = 302};

    lua_settop(L, 3);
    struct aim aim = aim_at(L, 2, "redirect");
    struct opts opts = opts_open(L, 3, "redirect", answer_names, names);
    if (opts_push(&opts, "status"))
        options.status = status_at(L, lua_gettop(L), 300, 399);
    struct send_opts send;
    uint16_t status = options.status;
    send_opts_read(&opts, &call->agent->party, &send);
    send_opts_response(&send, &options);
    options.status = status;
    if (options.contact.ptr == NULL) {
        lua_pushfstring(L, "<%s>", lua_pushlstring(L, aim.uri.ptr, aim.uri.len));
        options.contact.ptr = lua_tolstring(L, -1, &options.contact.len);
    }
    struct transaction *tx = invite_to_answer(L, call, "redirect");
    command_traced(L, &call->agent->party, "%u to %.*s", status, VIEW_ARG(aim.uri));
    enum err err = transaction_respond(tx, &options);
    return err == ERR_OK ? 0 : command_failed(L, &call->agent->party, "redirect", err);
}

/* A second leg of the same INVITE, with a To tag of its own. */
static int call_fork(lua_State *L)
{
    struct call *call = call_check(L, 1);
    struct agent *agent = call->agent;
    struct sip_stack *stack = agent_stack(agent);
    struct handle stack_call, stack_tx;

    if (stack == NULL)
        return command_failed(L, &agent->party, "fork", ERR_STATE);
    enum err err =
        sip_call_fork(stack, scene_now(scene_of(L)), call->stack, &stack_call, &stack_tx);
    if (err != ERR_OK)
        return command_failed(L, &agent->party, "fork", err);
    agent_touch(agent);
    struct call *leg = call_record(agent, stack_call);
    struct transaction *tx = leg == NULL ? NULL : transaction_create(agent, SIP_INVITE, stack_tx);
    if (tx == NULL)
        return luaL_error(L, "not enough memory");
    call_leg_add(call, leg);
    leg->session = 0; /* its answer is its own */
    tx->request = blob_ref(call->request);
    tx->call = leg->handle;
    tx->taken = true;
    leg->invite = leg->invite_in = tx->handle;
    return call_push(L, leg);
}

static const luaL_Reg methods[] = {
    {"wait",             script_wait          },
    {"ring",             call_ring            },
    {"answer",           call_answer          },
    {"reject",           call_reject          },
    {"redirect",         call_redirect        },
    {"respond",          call_respond         },
    {"fork",             call_fork            },
    {"forks",            script_forks         },
    {"ack",              script_ack           },
    {"cancel",           script_cancel        },
    {"bye",              script_bye           },
    {"reinvite",         script_reinvite      },
    {"update",           script_update        },
    {"prack",            script_prack         },
    {"hold",             script_hold          },
    {"resume",           script_resume        },
    {"info",             script_info          },
    {"message",          script_message       },
    {"flow",             script_flow          },
    {"refer",            call_refer           },
    {"expect_refer",     call_expect_refer    },
    {"subscribe",        call_subscribe       },
    {"expect_subscribe", call_expect_subscribe},
    VERBS,
    {NULL,               NULL                 }
};
const struct handle_kind call_kind = {
    .name = "call", .methods = methods, .field = script_field, .fields = script_field_names};
