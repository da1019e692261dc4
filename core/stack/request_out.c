#include "core/dialog/owned.h"
#include "core/stack/self.h"

struct sending { /* a request on its way out, with the identifiers made for it */
    struct request_plan plan;
    struct id branch, tag, call_id;
    struct sip_call *call; /* in its dialog; NULL: outside of any */
};

/* "<sip:bob@192.0.2.2>" for To, as long as the Request-URI. */
static enum err bracketed(struct sip_stack *stack, struct view uri, struct view *out)
{
    char *text = arena_alloc(&stack->scratch, uri.len + 2);
    if (text == NULL)
        return ERR_MEMORY;
    struct buf buf = {.ptr = text, .size = uri.len + 2, .limit = uri.len + 2};
    buf_add_char(&buf, '<');
    buf_add(&buf, uri);
    buf_add_char(&buf, '>');
    *out = buf_view(&buf);
    return ERR_OK;
}

static struct view or (struct view given, struct view otherwise)
{
    return given.ptr != NULL ? given : otherwise;
}

static enum err plan_hop(struct sip_stack *stack, const struct sip_request_options *options,
                         const struct request_plan *plan, struct sip_hop *out)
{
    if (options->remote.family != 0)
        return hop_from(stack, options->proto, &options->remote, out);
    struct view first = plan->route.count > 0 ? plan->route.routes[0] : plan->route.last;
    bool strict = plan->route.last.ptr != NULL; /* then the first route is the Request-URI */
    return hop_find(stack, options->proto, first.ptr == NULL || strict ? plan->uri : first, out);
}

static enum err plan_outside(struct sip_stack *stack, struct sending *s)
{
    const struct sip_request_options *options = s->plan.options;
    struct request_plan *plan = &s->plan;
    if (options->uri.ptr == NULL)
        return ERR_ABSENT;
    enum err err = options->to.ptr != NULL ? ERR_OK : bracketed(stack, options->uri, &plan->to);
    if (err != ERR_OK)
        return err;
    plan->to = or (options->to, plan->to);
    plan->to_tag = options->to_tag;
    plan->from = or (options->from, stack->identity);
    if (options->from_tag.ptr == NULL)
        id_tag(stack, &s->tag);
    plan->from_tag = or (options->from_tag, id_view(&s->tag));
    if (options->call_id.ptr == NULL)
        id_call_id(stack, &s->call_id);
    plan->call_id = or (options->call_id, id_view(&s->call_id));
    plan->seq = options->cseq != 0 ? options->cseq : 1;
    plan->route = route_plan(options->routes, options->route_count, options->uri);
    plan->uri = plan->route.uri;
    return plan_hop(stack, options, plan, &plan->hop);
}

/* RFC 3261 §12.2.1.1. Where the target is a name that nobody here can look up, the request goes
 * where the dialog's messages come from. */
enum err plan_in_call(struct sip_stack *stack, const struct sip_call *call,
                      struct request_plan *plan)
{
    const struct sip_request_options *options = plan->options;
    const struct sip_dialog *dialog = &call->dialog;
    const struct view *routes = options->routes != NULL ? options->routes : dialog->routes.values;
    size_t count = options->routes != NULL ? options->route_count : dialog->routes.count;
    plan->route = route_plan(routes, count, or (options->uri, dialog->remote_target));
    plan->uri = plan->route.uri;
    plan->from = or (options->from, dialog->local_uri);
    plan->to = or (options->to, dialog->remote_uri);
    plan->from_tag = or (options->from_tag, dialog->local_tag);
    plan->to_tag = or (options->to_tag, dialog->remote_tag);
    plan->call_id = or (options->call_id, dialog->call_id);
    if (plan_hop(stack, options, plan, &plan->hop) == ERR_OK)
        return ERR_OK;
    plan->hop = call->hop;
    return stack->layer.bound_count == 0 ? ERR_ABSENT : ERR_OK;
}

