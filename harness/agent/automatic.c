#include "harness/agent/automatic.h"
#include "harness/agent/agents.h"
#include "harness/agent/session.h"
#include "harness/agent/tidy.h"

static bool is_ours(const struct call *call, const struct transaction *tx)
{
    switch (tx->method) {
    case SIP_INVITE:
        return (call->manual & SIP_MANUAL_REINVITE) == 0;
    case SIP_UPDATE:
        return (call->manual & SIP_MANUAL_UPDATE) == 0;
    case SIP_PRACK:
        return (call->manual & SIP_MANUAL_PRACK) == 0;
    default:
        return false;
    }
}

void automatic_answer(struct call *call, struct transaction *tx)
{
    struct sip_response_options options = {.status = 200};
    struct buf sdp = {0};

    if (!is_ours(call, tx))
        return;
    tx->by_agent = true;
    enum err err = session_answer(call, &sdp);
    if (err == ERR_SYNTAX || err == ERR_UNSUPPORTED) {
        options = session_refusal;
        buf_clear(&sdp);
        err = ERR_OK;
    }
    options.body = buf_view(&sdp);
    if (err == ERR_OK)
        err = transaction_respond(tx, &options);
    buf_deinit(&sdp);
    if (err != ERR_OK && err != ERR_STATE && err != ERR_GONE)
        agents_broke(call->agent->party.agents, err);
}

/* RFC 3261 §13.2.2.4: of several 2xx legs the caller keeps one. Where the stack sends the ACK it
 * sees to the BYE as well. */
static bool is_second(const struct call *call)
{
    struct agents *agents = call->agent->party.agents;
    const struct call *leg = agents_call(agents, call->first);

    if ((call->manual & SIP_MANUAL_FORK) != 0)
        return false;
    for (; leg != NULL; leg = agents_call(agents, leg->next_leg))
        if (leg != call && leg->state == SIP_CALL_CONFIRMED)
            return true;
    return false;
}

/* The answer in an acknowledgement: it goes out all the same where theirs cannot be answered. */
static enum err answer_make(struct call *call, struct buf *sdp)
{
    enum err err = session_answer(call, sdp);

    if (err != ERR_SYNTAX && err != ERR_UNSUPPORTED)
        return err;
    buf_clear(sdp);
    return ERR_OK;
}

static enum err ack(struct call *call)
{
    struct agents *agents = call->agent->party.agents;
    struct sip_request_options options = {.method = V("ACK")};
    struct buf sdp = {0};

    enum err err = answer_make(call, &sdp);
    options.body = buf_view(&sdp);
    if (err == ERR_OK)
        err =
            sip_ack_send(agent_stack(call->agent), scene_now(agents->scene), call->stack, &options);
    agent_touch(call->agent);
    buf_deinit(&sdp);
    if (err == ERR_OK && is_second(call))
        call_tidy(call);
    return err;
}

static enum err prack(struct call *call, struct sip_msg *response)
{
    struct sip_request_options options = {0};
    struct request *request;
    struct buf sdp = {0};

    enum err err = answer_make(call, &sdp);
    options.body = buf_view(&sdp);
    if (err == ERR_OK)
        err = request_prack(call, &options, response, &request);
    buf_deinit(&sdp);
    return err;
}

void automatic_acknowledge(struct call *call, struct sip_msg *response)
{
    enum err err = ERR_OK;

    if (agent_stack(call->agent) == NULL)
        return;
    if (session_owes(call, OA_IN_FINAL) && (call->manual & SIP_MANUAL_ACK) == 0)
        err = ack(call);
    else if (session_owes(call, OA_IN_RELIABLE) && (call->manual & SIP_MANUAL_PRACK) == 0)
        err = prack(call, response);
    if (err == ERR_MEMORY)
        agents_broke(call->agent->party.agents, err);
}
