/* What the user is told of transactions and messages. */
#include "core/stack/self.h"

struct tell tell_of(uint16_t what, const struct sip_tx *tx)
{
    return (struct tell){.what = what,
                         .object = tx->handle,
                         .call = tx->call,
                         .owner = tx->owner,
                         .sub = tx->sub,
                         .reg = tx->reg,
                         .pub = tx->pub};
}

void stack_tell_tx(struct sip_stack *stack, uint16_t what, const struct sip_tx *tx,
                   struct sip_msg *msg, uint16_t status)
{
    struct tell tell = tell_of(what, tx);
    tell.source = tx->source;
    tell.msg = msg;
    tell.status = status;
    layer_tell(&stack->layer, &tell);
}

void stack_discard(struct sip_stack *stack, struct sip_msg *msg, const char *why)
{
    struct tell tell = {.what = SIP_TELL_DISCARDED, .msg = msg};
    layer_trace_state(&stack->layer, (struct handle){0}, V("message"), V("received"),
                      V("discarded"), view_of(why));
    layer_tell(&stack->layer, &tell);
}

void stack_ask(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg, uint16_t what)
{
    tx->known = true;
    if ((stack->manual & SIP_MANUAL_100) == 0)
        tx_hundred(&stack->layer, tx);
    stack_tell_tx(stack, what, tx, msg, 0);
}

void stack_tell_response(struct sip_stack *stack, const struct sip_tx *tx,
                         const struct sip_call *call, struct sip_msg *msg)
{
    struct tell tell = tell_of(SIP_TELL_RESPONSE, tx);
    tell.call = call == NULL ? (struct handle){0} : call->handle;
    tell.msg = msg;
    tell.status = sip_msg_status(msg);
    layer_tell(&stack->layer, &tell);
}