/* RFC 3261 §14.1, §15: what the state of a call does not forbid. */
static bool allowed(const struct sip_call *call, enum sip_method method)
{
    if (call->state >= CALL_ENDING || !call->dialog.has_remote_tag || method == SIP_ACK ||
        method == SIP_CANCEL)
        return false;
    if (method == SIP_INVITE)
        return call->state == CALL_CONFIRMED && handle_none(call->invite) && call->answer == NULL;
    if (method == SIP_BYE)
        return call->state == CALL_CONFIRMED || call->caller;
    return call->caller || call->state != CALL_CALLING;
}

static uint32_t next_seq(struct sip_stack *stack, struct sip_call *call, uint32_t wanted)
{
    struct sip_dialog *dialog = &call->dialog;
    bool frozen = (stack->layer.mutants & SIP_MUTANT_CSEQ_FROZEN) != 0 && dialog->local_seq != 0;
    uint32_t seq = wanted != 0 ? wanted : dialog->local_seq + (frozen ? 0 : 1);
    if (seq > dialog->local_seq)
        dialog->local_seq = seq;
    return seq;
}

static enum err plan(struct sip_stack *stack, struct sending *s)
{
    const struct sip_request_options *options = s->plan.options;
    if (options->branch.ptr == NULL)
        id_branch(stack, &s->branch);
    s->plan.branch = or (options->branch, id_view(&s->branch));
    s->plan.method = options->method;
    s->plan.id = sip_method_find(options->method);
    if (handle_none(options->call))
        return plan_outside(stack, s);
    s->call = call_find(stack, options->call);
    if (s->call == NULL)
        return ERR_GONE;
    if (!options->force && !allowed(s->call, s->plan.id))
        return ERR_STATE;
    enum err err = plan_in_call(stack, s->call, &s->plan);
    if (err == ERR_OK)
        s->plan.seq = next_seq(stack, s->call, options->cseq);
    return err;
}

/* A Via of the user's has a branch of its own, by which the responses come back. */
static bool key_of(struct sip_stack *stack, const struct sending *s, struct blob *blob,
                   struct tx_key *out)
{
    const struct sip_request_options *options = s->plan.options;
    bool own = false;
    for (size_t i = 0; i < options->row_count; i++)
        own |= sip_header_find(options->rows[i].name) == SIP_HEADER_VIA;
    const struct sip_bound *bound = layer_bound(&stack->layer, &s->plan.hop);
    struct sip_msg *msg;
    if (own && sip_msg_parse(blob, SIP_FRAMING_DATAGRAM, &msg) == ERR_OK) {
        bool found = match_key(&stack->layer, msg, out);
        sip_msg_unref(msg);
        out->merge = (struct view){0};
        out->method = s->plan.method;
        if (found)
            return true;
    }
    return match_key_own(&stack->layer, s->plan.branch, bound->sent_by, s->plan.method, out);
}

static enum err new_call(struct sip_stack *stack, struct sending *s)
{
    const struct request_plan *plan = &s->plan;
    struct dialog_ids ids = {.call_id = plan->call_id,
                             .local_tag = plan->from_tag,
                             .local_uri = plan->from,
                             .remote_uri = plan->to,
                             .target = plan->options->uri,
                             .local_seq = plan->seq};
    enum err err = call_create(stack, true, &s->call);
    if (err != ERR_OK)
        return err;
    err = dialog_call(&s->call->dialog, &ids);
    if (err != ERR_OK) {
        call_free(stack, s->call);
        return err;
    }
    s->call->manual |= plan->options->manual;
    s->call->hop = plan->hop;
    s->call->told = true;
    return ERR_OK;
}

/* RFC 3261 §13.2.2.4: the ACK of a 2xx has the credentials of its INVITE. */
static enum err keep_credentials(struct sip_call *call, const struct sip_request_options *options)
{
    struct buf buf = {0};
    for (size_t i = 0; i < options->row_count; i++) {
        enum sip_header_id id = sip_header_find(options->rows[i].name);
        if ((id != SIP_HEADER_AUTHORIZATION && id != SIP_HEADER_PROXY_AUTHORIZATION) ||
            options->rows[i].value.ptr == NULL)
            continue;
        buf_printf(&buf, "%.*s: %.*s\r\n", VIEW_ARG(options->rows[i].name),
                   VIEW_ARG(options->rows[i].value));
    }
    enum err err =
        buf.failed != ERR_OK ? buf.failed : owned_set(&call->credentials, buf_view(&buf));
    buf_deinit(&buf);
    return err;
}

