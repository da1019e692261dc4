#include "harness/agent/agents.h"

struct transaction *transaction_create(struct agent *agent, enum sip_method method,
                                       struct handle stack)
{
    struct agents *agents = agent->party.agents;
    struct transaction *tx = mem_zalloc(sizeof *tx);

    if (tx == NULL)
        return NULL;
    tx->agent = agent;
    tx->method = (uint8_t)method;
    tx->stack = stack;
    tx->seq = agents->arrival.seq;
    tx->peer = agents->arrival.from;
    if (table_add(&agents->transactions, tx, &tx->handle) != ERR_OK) {
        mem_free(tx);
        return NULL;
    }
    if (map_put(&agent->transactions, stack, tx->handle) != ERR_OK) {
        transaction_destroy(tx);
        return NULL;
    }
    return tx;
}

void transaction_destroy(struct transaction *tx)
{
    struct agents *agents = tx->agent->party.agents;

    inbox_pass(&agents->post, &tx->inbox, NULL);
    map_remove(&tx->agent->transactions, tx->stack);
    table_remove(&agents->transactions, tx->handle);
    blob_unref(tx->request);
    blob_unref(tx->response);
    mem_free(tx);
}

static void call_responded(struct call *call, struct transaction *tx)
{
    if (tx->method != SIP_INVITE)
        return;
    blob_unref(call->last_response);
    call->last_response = blob_ref(tx->response);
    if (tx->status > 100 && tx->status < 200)
        call->rung = true;
}

enum err transaction_respond(struct transaction *tx, const struct sip_response_options *options)
{
    struct agents *agents = tx->agent->party.agents;
    struct sip_stack *stack = agent_stack(tx->agent);
    struct call *call = agents_call(agents, tx->call);

    if (stack == NULL)
        return ERR_STATE;
    enum err err = sip_respond(stack, scene_now(agents->scene), tx->stack, options);
    if (err != ERR_OK)
        return err;
    agent_touch(tx->agent);
    tx->status = options->status;
    blob_unref(tx->response);
    tx->response = blob_ref(sip_transaction_sent(stack, tx->stack));
    if (call != NULL)
        call_responded(call, tx);
    return ERR_OK;
}

bool transaction_unanswered(const struct transaction *tx)
{
    if (tx->by_agent || tx->cancelled || !tx->agent->party.up || tx->method == SIP_ACK)
        return false;
    return tx->method == SIP_INVITE ? tx->status <= 100 : tx->status < 200;
}

const char *transaction_state(const struct transaction *tx)
{
    struct sip_stack *stack = agent_stack(tx->agent);

    if (tx->done || stack == NULL)
        return "terminated";
    return sip_transaction_state(stack, tx->stack);
}
