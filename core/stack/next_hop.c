#include "core/locate/ask.h"
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

bool hop_secures(const struct sip_stack *stack, const struct sip_hop *hop, struct view uri)
{
    bool tls = !hop_known(hop) || proto_secure(layer_bound(&stack->layer, hop)->proto);
    return tls && view_starts_nocase(uri, V("sips:"));
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

static struct locate_ask ask_of(const struct sip_stack *stack, enum proto proto)
{
    struct locate_ask ask = {.proto = proto};
    for (uint32_t i = 0; i < stack->layer.bound_count; i++) {
        const struct sip_bound *bound = &stack->layer.bounds[i];
        *(bound->local.family == 6 ? &ask.ip6 : &ask.ip4) |= 1u << bound->proto;
    }
    return ask;
}

/* Over TLS the domain goes with the message: who answers has to prove that it is his. */
static enum err hop_to(struct sip_stack *stack, const struct locate_target *target,
                       struct sip_hop *out)
{
    struct addr ignored;
    struct view name = {0};
    enum err err = ERR_OK;
    if (proto_secure(target->proto) && target->name.len > 0 &&
        addr_host_parse(target->name, &ignored) != ERR_OK)
        err = domains_keep(&stack->domains, target->name, &name);
    if (err == ERR_OK)
        err = hop_from(stack, target->proto, &target->addr, out);
    if (err == ERR_OK)
        out->name = name;
    return err;
}

enum located hop_take(struct sip_stack *stack, struct handle lookup, struct sip_hop *out)
{
    struct locate_target target;
    enum located located;
    while ((located = locate_take(stack->locate, lookup, &target)) == LOCATED) {
        enum err err = hop_to(stack, &target, out);
        if (err == ERR_OK)
            return LOCATED;
        if (err != ERR_ABSENT)
            layer_fail(&stack->layer, err);
    }
    return located;
}

/* It is not known yet where to; but from where, if it is by this transport. */
static struct sip_hop hop_guess(const struct sip_stack *stack, enum proto proto)
{
    for (uint32_t i = 0; i < stack->layer.bound_count; i++)
        if (stack->layer.bounds[i].proto == proto)
            return (struct sip_hop){.bound = i};
    return (struct sip_hop){0};
}

static enum err hop_of_name(struct sip_stack *stack, const struct locate_ask *ask,
                            struct sip_hop *out, struct handle *out_lookup)
{
    if (!stack->resolves)
        return ERR_ABSENT;
    enum err err = locate_begin(stack->locate, stack->layer.now_us, ask, out_lookup);
    if (err != ERR_OK)
        return err;
    enum located located = hop_take(stack, *out_lookup, out);
    if (located != LOCATED)
        *out = hop_guess(stack, ask->proto);
    if (located == LOCATE_NONE) /* that is heard at the same place as after a question */
        locate_wake(stack->locate, *out_lookup);
    return ERR_OK;
}

static enum err hop_of(struct sip_stack *stack, const struct locate_ask *ask, struct sip_hop *out,
                       struct handle *out_lookup)
{
    struct locate_target target = {.proto = ask->proto, .name = ask->name};
    if (addr_host_parse(ask->host, &target.addr) != ERR_OK)
        return hop_of_name(stack, ask, out, out_lookup);
    target.addr.port = ask->port != 0 ? ask->port : locate_port(ask->proto);
    return hop_to(stack, &target, out);
}

enum err hop_of_via(struct sip_stack *stack, const struct sip_via *via, struct sip_hop *out,
                    struct handle *out_lookup)
{
    struct locate_ask ask = ask_of(stack, PROTO_UDP);
    enum err err = locate_ask_via(via, &ask);
    return err != ERR_OK ? err : hop_of(stack, &ask, out, out_lookup);
}

enum err hop_find(struct sip_stack *stack, enum proto proto, struct view text, struct sip_hop *out,
                  struct handle *out_lookup)
{
    struct sip_uri uri;
    struct locate_ask ask = ask_of(stack, proto);
    enum err err = read(stack, text, &uri);
    if (err != ERR_OK)
        return err == ERR_MEMORY ? err : ERR_ABSENT;
    err = locate_ask_uri(&uri, &ask);
    if (err != ERR_OK)
        return err;
    return hop_of(stack, &ask, out, out_lookup);
}
