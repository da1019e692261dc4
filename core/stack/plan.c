/* What a request of ours consists of, before it is written: RFC 3261 §8.1.1 and §12.2.1.1. */
#include "core/message/uri.h"
#include "core/stack/sending.h"
#include "core/stack/session.h"

/* "<sip:bob@192.0.2.2>" for To, from the Request-URI, whose headers and transport are not part of
 * it: RFC 3261 §19.1.1, Table 1. */
static enum err bracketed(struct sip_stack *stack, struct view uri, struct view *out)
{
    struct sip_uri_parts parts = sip_uri_without(uri, V("transport"));
    size_t len = parts.head.len + parts.tail.len + 2;
    char *text = arena_alloc(&stack->scratch, len);
    if (text == NULL)
        return ERR_MEMORY;
    struct buf buf = {.ptr = text, .size = len, .limit = len};
    buf_add_char(&buf, '<');
    buf_add(&buf, parts.head);
    buf_add(&buf, parts.tail);
    buf_add_char(&buf, '>');
    *out = buf_view(&buf);
    return ERR_OK;
}

static struct view given_or(struct view given, struct view otherwise)
{
    return given.ptr != NULL ? given : otherwise;
}

/* RFC 3261 §8.1.2: to the first route, and where that one is strict it is the Request-URI. */
static enum err plan_hop(struct sip_stack *stack, enum proto proto, struct request_plan *plan)
{
    const struct sip_request_options *options = plan->options;
    if (options->remote.family != 0)
        return hop_from(stack, proto, &options->remote, &plan->hop);
    bool strict = plan->route.last.ptr != NULL;
    bool routed = plan->route.count > 0 && !strict;
    return hop_find(stack, proto, routed ? plan->route.routes[0] : plan->uri, &plan->hop,
                    &plan->lookup);
}

/* RFC 3608 §6.1: the service route is for all but REGISTER; without one the outbound proxy is. */
static struct route_plan usual_route(const struct sip_stack *stack, const struct request_plan *plan)
{
    const struct route_set *service = &stack->service_routes;
    if (service->count > 0 && plan->id != SIP_REGISTER)
        return route_plan(service->values, service->count, plan->options->uri);
    return route_plan(&stack->outbound, stack->outbound.len > 0, plan->options->uri);
}

static enum err plan_outside(struct sip_stack *stack, struct sending *s)
{
    const struct sip_request_options *options = s->plan.options;
    struct request_plan *plan = &s->plan;
    if (options->uri.ptr == NULL)
        return ERR_ABSENT;
    if (options->to.ptr == NULL && bracketed(stack, options->uri, &plan->to) != ERR_OK)
        return ERR_MEMORY;
    plan->to = given_or(options->to, plan->to);
    plan->to_tag = options->to_tag;
    plan->from = given_or(options->from, stack->identity);
    if (options->from_tag.ptr == NULL)
        id_tag(stack, &s->tag);
    plan->from_tag = given_or(options->from_tag, id_view(&s->tag));
    if (options->call_id.ptr == NULL)
        id_call_id(stack, &s->call_id);
    plan->call_id = given_or(options->call_id, id_view(&s->call_id));
    plan->seq = options->cseq != 0 ? options->cseq : 1;
    plan->route = route_plan(options->routes, options->route_count, options->uri);
    if (options->routes == NULL && options->remote.family == 0)
        plan->route = usual_route(stack, plan);
    plan->uri = plan->route.uri;
    return plan_hop(stack, options->proto, plan);
}

/* Where nothing is to be found for the target, the request goes where the dialog's messages come
 * from. */
enum err plan_in_dialog(struct sip_stack *stack, const struct sip_dialog *dialog,
                        struct request_plan *plan)
{
    const struct sip_request_options *options = plan->options;
    const struct view *routes = options->routes != NULL ? options->routes : dialog->routes.values;
    size_t count = options->routes != NULL ? options->route_count : dialog->routes.count;
    plan->route = route_plan(routes, count, given_or(options->uri, dialog->remote_target));
    plan->uri = plan->route.uri;
    plan->from = given_or(options->from, dialog->local_uri);
    plan->to = given_or(options->to, dialog->remote_uri);
    plan->from_tag = given_or(options->from_tag, dialog->local_tag);
    plan->to_tag = given_or(options->to_tag, dialog->remote_tag);
    plan->call_id = given_or(options->call_id, dialog->call_id);
    enum err err = plan_hop(stack, layer_bound(&stack->layer, &dialog->hop)->proto, plan);
    if (err == ERR_ABSENT) {
        plan->hop = dialog->hop;
        return ERR_OK;
    }
    return err;
}

