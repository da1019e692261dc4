/* A request on its way through: RFC 3261 §16.3 to §16.5. */
#include "core/role/proxy_private.h"
#include "core/stack/forward/flow_token.h"

void passage_begin(struct passage *p, struct proxy *proxy, struct sip_stack *stack, uint64_t now_us,
                   const struct tell *tell)
{
    *p = (struct passage){.proxy = proxy,
                          .stack = stack,
                          .now_us = now_us,
                          .msg = tell->msg,
                          .source = tell->source,
                          .uri = sip_msg_request_uri_text(tell->msg)};
    const struct sip_uri *uri = sip_msg_request_uri(tell->msg);
    if (uri != NULL)
        p->parsed = *uri;
    arena_reset(&proxy->scratch);
}

static void take_uri(struct passage *p, struct view text)
{
    struct sip_uri parsed;
    if (text.ptr == NULL || sip_uri_parse(text, &p->proxy->scratch, &parsed) != ERR_OK)
        return;
    p->uri = text;
    p->parsed = parsed;
}

/* The sender is a strict router: our own Record-Route value is its Request-URI, and the real one
 * came last. */
static void undo_strict(struct passage *p)
{
    size_t count = sip_msg_count(p->msg, SIP_HEADER_ROUTE);
    const struct sip_name_addr *last = count == 0 ? NULL : sip_msg_route(p->msg, count - 1);
    if (last == NULL || !sip_param_has(&p->parsed.params, V("lr")) || p->parsed.user.ptr != NULL ||
        !sip_stack_is(p->stack, p->parsed.host, p->parsed.port))
        return;
    p->route_drop_last = true;
    p->uri = last->uri.text;
    p->parsed = last->uri;
}

/* "strip the maddr and any non-default port or transport parameter" */
static void strip_maddr(struct passage *p)
{
    struct buf *buf = &p->proxy->text;
    struct view maddr;
    if (!sip_param_find(&p->parsed.params, V("maddr"), &maddr) ||
        !proxy_owns(p, maddr, p->parsed.port))
        return;
    buf_clear(buf);
    buf_add(buf, p->parsed.scheme_text);
    buf_add_char(buf, ':');
    buf_add(buf, p->parsed.user);
    if (p->parsed.user.ptr != NULL)
        buf_add_char(buf, '@');
    buf_add(buf, p->parsed.host);
    for (size_t i = 0; i < p->parsed.params.count; i++) {
        const struct sip_param *param = &p->parsed.params.items[i];
        if (view_equal_nocase(param->name, V("maddr")) ||
            view_equal_nocase(param->name, V("transport")))
            continue;
        buf_add_char(buf, ';');
        buf_add(buf, param->name);
        if (param->value.ptr != NULL)
            buf_add_char(buf, '=');
        buf_add(buf, param->value);
    }
    if (buf->failed == ERR_OK)
        take_uri(p, arena_copy(&p->proxy->scratch, buf_view(buf)));
}

/* The last one of ours says by which connection its side is reached: RFC 5626 §5.3. */
static void back_to(struct passage *p, const struct sip_uri *uri)
{
    struct view transport;
    p->back = (struct target){0};
    if (flow_token_read(uri->user, &p->back.flow, &p->back.source) &&
        (!sip_param_find(&uri->params, V("transport"), &transport) ||
         proto_parse(transport, &p->back.proto) != ERR_OK))
        p->back.proto = PROTO_WSS; /* a sips URI has no other that connections are kept of */
}

/* Our own values come off; two that differ are the two sides of one passage, RFC 5658 §5.2. */
static void skip_own_routes(struct passage *p)
{
    size_t end = sip_msg_count(p->msg, SIP_HEADER_ROUTE) - (p->route_drop_last ? 1 : 0);
    struct view before = {0};
    while (p->route_skip < end && p->route_skip < 2) {
        const struct sip_name_addr *route = sip_msg_route(p->msg, p->route_skip);
        if (route == NULL || !proxy_owns(p, route->uri.host, route->uri.port) ||
            view_equal(route->uri.text, before))
            return;
        before = route->uri.text;
        p->route_skip++;
        back_to(p, &route->uri);
    }
}

