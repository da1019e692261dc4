#include "core/stack/usages.h"
#include "core/stack/session.h"

/* RFC 4320 §4.1, §4.2: a non-INVITE gets no provisional but 100, over UDP not before the client has
 * come to T2 (then the stack sends it), and never a 408. */
static bool allowed(struct sip_stack *stack, const struct sip_tx *tx, uint16_t status)
{
    if (tx_final(tx))
        return false;
    if (tx->machine->invite)
        return true;
    bool hundred = status == 100 && layer_reliable(&stack->layer, &tx->hop);
    return status != 408 && (status >= 200 || hundred);
}

/* RFC 3261 §8.2.6.2: one tag for all responses; that of the call where there is one. */
static enum err choose_tag(struct sip_stack *stack, struct sip_tx *tx,
                           const struct sip_response_options *options)
{
    struct id id;
    struct sip_call *call = call_find(stack, tx->call);
    if (options->to_tag.ptr != NULL) {
        if (!handle_none(tx->sub) && call == NULL && tx->key.to_tag.ptr == NULL)
            return stack_subscriptions.tag_set(stack, tx, options->to_tag);
        if (call != NULL && tx->initial && call->state == CALL_CALLING && !call->caller)
            return call_tag_set(stack, call, tx, options->to_tag);
        return tx_tag_set(tx, options->to_tag);
    }
    if (options->status == 100 || tx->to_tag.ptr != NULL || tx->key.to_tag.ptr != NULL)
        return ERR_OK;
    id_tag(stack, &id);
    return tx_tag_set(tx, id_view(&id));
}

/* Forms a dialog, or refreshes its target: RFC 3261 §12.1.1, §8.1.1.8. */
static bool wants_contact(const struct sip_tx *tx, uint16_t status)
{
    if (tx->method == SIP_INVITE)
        return status > 100 && status < 300;
    return (tx->method == SIP_SUBSCRIBE || tx->method == SIP_UPDATE || tx->method == SIP_REFER) &&
           status >= 200 && status < 300;
}

static struct blob *write(struct sip_stack *stack, struct sip_tx *tx,
                          const struct sip_response_options *options, struct sip_msg *source,
                          uint32_t rseq)
{
    bool forgets = options->status >= 200 && (stack->layer.mutants & SIP_MUTANT_NO_TAG) != 0;
    bool tagless = options->status == 100 || forgets;
    struct response_plan plan = {
        .options = options,
        .request = source,
        .source = source == tx->request ? &tx->source : NULL,
        .delay_us = stack->layer.now_us - tx->arrived_us,
        .to_tag = tagless && options->to_tag.ptr == NULL ? (struct view){0} : tx->to_tag,
        .contact = wants_contact(tx, options->status),
        .rseq = rseq,
        .refresh = refresh_terms(stack, tx, source, options->status),
        .capabilities = tx->method == SIP_INVITE && options->status >= 200 && options->status < 300,
    };
    plan.has_expires = stack_subscriptions.grants(stack, tx, source, options, &plan.expires_s);
    return response_write(stack, &plan);
}

/* What the response is made of: the request, or what was answered to it before (by force only). */
static enum err source_of(struct sip_tx *tx, struct sip_msg **out)
{
    if (tx->request != NULL) {
        *out = sip_msg_ref(tx->request);
        return ERR_OK;
    }
    struct blob *before = tx->late.bytes != NULL ? tx->late.bytes : tx->out.bytes;
    return before == NULL ? ERR_STATE : sip_msg_parse(before, SIP_FRAMING_DATAGRAM, out);
}

static void hand_over(struct sip_stack *stack, struct sip_tx *tx, struct blob *bytes,
                      uint16_t status)
{
    if (tx_final(tx)) { /* forced: past the transaction */
        out_set(&stack->layer, &tx->late, bytes);
        layer_send(&stack->layer, &tx->late, &tx->hop);
        return;
    }
    tx->status = status;
    sip_tx_step(&stack->layer, tx, tx_event_sent(status), &(struct tx_input){.bytes = bytes});
    if (status < 200)
        return;
    sip_msg_unref(tx->request);
    tx->request = NULL;
}

/* RFC 6141 §4.6, RFC 6086 §5.2.4: the target moves, and what is taken changes, when the request
 * that moves it is accepted. */
