#include "core/base/alloc.h"
#include "core/stack/usage/usage.h"

#include <stddef.h>

enum err sub_create(struct sip_stack *stack, bool notifier, struct sip_sub **out)
{
    struct sip_sub *sub = mem_zalloc(sizeof *sub);
    if (sub == NULL)
        return ERR_MEMORY;
    enum err err = table_add(&stack->subs, sub, &sub->handle);
    if (err != ERR_OK) {
        mem_free(sub);
        return err;
    }
    sub->notifier = notifier;
    sub->until_us = NEVER;
    sub->notify.id = notifier ? TIMER_NOTIFY : TIMER_N;
    sub->expire.id = TIMER_EXPIRES;
    stack->sub_count++;
    *out = sub;
    return ERR_OK;
}

enum err sub_dialog_create(struct sip_sub *sub)
{
    struct sip_dialog *dialog = mem_zalloc(sizeof *dialog);
    if (dialog == NULL)
        return ERR_MEMORY;
    sub_join(sub, dialog);
    return ERR_OK;
}

static void tell_state(struct sip_stack *stack, const struct sip_sub *sub)
{
    struct sip_call *call = sub->dialog == NULL ? NULL : call_of_dialog(sub->dialog);
    struct tell tell = {.what = SIP_TELL_SUB,
                        .sub = sub->handle,
                        .call = call == NULL ? (struct handle){0} : call->handle,
                        .status = sub->ended_status,
                        .state = sub->state};
    layer_tell(&stack->layer, &tell);
}

void sub_doom(struct sip_stack *stack, struct sip_sub *sub)
{
    if (sub->freed)
        return;
    sub->freed = true;
    sub->next_freed = stack->sub_freed;
    stack->sub_freed = sub;
}

/* What has ended is gone at the end of the turn, but for a subscriber whose SUBSCRIBE may have
 * forked: until Timer N fires other notifiers may still speak up (RFC 6665 §4.1.2.4). */
static void terminated(struct sip_stack *stack, struct sip_sub *sub)
{
    stack->sub_count--;
    timer_stop(&stack->layer, &sub->expire, sub->handle);
    if (sub->by_attempt.listed && timer_runs(&sub->notify) && sub->ended == SIP_SUB_NOTIFIED)
        return;
    timer_stop(&stack->layer, &sub->notify, sub->handle);
    sub_doom(stack, sub);
}

void sub_step(struct sip_stack *stack, struct sip_sub *sub, uint8_t on)
{
    const struct sub_row *row = sub_row_find(sub->notifier, sub->state, on);
    uint8_t before = sub->state;
    if (row == NULL || row->to == before)
        return;
    sub->state = row->to;
    layer_trace_state(&stack->layer, sub->handle, V("subscription"),
                      sub_state_text(sub->notifier, before), sub_state_text(sub->notifier, row->to),
                      sub_event_text(on));
    if (row->to == SUB_TERMINATED)
        terminated(stack, sub);
    tell_state(stack, sub);
}

void sub_end(struct sip_sub *sub, uint8_t ended, uint16_t status)
{
    if (sub->ended != SIP_SUB_NOT_ENDED)
        return;
    sub->ended = ended;
    sub->ended_status = status;
}

bool sub_fire(struct sip_stack *stack, struct sip_timer *timer)
{
    if (timer->id != TIMER_N && timer->id != TIMER_NOTIFY && timer->id != TIMER_EXPIRES)
        return false;
    bool notify = timer->id != TIMER_EXPIRES;
    size_t offset = notify ? offsetof(struct sip_sub, notify) : offsetof(struct sip_sub, expire);
    struct sip_sub *sub = (struct sip_sub *)((char *)timer - offset);
    timer_fired(&stack->layer, timer, sub->handle);
    if (sub->notifier && notify)
        notifier_owed(stack, sub);
    else if (sub->notifier)
        notifier_over(stack, sub);
    else if (notify)
        subscriber_silent(stack, sub);
    else
        subscriber_due(stack, sub);
    return true;
}

void sub_free(struct sip_stack *stack, struct sip_sub *sub)
{
    struct sip_dialog *dialog = sub->dialog;
    if (sub->state != SUB_TERMINATED)
        stack->sub_count--;
    attempt_remove(stack, sub);
    if (dialog != NULL)
        sub_leave(sub);
    sub_deinit(&stack->layer, sub);
    table_remove(&stack->subs, sub->handle);
    mem_free(sub);
    if (dialog == NULL || dialog->of_call || dialog->subs != NULL)
        return;
    dialog_unlist(&stack->dialogs, dialog);
    dialog_deinit(dialog);
    mem_free(dialog);
}

void subs_reap(struct sip_stack *stack)
{
    while (stack->sub_freed != NULL) {
        struct sip_sub *sub = stack->sub_freed;
        stack->sub_freed = sub->next_freed;
        sub_free(stack, sub);
    }
}

void subs_drop(struct sip_stack *stack)
{
    uint32_t cursor = 0;
    stack->sub_freed = NULL;
    for (struct sip_sub *sub; (sub = table_next(&stack->subs, &cursor, NULL)) != NULL;)
        sub_free(stack, sub);
    table_deinit(&stack->subs);
}

/* RFC 5057 §5.1: these answers are about the dialog, so that all its usages end with this one. */
static void dialog_lost(struct sip_stack *stack, struct sip_dialog *dialog, uint16_t status)
{
    struct sip_call *call = call_of_dialog(dialog);
    for (struct sip_sub *sub = dialog->subs; sub != NULL; sub = sub->next) {
        if (sub->state == SUB_TERMINATED)
            continue;
        sub_end(sub, SIP_SUB_LOST, status);
        sub_step(stack, sub, SUB_LOST);
    }
    if (call == NULL || call->state >= CALL_ENDING || !call->dialog.has_remote_tag)
        return;
    call_end(call, SIP_ENDED_REJECTED, status);
    call_bye(stack, call);
}

void sub_response(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *msg,
                  uint16_t status)
{
    struct sip_sub *sub = sub_find(stack, tx->sub);
    if (sub == NULL || sub->state == SUB_TERMINATED || status < 200)
        return;
    struct sip_dialog *dialog = sub->dialog;
    bool established = sub->state != SUB_WAIT;
    if (sub->notifier)
        notifier_response(stack, sub, status, msg == NULL);
    else
        subscriber_response(stack, sub, msg, status);
    if (msg != NULL && dialog_status_fatal(status) && established)
        dialog_lost(stack, dialog, status);
}
