#include "core/stack/writing.h"

#include <string.h>

enum err request_new(struct sip_stack *stack, struct sip_msg *msg, const struct tx_key *key,
                     struct sip_tx **out)
{
    const struct tx_machine *machine =
        sip_msg_method(msg) == SIP_INVITE ? &tx_invite_server : &tx_non_invite_server;
    const struct packet *packet = stack->packet;
    const struct sip_cseq *cseq = sip_msg_cseq(msg);
    struct sip_hop hop = {.bound = hop_bound_of(stack, packet)};
    struct sip_tx *tx;
    via_response_hop(msg, packet, &hop);
    enum err err = tx_create(&stack->layer, machine, key, &hop, &tx);
    if (err != ERR_OK)
        return err;
    tx->source = packet->remote;
    tx->arrived_us = stack->layer.now_us;
    tx->request = sip_msg_ref(msg);
    tx->seq = cseq == NULL ? 0 : cseq->number;
    tx_start(&stack->layer, tx, NULL);
    *out = tx;
    return ERR_OK;
}

/* RFC 3261 §17.2.3, RFC 6026 §6: the transaction absorbs the ACK of a 300-699; that of a 2xx is the
 * core's, whether it came by the transaction or not. An ACK is never answered. */
static void receive_ack(struct sip_stack *stack, struct sip_msg *msg, const struct tx_key *key)
{
    struct sip_tx *tx = match_server(&stack->layer, key);
    tx = tx == NULL ? NULL : fork_of_tag(stack, tx, key->to_tag);
    bool refused = tx != NULL && tx->status >= 300; /* what was wrong is so in its ACK, too */
    if (sip_msg_fatal(msg) != NULL && !refused) {
        stack_discard(stack, msg, sip_msg_fatal(msg)->rule);
        return;
    }
    if (tx == NULL || (sip_tx_step(&stack->layer, tx, RECV_ACK, NULL) & TELL_USER) != 0)
        callee_ack(stack, msg);
}

/* RFC 3261 §8.2: the rules about all requests first, then the dialog, then the method. */
static void receive_new(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                        const struct tx_key *key)
{
    const struct sip_name_addr *to = sip_msg_to(msg);
    if (checks_refuse(stack, tx, msg, key))
        return;
    if (sip_msg_method(msg) == SIP_CANCEL)
        cancel_receive(stack, tx, msg, match_cancelled(&stack->layer, key));
    else if (to != NULL && to->tag.ptr != NULL)
        dialog_receive(stack, tx, msg);
    else
        method_receive(stack, tx, msg);
}

void request_receive(struct sip_stack *stack, struct sip_msg *msg)
{
    struct tx_key key;
    struct sip_tx *tx;
    if (!match_key(&stack->layer, msg, &key)) {
        stack_discard(stack, msg, "no Via that an answer could go by");
        return;
    }
    if (stack->forwards) {
        relay_request(stack, msg, &key);
        return;
    }
    if (sip_msg_method(msg) == SIP_ACK) {
        receive_ack(stack, msg, &key);
        return;
    }
    tx = match_server(&stack->layer, &key);
    if (tx != NULL) {
        sip_tx_step(&stack->layer, tx, RECV_REQUEST, NULL);
        return;
    }
    enum err err = request_new(stack, msg, &key, &tx);
    layer_fail(&stack->layer, err);
    if (err == ERR_OK)
        receive_new(stack, tx, msg, &key);
}
