#include "harness/replay/rewrite.h"
#include "harness/replay/splice.h"

struct rewriting {
    struct play *play;
    const struct step *step;
    struct sip_msg *msg; /* as captured */
    struct way *way;
    enum proto proto;
    const struct addr *here; /* where the played party is */
    const struct far *far;   /* NULL: outside of any dialog, or nothing is known of it */
    struct buf *out;
    struct view uri; /* the Request-URI as written */
    bool via, routed, recorded, proved[2];
    enum err err;
};

/* The first one stays. */
static void fail(struct rewriting *r, enum err err)
{
    if (r->err == ERR_OK)
        r->err = err;
}

static struct view put_text(struct rewriting *r, struct view text)
{
    struct view copy = arena_copy(r->play->arena, text);
    if (copy.ptr == NULL)
        fail(r, ERR_MEMORY);
    return copy;
}

static struct view host_port(struct rewriting *r, const struct addr *addr)
{
    char room[ADDR_TEXT_MAX];
    return put_text(r, addr_text(addr, room));
}

/* The host of a URI with the port behind it, as it stands there. */
static struct view place_of(const struct sip_uri *uri)
{
    struct view place = uri->host;
    const char *end = uri->text.ptr + uri->text.len;
    if (place.ptr == NULL || uri->port == 0)
        return place;
    for (place.len++;
         place.ptr + place.len < end && place.ptr[place.len] >= '0' && place.ptr[place.len] <= '9';)
        place.len++;
    return place;
}

static bool is_final_ack(const struct rewriting *r)
{
    return sip_msg_method(r->msg) == SIP_ACK && sip_msg_is_request(r->msg) &&
           r->play->call->transactions[r->step->tx].method == SIP_INVITE;
}

/* The INVITE that a CANCEL or the ACK of a 300-699 goes after: as it was sent. NULL: none. */
static const struct way *followed(const struct rewriting *r)
{
    const struct call_transaction *tx = &r->play->call->transactions[r->step->tx];
    if (is_final_ack(r))
        return r->way;
    if (sip_msg_method(r->msg) == SIP_CANCEL && tx->of != CALL_NONE)
        return &r->play->ways[tx->of];
    return NULL;
}

static bool is_target_known(const struct rewriting *r)
{
    return r->far != NULL && r->far->target.ptr != NULL;
}

/* Where a party of the capture is now, for the hosts of URIs. */
static const struct addr *moved(const struct rewriting *r, const struct sip_uri *uri)
{
    struct addr addr;
    const struct call *call = r->play->call;
    if (addr_host_parse(uri->host, &addr) != ERR_OK)
        return NULL;
    addr.port = uri->port;
    for (int exact = 1; exact >= 0; exact--)
        for (uint16_t i = 0; i < call->party_count; i++) {
            const struct addr *was = &call->parties[i].address;
            const struct addr *is = &r->play->seats[i].at[r->proto];
            bool same = addr_ip_equal(was, &addr) && (exact == 0 || was->port == addr.port);
            if (same && is->family != 0)
                return is;
        }
    return NULL;
}

/* The domain that the capture's device is asked for is that of the device now. */
static bool is_targets(const struct rewriting *r, const struct sip_uri *uri)
{
    const struct call *call = r->play->call;
    if (r->play->options->target == NULL || call->message_count == 0)
        return false;
    struct sip_msg *first = call->messages[0].msg;
    const struct sip_uri *asked = sip_msg_is_request(first) ? sip_msg_request_uri(first) : NULL;
    return asked != NULL && view_equal_nocase(asked->host, uri->host);
}

/* The host of a URI of From, To or the Request-URI. */
static void host_move(struct rewriting *r, struct splice *splice, const struct sip_uri *uri)
{
    const struct addr *to = moved(r, uri);
    if (to == NULL && is_targets(r, uri))
        to = &r->play->options->target->address;
    if (to == NULL)
        return;
    struct addr shown = *to;
    if (uri->port == 0)
        shown.port = 0;
    splice_put(splice, place_of(uri), host_port(r, &shown));
}

static struct view target_user(const struct rewriting *r)
{
    struct sip_uri uri;
    const struct replay_target *target = r->play->options->target;
    if (target == NULL || sip_uri_parse(target->uri, r->play->arena, &uri) != ERR_OK)
        return (struct view){0};
    return uri.user;
}

/* The user that the target's URI names, in the Request-URI and To of what begins the call. */
static void user_move(struct rewriting *r, struct splice *splice, const struct sip_uri *uri)
{
    struct view user = target_user(r);
    const struct sip_name_addr *to = sip_msg_to(r->msg);
    bool initial = to != NULL && to->tag.ptr == NULL;
    if (user.ptr != NULL && initial && uri->user.ptr != NULL &&
        sip_msg_method(r->msg) != SIP_REGISTER)
        splice_put(splice, uri->user, user);
}

