#include "core/dialog/owned.h"
#include "core/stack/sending.h"
#include "core/stack/session.h"

/* Another To tag, another leg: RFC 3261 §13.2.2.1, §13.2.2.4. */
static struct sip_call *fork_leg(struct sip_stack *stack, struct sip_tx *tx, struct sip_call *first)
{
    struct sip_call *leg;
    enum err err = call_create(stack, true, &leg);
    if (err == ERR_OK) {
        err = dialog_fork(&leg->dialog, &first->dialog, tx->seq);
        if (err == ERR_OK)
            err = owned_set(NULL, &leg->credentials, first->credentials);
        if (err != ERR_OK)
            call_free(stack, leg);
    }
    layer_fail(&stack->layer, err);
    if (err != ERR_OK)
        return NULL;
    leg->manual = first->manual;
    leg->dialog.hop = first->dialog.hop;
    leg->initial = leg->invite = tx->handle;
    leg->invite_seq = tx->seq;
    leg->offered = first->offered;
    refresh_fork(stack, leg, first);
    sip_session_fork(&leg->session, &first->session, first->offered);
    leg->next_leg = first->next_leg;
    first->next_leg = leg->handle;
    struct tell tell = {.what = SIP_TELL_FORK, .object = tx->handle, .call = leg->handle};
    layer_tell(&stack->layer, &tell);
    return leg;
}

/* The leg that a response belongs to, by its To tag. A provisional response or a 2xx with a tag
 * that is new makes another one; a failure is of all legs, and told at the first (RFC 3261 §12.3).
 */
static struct sip_call *leg_of(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg)
{
    uint16_t status = sip_msg_status(msg);
    struct sip_call *first = call_find(stack, tx->call);
    const struct sip_name_addr *to = sip_msg_to(msg);
    if (first == NULL || !tx->initial || to == NULL || status == 100 || status >= 300)
        return first;
    struct sip_dialog *dialog =
        dialog_find(&stack->dialogs, first->dialog.call_id, first->dialog.local_tag, to->tag);
    if (dialog != NULL && dialog->of_call)
        return call_of_dialog(dialog);
    bool forked = first->dialog.has_remote_tag && (to->tag.ptr != NULL || status >= 200);
    return forked ? fork_leg(stack, tx, first) : first;
}

static void learn(struct sip_stack *stack, struct sip_call *call, struct sip_msg *msg,
                  uint32_t doing)
{
    if ((doing & CALL_LEARN) != 0) {
        layer_fail(&stack->layer, dialog_learn(&call->dialog, msg));
        layer_fail(&stack->layer, dialog_list(&stack->dialogs, &call->dialog));
    }
    if ((doing & CALL_LEARN_ROUTES) != 0)
        layer_fail(&stack->layer, dialog_learn_routes(&call->dialog, msg));
}

/* RFC 3261 §13.2.2.4: an ACK has the number of its INVITE and a branch of its own. */
static struct blob *write_ack(struct sip_stack *stack, struct sip_call *call,
                              const struct sip_request_options *options)
{
    struct id branch;
    struct request_plan plan = {.options = options,
                                .method = V("ACK"),
                                .id = SIP_ACK,
                                .seq = options->cseq != 0 ? options->cseq : call->ack_seq,
                                .branch = options->branch,
                                .credentials = call->credentials};
    if (plan.branch.ptr == NULL) {
        id_branch(stack, &branch);
        plan.branch = id_view(&branch);
    }
    enum err err = plan_in_dialog(stack, &call->dialog, &plan);
    layer_fail(&stack->layer, err);
    if (err != ERR_OK)
        return NULL;
    call->ack_hop = plan.hop;
    if (hop_known(&plan.hop))
        locate_end(stack->locate, plan.lookup);
    else
        seek_own(stack, plan.lookup, SEEK_ACK, call->handle);
    return request_write(stack, &plan);
}

static void send_ack(struct sip_stack *stack, struct sip_call *call,
                     const struct sip_request_options *options)
{
    struct blob *bytes = write_ack(stack, call, options);
    if (bytes == NULL)
        return;
    out_set(&stack->layer, &call->ack, blob_ref(bytes));
    layer_send(&stack->layer, &call->ack, &call->ack_hop);
    offer_asked(stack, call, SIP_ACK, options, bytes);
    blob_unref(bytes);
}

/* Their offer in the 2xx is answered in the ACK (RFC 3261 §13.2.2.4): only the user can do that. */
static bool ack_is_the_users(const struct sip_call *call)
{
    const struct sip_offer_answer *oa = &call->session.oa;
    return (call->manual & SIP_MANUAL_ACK) != 0 || (oa->state == OA_IN_FINAL && !oa->ours);
}