static void refresh(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *request,
                    uint16_t status)
{
    struct sip_call *call = call_find(stack, tx->call);
    bool refreshes = tx->method == SIP_INVITE || tx->method == SIP_UPDATE;
    if (call == NULL || !refreshes || tx->initial || status < 200 || status >= 300 ||
        !sip_msg_is_request(request))
        return;
    layer_fail(&stack->layer, dialog_refresh(&call->dialog, request));
    packages_came(stack, call, request);
}

/* What its call makes of a response that has gone out. */
static void responded(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *source,
                      const struct sip_response_options *options, uint32_t rseq, struct blob *bytes)
{
    struct refresh_terms terms = refresh_terms(stack, tx, source, options->status);
    struct sip_call *call = call_find(stack, tx->call);
    if (call != NULL) {
        offer_responded(stack, call, (enum sip_method)tx->method, options, rseq != 0, bytes);
        if (rseq != 0)
            reliable_sent(stack, tx, rseq, options->body.len > 0);
    }
    if (tx->machine->invite)
        callee_responded(stack, tx, options->status);
    refresh_granted(stack, tx, source, options, terms, bytes);
}

/* A mutant's: RFC 3261 §17.2 has one final response in each transaction. */
static void answer_again(struct sip_stack *stack, struct sip_tx *tx, uint16_t status)
{
    struct sip_response_options options = {.status = status == 500 ? 503 : 500};
    if (status >= 200 && (stack->layer.mutants & SIP_MUTANT_ANSWERS_TWICE) != 0)
        layer_fail(&stack->layer, stack_respond(stack, tx, &options));
}

enum err stack_respond(struct sip_stack *stack, struct sip_tx *tx,
                       const struct sip_response_options *options)
{
    struct sip_msg *source;
    uint32_t rseq = 0;
    enum err err = reliable_plan(stack, tx, options, &rseq);
    if (err == ERR_OK)
        err = source_of(tx, &source);
    if (err != ERR_OK)
        return err;
    err = choose_tag(stack, tx, options);
    struct blob *bytes = err == ERR_OK ? write(stack, tx, options, source, rseq) : NULL;
    if (bytes != NULL) {
        bool late = tx_final(tx);
        refresh(stack, tx, source, options->status);
        hand_over(stack, tx, blob_ref(bytes), options->status);
        if (!late)
            responded(stack, tx, source, options, rseq, bytes);
        if (!late && !handle_none(tx->sub))
            stack_subscriptions.responded(stack, tx, source, options);
        if (!late)
            answer_again(stack, tx, options->status);
        blob_unref(bytes);
    }
    sip_msg_unref(source);
    return err != ERR_OK ? err : layer_failed(&stack->layer);
}

void stack_answer(struct sip_stack *stack, struct sip_tx *tx, uint16_t status,
                  const struct sip_row *rows, size_t row_count)
{
    struct sip_response_options options = {.status = status, .rows = rows, .row_count = row_count};
    ASSERT(tx->request != NULL);
    struct sip_msg *request = sip_msg_ref(tx->request);
    layer_fail(&stack->layer, stack_respond(stack, tx, &options));
    stack_tell_tx(stack, SIP_TELL_ANSWERED, tx, request, status);
    sip_msg_unref(request);
}

void stack_send_100(struct sip_stack *stack, struct sip_tx *tx)
{
    struct sip_response_options options = {.status = 100};
    layer_fail(&stack->layer, stack_respond(stack, tx, &options));
}

enum err sip_respond(struct sip_stack *stack, uint64_t now_us, struct handle handle,
                     const struct sip_response_options *options)
{
    stack_enter(stack, now_us, NULL);
    struct sip_tx *tx = tx_find(&stack->layer, handle);
    if (tx == NULL)
        return ERR_GONE;
    if (tx->machine->client || (!options->force && !allowed(stack, tx, options->status)))
        return ERR_STATE;
    if (ring_room(&stack->layer.ring) < EFFECTS_OF_A_COMMAND)
        return ERR_LIMIT;
    enum err err = stack_respond(stack, tx, options);
    struct sip_call *call = call_find(stack, tx->call);
    if (err == ERR_OK && call != NULL && tx->method == SIP_BYE && options->status >= 200 &&
        options->status < 300)
        stack_bye_accepted(stack, call);
    return err != ERR_OK ? err : stack_leave(stack);
}