static void uri_moved(struct rewriting *r, const struct sip_uri *uri)
{
    struct splice splice = {.text = uri->text};
    const struct replay_target *target = r->play->options->target;
    user_move(r, &splice, uri);
    if (target != NULL)
        splice_put(&splice, place_of(uri), host_port(r, &target->address));
    else
        host_move(r, &splice, uri);
    splice_write(&splice, r->out);
}

static void request_line(struct rewriting *r)
{
    const struct sip_uri *uri = sip_msg_request_uri(r->msg);
    const struct way *before = followed(r);
    size_t from;
    buf_add(r->out, sip_msg_method_name(r->msg));
    buf_add_char(r->out, ' ');
    from = r->out->len;
    if (before != NULL && before->request != NULL)
        buf_add(r->out, sip_msg_request_uri_text(before->request));
    else if (is_target_known(r))
        buf_add(r->out, r->far->target);
    else if (uri != NULL && uri->host.ptr != NULL)
        uri_moved(r, uri);
    else
        buf_add(r->out, sip_msg_request_uri_text(r->msg));
    r->uri = put_text(r, view_skip(buf_view(r->out), from));
    buf_add_char(r->out, ' ');
    buf_add(r->out, sip_msg_version(r->msg));
    buf_add(r->out, V("\r\n"));
}

static void status_line(struct rewriting *r)
{
    struct view raw = sip_msg_raw(r->msg);
    buf_add(r->out, view_trim(view_head(raw, view_find_char(raw, '\n'))));
    buf_add(r->out, V("\r\n"));
}

static void head(struct rewriting *r, const struct sip_line *line)
{
    buf_add(r->out, line->name);
    buf_add(r->out, V(": "));
}

static void row(struct rewriting *r, const struct sip_line *line, struct view value)
{
    head(r, line);
    buf_add(r->out, value);
    buf_add(r->out, V("\r\n"));
}

static void splice_row(struct rewriting *r, const struct sip_line *line,
                       const struct splice *splice)
{
    head(r, line);
    splice_write(splice, r->out);
    buf_add(r->out, V("\r\n"));
}

/* All rows of what came in the place of the first captured one. */
static void rows_copied(struct rewriting *r, enum sip_header_id id)
{
    const struct sip_line *line;
    for (size_t i = 0; (line = sip_msg_find(r->way->request, id, i)) != NULL; i++)
        row(r, line, line->value);
}

/* RFC 3261 §18.1.1; what the captured one asked for with parameters stays asked for. */
static void via_own(struct rewriting *r, const struct sip_via *captured)
{
    static const char *const words[] = {"UDP", "TCP", "TLS", "WS", "WSS"};
    buf_printf(r->out, "Via: SIP/2.0/%s ", words[r->proto]);
    addr_write(r->out, r->here);
    for (size_t i = 0; captured != NULL && i < captured->params.count; i++) {
        const struct sip_param *param = &captured->params.items[i];
        if (view_equal_nocase(param->name, V("rport")) ||
            view_equal_nocase(param->name, V("alias")) ||
            view_equal_nocase(param->name, V("keep"))) {
            buf_add_char(r->out, ';');
            buf_add(r->out, param->name);
        }
    }
    buf_add(r->out, V(";branch="));
    buf_add(r->out, r->way->branch);
    buf_add(r->out, V("\r\n"));
}

/* Ours on top; those of who had it before us stay. */
static void via_request(struct rewriting *r, const struct sip_line *line)
{
    const struct sip_via *top = sip_msg_via(r->msg, 0);
    if (r->via) {
        row(r, line, line->value);
        return;
    }
    via_own(r, top);
    struct view rest = line->value;
    if (top != NULL && top->text.ptr >= rest.ptr && top->text.len < rest.len) {
        rest = view_skip(rest, (size_t)(top->text.ptr - rest.ptr) + top->text.len);
        rest = view_trim(view_skip(rest, view_find_char(rest, ',') + 1));
        if (rest.len > 0)
            row(r, line, rest);
    }
}

/* RFC 3261 §18.2.1, RFC 3581 §4: who asks by rport is told his address. */
static void via_response(struct rewriting *r)
{
    const struct sip_via *top = sip_msg_via(r->way->request, 0);
    const struct sip_line *line = sip_msg_find(r->way->request, SIP_HEADER_VIA, 0);
    struct splice splice = {.text = line == NULL ? V("") : line->value};
    struct buf told = {0};
    bool asks = top != NULL && top->rport.ptr != NULL && top->rport.len == 0;
    if (asks) {
        buf_printf(&told, "rport=%u;received=", r->way->source.port);
        addr_ip_write(&told, &r->way->source);
        fail(r, told.failed);
    }
    for (size_t i = 0; asks && i < top->params.count; i++)
        if (view_equal_nocase(top->params.items[i].name, V("rport")))
            splice_put(&splice, top->params.items[i].name, put_text(r, buf_view(&told)));
    if (line != NULL)
        splice_row(r, line, &splice);
    for (size_t i = 1; (line = sip_msg_find(r->way->request, SIP_HEADER_VIA, i)) != NULL; i++)
        row(r, line, line->value);
    buf_deinit(&told);
}

