/* An INVITE that we were sent, answered as if it had forked on its way: several legs, a To tag
 * each. The first leg's transaction is the one that messages find; the others hang behind it. */
#include "core/stack/self.h"

static enum err twin_create(struct sip_stack *stack, struct sip_tx *first, struct sip_tx **out)
{
    struct sip_tx *twin;
    struct tx_key key = {.method = first->key.method};
    enum err err = tx_create(&stack->layer, &tx_invite_server, &key, &first->hop, &twin);
    if (err != ERR_OK)
        return err;
    twin->request = sip_msg_ref(first->request);
    twin->source = first->source;
    twin->seq = first->seq;
    *out = twin;
    return ERR_OK;
}

static enum err fork_leg(struct sip_stack *stack, struct sip_call *call, struct sip_tx *first,
                         struct sip_call **out_leg, struct sip_tx **out_tx)
{
    struct sip_tx *twin;
    enum err err = twin_create(stack, first, &twin);
    if (err != ERR_OK)
        return err;
    err = callee_leg(stack, twin, first->request, out_leg);
    if (err != ERR_OK) {
        tx_end(&stack->layer, twin, V("out of memory"));
        return err;
    }
    (*out_leg)->manual = call->manual;
    twin->known = true;
    twin->other = first->other;
    first->other = twin->handle;
    tx_start(&stack->layer, twin, NULL);
    *out_tx = twin;
    return ERR_OK;
}

enum err sip_call_fork(struct sip_stack *stack, uint64_t now_us, struct handle handle,
                       struct handle *out_call, struct handle *out_transaction)
{
    struct sip_call *call = call_find(stack, handle), *leg;
    struct sip_tx *first, *twin;
    if (call == NULL)
        return ERR_GONE;
    first = tx_find(&stack->layer, call->initial);
    if (call->caller || first == NULL || first->request == NULL)
        return ERR_STATE;
    enum err err = command_enter(stack, now_us);
    if (err != ERR_OK)
        return err;
    err = fork_leg(stack, call, first, &leg, &twin);
    err = command_leave(stack, err);
    if (err != ERR_OK)
        return err;
    *out_call = leg->handle;
    *out_transaction = twin->handle;
    return ERR_OK;
}

/* The caller takes one failure for that of all legs, RFC 3261 §12.3: those that still ring end
 * without a word. */
void fork_end(struct sip_stack *stack, struct sip_tx *tx, uint16_t status)
{
    struct sip_tx *next;
    for (tx = tx_find(&stack->layer, tx->other); tx != NULL; tx = next) {
        struct sip_call *leg = call_find(stack, tx->call);
        next = tx_find(&stack->layer, tx->other);
        if (leg == NULL || tx_final(tx))
            continue;
        leg->invite = (struct handle){0};
        call_end(leg, status == 487 ? SIP_ENDED_CANCELLED : SIP_ENDED_REJECTED, status);
        call_step(stack, leg, SENT_FAILURE);
        tx_end(&stack->layer, tx, V("another leg has failed"));
    }
}

/* An ACK finds the first leg's transaction, and belongs to that of its To tag. */
struct sip_tx *fork_of_tag(struct sip_stack *stack, struct sip_tx *first, struct view to_tag)
{
    for (struct sip_tx *tx = first; tx != NULL; tx = tx_find(&stack->layer, tx->other))
        if (view_equal(tx->to_tag, to_tag))
            return tx;
    return first;
}
