#include "core/stack/usages.h"
#include "core/stack/session.h"

static void options_answer(struct sip_stack *stack, struct sip_tx *tx)
{
    const struct sip_row rows[] = {
  /* RFC 3261 §11.2 */
        {.name = V("Allow"),           .value = stack->allow    },
        {.name = V("Accept"),          .value = stack->accept   },
        {.name = V("Accept-Encoding"), .value = V("identity")   },
        {.name = V("Accept-Language"), .value = V("en")         },
        {.name = V("Supported"),       .value = stack->supported},
        {.name = V("Allow-Events"),    .value = stack->events   }, /* RFC 6665 §4.4.4 */
    };
    size_t count = sizeof rows / sizeof rows[0];
    stack_answer(stack, tx, 200, rows, stack->events.len > 0 ? count : count - 1);
}

/* RFC 3261 §15.1.2: whatever is still open in the dialog is answered 487. */
void stack_bye_accepted(struct sip_stack *stack, struct sip_call *call)
{
    call_end(call, SIP_ENDED_REMOTE_BYE, 0);
    struct sip_tx *open = tx_find(&stack->layer, call->invite);
    uint32_t doing = call_step(stack, call, GOT_BYE);
    if ((doing & CALL_REJECT) != 0 && open != NULL && !open->machine->client && !tx_final(open))
        stack_answer(stack, open, 487, NULL, 0);
}

static void receive_bye(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                        struct sip_call *call)
{
    if ((call->manual & SIP_MANUAL_BYE) != 0) {
        stack_ask(stack, tx, msg, SIP_TELL_REQUEST);
        return;
    }
    stack_answer(stack, tx, 200, NULL, 0);
    stack_bye_accepted(stack, call);
}

void stack_no_dialog(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg)
{
    if ((stack->manual & SIP_MANUAL_481) != 0)
        stack_ask(stack, tx, msg, SIP_TELL_REQUEST);
    else
        stack_answer(stack, tx, 481, NULL, 0);
}

/* A dialog that no call has made has subscriptions, and what belongs to no usage: RFC 5057 §5.3. */
static bool is_of_no_call(enum sip_method method)
{
    return method == SIP_SUBSCRIBE || method == SIP_REFER || method == SIP_OPTIONS ||
           method == SIP_MESSAGE;
}

static void usage_receive(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                          struct sip_dialog *dialog)
{
    if (!dialog_accepts_seq(dialog, tx->seq))
        stack_answer(stack, tx, 500, NULL, 0);
    else if (tx->method == SIP_SUBSCRIBE || tx->method == SIP_REFER)
        stack_subscriptions.asked(stack, tx, msg, dialog);
    else
        method_receive(stack, tx, msg);
}

/* RFC 3261 §12.2.2. Once our BYE is on its way nothing but theirs is left to be done, but for
 * subscriptions: BYE ends the call, and not the dialog while they last (RFC 6665 §4.5.2). */
void dialog_receive(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg)
{
    struct sip_dialog *dialog = dialog_of_request(stack, msg);
    struct sip_call *call = dialog == NULL ? NULL : call_of_dialog(dialog);
    enum sip_method method = sip_msg_method(msg);
    if (method == SIP_NOTIFY) {
        stack_subscriptions.asked(stack, tx, msg, dialog);
        return;
    }
    if (call != NULL && call->state == CALL_TERMINATED && method == SIP_PRACK) {
        tx->call = call->handle; /* RFC 3262 §3: also after the final response */
        prack_receive(stack, tx, msg, call);
        return;
    }
    bool over = call == NULL || call->state == CALL_TERMINATED ||
                (call->state == CALL_ENDING && method != SIP_BYE);
    if (over && dialog != NULL && dialog->subs != NULL && is_of_no_call(method)) {
        usage_receive(stack, tx, msg, dialog);
        return;
    }
    if (over) {
        stack_no_dialog(stack, tx, msg);
        return;
    }
    tx->call = call->handle;
    if (!dialog_accepts_seq(&call->dialog, tx->seq)) {
        stack_answer(stack, tx, 500, NULL, 0);
        return;
    }
    if (method == SIP_BYE)
        receive_bye(stack, tx, msg, call);
    else if (method == SIP_INVITE)
        callee_reinvite(stack, tx, msg, call);
    else if (method == SIP_PRACK)
        prack_receive(stack, tx, msg, call);
    else if (method == SIP_UPDATE)
        callee_update(stack, tx, msg, call);
    else
        method_receive(stack, tx, msg);
}

/* What needs a dialog has none here, where tx->call is none. NOTIFY belongs to a subscription. */
void method_receive(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg)
{
    struct sip_call *call = call_find(stack, tx->call);
    bool inside = call != NULL;
    uint32_t manual = inside ? call->manual : stack->manual;
    switch (sip_msg_method(msg)) {
    case SIP_INVITE:
        callee_invite(stack, tx, msg);
        break;
    case SIP_OPTIONS:
        if ((manual & SIP_MANUAL_OPTIONS) != 0)
            stack_ask(stack, tx, msg, SIP_TELL_REQUEST);
        else
            options_answer(stack, tx);
        break;
    case SIP_SUBSCRIBE:
    case SIP_REFER:
    case SIP_NOTIFY:
        stack_subscriptions.asked(stack, tx, msg, call == NULL ? NULL : &call->dialog);
        break;
    case SIP_INFO:
        if (!inside || !packages_refuse(stack, tx, msg))
            stack_ask(stack, tx, msg, SIP_TELL_REQUEST);
        break;
    case SIP_BYE:
    case SIP_PRACK:
    case SIP_UPDATE:
        stack_no_dialog(stack, tx, msg);
        break;
    default:
        stack_ask(stack, tx, msg, SIP_TELL_REQUEST);
        break;
    }
}
