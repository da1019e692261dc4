#include "core/dialog/owned.h"
#include "core/stack/session.h"

/* The callee's side of a dialog, made by the INVITE of tx: RFC 3261 §12.1.1. */
enum err callee_leg(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *invite,
                    struct sip_call **out)
{
    struct sip_call *call;
    struct id tag;
    enum err err = call_create(stack, false, &call);
    if (err != ERR_OK)
        return err;
    id_tag(stack, &tag);
    err = dialog_answer(&call->dialog, invite, id_view(&tag));
    if (err == ERR_OK)
        err = dialog_list(&stack->dialogs, &call->dialog);
    if (err == ERR_OK)
        err = tx_tag_set(tx, id_view(&tag));
    if (err != ERR_OK) {
        call_free(stack, call);
        return err;
    }
    call->initial = call->invite = tx->handle;
    call->dialog.hop =
        (struct sip_hop){.bound = tx->hop.bound, .remote = tx->source, .flow = tx->hop.flow};
    call->dialog.secure = hop_secures(stack, &call->dialog.hop, sip_msg_request_uri_text(invite));
    tx->call = call->handle;
    tx->initial = true;
    packages_came(stack, call, invite);
    (void)offer_came(stack, call, invite);
    *out = call;
    return ERR_OK;
}

void callee_invite(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg)
{
    struct sip_call *call;
    struct handle replaced = {0};
    if (refresh_refuses(stack, tx, msg, NULL))
        return;
    uint16_t status =
        (stack->manual & SIP_MANUAL_REPLACES) != 0 ? 0 : replaces_check(stack, msg, &replaced);
    if (status != 0) {
        stack_answer(stack, tx, status, NULL, 0);
        return;
    }
    enum err err = callee_leg(stack, tx, msg, &call);
    layer_fail(&stack->layer, err);
    if (err == ERR_OK)
        call->replaces = replaced;
    if (err == ERR_OK)
        stack_ask(stack, tx, msg, SIP_TELL_REQUEST);
    else
        stack_answer(stack, tx, 500, NULL, 0);
}

/* 491, or 500 with the Retry-After of RFC 3261 §14.2. */
static void refuse_for_now(struct sip_stack *stack, struct sip_tx *tx, uint16_t status)
{
    char room[UINT_TEXT_MAX];
    struct sip_row row = {.name = V("Retry-After"), .value = view_of_uint(id_retry_s(stack), room)};
    stack_answer(stack, tx, status, &row, status == 500);
}

/* RFC 3261 §14.2: one INVITE at a time, and one offer (RFC 3264 §4). */
static uint16_t reinvite_refusal(struct sip_stack *stack, struct sip_msg *msg,
                                 const struct sip_call *call)
{
    struct sip_tx *open = tx_find(&stack->layer, call->invite);
    if ((call->manual & SIP_MANUAL_REINVITE) != 0)
        return 0;
    if (open != NULL && !tx_final(open))
        return open->machine->client ? 491 : 500;
    return offer_refusal(call, msg);
}

void callee_reinvite(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                     struct sip_call *call)
{
    uint16_t refusal = reinvite_refusal(stack, msg, call);
    if (refusal != 0) {
        refuse_for_now(stack, tx, refusal);
        return;
    }
    if (refresh_refuses(stack, tx, msg, call))
        return;
    call->invite = tx->handle;
    (void)offer_came(stack, call, msg);
    stack_ask(stack, tx, msg, SIP_TELL_REQUEST);
}

/* RFC 3311 §5.2: one UPDATE at a time, and one offer. */
void callee_update(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                   struct sip_call *call)
{
    struct sip_tx *open = tx_find(&stack->layer, call->update);
    uint16_t refusal = open != NULL && !tx_final(open) ? 500 : offer_refusal(call, msg);
    if (refusal != 0 && (call->manual & SIP_MANUAL_UPDATE) == 0) {
        refuse_for_now(stack, tx, refusal);
        return;
    }
    if (refresh_refuses(stack, tx, msg, call))
        return;
    call->update = tx->handle;
    (void)offer_came(stack, call, msg);
    stack_ask(stack, tx, msg, SIP_TELL_REQUEST);
}

static void repeat_2xx(struct sip_stack *stack, struct sip_tx *tx, struct sip_call *call)
{
    struct sip_answer first = {
        .call = call,
        .repeat = {.owner = call->handle, .out = tx->out, .hop = tx->hop},
        .seq = tx->seq
    };
    call_answer_drop(stack, call);
    layer_fail(&stack->layer, answer_create(&stack->layer, &first, &call->answer));
}

void callee_responded(struct sip_stack *stack, struct sip_tx *tx, uint16_t status)
{
    struct sip_call *call = call_find(stack, tx->call);
    if (call == NULL || status == 100)
        return;
    bool final = status >= 200;
    bool success = final && status < 300;
    if (final && handle_equal(call->invite, tx->handle))
        call->invite = (struct handle){0};
    if (final)
        reliable_stop_all(&stack->layer, call->unacked); /* RFC 3262 §3 */
    if (final && !success && tx->initial)
        call_end(call, status == 487 ? SIP_ENDED_CANCELLED : SIP_ENDED_REJECTED, status);
    if (!tx->initial && !success)
        return;
    uint8_t on = !final ? SENT_1XX : success ? SENT_2XX : SENT_FAILURE;
    if ((call_step(stack, call, on) & CALL_REPEAT_2XX) != 0)
        repeat_2xx(stack, tx, call);
    if (on == SENT_2XX)
        replaces_done(stack, call);
    if (on == SENT_FAILURE)
        fork_end(stack, tx, status);
}

/* The ACK of a 2xx: it is no transaction's, and matches by the dialog and the number of its INVITE.
 */
void callee_ack(struct sip_stack *stack, struct sip_msg *msg)
{
    struct sip_call *call = call_of_request(stack, msg);
    const struct sip_cseq *cseq = sip_msg_cseq(msg);
    if (call == NULL || cseq == NULL) {
        stack_discard(stack, msg, "an ACK that belongs to nothing");
        return;
    }
    if (call->answer == NULL)
        return; /* a copy of the one that was there already */
    if (call->answer->seq != cseq->number) {
        stack_discard(stack, msg, "an ACK of another INVITE");
        return;
    }
    struct tell tell = {.what = SIP_TELL_ACK, .call = call->handle, .msg = msg};
    layer_tell(&stack->layer, &tell);
    (void)offer_came(stack, call, msg);
    call_step(stack, call, GOT_ACK);
    if (call->unwanted && call->state < CALL_ENDING)
        call_bye(stack, call);
}
