#include "core/message/uri.h"
#include "core/stack/self.h"

static bool usable(const struct sip_bound *bound, enum proto proto, uint8_t family)
{
    return bound->proto == proto && bound->local.family == family;
}

enum err hop_from(const struct sip_stack *stack, enum proto proto, const struct addr *remote,
                  struct sip_hop *out)
{
    for (uint32_t i = 0; i < stack->layer.bound_count; i++) {
        if (!usable(&stack->layer.bounds[i], proto, remote->family))
            continue;
        *out = (struct sip_hop){.bound = i, .remote = *remote};
        return ERR_OK;
    }
    return ERR_ABSENT;
}

/* The address that a datagram came to is the one that its response leaves by, RFC 3581 §4. What
 * came by a connection that we opened came to a port that nobody is bound to. */
uint32_t hop_bound_of(const struct sip_stack *stack, const struct packet *packet)
{
    bool stream = proto_reliable(packet->proto);
    uint32_t same_proto = 0, same_address = UINT32_MAX;
    for (uint32_t i = stack->layer.bound_count; i-- > 0;) {
        const struct sip_bound *bound = &stack->layer.bounds[i];
        if (bound->proto != packet->proto)
            continue;
        if (!stream && handle_equal(bound->link, packet->link))
            return i;
        same_proto = i;
        if (addr_equal(&bound->local, &packet->local))
            same_address = i;
    }
    return same_address != UINT32_MAX ? same_address : same_proto;
}

/* "tcp" asks for TCP; sips means TLS, RFC 3261 §26.2.2, and with "ws" secure WebSocket, RFC 7118
 * §5.2. */
static enum proto proto_of(const struct sip_uri *uri, enum proto proto)
{
    struct view value;
    enum proto named;
    if (sip_param_find(&uri->params, V("transport"), &value) &&
        proto_parse(value, &named) == ERR_OK)
        proto = named;
    if (uri->scheme == SIP_SCHEME_SIPS)
        return proto == PROTO_WS || proto == PROTO_WSS ? PROTO_WSS : PROTO_TLS;
    return proto;
}

/* RFC 3263 for numeric hosts: maddr stands in for the host, the port is the transport's. */
static enum err locate(const struct sip_uri *uri, struct addr *out)
{
    struct view host = uri->host;
    struct view maddr;
    if (sip_param_find(&uri->params, V("maddr"), &maddr))
        host = maddr;
    if (host.len > 2 && host.ptr[0] == '[')
        host = (struct view){host.ptr + 1, host.len - 2};
    if (addr_ip_parse(host, out) != ERR_OK)
        return ERR_ABSENT; /* a name: nobody here can look it up */
    out->port = sip_uri_port(uri);
    return ERR_OK;
}

/* A Route value is a name-addr, a target a URI: without brackets parameters are the URI's own. */
static enum err read(struct sip_stack *stack, struct view text, struct sip_uri *out)
{
    struct sip_name_addr value;
    if (view_find_char(text, '<') == text.len)
        return sip_uri_parse(text, &stack->scratch, out);
    enum err err = sip_name_addr_parse(text, &stack->scratch, &value);
    if (err == ERR_OK)
        *out = value.uri;
    return err;
}

enum err hop_find(struct sip_stack *stack, enum proto proto, struct view text, struct sip_hop *out)
{
    struct sip_uri uri;
    struct addr remote = {0};
    enum err err = read(stack, text, &uri);
    if (err != ERR_OK)
        return err == ERR_MEMORY ? err : ERR_ABSENT;
    if (uri.scheme != SIP_SCHEME_SIP && uri.scheme != SIP_SCHEME_SIPS)
        return ERR_ABSENT;
    err = locate(&uri, &remote);
    return err != ERR_OK ? err : hop_from(stack, proto_of(&uri, proto), &remote, out);
}
