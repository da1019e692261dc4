#include "core/stack/self.h"

void via_write_own(struct compose *c, const struct sip_bound *bound, struct view branch)
{
    static const struct view protocols[] = {
        [PROTO_UDP] = {"SIP/2.0/UDP ", 12},
          [PROTO_TCP] = {"SIP/2.0/TCP ", 12},
        [PROTO_TLS] = {"SIP/2.0/TLS ", 12},
          [PROTO_WS] = {"SIP/2.0/WS ",  11},
        [PROTO_WSS] = {"SIP/2.0/WSS ", 12},
    };
    if (!compose_free(c, SIP_HEADER_VIA))
        return;
    compose_name(c, SIP_HEADER_VIA);
    buf_add(c->buf, protocols[bound->proto]);
    buf_add(c->buf, bound->sent_by);
    buf_add(c->buf, V(";branch="));
    buf_add(c->buf, branch);
    if (bound->proto == PROTO_UDP)
        buf_add(c->buf, V(";rport")); /* RFC 3581 §3 */
    compose_line_end(c);
}

static bool is_source(struct view host, const struct addr *source)
{
    struct addr addr;
    if (host.len > 2 && host.ptr[0] == '[')
        host = (struct view){host.ptr + 1, host.len - 2};
    return addr_ip_parse(host, &addr) == ERR_OK && addr_ip_equal(&addr, source);
}

/* The top Via as the server transport makes it: received where the sent-by is not the source
 * (RFC 3261 §18.2.1), and both where rport asks for it (RFC 3581 §4). */
static void write_top(struct compose *c, const struct sip_via *via, const struct addr *source)
{
    bool rport = via->rport.ptr != NULL && via->rport.len == 0;
    if (!rport && is_source(via->host, source)) {
        buf_add(c->buf, via->text);
        return;
    }
    struct view text = via->text;
    size_t head = view_find_char(text, ';');
    buf_add(c->buf, view_trim(view_head(text, head)));
    for (size_t i = 0; i < via->params.count; i++) {
        const struct sip_param *param = &via->params.items[i];
        if (view_equal_nocase(param->name, V("received")))
            continue;
        buf_add_char(c->buf, ';');
        buf_add(c->buf, param->name);
        bool asked = rport && view_equal_nocase(param->name, V("rport"));
        if (asked || param->value.ptr != NULL)
            buf_add_char(c->buf, '=');
        if (asked)
            buf_add_uint(c->buf, source->port);
        else
            buf_add(c->buf, param->value);
    }
    buf_add(c->buf, V(";received="));
    addr_ip_write(c->buf, source);
}

/* What stands behind the top value in its row: the values of other hops. */
static struct view rest_of_row(const struct sip_line *line, const struct sip_via *via)
{
    const char *end = via->text.ptr + via->text.len;
    const char *row_end = line->value.ptr + line->value.len;
    if (end < line->value.ptr || end > row_end)
        return (struct view){0};
    return (struct view){end, (size_t)(row_end - end)};
}

void via_write_copied(struct compose *c, struct sip_msg *request, const struct addr *source)
{
    const struct sip_via *via = sip_msg_via(request, 0);
    if (source == NULL || via == NULL) {
        compose_copy(c, SIP_HEADER_VIA, request);
        return;
    }
    if (!compose_free(c, SIP_HEADER_VIA))
        return;
    const struct sip_line *line = sip_msg_find(request, SIP_HEADER_VIA, 0);
    compose_name(c, SIP_HEADER_VIA);
    write_top(c, via, source);
    buf_add(c->buf, rest_of_row(line, via));
    compose_line_end(c);
    for (size_t i = 1; (line = sip_msg_find(request, SIP_HEADER_VIA, i)) != NULL; i++) {
        compose_name(c, SIP_HEADER_VIA);
        buf_add(c->buf, line->value);
        compose_line_end(c);
    }
}

/* RFC 3261 §18.2.2 for datagrams, with RFC 3581 §4: maddr, else rport, else the port of sent-by;
 * the address is in every other case where the request came from. */
void via_response_hop(struct sip_msg *request, const struct addr *source, struct sip_hop *out)
{
    const struct sip_via *via = sip_msg_via(request, 0);
    out->remote = *source;
    if (via == NULL)
        return;
    struct view maddr;
    struct addr addr;
    uint16_t port = via->port != 0 ? via->port : 5060;
    if (sip_param_find(&via->params, V("maddr"), &maddr) && addr_ip_parse(maddr, &addr) == ERR_OK) {
        out->remote = addr;
        out->remote.port = port;
    } else if (via->rport.ptr == NULL) {
        out->remote.port = port;
    }
}
