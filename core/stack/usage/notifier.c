/* The notifier, RFC 6665 §4.2.1: what asks for a subscription or goes on with one. */
#include "core/dialog/owned.h"
#include "core/stack/usage/usage.h"

enum { EXPIRES_USUAL_S = 3600, REFER_USUAL_S = 300, SUBS_OF_A_DIALOG = 64 };

static void refuse(struct sip_stack *stack, struct sip_tx *tx, uint16_t status)
{
    struct sip_row row = {.name = V("Allow-Events"), .value = stack->events};
    stack_answer(stack, tx, status, &row, status == 489 && stack->events.len > 0 ? 1 : 0);
}

/* RFC 6665 §4.2.1.1, §4.2.3; RFC 3515 §2.4.2 and §2.4.4. */
static uint16_t status_of(const struct sip_stack *stack, struct sip_msg *msg)
{
    if (sip_msg_method(msg) == SIP_REFER)
        return sip_msg_count(msg, SIP_HEADER_REFER_TO) == 1 &&
                       sip_msg_get(msg, SIP_HEADER_REFER_TO, 0) != NULL
                   ? 0
                   : 400;
    const struct sip_token_params *event = sip_msg_get(msg, SIP_HEADER_EVENT, 0);
    if (event == NULL)
        return 489;
    if (view_equal(event->token, V("refer")))
        return 403;
    return stack->events.len == 0 || list_has(stack->events, event->token) ? 0 : 489;
}

static struct sip_sub *known(const struct sip_dialog *dialog, struct sip_msg *msg)
{
    const struct sip_token_params *event = sip_msg_get(msg, SIP_HEADER_EVENT, 0);
    if (dialog == NULL || event == NULL || sip_msg_method(msg) != SIP_SUBSCRIBE)
        return NULL;
    for (struct sip_sub *sub = dialog->subs; sub != NULL; sub = sub->next)
        if (sub->notifier && sub->accepted && sub->state != SUB_TERMINATED &&
            sub_event_fits(sub, event))
            return sub;
    return NULL;
}

static bool is_full(const struct sip_dialog *dialog)
{
    size_t count = 0;
    if (dialog == NULL)
        return false;
    for (const struct sip_sub *sub = dialog->subs; sub != NULL; sub = sub->next)
        count++;
    return count >= SUBS_OF_A_DIALOG;
}

static enum err own_dialog(struct sip_stack *stack, struct sip_sub *sub, struct sip_tx *tx,
                           struct sip_msg *msg)
{
    struct id tag;
    enum err err = sub_dialog_create(sub);
    id_tag(stack, &tag);
    if (err == ERR_OK)
        err = dialog_answer(sub->dialog, msg, id_view(&tag));
    if (err == ERR_OK)
        err = dialog_list(&stack->dialogs, sub->dialog);
    if (err == ERR_OK)
        err = tx_tag_set(tx, id_view(&tag));
    if (err != ERR_OK)
        return err;
    sub->dialog->hop =
        (struct sip_hop){.bound = tx->hop.bound, .remote = tx->source, .flow = tx->hop.flow};
    sub->dialog->secure = hop_secures(stack, &sub->dialog->hop, sip_msg_request_uri_text(msg));
    return ERR_OK;
}

static enum err fill(struct sip_stack *stack, struct sip_sub *sub, struct sip_tx *tx,
                     struct sip_msg *msg, struct sip_dialog *dialog)
{
    const struct sip_token_params *event = sip_msg_get(msg, SIP_HEADER_EVENT, 0);
    enum err err;
    sub->refer = tx->method == SIP_REFER;
    sub->seq = tx->seq;
    sub->limit_s = UINT32_MAX;
    err = owned_set(NULL, &sub->event, sub->refer ? V("refer") : event->token);
    if (err == ERR_OK && !sub->refer)
        err = owned_set(NULL, &sub->id, sub_event_id(event));
    if (err == ERR_OK && dialog == NULL)
        return own_dialog(stack, sub, tx, msg);
    if (err == ERR_OK)
        sub_join(sub, dialog);
    return err;
}

static enum err begin(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                      struct sip_dialog *dialog)
{
    struct sip_sub *sub;
    enum err err = sub_create(stack, true, &sub);
    if (err != ERR_OK)
        return err;
    err = fill(stack, sub, tx, msg, dialog);
    if (err != ERR_OK) {
        sub_free(stack, sub);
        return err;
    }
    sub->first = !sub->dialog->refer_came;
    sub->dialog->refer_came = sub->dialog->refer_came || sub->refer;
    tx->sub = sub->handle;
    return ERR_OK;
}