static void via_row(struct rewriting *r, const struct sip_line *line)
{
    if (sip_msg_is_request(r->msg))
        via_request(r, line);
    else if (!r->via)
        via_response(r);
    r->via = true;
}

/* In a request: From with a tag of ours, To with the one that was learnt. */
static void name_request(struct rewriting *r, const struct sip_line *line, bool from)
{
    const struct sip_name_addr *value = from ? sip_msg_from(r->msg) : sip_msg_to(r->msg);
    struct splice splice = {.text = line->value};
    struct view tag = {0};
    if (value == NULL) {
        row(r, line, line->value);
        return;
    }
    if (value->tag.ptr != NULL && from)
        fail(r, names_own(&r->play->names, NAME_TAG, value->tag, &tag));
    else if (value->tag.ptr != NULL)
        tag = names_find(&r->play->names, NAME_TAG, value->tag);
    if (tag.ptr != NULL)
        splice_put(&splice, value->tag, tag);
    host_move(r, &splice, &value->uri);
    if (!from)
        user_move(r, &splice, &value->uri);
    splice_row(r, line, &splice);
}

/* RFC 3261 §8.2.6.2: as in the request, and a tag of ours where it had none. */
static void to_response(struct rewriting *r, const struct sip_line *line)
{
    const struct sip_line *asked = sip_msg_find(r->way->request, SIP_HEADER_TO, 0);
    const struct sip_name_addr *now = sip_msg_to(r->way->request), *was = sip_msg_to(r->msg);
    struct view tag = {0};
    head(r, line);
    buf_add(r->out, asked == NULL ? line->value : asked->value);
    if (was != NULL && was->tag.ptr != NULL && (now == NULL || now->tag.ptr == NULL)) {
        fail(r, names_own(&r->play->names, NAME_TAG, was->tag, &tag));
        buf_add(r->out, V(";tag="));
        buf_add(r->out, tag);
    }
    buf_add(r->out, V("\r\n"));
}

static void call_id_row(struct rewriting *r, const struct sip_line *line)
{
    struct view live = {0};
    fail(r, names_own(&r->play->names, NAME_CALL_ID, sip_msg_call_id(r->msg), &live));
    row(r, line, live);
}

/* Each URI of the row has our address. */
static void here_row(struct rewriting *r, const struct sip_line *line)
{
    struct splice splice = {.text = line->value};
    struct view place = host_port(r, r->here);
    const struct sip_name_addr *value;
    for (size_t i = 0; (value = sip_msg_get(r->msg, line->id, i)) != NULL; i++)
        if (!value->wildcard)
            splice_put(&splice, place_of(&value->uri), place);
    splice_row(r, line, &splice);
}

/* A redirection leads to somebody else. */
static void contact_row(struct rewriting *r, const struct sip_line *line)
{
    uint16_t status = sip_msg_status(r->msg);
    if (status >= 300)
        row(r, line, line->value);
    else
        here_row(r, line);
}

static void record_route_row(struct rewriting *r, const struct sip_line *line)
{
    bool theirs = !sip_msg_is_request(r->msg) &&
                  sip_msg_find(r->way->request, SIP_HEADER_RECORD_ROUTE, 0) != NULL;
    if (!theirs)
        here_row(r, line);
    else if (!r->recorded)
        rows_copied(r, SIP_HEADER_RECORD_ROUTE);
    r->recorded = true;
}

static void routes_write(struct rewriting *r)
{
    const struct way *before = followed(r);
    const struct sip_line *line;
    if (r->routed)
        return;
    r->routed = true;
    if (before != NULL && before->request != NULL) {
        for (size_t i = 0; (line = sip_msg_find(before->request, SIP_HEADER_ROUTE, i)) != NULL; i++)
            row(r, line, line->value);
        return;
    }
    for (size_t i = 0; is_target_known(r) && i < r->far->route_count; i++) {
        buf_add(r->out, V("Route: "));
        buf_add(r->out, r->far->routes[i]);
        buf_add(r->out, V("\r\n"));
    }
}

/* Outside of dialogs the captured one stays, but where a device stands for whom it names. */
static void route_row(struct rewriting *r, const struct sip_line *line)
{
    struct splice splice = {.text = line->value};
    const struct sip_name_addr *route;
    if (is_target_known(r) || followed(r) != NULL || r->play->options->target != NULL)
        return;
    for (size_t i = 0; (route = sip_msg_route(r->msg, i)) != NULL; i++)
        host_move(r, &splice, &route->uri);
    splice_row(r, line, &splice);
}

