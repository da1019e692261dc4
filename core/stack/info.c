#include "core/stack/self.h"

enum err sip_call_info(const struct sip_stack *stack, struct handle handle,
                       struct sip_call_info *out)
{
    const struct sip_call *call = call_find(stack, handle);
    if (call == NULL)
        return ERR_GONE;
    const struct sip_dialog *dialog = &call->dialog;
    *out = (struct sip_call_info){
        .state = call_shown(call->state),
        .ended = call->state == CALL_TERMINATED ? call->ended : SIP_ENDED_NOT,
        .ended_status = call->ended_status,
        .caller = call->caller,
        .call_id = dialog->call_id,
        .local_tag = dialog->local_tag,
        .remote_tag = dialog->remote_tag,
        .remote_target = dialog->remote_target,
        .local_uri = dialog->local_uri,
        .remote_uri = dialog->remote_uri,
        .local_seq = dialog->local_seq,
        .remote_seq = dialog->remote_seq,
        .route_set = dialog->routes.values,
        .route_count = dialog->routes.count,
        .secure = dialog->secure,
        .has_dialog = dialog->has_remote_tag,
        .invite = call->invite,
        .offer = call->session.oa,
        .local_sdp = call->session.local,
        .remote_sdp = call->session.remote,
        .rseq = call->rseq_got,
        .rseq_invite = call->rseq_got_invite,
        .acked = call->state == CALL_CONFIRMED || call->state == CALL_ENDING,
    };
    return ERR_OK;
}

void sip_stack_counts(const struct sip_stack *stack, struct sip_stack_counts *out)
{
    *out = (struct sip_stack_counts){
        .client_transactions = stack->layer.client_count,
        .server_transactions = stack->layer.server_count,
        .calls = stack->call_count,
        .dialogs = stack->dialog_count,
        .subscriptions = stack->sub_count,
        .timers = stack->layer.timeline.count,
    };
}

const char *sip_transaction_state(const struct sip_stack *stack, struct handle transaction)
{
    const struct sip_tx *tx = tx_find(&stack->layer, transaction);
    return tx_state_text(tx == NULL ? TERMINATED : tx->state).ptr;
}

struct blob *sip_transaction_sent(const struct sip_stack *stack, struct handle transaction)
{
    const struct sip_tx *tx = tx_find(&stack->layer, transaction);
    if (tx == NULL)
        return NULL;
    return tx->late.bytes != NULL ? tx->late.bytes : tx->out.bytes;
}

enum err sip_transaction_origin(const struct sip_stack *stack, struct handle transaction,
                                struct sip_origin *out)
{
    const struct sip_tx *tx = tx_find(&stack->layer, transaction);
    if (tx == NULL || tx->machine->client)
        return ERR_GONE;
    const struct sip_bound *bound = layer_bound(&stack->layer, &tx->hop);
    bool stream = !handle_none(tx->hop.flow);
    *out = (struct sip_origin){bound->proto, stream ? tx->hop.flow : bound->link, tx->source};
    return ERR_OK;
}
