#include "harness/agent/automatic.h"
#include "harness/agent/agents.h"
#include "harness/agent/session.h"
#include "harness/agent/tidy.h"

static bool is_ours(const struct call *call, const struct transaction *tx)
{
    if (tx->method == SIP_INVITE)
        return (call->manual & SIP_MANUAL_REINVITE) == 0;
    return tx->method == SIP_UPDATE && (call->manual & SIP_MANUAL_UPDATE) == 0;
}

/* RFC 3311 §5.2: an UPDATE without an offer gets a 2xx without a description; an INVITE without one
 * gets ours as the offer (RFC 3261 §14.2). */
static bool needs_sdp(const struct call *call, const struct transaction *tx)
{
    return tx->method == SIP_INVITE || call->answer_due;
}

void automatic_answer(struct call *call, struct transaction *tx)
{
    struct sip_response_options options = {.status = 200};
    struct buf sdp = {0};
    enum err err = ERR_OK;

    if (!is_ours(call, tx))
        return;
    tx->by_agent = true;
    if (needs_sdp(call, tx))
        err = session_answer(call, &sdp);
    if (err == ERR_SYNTAX || err == ERR_UNSUPPORTED) {
        options.status = 488; /* RFC 3261 §14.2: the session stays as it was */
        call->answer_due = false;
        buf_clear(&sdp);
        err = ERR_OK;
    }
    options.body = buf_view(&sdp);
    if (err == ERR_OK)
        err = transaction_respond(tx, &options);
    if (err == ERR_OK && sdp.len > 0)
        err = session_said(call, options.body);
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

void automatic_ack(struct call *call)
{
    struct agents *agents = call->agent->party.agents;
    struct sip_request_options options = {.method = V("ACK")};
    struct sip_stack *stack = agent_stack(call->agent);
    struct buf sdp = {0};
    enum err err = ERR_OK;

    if (!call->ack_by_us || stack == NULL)
        return;
    if (call->answer_due)
        err = session_answer(call, &sdp);
    if (err == ERR_SYNTAX || err == ERR_UNSUPPORTED) {
        buf_clear(&sdp); /* an ACK goes out all the same: RFC 3261 §13.2.2.4 */
        err = ERR_OK;
    }
    options.body = buf_view(&sdp);
    if (err == ERR_OK)
        err = sip_ack_send(stack, scene_now(agents->scene), call->stack, &options);
    if (err == ERR_OK && sdp.len > 0)
        err = session_said(call, options.body);
    agent_touch(call->agent);
    buf_deinit(&sdp);
    if (err == ERR_OK && is_second(call))
        call_tidy(call);
    if (err == ERR_MEMORY)
        agents_broke(agents, err);
}
