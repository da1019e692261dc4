/* NOTIFY as it is sent: RFC 6665 §4.2.2. */
#include "core/dialog/owned.h"
#include "core/stack/usage/usage.h"

/* "active;expires=600", "terminated;reason=timeout". The time that is left is never made longer. */
static struct sip_row row_state(struct sip_stack *stack, const struct sip_sub *sub,
                                const struct sip_notify_options *options)
{
    size_t len = options->reason.len + 80;
    char *room = arena_alloc(&stack->scratch, len);
    struct buf text = {.ptr = room, .size = len, .limit = len};
    uint64_t now_us = stack->layer.now_us;
    struct sip_row row = {.name = V("Subscription-State")};
    if (room == NULL)
        return row;
    buf_add(&text, sub_state_text(true, (uint8_t)options->state));
    if (options->state != SIP_SUB_TERMINATED) {
        buf_add(&text, V(";expires="));
        buf_add_uint(&text, sub->until_us > now_us ? (sub->until_us - now_us) / US_PER_S : 0);
    }
    if (options->reason.ptr != NULL) {
        buf_add(&text, V(";reason="));
        buf_add(&text, options->reason);
    }
    if (options->retry_after_s != 0) {
        buf_add(&text, V(";retry-after="));
        buf_add_uint(&text, options->retry_after_s);
    }
    row.value = buf_view(&text);
    return row;
}

/* Nothing is left of a subscription whose 2xx granted no time: RFC 6665 §4.4.3. */
static struct sip_notify_options as_it_is(const struct sip_stack *stack, const struct sip_sub *sub,
                                          const struct sip_notify_options *options)
{
    struct sip_notify_options said = *options;
    bool over = sub->accepted && sub->until_us <= stack->layer.now_us;
    if (over && (stack->layer.mutants & SIP_MUTANT_EXPIRED_NOTIFIED) == 0)
        said.state = SIP_SUB_TERMINATED;
    if (over && said.state == SIP_SUB_TERMINATED && said.reason.ptr == NULL)
        said.reason = V("timeout");
    if (said.state == SIP_SUB_WAITING)
        said.state = SIP_SUB_ACTIVE;
    return said;
}

static void said(struct sip_stack *stack, struct sip_sub *sub,
                 const struct sip_notify_options *options)
{
    static const uint8_t events[] = {[SIP_SUB_PENDING] = SUB_SENT_PENDING,
                                     [SIP_SUB_ACTIVE] = SUB_SENT_ACTIVE,
                                     [SIP_SUB_TERMINATED] = SUB_SENT_TERMINATED};
    timer_stop(&stack->layer, &sub->notify, sub->handle);
    if (options->state == SIP_SUB_TERMINATED) {
        layer_fail(&stack->layer, owned_set(NULL, &sub->reason, options->reason));
        sub_end(sub, SIP_SUB_NOTIFIED, 0);
    }
    sub_step(stack, sub, events[options->state]);
}

static enum err notify(struct sip_stack *stack, struct sip_sub *sub,
                       const struct sip_notify_options *options, struct sending *s)
{
    struct sip_notify_options now = as_it_is(stack, sub, options);
    struct sip_request_options *request = &now.request;
    bool stateless = (stack->layer.mutants & SIP_MUTANT_NO_SUB_STATE) != 0;
    request->method = V("NOTIFY");
    request->call = (struct handle){0};
    request->sub = sub->handle;
    const struct sip_row rows[] = {row_event(stack, sub), row_state(stack, sub, &now)};
    enum err err = rows_add(stack, request, rows, stateless ? 1 : 2);
    s->plan.options = request;
    if (err == ERR_OK)
        err = sending_send(stack, s);
    s->plan.options = NULL; /* they end with this function */
    if (err != ERR_OK)
        return err;
    layer_fail(&stack->layer, owned_set(NULL, &sub->body, request->body));
    layer_fail(&stack->layer, owned_set(NULL, &sub->type, request->content_type));
    said(stack, sub, &now);
    return ERR_OK;
}

enum err sip_notify(struct sip_stack *stack, uint64_t now_us, struct handle handle,
                    const struct sip_notify_options *options, struct handle *out_request)
{
    struct sip_sub *sub = sub_find(stack, handle);
    struct sending s = {0};
    if (sub == NULL || sub->state == SUB_TERMINATED)
        return ERR_GONE;
    if (!sub->notifier || (!sub->accepted && !options->request.force))
        return ERR_STATE;
    enum err err = command_enter(stack, now_us);
    if (err != ERR_OK)
        return err;
    err = notify(stack, sub, options, &s);
    err = command_leave(stack, err);
    if (err != ERR_OK)
        return err;
    *out_request = s.tx->handle;
    return ERR_OK;
}

/* By itself: the state as it was said last; of a REFER that nothing is known of yet, 100. */
static void say(struct sip_stack *stack, struct sip_sub *sub, enum sip_sub_state state,
                bool with_body)
{
    struct sip_notify_options options = {.state = state};
    struct sending s = {.own = true};
    if (sub->refer && sub->body.ptr == NULL) {
        options.request.body = V("SIP/2.0 100 Trying\r\n");
        options.request.content_type = V("message/sipfrag;version=2.0");
    } else if (with_body || sub->refer) {
        options.request.body = sub->body;
        options.request.content_type = sub->type;
    }
    options.request.force = true;
    options.request.again = stack->again;
    layer_fail(&stack->layer, notify(stack, sub, &options, &s));
}

void notifier_owed(struct sip_stack *stack, struct sip_sub *sub)
{
    say(stack, sub, (enum sip_sub_state)sub->state, true);
}

void notifier_over(struct sip_stack *stack, struct sip_sub *sub)
{
    if ((stack->layer.mutants & SIP_MUTANT_EXPIRED_NOTIFIED) == 0)
        say(stack, sub, SIP_SUB_TERMINATED, false);
}

/* RFC 6665 §4.2.2: an answer that says so, or none at all, ends it. */
void notifier_response(struct sip_stack *stack, struct sip_sub *sub, uint16_t status, bool none)
{
    if (!none && !sub_status_fatal(status))
        return;
    sub_end(sub, SIP_SUB_LOST, status);
    sub_step(stack, sub, SUB_LOST);
}
