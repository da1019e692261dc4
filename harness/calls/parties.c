/* Who took part: endpoints of the messages put together into parties. */
#include "harness/calls/inside.h"

struct endpoint {
    struct addr addr;
    uint32_t host;   /* of its IP address */
    uint32_t stands; /* the endpoint that it belongs to; itself */
    uint16_t party;  /* CALL_NONE: not yet */
    bool listens;    /* somebody named it as its own: it belongs to no other */
};

struct host {
    uint16_t party; /* CALL_NONE: not yet, or it is split */
    bool split;     /* more than one party is here */
};

struct ends {
    struct sketch *sketch;
    struct endpoint *endpoints;
    struct host *hosts;
    uint32_t endpoint_count, host_count;
    struct numbers by_addr, by_ip;
    struct numbers
        came;   /* where a request came from first, by request and IP: port + 1, or RECEIVED */
    bool *sure; /* by party: its address is where it listens */
};
enum { RECEIVED = UINT16_MAX + 2 };

static uint64_t ip_key(const struct addr *addr)
{
    struct view ip = {(const char *)addr->ip, sizeof addr->ip};
    return key_mix(addr->family + ((uint64_t)addr->scope << 8), ip);
}

static uint32_t host_of(struct ends *ends, const struct addr *addr)
{
    bool made;
    uint32_t *at = numbers_at(ends->sketch, &ends->by_ip, ip_key(addr), &made);
    if (made) {
        *at = ends->host_count++;
        ends->hosts[*at].party = CALL_NONE;
    }
    return *at;
}

static uint16_t endpoint_of(struct ends *ends, const struct addr *addr)
{
    bool made;
    uint64_t key = rng_mix(ip_key(addr) ^ addr->port);
    uint32_t *at = numbers_at(ends->sketch, &ends->by_addr, key, &made);
    if (made) {
        *at = ends->endpoint_count++;
        ends->endpoints[*at] = (struct endpoint){
            .addr = *addr, .host = host_of(ends, addr), .stands = *at, .party = CALL_NONE};
    }
    return (uint16_t)*at;
}

static void endpoints_find(struct ends *ends)
{
    struct call *call = ends->sketch->call;
    for (uint32_t i = 0; i < call->message_count; i++) {
        struct call_message *message = &call->messages[i];
        message->from = endpoint_of(ends, &message->source);
        message->to = endpoint_of(ends, &message->target);
    }
}

/* Who sent a request and gets it on another port is two; a proxy gets it before it sends it. */
static void request_split(struct ends *ends, const struct call_message *message)
{
    const struct endpoint *from = &ends->endpoints[message->from];
    const struct endpoint *to = &ends->endpoints[message->to];
    uint64_t key = message_key(message->msg);
    bool made;
    uint32_t *sent =
        numbers_at(ends->sketch, &ends->came, rng_mix(key ^ ip_key(&from->addr)), &made);
    if (made)
        *sent = from->addr.port + 1U;
    uint32_t *got = numbers_at(ends->sketch, &ends->came, rng_mix(key ^ ip_key(&to->addr)), &made);
    if (made)
        *got = RECEIVED;
    else if (*got != RECEIVED && *got != to->addr.port + 1U)
        ends->hosts[to->host].split = true;
}

static void hosts_split(struct ends *ends)
{
    struct call *call = ends->sketch->call;
    for (uint32_t i = 0; i < call->message_count; i++) {
        const struct call_message *message = &call->messages[i];
        if (addr_ip_equal(&message->source, &message->target) &&
            message->source.port != message->target.port)
            ends->hosts[ends->endpoints[message->from].host].split = true;
        if (sip_msg_is_request(message->msg))
            request_split(ends, message);
    }
}

static uint16_t port_default(enum carrier carrier)
{
    return carrier == CARRIER_TLS ? 5061 : 5060;
}

/* The port that a host names as its own, if it is the one that the message came from; else 0. */
static uint16_t port_named(const struct call_message *message, struct view host, uint16_t port)
{
    struct addr addr;
    if (addr_host_parse(host, &addr) != ERR_OK || !addr_ip_equal(&addr, &message->source))
        return 0;
    return port != 0 ? port : port_default(message->carrier);
}

/* Where the sender of a request listens, by its Via; where that does not say it, by the Contact of
 * who made it. 0: it does not say. */
