#include "core/stack/writing.h"

void via_write_value(struct compose *c, const struct sip_bound *bound, struct view branch)
{
    static const struct view protocols[] = {
        [PROTO_UDP] = {"SIP/2.0/UDP ", 12},
          [PROTO_TCP] = {"SIP/2.0/TCP ", 12},
        [PROTO_TLS] = {"SIP/2.0/TLS ", 12},
          [PROTO_WS] = {"SIP/2.0/WS ",  11},
        [PROTO_WSS] = {"SIP/2.0/WSS ", 12},
    };
    compose_add(c, protocols[bound->proto]);
    compose_add(c, bound->sent_by);
    compose_add(c, V(";branch="));
    compose_add(c, branch);
    if (bound->proto == PROTO_UDP)
        compose_add(c, V(";rport")); /* RFC 3581 §3 */
    if (bound->alias)
        compose_add(c, V(";alias")); /* RFC 5923 §8.1 */
}

void via_write_own(struct compose *c, const struct sip_bound *bound, struct view branch)
{
    if (!compose_free(c, SIP_HEADER_VIA))
        return;
    compose_head(c, SIP_HEADER_VIA);
    via_write_value(c, bound, branch);
    compose_line_end(c);
}

static bool is_source(struct view host, const struct addr *source)
{
    struct addr addr;
    return addr_host_parse(host, &addr) == ERR_OK && addr_ip_equal(&addr, source);
}

/* The top Via as the server transport makes it: received where the sent-by is not the source
 * (RFC 3261 §18.2.1), and both where rport asks for it (RFC 3581 §4). */
void via_write_received(struct compose *c, const struct sip_via *via, const struct addr *source)
{
    bool rport = via->rport.ptr != NULL && via->rport.len == 0;
    if (!rport && is_source(via->host, source)) {
        compose_add(c, via->text);
        return;
    }
    struct view text = via->text;
    size_t head = view_find_char(text, ';');
    compose_add(c, view_trim(view_head(text, head)));
    for (size_t i = 0; i < via->params.count; i++) {
        const struct sip_param *param = &via->params.items[i];
        if (view_equal_nocase(param->name, V("received")))
            continue;
        compose_add(c, V(";"));
        compose_add(c, param->name);
        bool asked = rport && view_equal_nocase(param->name, V("rport"));
        if (asked || param->value.ptr != NULL)
            compose_add(c, V("="));
        if (asked)
            compose_add_uint(c, source->port);
        else
            compose_add(c, param->value);
    }
    compose_add(c, V(";received="));
    char room[ADDR_TEXT_MAX];
    struct buf text_buf = {.ptr = room, .size = sizeof room, .limit = sizeof room};
    addr_ip_write(&text_buf, source);
    compose_add(c, buf_view(&text_buf));
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
    compose_head(c, SIP_HEADER_VIA);
    via_write_received(c, via, source);
    compose_add(c, rest_of_row(line, via));
    compose_line_end(c);
    for (size_t i = 1; (line = sip_msg_find(request, SIP_HEADER_VIA, i)) != NULL; i++) {
        compose_head(c, SIP_HEADER_VIA);
        compose_add(c, line->value);
        compose_line_end(c);
    }
}

/* RFC 3261 §18.2.2. Over streams: the connection that the request came by, else one to the port of
 * sent-by. For datagrams, with RFC 3581 §4: maddr, else rport, else the port of sent-by; the
 * address is in every other case where the request came from. */
void via_response_hop(struct sip_msg *request, const struct packet *packet, struct sip_hop *out)
{
    const struct sip_via *via = sip_msg_via(request, 0);
    bool stream = proto_reliable(packet->proto);
    out->remote = packet->remote;
    if (stream)
        out->flow = packet->link;
    if (via == NULL)
        return;
    struct view maddr;
    struct addr addr;
    uint16_t port = via->port != 0 ? via->port : locate_port(packet->proto);
    if (stream)
        out->remote.port = port;
    else if (sip_param_find(&via->params, V("maddr"), &maddr) &&
             addr_host_parse(maddr, &addr) == ERR_OK) {
        out->remote = addr;
        out->remote.port = port;
    } else if (via->rport.ptr == NULL) {
        out->remote.port = port;
    }
}
