/* A response that could not be delivered to where its request came from goes to where the Via says
 * that its sender is: RFC 3263 §5, RFC 3261 §18.2.2. */
#include "core/stack/self.h"

static void send(struct sip_stack *stack, struct sip_tx *tx, const struct sip_hop *hop)
{
    struct sip_call *call = call_find(stack, tx->call);
    tx->hop = *hop;
    layer_send(&stack->layer, &tx->out, &tx->hop);
    if (call != NULL && call->answer != NULL && tx->machine->invite)
        call->answer->repeat.hop = *hop; /* copies of the 2xx, too */
}

/* The top Via of the response is that of who is to get it. A number where nobody is was tried. */
static void begin(struct sip_stack *stack, struct sip_tx *tx)
{
    struct sip_msg *response;
    struct sip_hop hop;
    if (sip_msg_parse(tx->out.bytes, SIP_FRAMING_DATAGRAM, &response) != ERR_OK)
        return;
    const struct sip_via *via = sip_msg_via(response, 0);
    enum err err = via == NULL ? ERR_ABSENT : hop_of_via(stack, via, &hop, &tx->lookup);
    sip_msg_unref(response);
    if (err != ERR_OK)
        return;
    seek_own(stack, tx->lookup, SEEK_RESPONSE, tx->handle);
    if (hop_known(&hop) && !addr_equal(&hop.remote, &tx->hop.remote))
        send(stack, tx, &hop);
}

void way_back_seek(struct sip_stack *stack, struct sip_tx *tx)
{
    struct sip_hop hop;
    if (tx->out.bytes == NULL)
        return;
    if (!tx->sought) {
        tx->sought = true;
        begin(stack, tx);
        return;
    }
    if (hop_take(stack, tx->lookup, &hop) == LOCATED)
        send(stack, tx, &hop);
}

void way_back_found(struct sip_stack *stack, struct sip_tx *tx)
{
    struct sip_hop hop;
    enum located located = hop_take(stack, tx->lookup, &hop);
    if (located == LOCATED)
        send(stack, tx, &hop);
}
