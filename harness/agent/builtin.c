#include "harness/agent/builtin.h"

#include "harness/agent/agents.h"
#include "harness/agent/builtin_register.h"
#include "harness/agent/builtin_role.h"
#include "harness/agent/session.h"
#include "harness/scene/capability.h"

#include <string.h>

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

/* Between its 200 and their ACK a callee cannot hang up, RFC 3261 §15. */
static bool can_end(const struct agents *agents, const struct call *call)
{
    return is_up(agents, call) || rings(agents, call) ||
           (call->caller && call->state < SIP_CALL_CONFIRMED);
}

static enum err respond(struct call *call, uint16_t status)
{
    struct transaction *tx = agents_transaction(call->agent->party.agents, call->invite_in);

    return transaction_respond(tx, &(struct sip_response_options){.status = status});
}

static enum err answer(struct agent *agent, struct call *call, const struct builtin_aim *aim)
{
    struct transaction *tx = agents_transaction(agent->party.agents, call->invite_in);
    struct sip_response_options options = {.status = 200};
    struct buf sdp = {0};

    (void)aim;
    enum err err = session_answer(call, &sdp);
    if (err == ERR_SYNTAX || err == ERR_UNSUPPORTED) {
        buf_deinit(&sdp);
        return respond(call, 488);
    }
    options.body = buf_view(&sdp);
    if (err == ERR_OK)
        err = transaction_respond(tx, &options);
    buf_deinit(&sdp);
    return err;
}

static enum err reject(struct agent *agent, struct call *call, const struct builtin_aim *aim)
{
    (void)agent;
    (void)aim;
    return respond(call, 486);
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

static enum err transfer(struct agent *agent, struct call *call, const struct builtin_aim *aim)
{
    struct buf value = {0};
    struct sip_row row = {.name = V("Refer-To")};

    (void)agent;
    buf_printf(&value, "<%.*s>", VIEW_ARG(aim->uri));
    row.value = buf_view(&value);
    enum err err = value.failed;
    if (err == ERR_OK)
        err = ask(call, V("REFER"), &row, (struct view){0});
    buf_deinit(&value);
    return err;
}

static enum err invite(struct agent *agent, struct call *none, const struct builtin_aim *aim)
{
    struct call draft = {.agent = agent}, *call;
    struct request *request;
    struct buf sdp = {0};
    struct sip_request_options options = {.method = V("INVITE"),
                                          .uri = aim->uri,
                                          .remote = aim->remote,
                                          .proto = aim->proto,
                                          .again = agent->stack.again};

    (void)none;
    enum err err = session_offer(&draft, &sdp);
    options.body = buf_view(&sdp);
    if (err == ERR_OK)
        err = request_send(agent, &options, &request, &call);
    if (err == ERR_OK) {
        call->session = draft.session;
        call->peer = request->peer = aim->peer;
    }
    buf_deinit(&sdp);
    return err;
}

const struct builtin_action builtin_actions[] = {
    {"call",       true,  NULL,                        NULL,     invite            },
    {"answer",     false, "a call that rings",         rings,    answer            },
    {"reject",     false, "a call that rings",         rings,    reject            },
    {"hangup",     false, "a call",                    can_end,  hang_up           },
    {"hold",       false, "a call that is up",         is_quiet, hold              },
    {"resume",     false, "a call that is up",         is_quiet, resume            },
    {"transfer",   true,  "a call that is up",         is_up,    transfer          },
    {"register",   false, "a registrar (t:registrar)", NULL,     builtin_register  },
    {"unregister", false, "a registration",            NULL,     builtin_unregister},
    {NULL,         false, NULL,                        NULL,     NULL              }
};

bool builtin_supports(struct view capability)
{
    static const char *const able[] = {"uas",  "uac",    "udp",  "tcp", "ipv4",
                                       "ipv6", "digest", "path", NULL};

    for (size_t i = 0; able[i] != NULL; i++)
        if (view_equal(capability, view_of(able[i])))
            return true;
    if (builtin_role_known(capability) || capability_calls(capability) > 0)
        return true;
    if (!view_starts(capability, V("trigger:")))
        return false;
    for (size_t i = 0; builtin_actions[i].name != NULL; i++)
        if (view_equal(view_skip(capability, 8), view_of(builtin_actions[i].name)))
            return true;
    return false;
}

/* The newest one. */
static struct call *call_of(const struct agent *agent, const struct builtin_action *action)
{
    struct agents *agents = agent->party.agents;
    struct call *call, *found = NULL;

