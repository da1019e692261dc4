/* A SUBSCRIBE or REFER outside of a dialog may reach several notifiers, and each NOTIFY of another
 * one makes a subscription of its own: RFC 6665 §4.1.4 and §4.4.1. */
#include "core/dialog/owned.h"
#include "core/stack/usage/usage.h"

#include <stddef.h>

static uint64_t hash_of(struct view call_id, struct view tag)
{
    return rng_mix(index_hash(call_id) ^ rng_mix(index_hash(tag)));
}

enum err attempt_add(struct sip_stack *stack, struct sip_sub *sub)
{
    return index_add(&stack->attempts, &sub->by_attempt,
                     hash_of(sub->dialog->call_id, sub->dialog->local_tag));
}

void attempt_remove(struct sip_stack *stack, struct sip_sub *sub)
{
    index_remove(&stack->attempts, &sub->by_attempt);
}

static bool is_of(const struct sip_sub *sub, struct sip_msg *notify,
                  const struct sip_token_params *event)
{
    const struct sip_name_addr *to = sip_msg_to(notify);
    return to != NULL && view_equal(sub->dialog->local_tag, to->tag) &&
           view_equal(sub->dialog->call_id, sip_msg_call_id(notify)) && sub_event_fits(sub, event);
}

struct sip_sub *attempt_find(const struct sip_stack *stack, struct sip_msg *notify)
{
    const struct sip_token_params *event = sip_msg_get(notify, SIP_HEADER_EVENT, 0);
    const struct sip_name_addr *to = sip_msg_to(notify);
    if (event == NULL || to == NULL)
        return NULL;
    struct index_entry *at =
        index_first(&stack->attempts, hash_of(sip_msg_call_id(notify), to->tag));
    for (; at != NULL; at = index_next(&stack->attempts, at)) {
        struct sip_sub *sub = (struct sip_sub *)((char *)at - offsetof(struct sip_sub, by_attempt));
        if (is_of(sub, notify, event))
            return sub;
    }
    return NULL;
}

static enum err copy(struct sip_sub *sub, const struct sip_sub *first)
{
    enum err err = sub_dialog_create(sub);
    if (err == ERR_OK)
        err = dialog_fork(sub->dialog, first->dialog, first->seq);
    if (err == ERR_OK)
        err = owned_set(NULL, &sub->event, first->event);
    if (err == ERR_OK)
        err = owned_set(NULL, &sub->id, first->id);
    if (err == ERR_OK)
        err = rows_copy(&sub->rows, first->rows.items, first->rows.count);
    return err;
}

struct sip_sub *attempt_fork(struct sip_stack *stack, struct sip_sub *first)
{
    struct sip_sub *sub;
    enum err err = sub_create(stack, false, &sub);
    if (err == ERR_OK) {
        err = copy(sub, first);
        if (err != ERR_OK)
            sub_free(stack, sub);
    }
    layer_fail(&stack->layer, err);
    if (err != ERR_OK)
        return NULL;
    sub->dialog->hop = first->dialog->hop;
    sub->seq = first->seq;
    sub->wanted_s = first->wanted_s;
    sub->refreshes = first->refreshes;
    sub->refer = first->refer;
    sub->first = first->first;
    struct tell tell = {.what = SIP_TELL_SUB_FORK, .object = first->handle, .sub = sub->handle};
    layer_tell(&stack->layer, &tell);
    return sub;
}
