/* A NOTIFY that comes: which subscription it belongs to, and what it says. RFC 6665 §4.1.3. */
#include "core/dialog/owned.h"
#include "core/stack/usage/usage.h"

/* The subscription in this dialog that it is about; NULL: none. */
static struct sip_sub *in_dialog(const struct sip_dialog *dialog,
                                 const struct sip_token_params *event)
{
    for (struct sip_sub *sub = dialog->subs; sub != NULL; sub = sub->next)
        if (!sub->notifier && sub->state != SUB_TERMINATED && sub_event_fits(sub, event))
            return sub;
    return NULL;
}

static struct sip_sub *find(struct sip_stack *stack, struct sip_msg *msg, struct sip_dialog *dialog)
{
    const struct sip_token_params *event = sip_msg_get(msg, SIP_HEADER_EVENT, 0);
    if (event == NULL)
        return NULL;
    if (dialog != NULL)
        return in_dialog(dialog, event);
    struct sip_sub *sub = attempt_find(stack, msg);
    if (sub == NULL || !sub->dialog->has_remote_tag)
        return sub;
    return attempt_fork(stack, sub);
}

/* 489 where we know the dialog and have never asked for that package in it. */
static void refuse(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                   const struct sip_dialog *dialog)
{
    const struct sip_token_params *event = sip_msg_get(msg, SIP_HEADER_EVENT, 0);
    bool asked = false;
    if ((stack->manual & SIP_MANUAL_NOTIFY) != 0) {
        stack_ask(stack, tx, msg, SIP_TELL_REQUEST);
        return;
    }
    if (dialog == NULL || dialog->subs == NULL) {
        stack_no_dialog(stack, tx, msg);
        return;
    }
    for (const struct sip_sub *sub = dialog->subs; sub != NULL; sub = sub->next)
        asked |= event != NULL && view_equal(sub->event, event->token);
    stack_answer(stack, tx, asked ? 481 : 489, NULL, 0);
}

/* RFC 6665 §4.1.3: "active" and "pending" may say how long, "terminated" why. An extension of them
 * is taken for a subscription that is there. */
static uint8_t event_of(const struct sip_token_params *state)
{
    if (view_equal_nocase(state->token, V("active")))
        return SUB_GOT_ACTIVE;
    return view_equal_nocase(state->token, V("terminated")) ? SUB_GOT_TERMINATED : SUB_GOT_PENDING;
}

static bool number_of(const struct sip_token_params *state, struct view name, uint64_t *out)
{
    struct view value;
    return sip_param_find(&state->params, name, &value) && value.ptr != NULL &&
           view_to_uint(value, UINT64_MAX, out);
}

static void learn(struct sip_stack *stack, struct sip_sub *sub, struct sip_msg *msg)
{
    struct sip_dialog *dialog = sub->dialog;
    if (dialog->has_remote_tag) { /* NOTIFY is a target refresh request, RFC 6665 §3.2 */
        layer_fail(&stack->layer, dialog_refresh(dialog, msg));
        return;
    }
    layer_fail(&stack->layer, dialog_learn_request(dialog, msg));
    layer_fail(&stack->layer, dialog_list(&stack->dialogs, dialog));
}

static void ended(struct sip_stack *stack, struct sip_sub *sub,
                  const struct sip_token_params *state)
{
    uint64_t seconds = 0;
    struct view reason;
    if (sip_param_find(&state->params, V("reason"), &reason))
        layer_fail(&stack->layer, owned_set(NULL, &sub->reason, reason));
    if (number_of(state, V("retry-after"), &seconds))
        sub->retry_after_s = seconds > UINT32_MAX ? UINT32_MAX : (uint32_t)seconds;
    sub_end(sub, SIP_SUB_NOTIFIED, 0);
}

static void process(struct sip_stack *stack, struct sip_sub *sub, struct sip_msg *msg,
                    const struct sip_token_params *state)
{
    uint8_t on = event_of(state);
    uint64_t seconds;
    learn(stack, sub, msg);
    sub->heard = true;
    if (!sub->by_attempt.listed)
        timer_stop(&stack->layer, &sub->notify, sub->handle);
    if (on == SUB_GOT_TERMINATED)
        ended(stack, sub, state);
    else if (number_of(state, V("expires"), &seconds))
        subscriber_time(stack, sub, seconds);
    sub_step(stack, sub, on);
}

void notify_receive(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                    struct sip_dialog *dialog)
{
    const struct sip_token_params *state = sip_msg_get(msg, SIP_HEADER_SUBSCRIPTION_STATE, 0);
    struct sip_sub *sub = find(stack, msg, dialog);
    struct sip_call *call = dialog == NULL ? NULL : call_of_dialog(dialog);
    if (sub == NULL) {
        refuse(stack, tx, msg, dialog);
        return;
    }
    tx->sub = sub->handle;
    if (call != NULL)
        tx->call = call->handle;
    if (!dialog_accepts_seq(sub->dialog, tx->seq)) {
        stack_answer(stack, tx, 500, NULL, 0);
        return;
    }
    if (state == NULL && (stack->manual & SIP_MANUAL_NOTIFY) == 0) {
        stack_answer(stack, tx, 400, NULL, 0);
        return;
    }
    if ((stack->manual & SIP_MANUAL_NOTIFY) != 0)
        stack_ask(stack, tx, msg, SIP_TELL_REQUEST);
    else
        stack_answer(stack, tx, 200, NULL, 0);
    if (state != NULL)
        process(stack, sub, msg, state);
}
