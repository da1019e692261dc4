#include "harness/agent/builtin.h"

#include "harness/agent/agents.h"
#include "harness/agent/builtin_able.h"
#include "harness/agent/builtin_call.h"
#include "harness/agent/builtin_events.h"
#include "harness/agent/builtin_ring.h"
#include "harness/agent/builtin_role.h"
#include "harness/agent/canned.h"
#include "harness/scene/capability.h"

#include <string.h>

bool builtin_supports(struct view capability)
{
    if (builtin_able_known(capability) || builtin_role_known(capability) ||
        builtin_event_known(capability_event(capability)) || capability_calls(capability) > 0)
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
    case SIP_PUBLISH:
        return 489; /* RFC 6665 §7.3.2: it knows no event */
    case SIP_REFER:
        return 603;
    default:
        return 501;
    }
}

static enum err respond(struct agent *agent, struct transaction *tx)
{
    enum sip_method method = (enum sip_method)tx->method;

    if (method == SIP_SUBSCRIBE)
        return builtin_subscribed(agent, tx);
    if (method == SIP_REFER && (agent->able & ABLE_REFER) != 0)
        return builtin_referred(agent, tx);
    uint16_t status = status_for(method);
    if (method == SIP_INFO && handle_none(tx->call)) /* RFC 6086 §4.2.1: it is of a call */
        status = 481;
    return transaction_respond(tx, &(struct sip_response_options){.status = status});
}

/* RFC 3891 §3: what takes the place of a call does not ring; the stack has seen to the rest. */
static enum err take(struct call *call, struct transaction *tx)
{
    struct sip_msg *msg = post_msg(&call->agent->party.agents->post, tx->request);

    if (msg != NULL && sip_msg_find(msg, SIP_HEADER_REPLACES, 0) != NULL)
        return builtin_respond_described(call, &(struct sip_response_options){.status = 200});
    enum err err = builtin_ring(call, 180);
    if (err == ERR_OK)
        canned_rings(call, tx);
    return err;
}

void builtin_asked(struct agent *agent, struct call *call, struct transaction *tx)
{
    bool new_call = tx->method == SIP_INVITE && call != NULL && call->state == SIP_CALL_CALLING;

    if (tx->status >= 200) /* a re-INVITE: it has its answer */
        return;
    tx->by_agent = true;
    enum err err = new_call ? take(call, tx) : respond(agent, tx);
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

enum err builtin_create(struct agents *agents, const struct builtin_options *options,
                        struct device **out)
{
    /* As every account is. */
    const struct sip_account account = {.user = options->name, .password = options->name};
    struct agent_options own = options->agent;
    struct agent *agent;

    uint32_t able = builtin_able(options->needs, options->need_count);
    own.party = (struct party_options){.name = options->name, .security = own.party.security};
    builtin_able_places(able, &agents->scene->way, &own.party);
    own.accounts = &account;
    own.account_count = 1;
    builtin_roles_options(options->needs, options->need_count, &own);
    builtin_able_options(able, &own);
    enum err err =
        builtin_events_options(options->needs, options->need_count, &agents->arena, &own);

    if (err == ERR_OK)
        err = agent_create(agents, &own, &agent);
    if (err == ERR_OK)
        agent->able = able;
    if (err == ERR_OK)
        err = builtin_roles_add(agent, options->needs, options->need_count);
    return err == ERR_OK ? device_of(agent, out) : err;
}
