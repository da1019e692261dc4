/* A request on its way on: RFC 3261 §16.6. */
#include "core/stack/forward/flow_token.h"
#include "core/stack/forward/forward.h"

#include "core/message/edit.h"
#include "core/message/uri.h"
#include "core/stack/sending.h"

struct forwarding {
    struct sip_stack *stack;
    const struct sip_forward_options *options;
    struct sip_tx *server;     /* NULL: statelessly */
    const struct addr *source; /* of the request */
    struct sip_edit edit;
    struct view uri;               /* Request-URI of the copy */
    struct view last;              /* a Route value behind all others: the Request-URI that a strict
                                      router took the place of; absent: none */
    size_t route_first, route_end; /* those of the request's Route values that stay */
    bool outbound;                 /* its sender is reached by its connection: RFC 5626 §5 */
    size_t pushed_first;           /* those of options->routes that go before them */
    struct sip_hop hop;
    struct sip_hop way;   /* the same, by another transport where it is too long for that one */
    struct handle lookup; /* of its name, while that is not known */
    struct view branch;
    struct id id;
};

static struct view kept(struct forwarding *f, const struct buf *buf)
{
    struct view copy = arena_copy(&f->stack->scratch, buf_view(buf));
    if (copy.ptr == NULL || buf->failed != ERR_OK)
        layer_fail(&f->stack->layer, buf->failed != ERR_OK ? buf->failed : ERR_MEMORY);
    return copy;
}

/* What a Contact may have and a Request-URI may not, RFC 3261 §19.1.1: headers and method. */
static struct view request_uri(struct forwarding *f, struct view uri)
{
    struct sip_uri_parts parts = sip_uri_without(uri, V("method"));
    struct buf *buf = &f->stack->list;
    if (parts.tail.len == 0)
        return parts.head;
    buf_clear(buf);
    buf_add(buf, parts.head);
    buf_add(buf, parts.tail);
    return kept(f, buf);
}

static struct view first_route(const struct forwarding *f)
{
    if (f->pushed_first < f->options->route_count)
        return f->options->routes[f->pushed_first];
    if (f->route_first >= f->route_end)
        return (struct view){0};
    const struct sip_name_addr *route = sip_msg_route(f->options->request, f->route_first);
    return route == NULL ? (struct view){0} : route->text;
}

/* §16.6 item 6: a strict router finds itself in the Request-URI, and what stood there in the end.
 */
static enum err plan_strict(struct forwarding *f, struct view route)
{
    struct sip_name_addr value;
    enum err err = sip_name_addr_parse(route, &f->stack->scratch, &value);
    if (err != ERR_OK)
        return err == ERR_MEMORY ? err : ERR_ABSENT;
    if (sip_param_has(&value.uri.params, V("lr")))
        return ERR_OK;
    f->last = f->uri;
    f->uri = request_uri(f, value.uri.text);
    if (f->pushed_first < f->options->route_count)
        f->pushed_first++;
    else
        f->route_first++;
    return ERR_OK;
}

static enum proto usual_proto(const struct sip_stack *stack, enum proto wanted)
{
    for (uint32_t i = 0; i < stack->layer.bound_count; i++)
        if (stack->layer.bounds[i].proto == wanted)
            return wanted;
    return stack->layer.bounds[0].proto;
}

/* §16.6 item 7 */
static enum err plan_hop(struct forwarding *f)
{
    const struct sip_forward_options *options = f->options;
    struct view route = first_route(f);
    enum proto proto = usual_proto(f->stack, options->proto);
    if (options->remote.family != 0) {
        enum err err = hop_from(f->stack, proto, &options->remote, &f->hop);
        f->hop.flow = options->flow;
        f->hop.only = !handle_none(options->flow);
        return err;
    }
    bool routed = route.ptr != NULL && f->last.ptr == NULL;
    return hop_find(f->stack, proto, routed ? route : f->uri, &f->hop, &f->lookup);
}

