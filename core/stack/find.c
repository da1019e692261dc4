#include "core/stack/self.h"

struct sip_call *call_find(const struct sip_stack *stack, struct handle handle)
{
    return table_find(&stack->calls, handle);
}

struct sip_sub *sub_find(const struct sip_stack *stack, struct handle handle)
{
    return table_find(&stack->subs, handle);
}

struct sip_reg *reg_find(const struct sip_stack *stack, struct handle handle)
{
    return table_find(&stack->regs, handle);
}

struct sip_dialog *dialog_of_tx(const struct sip_stack *stack, const struct sip_tx *tx)
{
    struct sip_sub *sub = sub_find(stack, tx->sub);
    struct sip_call *call = call_find(stack, tx->call);
    return sub != NULL ? sub->dialog : call != NULL ? &call->dialog : NULL;
}

struct sip_dialog *dialog_of_request(const struct sip_stack *stack, struct sip_msg *request)
{
    const struct sip_name_addr *from = sip_msg_from(request), *to = sip_msg_to(request);
    if (from == NULL || to == NULL || to->tag.ptr == NULL)
        return NULL;
    return dialog_find(&stack->dialogs, sip_msg_call_id(request), to->tag, from->tag);
}

struct sip_call *call_of_request(const struct sip_stack *stack, struct sip_msg *request)
{
    struct sip_dialog *dialog = dialog_of_request(stack, request);
    return dialog == NULL ? NULL : call_of_dialog(dialog);
}
