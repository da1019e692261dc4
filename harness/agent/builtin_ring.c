#include "harness/agent/builtin_ring.h"

#include "harness/agent/agents.h"
#include "harness/agent/builtin_able.h"
#include "harness/agent/session.h"

enum err builtin_respond(struct call *call, uint16_t status)
{
    struct transaction *tx = agents_transaction(call->agent->party.agents, call->invite_in);

    return transaction_respond(tx, &(struct sip_response_options){.status = status});
}

enum err builtin_respond_described(struct call *call, const struct sip_response_options *base)
{
    struct transaction *tx = agents_transaction(call->agent->party.agents, call->invite_in);
    struct sip_response_options options = *base;
    struct buf sdp = {0};

    enum err err = session_answer(call, &sdp);
    if (err == ERR_SYNTAX || err == ERR_UNSUPPORTED) {
        buf_deinit(&sdp);
        return transaction_respond(tx, &session_refusal);
    }
    options.body = buf_view(&sdp);
    if (err == ERR_OK)
        err = transaction_respond(tx, &options);
    buf_deinit(&sdp);
    return err;
}

/* The caller understands 100rel, and so does the device. */
static bool is_reliable(const struct call *call)
{
    const struct agents *agents = call->agent->party.agents;
    const struct transaction *tx = agents_transaction(agents, call->invite_in);
    struct sip_msg *msg = post_msg(&call->agent->party.agents->post, tx->request);

    return (call->agent->able & ABLE_100REL) != 0 && msg != NULL &&
           (sip_msg_lists(msg, SIP_HEADER_SUPPORTED, V("100rel")) ||
            sip_msg_lists(msg, SIP_HEADER_REQUIRE, V("100rel")));
}

enum err builtin_ring(struct call *call, uint16_t status)
{
    if (!is_reliable(call))
        return builtin_respond(call, status);
    return builtin_respond_described(
        call, &(struct sip_response_options){.status = status, .reliable = true});
}
