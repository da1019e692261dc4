#include "core/stack/usage/usage.h"

static void of_dialog(struct sip_sub_info *info, const struct sip_dialog *dialog)
{
    info->call_id = dialog->call_id;
    info->local_tag = dialog->local_tag;
    info->remote_tag = dialog->remote_tag;
    info->remote_target = dialog->remote_target;
    info->local_uri = dialog->local_uri;
    info->remote_uri = dialog->remote_uri;
    info->local_seq = dialog->local_seq;
    info->remote_seq = dialog->remote_seq;
    info->route_set = dialog->routes.values;
    info->route_count = dialog->routes.count;
    info->secure = dialog->secure;
    info->has_dialog = dialog->has_remote_tag;
}

enum err sip_sub_info(const struct sip_stack *stack, struct handle handle, struct sip_sub_info *out)
{
    const struct sip_sub *sub = sub_find(stack, handle);
    if (sub == NULL)
        return ERR_GONE;
    const struct sip_call *call = call_of_dialog(sub->dialog);
    *out = (struct sip_sub_info){
        .state = (enum sip_sub_state)sub->state,
        .ended = (enum sip_sub_ended)sub->ended,
        .ended_status = sub->ended_status,
        .notifier = sub->notifier,
        .refer = sub->refer,
        .event = sub->event,
        .id = sub->id,
        .reason = sub->reason,
        .retry_after_s = sub->retry_after_s,
        .until_us = sub->until_us,
        .call = call == NULL ? (struct handle){0} : call->handle,
    };
    of_dialog(out, sub->dialog);
    return ERR_OK;
}