    for (uint32_t at = 0; (call = table_next(&agents->calls, &at, NULL)) != NULL;)
        if (call->agent == agent && action->fits(agents, call))
            found = call;
    return found;
}

bool builtin_act(struct device *device, const struct builtin_action *action,
                 const struct builtin_aim *aim, enum err *out)
{
    struct agent *agent = device->agent;
    struct call *call = action->fits == NULL ? NULL : call_of(agent, action);

    if (action->fits != NULL && call == NULL)
        return false;
    *out = action->act(agent, call, aim);
    if (call != NULL) /* an ACK is missing yet: it will fit */
        return *out != ERR_STATE;
    return action->lacks == NULL || (*out != ERR_ABSENT && *out != ERR_STATE);
}

static uint16_t status_for(enum sip_method method)
{
    switch (method) {
    case SIP_MESSAGE:
    case SIP_INFO:
        return 200;
    case SIP_SUBSCRIBE:
    case SIP_PUBLISH:
        return 489; /* RFC 6665 §7.3.2: it knows no event */
    case SIP_REFER:
        return 603;
    default:
        return 501;
    }
}

void builtin_asked(struct agent *agent, struct call *call, struct transaction *tx)
{
    enum sip_method method = (enum sip_method)tx->method;
    bool new_call = method == SIP_INVITE && call != NULL && call->state == SIP_CALL_CALLING;

    if (tx->status >= 200) /* a re-INVITE: it has its answer */
        return;
    tx->by_agent = true;
    uint16_t status = new_call ? 180 : status_for(method);
    enum err err = transaction_respond(tx, &(struct sip_response_options){.status = status});
    if (err != ERR_OK && err != ERR_STATE && err != ERR_GONE)
        agents_broke(agent->party.agents, err);
    sched_wake(agent->party.agents->scene->sched, &agent->changed);
}

static enum err device_of(struct agent *agent, struct device **out)
{
    struct agents *agents = agent->party.agents;
    struct device *device = mem_zalloc(sizeof *device);

    if (device == NULL)
        return ERR_MEMORY;
    device->party = (struct party){.kind = PARTY_DEVICE,
                                   .proto = agent->party.proto,
                                   .up = true,
                                   .number = agent->party.number,
                                   .link = agent->party.link,
                                   .local = agent->party.local,
                                   .name = agent->party.name,
                                   .uri = agent->party.uri,
                                   .agents = agents};
    device->agent = agent;
    device->party.bind_count = agent->party.bind_count;
    memcpy(device->party.binds, agent->party.binds, sizeof device->party.binds);
    enum err err = table_add(&agents->devices, device, &device->party.handle);
    if (err != ERR_OK) {
        mem_free(device);
        return err;
    }
    agent->plays = true;
    *out = device;
    return ERR_OK;
}

enum err builtin_create(struct agents *agents, struct view name, const struct view *needs,
                        size_t need_count, struct device **out)
{
    const struct sip_account account = {.user = name, .password = name}; /* as every account is */
    struct agent_options options = {
        .party = {.name = name, .proto = PROTO_UDP, .others = {PROTO_TCP}, .other_count = 1},
        .again = SIP_AGAIN_FOLLOW | SIP_AGAIN_RETRY,
        .accounts = &account,
        .account_count = 1
    };
    struct agent *agent;

    builtin_roles_options(needs, need_count, &options);
    enum err err = agent_create(agents, &options, &agent);

    if (err == ERR_OK)
        err = builtin_roles_add(agent, needs, need_count);
    return err == ERR_OK ? device_of(agent, out) : err;
}