/* RFC 5393 §4.2.4: all that our way of choosing a target goes by, and what differs from one
 * transaction to the next; not the method, and not the Routes that only led here. */
static void make_tail(struct passage *p)
{
    struct buf *buf = &p->proxy->text;
    const struct sip_cseq *cseq = sip_msg_cseq(p->msg);
    struct view from_tag = sip_msg_from_tag(p->msg), to_tag = sip_msg_to_tag(p->msg);
    const struct sip_line *line = sip_msg_find(p->msg, SIP_HEADER_PROXY_AUTHORIZATION, 0);
    size_t route_count = sip_msg_count(p->msg, SIP_HEADER_ROUTE);
    buf_clear(buf);
    buf_add(buf, sip_msg_request_uri_text(p->msg));
    for (size_t i = p->route_skip; i < route_count; i++) {
        const struct sip_name_addr *route = sip_msg_route(p->msg, i);
        buf_add_char(buf, '\n');
        buf_add(buf, route == NULL ? V("") : route->text);
    }
    buf_add_char(buf, '\n');
    buf_add(buf, line == NULL ? V("") : line->value);
    buf_printf(buf, "\n%.*s\n%u\n%.*s\n%.*s", VIEW_ARG(sip_msg_call_id(p->msg)),
               cseq == NULL ? 0 : cseq->number, VIEW_ARG(from_tag), VIEW_ARG(to_tag));
    uint32_t hash = (uint32_t)(view_hash(buf_view(buf)) >> 32);
    buf_clear(buf);
    buf_printf(buf, "-l%08x", (unsigned)hash);
    if (buf->failed == ERR_OK)
        p->tail = arena_copy(&p->proxy->scratch, buf_view(buf));
}

bool passage_refused(struct passage *p, struct refusal *out)
{
    *out = (struct refusal){0};
    undo_strict(p);
    strip_maddr(p);
    skip_own_routes(p);
    make_tail(p);
    validate(p, out);
    if (out->status != 0)
        return true;
    if (targets_find(p) != ERR_OK)
        out->status = 500;
    else if (p->targets.count == 0)
        out->status = p->targets.status;
    return out->status != 0;
}

/* Are there Routes that say where it goes next? */
static bool routed(const struct passage *p, const struct target *target)
{
    return target->route_count > 0 ||
           p->route_skip + (p->route_drop_last ? 1 : 0) < sip_msg_count(p->msg, SIP_HEADER_ROUTE);
}

/* Whoever looks our own domain up finds us. */
static void find_self(const struct passage *p, const struct target *target,
                      struct sip_forward_options *options)
{
    struct sip_uri uri;
    if (routed(p, target) || sip_uri_parse(target->uri, &p->proxy->scratch, &uri) != ERR_OK ||
        !proxy_has_domain(p->proxy, uri.host))
        return;
    proxy_try(p->proxy, sip_stack_address(p->stack, PROTO_UDP, &options->remote));
}

void passage_options(const struct passage *p, const struct target *target,
                     struct sip_forward_options *out)
{
    *out = (struct sip_forward_options){.request = p->msg,
                                        .source = p->source,
                                        .uri = target->uri,
                                        .route_skip = p->route_skip,
                                        .route_drop_last = p->route_drop_last,
                                        .routes = target->routes,
                                        .route_count = target->route_count,
                                        .branch_tail = p->tail,
                                        .flow = target->flow,
                                        .remote = target->source,
                                        .proto = target->proto};
    enum sip_method method = sip_msg_method(p->msg);
    bool dialog = method != SIP_ACK && method != SIP_CANCEL && method != SIP_REGISTER;
    out->record_route = p->proxy->record_route && dialog;
    out->path = p->proxy->path && method == SIP_REGISTER;
    if (target->source.family != 0)
        return;
    if (p->back.source.family != 0 && !routed(p, target)) {
        out->flow = p->back.flow;
        out->remote = p->back.source;
        out->proto = p->back.proto;
    } else {
        find_self(p, target, out);
    }
}
