/* An INVITE that names a dialog of ours: Replaces, RFC 3891 §3, and Join, RFC 3911 §4. */
#include "core/stack/session.h"

/* RFC 3891 §6.1: a tag of "0" stands for none too, as RFC 2543 had it. */
static struct view tag_of(struct view tag)
{
    return view_equal(tag, V("0")) ? (struct view){0} : tag;
}

/* As if its tags were those of a request to us. */
static struct sip_call *named(const struct sip_stack *stack, const struct sip_dialog_id *id,
                              bool *out_found)
{
    struct sip_dialog *dialog = dialog_find(&stack->dialogs, id->call_id, id->to_tag, id->from_tag);
    if (dialog == NULL)
        dialog =
            dialog_find(&stack->dialogs, id->call_id, tag_of(id->to_tag), tag_of(id->from_tag));
    *out_found = dialog != NULL;
    return dialog == NULL ? NULL : call_of_dialog(dialog);
}

static bool is_twice(const struct sip_msg *msg, enum sip_header_id id)
{
    return sip_msg_find(msg, id, 1) != NULL;
}

static bool is_readable(const struct sip_dialog_id *id)
{
    return id != NULL && id->call_id.len > 0 && id->to_tag.ptr != NULL && id->from_tag.ptr != NULL;
}

static uint16_t replaces_status(const struct sip_call *call, const struct sip_dialog_id *id)
{
    struct view value;
    bool early_only = sip_param_find(&id->params, V("early-only"), &value);
    if (call->state >= CALL_ENDING)
        return 603;
    if (call->state >= CALL_ANSWERED)
        return early_only ? 486 : 0;
    return call->caller ? 0 : 481;
}

uint16_t replaces_check(struct sip_stack *stack, struct sip_msg *msg, struct handle *out_replaced)
{
    const struct sip_line *replaces = sip_msg_find(msg, SIP_HEADER_REPLACES, 0);
    const struct sip_line *join = sip_msg_find(msg, SIP_HEADER_JOIN, 0);
    enum sip_header_id header = replaces != NULL ? SIP_HEADER_REPLACES : SIP_HEADER_JOIN;
    bool found;
    if (replaces == NULL && join == NULL)
        return 0;
    if (sip_msg_method(msg) != SIP_INVITE || (replaces != NULL && join != NULL) ||
        is_twice(msg, header))
        return 400;
    const struct sip_dialog_id *id = sip_msg_get(msg, header, 0);
    if (!is_readable(id))
        return 400;
    struct sip_call *call = named(stack, id, &found);
    if (call == NULL)
        return 481; /* also a dialog that no INVITE has made */
    if (replaces == NULL)
        return call->state >= CALL_ENDING ? 603 : 0;
    uint16_t status = replaces_status(call, id);
    if (status == 0)
        *out_replaced = call->handle;
    return status;
}

/* The new call is up: the old one ends, by BYE, or by CANCEL where it never came about. */
void replaces_done(struct sip_stack *stack, struct sip_call *call)
{
    struct sip_call *old = call_find(stack, call->replaces);
    call->replaces = (struct handle){0};
    if (old == NULL || old->state >= CALL_ENDING)
        return;
    old->unwanted = true; /* should its 2xx cross the CANCEL, or its ACK be under way */
    if (old->state == CALL_ANSWERED && !old->caller)
        return; /* RFC 3261 §15: no BYE before the ACK */
    if (old->state >= CALL_ANSWERED) {
        call_bye(stack, old);
        return;
    }
    struct sip_tx *invite = tx_find(&stack->layer, old->initial);
    if (invite != NULL)
        layer_fail(&stack->layer, cancel_send(stack, invite));
}