/* RFC 3261 §14.1, §15: what the state of a call does not forbid. */
static bool allowed(const struct sip_call *call, enum sip_method method)
{
    if (call->state >= CALL_ENDING || !call->dialog.has_remote_tag)
        return false;
    switch (method) {
    case SIP_ACK:
    case SIP_CANCEL:
        return false; /* these have commands of their own */
    case SIP_INVITE:
        return call->state == CALL_CONFIRMED && handle_none(call->invite) && call->answer == NULL;
    case SIP_BYE:
        return call->state == CALL_CONFIRMED || call->caller;
    default:
        return call->caller || call->state != CALL_CALLING;
    }
}

static uint32_t next_seq(struct sip_stack *stack, struct sip_dialog *dialog, uint32_t wanted)
{
    bool frozen = (stack->layer.mutants & SIP_MUTANT_CSEQ_FROZEN) != 0 && dialog->local_seq != 0;
    uint32_t seq = wanted != 0 ? wanted : dialog->local_seq + (frozen ? 0 : 1);
    if (seq > dialog->local_seq)
        dialog->local_seq = seq;
    return seq;
}

/* The dialog that it is sent in, by a call or a subscription. */
static enum err plan_find(struct sip_stack *stack, struct sending *s, struct sip_dialog **out)
{
    const struct sip_request_options *options = s->plan.options;
    if (!handle_none(options->sub)) {
        s->sub = sub_find(stack, options->sub);
        if (s->sub == NULL)
            return ERR_GONE;
        *out = s->sub->dialog;
        s->call = call_of_dialog(*out);
        return (*out)->has_remote_tag || options->force ? ERR_OK : ERR_STATE;
    }
    s->call = call_find(stack, options->call);
    if (s->call == NULL)
        return ERR_GONE;
    *out = &s->call->dialog;
    bool forbidden = !allowed(s->call, s->plan.id) || !offer_allowed(s->call, s->plan.id, options);
    return forbidden && !options->force ? ERR_STATE : ERR_OK;
}

static enum err plan_who(struct sip_stack *stack, struct sending *s)
{
    const struct sip_request_options *options = s->plan.options;
    if (options->branch.ptr == NULL)
        id_branch(stack, &s->branch);
    s->plan.branch = given_or(options->branch, id_view(&s->branch));
    s->plan.method = options->method;
    s->plan.id = sip_method_find(options->method);
    if (handle_none(options->call) && handle_none(options->sub))
        return plan_outside(stack, s);
    struct sip_dialog *dialog;
    enum err err = plan_find(stack, s, &dialog);
    if (err == ERR_OK)
        err = plan_in_dialog(stack, dialog, &s->plan);
    if (err == ERR_OK)
        s->plan.seq = next_seq(stack, dialog, options->cseq);
    return err;
}

enum err plan_request(struct sip_stack *stack, struct sending *s)
{
    enum err err = plan_who(stack, s);
    if (err == ERR_OK)
        s->plan.refresh = refresh_wish(stack, s->call, s->plan.id, s->plan.options->refresh);
    return err;
}

struct dialog_ids plan_ids(const struct request_plan *plan)
{
    return (struct dialog_ids){.call_id = plan->call_id,
                               .local_tag = plan->from_tag,
                               .local_uri = plan->from,
                               .remote_uri = plan->to,
                               .target = plan->options->uri,
                               .local_seq = plan->seq};
}

static bool is_identity(enum sip_header_id id)
{
    return id == SIP_HEADER_VIA || id == SIP_HEADER_FROM || id == SIP_HEADER_TO ||
           id == SIP_HEADER_CALL_ID || id == SIP_HEADER_CSEQ;
}

static void adopt_name(const struct sip_name_addr *value, struct view *uri, struct view *tag)
{
    if (value == NULL)
        return;
    *uri = dialog_uri(value);
    *tag = value->tag;
}

/* Rows of the user's may say who we are in the stack's stead. Then what went out is what counts, or
 * no answer would ever find its request. */
enum err plan_adopt(struct sending *s, struct blob *blob)
{
    const struct sip_request_options *options = s->plan.options;
    bool named = false;
    for (size_t i = 0; i < options->row_count; i++)
        named |= is_identity(sip_header_find(options->rows[i].name));
    if (!named)
        return ERR_OK;
    enum err err = sip_msg_parse(blob, SIP_FRAMING_DATAGRAM, &s->adopted);
    if (err != ERR_OK)
        return err == ERR_MEMORY ? err : ERR_OK;
    const struct sip_cseq *cseq = sip_msg_cseq(s->adopted);
    adopt_name(sip_msg_from(s->adopted), &s->plan.from, &s->plan.from_tag);
    adopt_name(sip_msg_to(s->adopted), &s->plan.to, &s->plan.to_tag);
    s->plan.call_id = sip_msg_call_id(s->adopted);
    if (cseq != NULL)
        s->plan.seq = cseq->number;
    return ERR_OK;
}