static enum err attach(struct sending *s, struct sip_tx *tx)
{
    struct sip_call *call = s->call;
    tx->seq = s->plan.seq;
    tx->known = true;
    tx->initial = tx->machine->invite && handle_none(s->plan.options->call);
    if (call == NULL)
        return ERR_OK;
    tx->call = call->handle;
    if (!tx->machine->invite)
        return ERR_OK;
    if (tx->initial)
        call->initial = tx->handle;
    call->invite = tx->handle;
    call->invite_seq = tx->seq;
    return keep_credentials(call, s->plan.options);
}

static enum err start(struct sip_stack *stack, struct sending *s, struct blob *blob,
                      struct sip_tx **out)
{
    const struct tx_machine *machine =
        s->plan.id == SIP_INVITE ? &tx_invite_client : &tx_non_invite_client;
    struct tx_key key;
    struct sip_tx *tx;
    if (!key_of(stack, s, blob, &key))
        return layer_failed(&stack->layer);
    enum err err = tx_create(&stack->layer, machine, &key, &s->plan.hop, &tx);
    if (err != ERR_OK)
        return err;
    err = attach(s, tx);
    if (err != ERR_OK) {
        tx->known = false;
        tx_end(&stack->layer, tx, V("out of memory"));
        return err;
    }
    tx_start(&stack->layer, tx, blob_ref(blob));
    *out = tx;
    return ERR_OK;
}

/* ACK is no transaction of its own: RFC 3261 §17.1. Only force brings one here. */
static enum err send_bare(struct sip_stack *stack, struct sending *s, struct blob *blob)
{
    struct sip_out out = {0};
    out_set(&stack->layer, &out, blob_ref(blob));
    layer_send(&stack->layer, &out, &s->plan.hop);
    out_drop(&out);
    return ERR_OK;
}

static enum err send(struct sip_stack *stack, struct sending *s, struct sip_tx **out)
{
    bool makes_call = s->plan.id == SIP_INVITE && handle_none(s->plan.options->call);
    struct blob *blob = request_write(stack, &s->plan);
    if (blob == NULL)
        return layer_failed(&stack->layer);
    enum err err = makes_call ? new_call(stack, s) : ERR_OK;
    if (err == ERR_OK)
        err = s->plan.id == SIP_ACK ? send_bare(stack, s, blob) : start(stack, s, blob, out);
    blob_unref(blob);
    if (err != ERR_OK && makes_call && s->call != NULL)
        call_free(stack, s->call);
    return err;
}

enum err sip_request_send(struct sip_stack *stack, uint64_t now_us,
                          const struct sip_request_options *options, struct handle *out_request,
                          struct handle *out_call)
{
    struct sending s = {.plan = {.options = options}};
    struct sip_tx *tx = NULL;
    stack_enter(stack, now_us, NULL);
    if (ring_room(&stack->layer.ring) < EFFECTS_OF_A_COMMAND)
        return ERR_LIMIT;
    enum err err = plan(stack, &s);
    if (err == ERR_OK)
        err = send(stack, &s, &tx);
    if (err != ERR_OK)
        return err;
    if (s.plan.id == SIP_BYE && s.call != NULL) {
        call_end(s.call, SIP_ENDED_BYE, 0);
        call_step(stack, s.call, BYE_SENT);
    }
    *out_request = tx == NULL ? (struct handle){0} : tx->handle;
    if (out_call != NULL)
        *out_call = s.call == NULL ? (struct handle){0} : s.call->handle;
    return stack_leave(stack);
}

enum err request_in_call(struct sip_stack *stack, struct sip_call *call, enum sip_method method,
                         struct handle *out)
{
    struct sip_request_options options = {.method = sip_method_name(method),
                                          .call = call->handle,
                                          .force = true,
                                          .proto = layer_bound(&stack->layer, &call->hop)->proto};
    struct sending s = {.plan = {.options = &options}};
    struct sip_tx *tx = NULL;
    enum err err = plan(stack, &s);
    if (err == ERR_OK)
        err = send(stack, &s, &tx);
    if (err == ERR_OK)
        *out = tx->handle;
    return err;
}
