/* The subscriber, RFC 6665 §4.1: what it sends, and what the answers mean. */
#include "core/dialog/owned.h"
#include "core/stack/usage/usage.h"

static void wait_for_notify(struct sip_stack *stack, struct sip_sub *sub)
{
    uint64_t wait_us = timer_64_t1(&stack->layer.timers);
    sub->heard = false;
    timer_set(&stack->layer, &sub->notify, sub->handle, timer_sum(stack->layer.now_us, wait_us));
}

/* Nobody makes it longer any more: who does not refresh waits for the notifier's last word. */
static void wait_for_end(struct sip_stack *stack, struct sip_sub *sub)
{
    uint64_t answer_us = timer_64_t1(&stack->layer.timers);
    if (sub->until_us != NEVER)
        timer_set(&stack->layer, &sub->expire, sub->handle, timer_sum(sub->until_us, answer_us));
}

void subscriber_time(struct sip_stack *stack, struct sip_sub *sub, uint64_t left_s)
{
    struct span span = span_of(stack, left_s);
    sub->until_us = span.until_us;
    if (sub->refreshes && sub->wanted_s > 0)
        timer_set(&stack->layer, &sub->expire, sub->handle, span.refresh_us);
    else
        wait_for_end(stack, sub);
}

/* What the request has made known of us: its dialog before any NOTIFY. */
static enum err own_dialog(struct sip_stack *stack, struct sip_sub *sub,
                           const struct request_plan *plan)
{
    struct dialog_ids ids = plan_ids(plan);
    enum err err = sub_dialog_create(sub);
    if (err != ERR_OK)
        return err;
    sub->dialog->hop = plan->hop;
    sub->dialog->account = plan->options->account;
    sub->dialog->secure = hop_secures(stack, &plan->hop, plan->options->uri);
    return dialog_call(sub->dialog, &ids);
}

static enum err fill(struct sip_stack *stack, struct sip_sub *sub, const struct sending *s,
                     struct sip_dialog *shared)
{
    const struct sip_subscribe_options *asks = s->asks;
    const struct sip_request_options *request = &asks->request;
    sub->refer = s->plan.id == SIP_REFER;
    sub->seq = s->plan.seq;
    sub->wanted_s =
        sub->refer ? 0
                   : rows_seconds(request->rows, request->row_count, V("Expires"), asks->expires_s);
    sub->refreshes = !asks->no_refresh && !sub->refer;
    enum err err = owned_set(NULL, &sub->event, sub->refer ? V("refer") : asks->event);
    if (err == ERR_OK)
        err = owned_set(NULL, &sub->id, asks->id);
    if (err == ERR_OK && !sub->refer)
        err = rows_copy(&sub->rows, request->rows, request->row_count);
    if (err == ERR_OK && shared == NULL)
        err = own_dialog(stack, sub, &s->plan);
    if (err == ERR_OK && shared == NULL)
        err = attempt_add(stack, sub);
    if (err == ERR_OK && shared != NULL)
        sub_join(sub, shared);
    return err;
}

enum err subscriber_begin(struct sip_stack *stack, struct sending *s)
{
    struct sip_dialog *shared = s->sub != NULL    ? s->sub->dialog
                                : s->call != NULL ? &s->call->dialog
                                                  : NULL;
    struct sip_sub *sub;
    enum err err = sub_create(stack, false, &sub);
    if (err != ERR_OK)
        return err;
    err = fill(stack, sub, s, shared);
    if (err != ERR_OK) {
        sub_free(stack, sub);
        return err;
    }
    sub->first = !sub->dialog->refer_sent;
    sub->dialog->refer_sent = sub->dialog->refer_sent || sub->refer;
    s->sub = sub;
    wait_for_notify(stack, sub);
    return ERR_OK;
}

enum err sip_subscribe(struct sip_stack *stack, uint64_t now_us,
                       const struct sip_subscribe_options *options, struct handle *out_request,
                       struct handle *out_sub)
{
    struct sip_request_options request = options->request;
    struct sip_subscribe_options asks = *options;
    struct sending s = {.plan = {.options = &request}, .asks = &asks};
    enum err err = command_enter(stack, now_us);
    if (err != ERR_OK)
        return err;
    if (sip_method_find(request.method) != SIP_REFER) {
        const struct sip_sub asked = {.event = options->event, .id = options->id};
        const struct sip_row rows[] = {row_event(stack, &asked),
                                       row_number(stack, V("Expires"), options->expires_s)};
        err = rows_add(stack, &request, rows, 2);
    }
    if (err == ERR_OK)
        err = sending_send(stack, &s);
    err = command_leave(stack, err);
    if (err != ERR_OK)
        return err;
    *out_request = s.tx->handle;
    *out_sub = s.sub->handle;
    return ERR_OK;
}