static enum err plan(struct forwarding *f)
{
    const struct sip_forward_options *options = f->options;
    size_t count = sip_msg_count(options->request, SIP_HEADER_ROUTE);
    f->uri = options->uri.ptr == NULL ? sip_msg_request_uri_text(options->request)
                                      : request_uri(f, options->uri);
    f->route_first = options->route_skip < count ? options->route_skip : count;
    f->route_end = options->route_drop_last && count > 0 ? count - 1 : count;
    struct view route = first_route(f);
    enum err err = route.ptr == NULL ? ERR_OK : plan_strict(f, route);
    return err != ERR_OK ? err : plan_hop(f);
}

static void edit_routes(struct forwarding *f)
{
    size_t count = sip_msg_count(f->options->request, SIP_HEADER_ROUTE);
    for (size_t i = f->pushed_first; i < f->options->route_count; i++)
        sip_edit_row(&f->edit, SIP_HEADER_ROUTE, f->options->routes[i]);
    if (f->route_first >= f->route_end) {
        sip_edit_remove(&f->edit, SIP_HEADER_ROUTE, 0, count);
    } else {
        sip_edit_remove(&f->edit, SIP_HEADER_ROUTE, 0, f->route_first);
        sip_edit_remove(&f->edit, SIP_HEADER_ROUTE, f->route_end, count - f->route_end);
    }
    if (f->last.ptr == NULL)
        return;
    struct buf *buf = &f->stack->list;
    buf_clear(buf);
    buf_add_char(buf, '<');
    buf_add(buf, f->last);
    buf_add_char(buf, '>');
    sip_edit_value_last(&f->edit, SIP_HEADER_ROUTE, kept(f, buf));
}

static void edit_number(struct forwarding *f, enum sip_header_id id, uint64_t value)
{
    struct view text = arena_uint(&f->stack->scratch, value);
    layer_fail(&f->stack->layer, text.ptr == NULL ? ERR_MEMORY : ERR_OK);
    if (sip_msg_find(f->options->request, id, 0) != NULL)
        sip_edit_value(&f->edit, id, 0, text);
    else
        sip_edit_row(&f->edit, id, text);
}

/* §16.6 item 3 */
static void edit_max_forwards(struct forwarding *f)
{
    const struct sip_number *given = sip_msg_get(f->options->request, SIP_HEADER_MAX_FORWARDS, 0);
    uint64_t value = given == NULL ? 70 : given->value > 0 ? given->value - 1 : 0;
    bool keeps = (f->stack->layer.mutants & SIP_MUTANT_MAX_FORWARDS_KEPT) != 0;
    if (!keeps || given == NULL)
        edit_number(f, SIP_HEADER_MAX_FORWARDS, value);
}

static bool is_sips(struct view uri)
{
    size_t at = view_find_char(uri, '<');
    return view_starts_nocase(at < uri.len ? view_skip(uri, at + 1) : uri, V("sips:"));
}

static bool has_param(const struct sip_params *params, struct view name)
{
    struct view value;
    return sip_param_find(params, name, &value);
}

/* RFC 5626 §5.1, §5.3.2: its sender is to be reached by the very connection that it came by. */
static bool wants_its_flow(struct sip_msg *request, enum sip_header_id id)
{
    const struct sip_name_addr *contact = sip_msg_contact(request, 0);
    if (contact == NULL)
        return false;
    if (id != SIP_HEADER_PATH)
        return has_param(&contact->uri.params, V("ob"));
    return has_param(&contact->params, V("reg-id")) &&
           has_param(&contact->params, V("+sip.instance")) &&
           sip_msg_lists(request, SIP_HEADER_SUPPORTED, V("outbound"));
}

struct side { /* how one of the two sides of a dialog finds us, and we it */
    uint32_t bound;
    bool by_flow; /* nobody could open a connection to it: RFC 7118 §5, RFC 5626 §5.2 */
    struct handle flow;
    struct addr remote;
};

static struct side side_of(const struct forwarding *f, const struct sip_hop *hop,
                           const struct addr *remote)
{
    enum proto proto = layer_bound(&f->stack->layer, hop)->proto;
    bool web = proto == PROTO_WS || proto == PROTO_WSS;
    bool by_flow = (web || f->outbound) && !handle_none(hop->flow);
    return (struct side){hop->bound, by_flow, hop->flow, *remote};
}