/* RFC 3262 §7.2: the number that the other side gave, of the INVITE that is ours. */
static void rack_row(struct rewriting *r, const struct sip_line *line)
{
    const struct sip_rack *rack = sip_msg_get(r->msg, SIP_HEADER_RACK, 0);
    const struct sip_name_addr *to = sip_msg_to(r->msg);
    struct splice splice = {.text = line->value};
    if (rack != NULL && to != NULL && to->tag.ptr != NULL) {
        struct view live = names_rseq(&r->play->names, to->tag, rack->rseq);
        size_t digits = view_find_char(line->value, ' ');
        if (live.ptr != NULL)
            splice_put(&splice, view_head(line->value, digits), live);
    }
    splice_row(r, line, &splice);
}

static void credentials_row(struct rewriting *r, const struct sip_line *line)
{
    bool proxy = line->id == SIP_HEADER_PROXY_AUTHORIZATION;
    if (!proof_known(r->play, line->id)) {
        row(r, line, line->value);
        return;
    }
    if (!r->proved[proxy])
        fail(r, proof_write(r->play, line->id, r->msg, r->uri, r->out));
    r->proved[proxy] = true;
}

static void request_row(struct rewriting *r, const struct sip_line *line)
{
    if (line->id != SIP_HEADER_VIA)
        routes_write(r);
    switch (line->id) {
    case SIP_HEADER_FROM:
    case SIP_HEADER_TO:
        name_request(r, line, line->id == SIP_HEADER_FROM);
        break;
    case SIP_HEADER_ROUTE:
        route_row(r, line);
        break;
    case SIP_HEADER_RACK:
        rack_row(r, line);
        break;
    case SIP_HEADER_AUTHORIZATION:
    case SIP_HEADER_PROXY_AUTHORIZATION:
        credentials_row(r, line);
        break;
    case SIP_HEADER_CALL_ID:
        call_id_row(r, line);
        break;
    default:
        row(r, line, line->value);
    }
}

static void response_row(struct rewriting *r, const struct sip_line *line)
{
    switch (line->id) {
    case SIP_HEADER_FROM:
    case SIP_HEADER_CALL_ID:
    case SIP_HEADER_CSEQ:
        rows_copied(r, line->id);
        break;
    case SIP_HEADER_TO:
        to_response(r, line);
        break;
    default:
        row(r, line, line->value);
    }
}

static void any_row(struct rewriting *r, const struct sip_line *line)
{
    if (line->id == SIP_HEADER_VIA)
        via_row(r, line);
    else if (line->id == SIP_HEADER_CONTACT)
        contact_row(r, line);
    else if (line->id == SIP_HEADER_RECORD_ROUTE)
        record_route_row(r, line);
    else if (sip_msg_is_request(r->msg))
        request_row(r, line);
    else
        response_row(r, line);
}

/* The rows, then the body, whose length is known only then. */
static void rows_and_body(struct rewriting *r)
{
    struct buf body = {0};
    const struct sip_line *line;
    rewrite_media(r->play, r->step, sip_msg_body(r->msg), &body);
    for (size_t i = 0; i < sip_msg_line_count(r->msg); i++) {
        line = sip_msg_line(r->msg, i);
        if (line->id != SIP_HEADER_CONTENT_LENGTH) {
            any_row(r, line);
            continue;
        }
        head(r, line);
        buf_add_uint(r->out, body.len);
        buf_add(r->out, V("\r\n"));
    }
    buf_add(r->out, V("\r\n"));
    buf_add(r->out, buf_view(&body));
    fail(r, body.failed);
    buf_deinit(&body);
}

static struct view far_tag(struct sip_msg *msg)
{
    const struct sip_name_addr *to = sip_msg_to(msg);
    return to == NULL ? (struct view){0} : to->tag;
}

enum err rewrite(struct play *play, const struct step *step, struct buf *out)
{
    struct sip_msg *msg = step_msg(step);
    struct rewriting r = {.play = play,
                          .step = step,
                          .msg = msg,
                          .way = &play->ways[step->tx],
                          .proto = plan_proto(step->captured->carrier),
                          .out = out};
    bool request = sip_msg_is_request(msg);
    if (!request && r.way->request == NULL)
        return ERR_STATE;
    if (play->options->target != NULL)
        r.proto = play->options->target->proto;
    if (!request)
        r.proto = r.way->proto;
    r.here = &play->seats[play->plan.played].at[r.proto];
    if (request && far_tag(msg).ptr != NULL)
        r.far = names_far(&play->names, far_tag(msg));
    buf_clear(out);
    if (request)
        request_line(&r);
    else
        status_line(&r);
    rows_and_body(&r);
    return r.err != ERR_OK ? r.err : out->failed;
}