/* RFC 6665 §4.5.2: with the Event, and so the id, that made it. */
static enum err refresh(struct sip_stack *stack, struct sip_sub *sub, uint32_t expires_s,
                        const struct sip_request_options *extra, struct sending *s)
{
    static const struct sip_request_options plain;
    struct sip_request_options request = extra == NULL ? plain : *extra;
    request.method = V("SUBSCRIBE");
    request.again = extra == NULL ? stack->again : request.again;
    request.call = (struct handle){0};
    request.sub = sub->handle;
    if (request.row_count == 0) {
        request.rows = sub->rows.items;
        request.row_count = sub->rows.count;
    }
    const struct sip_row rows[] = {row_event(stack, sub),
                                   row_number(stack, V("Expires"), expires_s)};
    enum err err = rows_add(stack, &request, rows, 2);
    s->plan.options = &request;
    if (err == ERR_OK)
        err = sending_send(stack, s);
    s->plan.options = NULL; /* they end with this function */
    if (err != ERR_OK)
        return err;
    sub->request = s->tx->handle;
    sub->wanted_s = rows_seconds(request.rows, request.row_count, V("Expires"), expires_s);
    wait_for_notify(stack, sub);
    return ERR_OK;
}

enum err sip_sub_refresh(struct sip_stack *stack, uint64_t now_us, struct handle handle,
                         uint32_t expires_s, const struct sip_request_options *extra,
                         struct handle *out_request)
{
    struct sip_sub *sub = sub_find(stack, handle);
    struct sending s = {0};
    bool force = extra != NULL && extra->force;
    if (sub == NULL || sub->state == SUB_TERMINATED)
        return ERR_GONE;
    if (sub->notifier || (!sub->dialog->has_remote_tag && !force))
        return ERR_STATE;
    enum err err = command_enter(stack, now_us);
    if (err != ERR_OK)
        return err;
    err = refresh(stack, sub, expires_s, extra, &s);
    err = command_leave(stack, err);
    if (err != ERR_OK)
        return err;
    *out_request = s.tx->handle;
    return ERR_OK;
}

/* RFC 4488 §4: no subscription, if the one who was asked says so too. */
static bool without_sub(struct sip_msg *msg)
{
    const struct sip_line *line = sip_msg_find(msg, SIP_HEADER_REFER_SUB, 0);
    if (line == NULL)
        return false;
    struct view value = view_trim(view_head(line->value, view_find_char(line->value, ';')));
    return view_equal_nocase(value, V("false"));
}

static void succeeded(struct sip_stack *stack, struct sip_sub *sub, struct sip_msg *msg)
{
    const struct sip_number *expires = sip_msg_get(msg, SIP_HEADER_EXPIRES, 0);
    if (sub->refer && sub->state == SUB_WAIT && without_sub(msg)) {
        sub_end(sub, SIP_SUB_UNWANTED, 0);
        sub_step(stack, sub, SUB_REFUSED);
        return;
    }
    if (sip_msg_status(msg) == 204) /* RFC 5839: no NOTIFY will come */
        sub->heard = true;
    if (sub->dialog->has_remote_tag)
        layer_fail(&stack->layer, dialog_refresh(sub->dialog, msg));
    if (expires == NULL || (sub->refer && sub->wanted_s == 0))
        return;
    /* RFC 6665 §3.1.1: it may be shorter than what was asked for, and never longer. */
    subscriber_time(stack, sub, expires->value < sub->wanted_s ? expires->value : sub->wanted_s);
}

void subscriber_response(struct sip_stack *stack, struct sip_sub *sub, struct sip_msg *msg,
                         uint16_t status)
{
    if (msg != NULL && status < 300) {
        succeeded(stack, sub, msg);
        return;
    }
    if (sub->state == SUB_WAIT) {
        sub_end(sub, status == 408 && msg == NULL ? SIP_SUB_SILENT : SIP_SUB_REFUSED, status);
        sub_step(stack, sub, SUB_REFUSED);
    } else if (msg != NULL && sub_status_fatal(status)) {
        sub_end(sub, SIP_SUB_LOST, status);
        sub_step(stack, sub, SUB_LOST);
    } else if (msg != NULL) { /* RFC 6665 §4.1.2.2: what there is stays, for as long as it is */
        timer_stop(&stack->layer, &sub->notify, sub->handle);
        wait_for_end(stack, sub);
    }
}

void subscriber_again(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *request)
{
    struct sip_sub *sub = sub_find(stack, tx->sub);
    const struct sip_number *expires = sip_msg_get(request, SIP_HEADER_EXPIRES, 0);
    if (sub == NULL || sub->notifier || sub->state == SUB_TERMINATED)
        return;
    if (sub->state == SUB_WAIT)
        sub->seq = tx->seq;
    if (expires != NULL && expires->value <= UINT32_MAX)
        sub->wanted_s = (uint32_t)expires->value;
    wait_for_notify(stack, sub);
}

void subscriber_silent(struct sip_stack *stack, struct sip_sub *sub)
{
    attempt_remove(stack, sub); /* RFC 6665 §4.1.2.4: from now on another notifier's get 481 */
    if (sub->state == SUB_TERMINATED) {
        sub_doom(stack, sub);
        return;
    }
    if (sub->heard)
        return;
    sub_end(sub, SIP_SUB_SILENT, 0);
    sub_step(stack, sub, SUB_NO_NOTIFY);
}

void subscriber_due(struct sip_stack *stack, struct sip_sub *sub)
{
    struct sending s = {.own = true};
    if (stack->layer.now_us < sub->until_us) {
        layer_fail(&stack->layer, refresh(stack, sub, sub->wanted_s, NULL, &s));
        wait_for_end(stack, sub);
        return;
    }
    sub_end(sub, SIP_SUB_EXPIRED, 0);
    sub_step(stack, sub, SUB_EXPIRED);
}