static uint16_t port_listening(const struct call_message *message)
{
    const struct sip_via *via = sip_msg_via(message->msg, 0);
    const struct sip_name_addr *contact = sip_msg_contact(message->msg, 0);
    uint16_t port = via == NULL ? 0 : port_named(message, via->host, via->port);
    if (port == 0 && contact != NULL && sip_msg_via(message->msg, 1) == NULL)
        port = port_named(message, contact->uri.host, contact->uri.port);
    return port;
}

static void port_belongs(struct ends *ends, uint16_t from, uint16_t port)
{
    struct addr addr = ends->endpoints[from].addr;
    addr.port = port;
    struct endpoint *listener = &ends->endpoints[endpoint_of(ends, &addr)];
    if (listener->stands != endpoint_of(ends, &addr))
        return; /* that one belongs to somebody else itself */
    listener->listens = true;
    if (!ends->endpoints[from].listens)
        ends->endpoints[from].stands = listener->stands;
}

static void ports_join(struct ends *ends)
{
    struct call *call = ends->sketch->call;
    for (uint32_t i = 0; i < call->message_count && ends->sketch->failure == ERR_OK; i++) {
        const struct call_message *message = &call->messages[i];
        if (!sip_msg_is_request(message->msg) ||
            !ends->hosts[ends->endpoints[message->from].host].split)
            continue;
        uint16_t port = port_listening(message);
        if (port != 0)
            port_belongs(ends, message->from, port);
    }
}

static uint16_t *party_place(struct ends *ends, uint16_t end)
{
    struct endpoint *endpoint = &ends->endpoints[end];
    struct host *host = &ends->hosts[endpoint->host];
    if (!host->split)
        return &host->party;
    while (endpoint->stands != (uint32_t)(endpoint - ends->endpoints))
        endpoint = &ends->endpoints[endpoint->stands];
    return &endpoint->party;
}

static uint16_t party_of(struct ends *ends, uint16_t end, enum carrier carrier)
{
    struct call *call = ends->sketch->call;
    uint16_t *party = party_place(ends, end);
    if (*party == CALL_NONE) {
        *party = call->party_count++;
        call->parties[*party] =
            (struct call_party){.address = ends->endpoints[end].addr, .carrier = carrier};
    }
    return *party;
}

/* Of datagrams the address is right at once; on a stream who is called listens, and who calls says
 * so in Via. */
static void address_learn(struct ends *ends, uint16_t party, const struct addr *addr, uint16_t port)
{
    if (ends->sure[party] || port == 0)
        return;
    ends->sure[party] = true;
    ends->sketch->call->parties[party].address = *addr;
    ends->sketch->call->parties[party].address.port = port;
}

static bool is_datagram(enum carrier carrier)
{
    return carrier == CARRIER_UDP || carrier == CARRIER_SCTP;
}

static void addresses_learn(struct ends *ends, const struct call_message *message)
{
    bool request = sip_msg_is_request(message->msg);
    if (is_datagram(message->carrier)) {
        address_learn(ends, message->from, &message->source, message->source.port);
        address_learn(ends, message->to, &message->target, message->target.port);
    } else if (request) {
        address_learn(ends, message->from, &message->source, port_listening(message));
        address_learn(ends, message->to, &message->target, message->target.port);
    }
}

static void parties_make(struct ends *ends)
{
    struct call *call = ends->sketch->call;
    for (uint32_t i = 0; i < call->message_count; i++) {
        struct call_message *message = &call->messages[i];
        message->from = party_of(ends, message->from, message->carrier);
        message->to = party_of(ends, message->to, message->carrier);
        addresses_learn(ends, message);
    }
}

void parties_find(struct sketch *sketch)
{
    struct call *call = sketch->call;
    size_t most = 3 * (size_t)call->message_count; /* both ends, and a port that is named */
    struct ends ends = {.sketch = sketch};
    ends.endpoints = sketch_alloc(sketch, sketch->scratch, most, sizeof *ends.endpoints);
    ends.hosts = sketch_alloc(sketch, sketch->scratch, most, sizeof *ends.hosts);
    ends.sure = sketch_alloc(sketch, sketch->scratch, most, sizeof *ends.sure);
    if (sketch->failure == ERR_OK)
        endpoints_find(&ends);
    if (sketch->failure == ERR_OK)
        hosts_split(&ends);
    if (sketch->failure == ERR_OK)
        ports_join(&ends);
    call->parties = sketch_alloc(sketch, sketch->arena, ends.endpoint_count, sizeof *call->parties);
    if (sketch->failure == ERR_OK)
        parties_make(&ends);
    numbers_clear(&ends.by_addr);
    numbers_clear(&ends.by_ip);
    numbers_clear(&ends.came);
}