/* Again for each copy of the 2xx, which may not be of the latest INVITE any more. */
static void ack_2xx(struct sip_stack *stack, struct sip_call *call, struct sip_msg *msg)
{
    const struct sip_cseq *cseq = sip_msg_cseq(msg);
    if (cseq == NULL || cseq->number < call->ack_seq)
        return;
    bool copy = cseq->number == call->ack_seq;
    call->ack_seq = cseq->number;
    if (ack_is_the_users(call) && !(copy && call->ack.bytes != NULL))
        return; /* the first one is the user's; once it is there, copies of the 2xx get it again */
    if ((stack->layer.mutants & SIP_MUTANT_NO_ACK) == 0) {
        struct sip_request_options options = {
            .proto = layer_bound(&stack->layer, &call->dialog.hop)->proto};
        if (copy && call->ack.bytes != NULL)
            layer_send(&stack->layer, &call->ack, &call->ack_hop);
        else
            send_ack(stack, call, &options);
    }
    call_step(stack, call, ACK_SENT);
}

static bool another_is_up(const struct sip_stack *stack, const struct sip_tx *tx,
                          const struct sip_call *leg)
{
    struct sip_call *other = call_find(stack, tx->call);
    for (; other != NULL; other = call_find(stack, other->next_leg))
        if (other != leg && other->ack_seq != 0)
            return true;
    return false;
}

static void got_2xx(struct sip_stack *stack, struct sip_tx *tx, struct sip_call *call,
                    struct sip_msg *msg)
{
    bool first = call->ack_seq < tx->seq;
    bool unwanted = first && tx->initial && call->state < CALL_ENDING &&
                    (call->manual & (SIP_MANUAL_FORK | SIP_MANUAL_ACK)) == 0 &&
                    (call->unwanted || another_is_up(stack, tx, call));
    if (first) {
        stack_tell_response(stack, tx, call, msg);
        if (!tx->initial)
            layer_fail(&stack->layer, dialog_refresh(&call->dialog, msg));
        (void)offer_came(stack, call, msg);
    }
    uint32_t doing = call_step(stack, call, GOT_2XX);
    learn(stack, call, msg, doing);
    if (first)
        refresh_came(stack, call, msg);
    if (handle_equal(call->invite, tx->handle))
        call->invite = (struct handle){0};
    if ((doing & CALL_ACK) != 0)
        ack_2xx(stack, call, msg);
    if (unwanted)
        call_bye(stack, call);
}

static void legs_failed(struct sip_stack *stack, struct sip_tx *tx, uint8_t ended, uint16_t status)
{
    struct sip_call *leg = call_find(stack, tx->call);
    while (leg != NULL) {
        struct sip_call *next = call_find(stack, leg->next_leg);
        if (handle_equal(leg->invite, tx->handle))
            leg->invite = (struct handle){0};
        offer_refused(stack, leg, SIP_INVITE);
        if (leg->state <= CALL_EARLY)
            call_end(leg, ended, status);
        call_step(stack, leg, GOT_FAILURE);
        leg = next;
    }
}

/* RFC 3261 §12.2.1.2: 481 and 408 end the dialog, which for a call means BYE. */
static void in_dialog_failed(struct sip_stack *stack, struct sip_tx *tx, struct sip_call *call,
                             uint16_t status)
{
    if (handle_equal(call->invite, tx->handle))
        call->invite = (struct handle){0};
    offer_refused(stack, call, (enum sip_method)tx->method);
    if (tx->method == SIP_BYE) {
        call_step(stack, call, BYE_DONE);
        return;
    }
    if ((status != 481 && status != 408) || call->state == CALL_ENDING ||
        call->state == CALL_TERMINATED)
        return;
    call_end(call, status == 408 ? SIP_ENDED_TIMEOUT : SIP_ENDED_REJECTED, status);
    call_bye(stack, call);
}

/* A 1xx with a To tag makes a dialog, or is of one. A reliable one that is not in order is not
 * looked at; the others want their PRACK, in which an offer of theirs is answered by the user. */
static void got_1xx(struct sip_stack *stack, struct sip_tx *tx, struct sip_call *call,
                    struct sip_msg *msg)
{
    bool reliable = response_is_reliable(msg);
    const char *why = reliable ? reliable_came(call, tx, msg) : NULL;
    if (why != NULL) {
        stack_discard(stack, msg, why);
        return;
    }
    stack_tell_response(stack, tx, call, msg);
    if (reliable && tx->initial)
        packages_came(stack, call, msg);
    if (tx->initial)
        learn(stack, call, msg, call_step(stack, call, GOT_1XX));
    uint32_t doing = offer_came(stack, call, msg);
    if (reliable && (call->manual & SIP_MANUAL_PRACK) == 0 && (doing & OA_OFFER) == 0)
        prack_send(stack, call);
}

