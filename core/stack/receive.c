#include "core/stack/usages.h"

static enum err parse(const struct packet *packet, struct sip_msg **out)
{
    if (packet->msg != NULL) {
        *out = sip_msg_ref(packet->msg);
        return ERR_OK;
    }
    if (packet->bytes == NULL)
        return ERR_SYNTAX;
    return sip_msg_parse(packet->bytes, SIP_FRAMING_DATAGRAM, out);
}

static void receive_datagram(struct sip_stack *stack, const struct packet *packet)
{
    struct sip_msg *msg;
    enum err err = parse(packet, &msg);
    if (err == ERR_SYNTAX)
        return; /* keep-alives, STUN, noise: no message, and nobody to answer */
    layer_fail(&stack->layer, err);
    if (err != ERR_OK)
        return;
    sip_msg_check(msg);
    if (!sip_msg_is_whole(msg)) /* must not be judged by what is missing */
        layer_fail(&stack->layer, ERR_MEMORY);
    else if (sip_msg_is_request(msg))
        request_receive(stack, msg);
    else
        response_receive(stack, msg);
    sip_msg_unref(msg);
}

static void fail_tx(struct sip_stack *stack, struct sip_tx *tx, enum net_error error)
{
    struct view why = view_of(net_error_text(error));
    uint32_t doing = sip_tx_step(&stack->layer, tx, TRANSPORT_ERR, &(struct tx_input){.why = why});
    if ((doing & TELL_ERROR) != 0 && !tx->machine->client)
        way_back_seek(stack, tx);
    else if ((doing & TELL_ERROR) != 0 && tx->status < 200)
        stack_tx_failed(stack, tx, 503, error);
}

static bool can_fail(const struct sip_tx *tx)
{
    return tx->state != TERMINATED && tx->state != TX_WAITING &&
           tx_row_find(tx->machine, tx->state, TRANSPORT_ERR) != NULL;
}

/* RFC 3261 §18.4. A stream says whose message it was; an ICMP error tells where, not which:
 * whatever is under way to there has failed. */
static void receive_error(struct sip_stack *stack, const struct packet *packet)
{
    if (proto_reliable(packet->proto)) {
        struct sip_tx *tx = tx_find(&stack->layer, packet->owner);
        if (handle_none(packet->owner))
            usages_flow_lost(stack, packet->link);
        if (tx != NULL && can_fail(tx))
            fail_tx(stack, tx, packet->error);
        return;
    }
    uint32_t cursor = 0;
    for (struct sip_tx *tx; (tx = table_next(&stack->layer.txs, &cursor, NULL)) != NULL;)
        if (can_fail(tx) && addr_equal(&tx->hop.remote, &packet->remote) &&
            !layer_reliable(&stack->layer, &tx->hop))
            fail_tx(stack, tx, packet->error);
}

bool sip_stack_waits(const struct sip_stack *stack, struct handle transaction)
{
    const struct sip_tx *tx = tx_find(&stack->layer, transaction);
    return tx != NULL && tx->state != TERMINATED;
}

enum err sip_stack_receive(struct sip_stack *stack, uint64_t now_us, const struct packet *packet)
{
    if (stack->layer.bound_count == 0)
        return ERR_OK; /* not bound: nothing can be answered from anywhere */
    stack_enter(stack, now_us, packet);
    if (packet->kind == PACKET_DATAGRAM)
        receive_datagram(stack, packet);
    else if (packet->kind == PACKET_FAILED)
        receive_error(stack, packet);
    else if (packet->kind == PACKET_ANSWER)
        layer_fail(&stack->layer, locate_answer(stack->locate, now_us, packet));
    return stack_leave(stack);
}