/* "<sip:192.0.2.3:5060;transport=tcp;lr>", by which later requests of the dialog find us there. */
static struct view own_route(struct forwarding *f, const struct side *side, bool sips)
{
    const struct sip_bound *bound = &f->stack->layer.bounds[side->bound];
    struct buf *buf = &f->stack->list;
    buf_clear(buf);
    buf_add(buf, sips ? V("<sips:") : V("<sip:"));
    if (side->by_flow) {
        flow_token_write(buf, side->flow, &side->remote);
        buf_add_char(buf, '@');
    }
    buf_add(buf, bound->sent_by);
    if (bound->proto != PROTO_UDP && !(sips && bound->proto == PROTO_TLS))
        buf_printf(buf, ";transport=%s", proto_text(bound->proto));
    if (f->outbound && sip_msg_method(f->options->request) == SIP_REGISTER)
        buf_add(buf, V(";ob"));
    buf_add(buf, V(";lr>"));
    return kept(f, buf);
}

/* §16.6 item 4; where the next hop speaks another transport, each side gets the address that it can
 * reach (RFC 5658 §5.2): the value on top is the one towards the callee. */
static void edit_own_route(struct forwarding *f, enum sip_header_id id)
{
    f->outbound = wants_its_flow(f->options->request, id);
    struct side out = side_of(f, &f->hop, &f->hop.remote);
    struct side in = f->server == NULL ? out : side_of(f, &f->server->hop, &f->server->source);
    struct view route = first_route(f);
    bool sips = is_sips(f->uri) || is_sips(route);
    sip_edit_row(&f->edit, id, own_route(f, &out, sips));
    if (in.bound != out.bound || in.by_flow || out.by_flow)
        sip_edit_row(&f->edit, id, own_route(f, &in, sips));
}

/* The Via that came gets what the server transport adds to it, and ours goes before it: §18.2.1,
 * §16.6 item 8. */
static void edit_via(struct forwarding *f)
{
    struct sip_msg *request = f->options->request;
    const struct sip_via *top = sip_msg_via(request, 0);
    struct compose c;
    compose_begin(&c, &f->stack->list, NULL, 0);
    via_write_value(&c, layer_bound(&f->stack->layer, &f->way), f->branch);
    compose_settle(&c);
    struct view own = kept(f, &f->stack->list);
    sip_edit_row(&f->edit, SIP_HEADER_VIA, own);
    if (top == NULL || f->source->family == 0)
        return;
    compose_begin(&c, &f->stack->list, NULL, 0);
    via_write_received(&c, top, f->source);
    compose_settle(&c);
    sip_edit_value(&f->edit, SIP_HEADER_VIA, 0, kept(f, &f->stack->list));
}

/* §16.6 item 9 */
static void edit_length(struct forwarding *f)
{
    struct sip_msg *request = f->options->request;
    if (!layer_reliable(&f->stack->layer, &f->way) ||
        sip_msg_find(request, SIP_HEADER_CONTENT_LENGTH, 0) != NULL)
        return;
    edit_number(f, SIP_HEADER_CONTENT_LENGTH, sip_msg_body(request).len);
}

static struct blob *write(struct forwarding *f)
{
    const struct sip_forward_options *options = f->options;
    struct buf *buf = &f->stack->layer.scratch;
    sip_edit_begin(&f->edit, options->request);
    if (f->uri.ptr != sip_msg_request_uri_text(options->request).ptr)
        sip_edit_request_uri(&f->edit, f->uri);
    edit_via(f);
    if (options->record_route)
        edit_own_route(f, SIP_HEADER_RECORD_ROUTE);
    if (options->path)
        edit_own_route(f, SIP_HEADER_PATH);
    edit_routes(f);
    edit_max_forwards(f);
    if (options->max_breadth != 0)
        edit_number(f, SIP_HEADER_MAX_BREADTH, options->max_breadth);
    edit_length(f);
    for (size_t i = 0; i < options->row_count; i++)
        sip_edit_row_last(&f->edit, options->rows[i].name, options->rows[i].value);
    buf_clear(buf);
    sip_edit_write(&f->edit, buf);
    if (f->stack->layer.failed != ERR_OK) /* a text of it was not to be kept */
        return NULL;
    return bytes_written(f->stack, buf);
}