void caller_response(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg)
{
    uint16_t status = sip_msg_status(msg);
    struct sip_call *call = leg_of(stack, tx, msg);
    const struct sip_name_addr *to = sip_msg_to(msg);
    bool tagged = to != NULL && to->tag.ptr != NULL;
    if (call == NULL) {
        stack_tell_response(stack, tx, NULL, msg);
        return;
    }
    if (status >= 200 && status < 300)
        packages_came(stack, call, msg);
    if (tx->machine->invite && status >= 200 && status < 300) {
        got_2xx(stack, tx, call, msg);
        return;
    }
    if (tx->machine->invite && status > 100 && status < 200 && tagged) {
        got_1xx(stack, tx, call, msg);
        return;
    }
    stack_tell_response(stack, tx, call, msg);
    if (status < 200)
        return;
    if (status < 300)
        (void)offer_came(stack, call, msg);
    if (tx->initial) {
        bool cancelled = status == 487 && tx->cancelled;
        legs_failed(stack, tx, cancelled ? SIP_ENDED_CANCELLED : SIP_ENDED_REJECTED, status);
    } else if (status >= 300 || tx->method == SIP_BYE) {
        in_dialog_failed(stack, tx, call, status);
    } else if (tx->method == SIP_UPDATE) {
        layer_fail(&stack->layer, dialog_refresh(&call->dialog, msg)); /* RFC 3311 §5.1 */
        refresh_came(stack, call, msg);
    }
}

void caller_cancelled(struct sip_stack *stack, struct sip_tx *tx)
{
    if (tx->initial)
        legs_failed(stack, tx, SIP_ENDED_CANCELLED, 487);
}

void caller_failed(struct sip_stack *stack, struct sip_tx *tx, uint16_t status)
{
    struct sip_call *call = call_find(stack, tx->call);
    if (call == NULL)
        return;
    if (!tx->initial) {
        in_dialog_failed(stack, tx, call, status);
        return;
    }
    uint8_t ended = tx->cancelled   ? SIP_ENDED_CANCELLED
                    : status == 408 ? SIP_ENDED_TIMEOUT
                                    : SIP_ENDED_UNREACHABLE;
    legs_failed(stack, tx, ended, status);
}

/* RFC 3261 §13.2.2.4: 64*T1 after the first 2xx no leg can be answered any more. */
void caller_fork_over(struct sip_stack *stack, struct sip_tx *tx)
{
    struct sip_call *leg = call_find(stack, tx->call);
    while (leg != NULL) {
        struct sip_call *next = call_find(stack, leg->next_leg);
        out_drop(&leg->ack);
        if (leg->state <= CALL_EARLY)
            call_end(leg, SIP_ENDED_TIMEOUT, 0);
        call_step(stack, leg, FORK_OVER);
        leg = next;
    }
}

/* RFC 3261 §12.3: the refusal has ended every early dialog. The first leg begins anew. */
static void call_anew(struct sip_stack *stack, struct sip_tx const *tx, struct sip_call *first)
{
    struct sip_call *leg = call_find(stack, first->next_leg);
    while (leg != NULL) {
        struct sip_call *next = call_find(stack, leg->next_leg);
        leg->invite = (struct handle){0};
        call_end(leg, SIP_ENDED_REJECTED, tx->status);
        call_step(stack, leg, GOT_FAILURE);
        leg = next;
    }
    if ((call_step(stack, first, ASKS_AGAIN) & CALL_FORGET) != 0) {
        dialog_unlist(&stack->dialogs, &first->dialog);
        dialog_forget(&first->dialog);
    }
}

void caller_again(struct sip_stack *stack, const struct sip_tx *tx, const struct sip_tx *next,
                  struct view uri)
{
    struct sip_call *call = call_find(stack, tx->call);
    if (call == NULL)
        return;
    if (handle_equal(call->invite, tx->handle))
        call->invite = (struct handle){0}; /* none is open while it waits, and no offer */
    offer_refused(stack, call, (enum sip_method)tx->method);
    if (!tx->initial)
        return;
    call_anew(stack, tx, call);
    call->initial = next->handle;
    call->dialog.hop = next->hop;
    if (uri.ptr != NULL)
        layer_fail(&stack->layer, owned_set(&call->dialog.room, &call->dialog.remote_target, uri));
}

enum err sip_ack_send(struct sip_stack *stack, uint64_t now_us, struct handle handle,
                      const struct sip_request_options *options)
{
    stack_enter(stack, now_us, NULL);
    struct sip_call *call = call_find(stack, handle);
    if (call == NULL)
        return ERR_GONE;
    bool force = options != NULL && options->force;
    if (call->ack_seq == 0 && !force)
        return ERR_STATE;
    struct sip_request_options plain = {.proto =
                                            layer_bound(&stack->layer, &call->dialog.hop)->proto};
    if (options == NULL && call->ack.bytes != NULL)
        layer_send(&stack->layer, &call->ack, &call->ack_hop);
    else
        send_ack(stack, call, options == NULL ? &plain : options);
    call_step(stack, call, ACK_SENT);
    return stack_leave(stack);
}