void notifier_asked(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                    struct sip_dialog *dialog)
{
    struct sip_sub *sub = known(dialog, msg);
    if (sub != NULL) {
        tx->sub = sub->handle;
        if ((stack->manual & SIP_MANUAL_SUBSCRIBE) != 0)
            stack_ask(stack, tx, msg, SIP_TELL_REQUEST);
        else
            stack_answer(stack, tx, 200, NULL, 0);
        return;
    }
    uint16_t status = status_of(stack, msg);
    if (status == 0 && is_full(dialog))
        status = 403; /* RFC 6665 §4.5.2 */
    enum err err = status != 0 ? ERR_OK : begin(stack, tx, msg, dialog);
    layer_fail(&stack->layer, err);
    if (status != 0 || err != ERR_OK)
        refuse(stack, tx, err != ERR_OK ? 500 : status);
    else
        stack_ask(stack, tx, msg, SIP_TELL_REQUEST);
}

/* RFC 6665 §3.1.1: never more than was asked for, and it is in each 2xx. */
bool notifier_grants(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *request,
                     const struct sip_response_options *options, uint32_t *out_s)
{
    const struct sip_sub *sub = sub_find(stack, tx->sub);
    if (tx->method != SIP_SUBSCRIBE || sub == NULL || !sip_msg_is_request(request) ||
        options->status < 200 || options->status >= 300)
        return false;
    const struct sip_number *wanted = sip_msg_get(request, SIP_HEADER_EXPIRES, 0);
    uint64_t seconds = wanted == NULL ? EXPIRES_USUAL_S : wanted->value;
    seconds = seconds > sub->limit_s ? sub->limit_s : seconds;
    *out_s = rows_seconds(options->rows, options->row_count, V("Expires"), (uint32_t)seconds);
    return true;
}

static void refused(struct sip_stack *stack, struct sip_sub *sub, uint8_t ended, uint16_t status)
{
    sub_end(sub, ended, status);
    sub_step(stack, sub, SUB_REFUSED);
}

static bool without_sub(const struct sip_response_options *options)
{
    const struct sip_row *row =
        sip_row_find(options->rows, options->row_count, SIP_HEADER_REFER_SUB);
    return row != NULL && view_equal_nocase(view_trim(row->value), V("false"));
}

static void time_set(struct sip_stack *stack, struct sip_sub *sub)
{
    sub->until_us = timer_sum(stack->layer.now_us, sub->granted_s * US_PER_S);
    if (sub->granted_s == 0)
        timer_stop(&stack->layer, &sub->expire, sub->handle);
    else
        timer_set(&stack->layer, &sub->expire, sub->handle, sub->until_us);
}

/* RFC 3515 §2.4.4 leaves the time of a REFER's subscription to us. What the user has shortened once
 * stays short when it is refreshed. */
static void grant(struct sip_stack *stack, struct sip_sub *sub, struct sip_tx *tx,
                  struct sip_msg *request, const struct sip_response_options *options)
{
    const struct sip_number *wanted = sip_msg_get(request, SIP_HEADER_EXPIRES, 0);
    if (!notifier_grants(stack, tx, request, options, &sub->granted_s))
        sub->granted_s =
            rows_seconds(options->rows, options->row_count, V("Expires"), REFER_USUAL_S);
    else if (!sub->accepted && wanted != NULL && sub->granted_s < wanted->value)
        sub->limit_s = sub->granted_s;
    sub->accepted = true;
    time_set(stack, sub);
}

void notifier_responded(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *request,
                        const struct sip_response_options *options)
{
    struct sip_sub *sub = sub_find(stack, tx->sub);
    if (sub == NULL || !sub->notifier || options->status < 200 || tx->method == SIP_NOTIFY)
        return;
    bool success = options->status < 300;
    if (!sub->accepted && (!success || !options->accepts)) {
        refused(stack, sub, SIP_SUB_REFUSED, success ? 0 : options->status);
    } else if (success && sub->refer && without_sub(options)) {
        refused(stack, sub, SIP_SUB_UNWANTED, 0);
    } else if (success) {
        grant(stack, sub, tx, request, options);
        layer_fail(&stack->layer, dialog_refresh(sub->dialog, request));
        if (!options->quiet && (stack->layer.mutants & SIP_MUTANT_NO_NOTIFY) == 0)
            timer_set(&stack->layer, &sub->notify, sub->handle, stack->layer.now_us);
    }
}

/* The user's own tag in a response that makes the dialog. */
enum err notifier_tag_set(struct sip_stack *stack, struct sip_tx *tx, struct view tag)
{
    struct sip_sub *sub = sub_find(stack, tx->sub);
    enum err err = tx_tag_set(tx, tag);
    if (err == ERR_OK)
        err = dialog_tag_set(sub->dialog, tag);
    return err != ERR_OK ? err : dialog_list(&stack->dialogs, sub->dialog);
}