/* §18.1.1. Statelessly it stays as it is: nobody would hear that TCP is refused, and try UDP after
 * all. What is Record-Routed is how short ones of the dialog go. */
static struct blob *write_sized(struct forwarding *f)
{
    struct blob *bytes = write(f);
    if (bytes == NULL || f->server == NULL || !hop_known(&f->hop))
        return bytes;
    hop_by_size(f->stack, bytes->len, &f->way);
    if (f->way.bound == f->hop.bound)
        return bytes;
    blob_unref(bytes);
    return write(f);
}

static void make_branch(struct forwarding *f)
{
    const struct sip_forward_options *options = f->options;
    f->branch = options->branch;
    if (f->branch.ptr != NULL)
        return;
    id_branch(f->stack, &f->id);
    f->branch = id_view(&f->id);
    if ((f->stack->layer.mutants & SIP_MUTANT_BRANCH_BARE) != 0)
        f->branch = view_skip(f->branch, sizeof "z9hG4bK" - 1);
    if (options->branch_tail.ptr == NULL)
        return;
    struct buf *buf = &f->stack->list;
    buf_clear(buf);
    buf_add(buf, f->branch);
    buf_add(buf, options->branch_tail);
    f->branch = kept(f, buf);
}

static enum err start(struct forwarding *f, struct blob *bytes, struct sip_tx **out)
{
    struct sip_stack *stack = f->stack;
    const struct sip_forward_options *options = f->options;
    struct sip_msg *request = options->request;
    const struct sip_cseq *cseq = sip_msg_cseq(request);
    bool invite = sip_msg_method(request) == SIP_INVITE;
    struct tx_key key;
    if (!match_key_own(&stack->layer, f->branch, layer_bound(&stack->layer, &f->way),
                       sip_msg_method_name(request), &key))
        return layer_failed(&stack->layer);
    enum err err = tx_create(&stack->layer, invite ? &tx_invite_client : &tx_non_invite_client,
                             &key, &f->way, out);
    if (err != ERR_OK)
        return err;
    (*out)->owner = options->owner;
    (*out)->seq = cseq == NULL ? 0 : cseq->number;
    (*out)->known = true;
    (*out)->branch_tail = options->branch.ptr == NULL ? (uint8_t)options->branch_tail.len : 0;
    if (f->way.bound != f->hop.bound)
        (*out)->again |= SIP_AGAIN_BY_UDP;
    request_located(stack, *out, f->lookup);
    f->lookup = (struct handle){0};
    if (hop_known(&f->hop))
        tx_start(&stack->layer, *out, blob_ref(bytes));
    else
        (*out)->out.bytes = blob_ref(bytes); /* when its name is looked up: seek.c */
    return ERR_OK;
}

static enum err forward(struct forwarding *f, struct sip_tx **out)
{
    enum err err = plan(f);
    if (err == ERR_OK && f->server == NULL && !hop_known(&f->hop))
        err = ERR_ABSENT; /* RFC 3263 §4.4: what has no state waits for no answer */
    if (err != ERR_OK)
        return err;
    make_branch(f);
    f->way = f->hop;
    struct blob *bytes = write_sized(f);
    if (bytes == NULL)
        return layer_failed(&f->stack->layer);
    if (f->server != NULL)
        err = start(f, bytes, out);
    else
        layer_send_bare(&f->stack->layer, bytes, &f->way);
    blob_unref(bytes);
    return err;
}

enum err sip_forward(struct sip_stack *stack, uint64_t now_us,
                     const struct sip_forward_options *options, struct handle *out_request)
{
    struct forwarding f = {.stack = stack, .options = options, .source = &options->source};
    struct sip_tx *tx = NULL;
    enum err err = command_enter(stack, now_us);
    if (err != ERR_OK)
        return err;
    f.server = tx_find(&stack->layer, options->transaction);
    if (f.server == NULL && !handle_none(options->transaction))
        return ERR_GONE;
    if (f.server != NULL)
        f.source = &f.server->source;
    err = forward(&f, &tx);
    locate_end(stack->locate, f.lookup);
    err = command_leave(stack, err);
    if (err != ERR_OK)
        return err;
    *out_request = tx == NULL ? (struct handle){0} : tx->handle;
    return ERR_OK;
}
