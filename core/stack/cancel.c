#include "core/stack/again.h"
#include "core/transaction/derive.h"

/* RFC 3261 §9.2 */
void cancel_receive(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                    struct sip_tx *cancelled)
{
    if (cancelled == NULL) {
        stack_no_dialog(stack, tx, msg);
        return;
    }
    struct sip_call *call = call_find(stack, cancelled->call);
    tx->call = cancelled->call;
    if (cancelled->to_tag.ptr != NULL) /* "the To tag … SHOULD be the same" */
        layer_fail(&stack->layer, tx_tag_set(tx, cancelled->to_tag));
    if (!cancelled->machine->invite || tx_final(cancelled)) {
        stack_answer(stack, tx, 200, NULL, 0);
        return;
    }
    if (call != NULL && (call->manual & SIP_MANUAL_CANCEL) != 0) {
        stack_ask(stack, tx, msg, SIP_TELL_CANCELLED);
        return;
    }
    struct sip_response_options done = {.status = 200}, terminated = {.status = 487};
    layer_fail(&stack->layer, stack_respond(stack, tx, &done));
    stack_tell_tx(stack, SIP_TELL_CANCELLED, tx, msg, 200);
    layer_fail(&stack->layer, stack_respond(stack, cancelled, &terminated));
}

static void send(struct sip_stack *stack, struct sip_tx *cancel, struct sip_tx *invite)
{
    struct blob *bytes = cancel->out.bytes;
    cancel->out.bytes = NULL;
    tx_start(&stack->layer, cancel, bytes);
    invite->cancelled = true;
    if (invite->machine == &tx_invite_client && invite->state == PROCEEDING)
        tx_cancel_wait(&stack->layer, invite);
}

/* §9.1: the CANCEL waits for a provisional response, and comes too late after a final one. */
void cancel_release(struct sip_stack *stack, struct sip_tx *invite)
{
    struct sip_tx *cancel = tx_find(&stack->layer, invite->other);
    if (cancel == NULL || cancel->state != TX_WAITING)
        return;
    if (invite->state == PROCEEDING)
        send(stack, cancel, invite);
    else
        tx_end(&stack->layer, cancel, V("the INVITE has its final response"));
}

static bool allowed(const struct sip_tx *tx)
{
    return tx->machine == &tx_invite_client && handle_none(tx->other) &&
           (tx->state == CALLING || tx->state == PROCEEDING);
}

static enum err create(struct sip_stack *stack, struct sip_tx *tx,
                       const struct sip_request_options *extra, struct sip_tx **out)
{
    struct sip_tx *cancel;
    struct tx_key key = {.text = tx->key.text, .method = V("CANCEL"), .hash = tx->key.hash};
    struct blob *bytes = derive_cancel(&stack->layer, tx, extra == NULL ? NULL : extra->rows,
                                       extra == NULL ? 0 : extra->row_count);
    if (bytes == NULL)
        return tx->out.bytes == NULL ? ERR_STATE : ERR_MEMORY;
    enum err err = tx_create(&stack->layer, &tx_non_invite_client, &key, &tx->hop, &cancel);
    if (err != ERR_OK) {
        blob_unref(bytes);
        return err;
    }
    cancel->out.bytes = bytes;
    cancel->other = tx->handle;
    cancel->seq = tx->seq;
    cancel->known = true;
    tx->other = cancel->handle;
    *out = cancel;
    return ERR_OK;
}

enum err cancel_send(struct sip_stack *stack, struct sip_tx *invite)
{
    struct sip_tx *cancel;
    if (!allowed(invite))
        return ERR_OK;
    enum err err = create(stack, invite, NULL, &cancel);
    if (err != ERR_OK)
        return err;
    cancel->known = false; /* nobody asked for it, nobody has its handle */
    if (invite->state == PROCEEDING)
        send(stack, cancel, invite);
    return ERR_OK;
}

enum err sip_request_cancel(struct sip_stack *stack, uint64_t now_us, struct handle request,
                            const struct sip_request_options *extra, struct handle *out_request)
{
    struct sip_tx *cancel;
    stack_enter(stack, now_us, NULL);
    struct sip_tx *tx = tx_find(&stack->layer, request);
    bool force = extra != NULL && extra->force;
    if (tx == NULL)
        return ERR_GONE;
    if (again_waits(stack, tx) || seek_waits(tx)) {
        tx_end(&stack->layer, tx, V("cancelled before it went out"));
        caller_cancelled(stack, tx);
        if (out_request != NULL)
            *out_request = (struct handle){0};
        return stack_leave(stack);
    }
    if (!tx->machine->client || (!force && !allowed(tx)))
        return ERR_STATE;
    enum err err = create(stack, tx, extra, &cancel);
    if (err != ERR_OK)
        return err;
    if (force || tx->state == PROCEEDING)
        send(stack, cancel, tx);
    if (out_request != NULL)
        *out_request = cancel->handle;
    return stack_leave(stack);
}
