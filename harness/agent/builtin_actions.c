/* What triggers ask of the device that we play. */
#include "harness/agent/agents.h"
#include "harness/agent/builtin_call.h"
#include "harness/agent/builtin_events.h"
#include "harness/agent/builtin_register.h"
#include "harness/agent/builtin_ring.h"
#include "harness/agent/session.h"

static bool rings(const struct agents *agents, const struct call *call)
{
    const struct transaction *tx = agents_transaction(agents, call->invite_in);

    return !call->caller && call->state < SIP_CALL_CONFIRMED && tx != NULL && tx->status < 200 &&
           !tx->cancelled;
}

static bool is_up(const struct agents *agents, const struct call *call)
{
    (void)agents;
    return call->state == SIP_CALL_CONFIRMED;
}

static bool is_quiet(const struct agents *agents, const struct call *call)
{
    struct sip_call_info info;

    return is_up(agents, call) && call_dialog(call, &info) == ERR_OK && handle_none(info.invite);
}

static bool has_sdp(const struct agents *agents, const struct call *call)
{
    struct sip_call_info info;

    (void)agents;
    return call->state != SIP_CALL_TERMINATED && call_dialog(call, &info) == ERR_OK &&
           info.has_dialog && info.local_sdp != NULL;
}

/* Between its 200 and their ACK a callee cannot hang up, RFC 3261 §15. */
static bool can_end(const struct agents *agents, const struct call *call)
{
    return is_up(agents, call) || rings(agents, call) ||
           (call->caller && call->state < SIP_CALL_CONFIRMED);
}

static enum err answer(struct agent *agent, struct call *call, const struct builtin_aim *aim)
{
    (void)agent;
    (void)aim;
    return builtin_respond_described(call, &(struct sip_response_options){.status = 200});
}

static enum err progress(struct agent *agent, struct call *call, const struct builtin_aim *aim)
{
    (void)agent;
    (void)aim;
    return builtin_ring(call, 183);
}

static enum err reject(struct agent *agent, struct call *call, const struct builtin_aim *aim)
{
    (void)agent;
    (void)aim;
    return builtin_respond(call, 486);
}

static enum err ask(struct call *call, struct view method, const struct sip_row *row,
                    struct view body)
{
    struct request *request;
    struct sip_request_options options = {.method = method,
                                          .call = call->stack,
                                          .rows = row,
                                          .row_count = row == NULL ? 0 : 1,
                                          .body = body,
                                          .again = call->again};

    return request_send(call->agent, &options, &request, NULL);
}

static enum err hang_up(struct agent *agent, struct call *call, const struct builtin_aim *aim)
{
    struct agents *agents = agent->party.agents;

    if (is_up(agents, call))
        return ask(call, V("BYE"), NULL, (struct view){0});
    if (!call->caller)
        return reject(agent, call, aim);
    const struct request *invite = agents_request(agents, call->invite_out);
    enum err err =
        sip_request_cancel(agent_stack(agent), scene_now(agents->scene), invite->stack, NULL, NULL);
    agent_touch(agent);
    return err;
}

static enum err ask_hold(struct call *call, bool on)
{
    struct buf sdp = {0};
    enum err err = session_hold(call, on, &sdp);

    if (err == ERR_OK)
        err = ask(call, V("INVITE"), NULL, buf_view(&sdp));
    buf_deinit(&sdp);
    return err;
}

static enum err hold(struct agent *agent, struct call *call, const struct builtin_aim *aim)
{
    (void)agent;
    (void)aim;
    return ask_hold(call, true);
}

static enum err resume(struct agent *agent, struct call *call, const struct builtin_aim *aim)
{
    (void)agent;
    (void)aim;
    return ask_hold(call, false);
}

/* UPDATE, RFC 3311: the session as it is, offered once more; also before the call is up. */
static enum err update(struct agent *agent, struct call *call, const struct builtin_aim *aim)
{
    struct buf sdp = {0};
    enum err err = session_hold(call, false, &sdp);

    (void)agent;
    (void)aim;
    if (err == ERR_OK)
        err = ask(call, V("UPDATE"), NULL, buf_view(&sdp));
    buf_deinit(&sdp);
    return err;
}

static enum err inform(struct agent *agent, struct call *call, const struct builtin_aim *aim)
{
    (void)agent;
    (void)aim;
    return ask(call, V("INFO"), NULL, (struct view){0});
}

/* What becomes of it they say by NOTIFY, which are answered. */
static enum err transfer(struct agent *agent, struct call *call, const struct builtin_aim *aim)
{
    struct buf value = {0};
    struct sip_row row = {.name = V("Refer-To")};
    struct subscription *sub;

    buf_printf(&value, "<%.*s>", VIEW_ARG(aim->uri));
    row.value = buf_view(&value);
    const struct sip_subscribe_options options = {
        .request = {.method = V("REFER"),
                    .call = call->stack,
                    .rows = &row,
                    .row_count = 1,
                    .again = call->again},
        .event = V("refer")
    };
    enum err err = value.failed;
    if (err == ERR_OK)
        err = subscription_begin(agent, &options, call, &sub);
    if (err == ERR_OK) /* no script has to look at what comes of it */
        agents_request(agent->party.agents, sub->request)->script = false;
    buf_deinit(&value);
    return err;
}

static enum err invite(struct agent *agent, struct call *none, const struct builtin_aim *aim)
{
    struct call *call;

    (void)none;
    return builtin_invite(agent, aim, NULL, &call);
}

static enum err message(struct agent *agent, struct call *none, const struct builtin_aim *aim)
{
    struct request *request;
    const struct sip_request_options options = {.method = V("MESSAGE"),
                                                .uri = aim->uri,
                                                .remote = aim->remote,
                                                .proto = aim->proto,
                                                .body = V("hello"),
                                                .content_type = V("text/plain"),
                                                .again = agent->stack.again};

    (void)none;
    return request_send(agent, &options, &request, NULL);
}

const struct builtin_action builtin_actions[] = {
    {"call",        true,  NULL,                        NULL,     invite             },
    {"answer",      false, "a call that rings",         rings,    answer             },
    {"progress",    false, "a call that rings",         rings,    progress           },
    {"reject",      false, "a call that rings",         rings,    reject             },
    {"hangup",      false, "a call",                    can_end,  hang_up            },
    {"hold",        false, "a call that is up",         is_quiet, hold               },
    {"resume",      false, "a call that is up",         is_quiet, resume             },
    {"update",      false, "a call that has a session", has_sdp,  update             },
    {"info",        false, "a call that is up",         is_up,    inform             },
    {"transfer",    true,  "a call that is up",         is_up,    transfer           },
    {"message",     true,  NULL,                        NULL,     message            },
    {"subscribe",   true,  NULL,                        NULL,     builtin_subscribe  },
    {"unsubscribe", false, "a subscription",            NULL,     builtin_unsubscribe},
    {"change",      false, NULL,                        NULL,     builtin_change     },
    {"register",    false, "a registrar (t:registrar)", NULL,     builtin_register   },
    {"unregister",  false, "a registration",            NULL,     builtin_unregister },
    {NULL,          false, NULL,                        NULL,     NULL               }
};
