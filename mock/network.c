#include "mock/inside.h"

enum { QUEUE_LIMIT = 1000000, LATENCY_US = 1000 };

/* The sender's own system refuses it. */
static void fail_at_once(struct mock *mock, struct mock_flight *flight, enum net_error error)
{
    flight->kind = FLIGHT_NEWS;
    flight->error = error;
    blob_unref(flight->bytes);
    flight->bytes = NULL;
    mock_flight_start(mock, flight, 0);
}

/* A datagram leaves its sender. Where it goes is looked up again when it arrives: a host may have
 * come or gone by then. */
static void datagram_send(struct mock *mock, uint32_t party, struct effect *effect)
{
    struct mock_flight *flight = mock_flight_get(mock);
    if (flight == NULL) {
        mock->lost = true;
        effect_deinit(effect);
        return;
    }
    const struct mock_socket *there = mock_socket_at(mock, effect->proto, &effect->remote);
    flight->from = party;
    flight->to = there == NULL ? 0 : there->party;
    flight->link = effect->link;
    flight->source = effect->local;
    flight->target = effect->remote;
    flight->bytes = effect->bytes;
    flight->tag = effect->tag;
    flight->cause = effect->cause;
    effect->bytes = NULL;
    if (blob_view(flight->bytes).len > link_udp_most(flight->target.family)) {
        fail_at_once(mock, flight, NET_TOO_BIG);
        return;
    }
    struct link_way *way = links_way(&mock->links, party, flight->to);
    size_t ip_len = link_ip_len(flight->target.family, blob_view(flight->bytes).len);
    mock_flight_start(mock, flight, way == NULL ? 0 : link_way_delay(way, mock->now_us, ip_len));
    mock->lost |= way == NULL;
}

static void perform(struct driver *driver, uint32_t party, struct effect *effect)
{
    struct mock *mock = (struct mock *)driver;
    if (effect->kind == DO_DATAGRAM && effect->proto == PROTO_UDP)
        datagram_send(mock, party, effect);
    else if (effect->kind == DO_OPEN)
        mock_stream_open(mock, party, effect);
    else if (effect->kind == DO_WRITE)
        mock_stream_write(mock, effect);
    else if (effect->kind == DO_CLOSE)
        mock_stream_close(mock, effect->link);
    else if (effect->kind == DO_RESET)
        mock_stream_reset(mock, party, effect);
    effect_deinit(effect);
}

/* ICMP: the news take the same latency back. */
static void turn_back(struct mock *mock, struct mock_flight *flight)
{
    flight->kind = FLIGHT_NEWS;
    flight->error = mock_host_at(mock, &flight->target) ? NET_REFUSED : NET_UNREACHABLE;
    blob_unref(flight->bytes);
    flight->bytes = NULL;
    uint64_t latency_us = links_get(&mock->links, flight->to, flight->from).latency_us;
    mock_flight_start(mock, flight, latency_us);
}

static void deliver(struct mock *mock, struct mock_flight *flight, struct handle link,
                    struct packet *out)
{
    bool failed = flight->kind == FLIGHT_NEWS;
    *out = (struct packet){
        .kind = failed ? PACKET_FAILED : PACKET_DATAGRAM,
        .link = link,
        .proto = PROTO_UDP,
        .local = failed ? flight->source : flight->target,
        .remote = failed ? flight->target : flight->source,
        .bytes = flight->bytes,
        .error = flight->error,
        .tag = flight->tag,
        .at_us = mock->now_us,
        .cause = flight->cause,
    };
    flight->bytes = NULL;
    mock_flight_give(mock, flight);
}

static bool arrive(struct mock *mock, struct mock_flight *flight, uint32_t *party,
                   struct packet *out)
{
    if (flight->kind > FLIGHT_NEWS)
        return mock_stream_arrive(mock, flight, party, out);
    if (flight->kind == FLIGHT_NEWS) {
        *party = flight->from;
        deliver(mock, flight, flight->link, out);
        return true;
    }
    const struct mock_socket *there = mock_socket_at(mock, PROTO_UDP, &flight->target);
    if (there == NULL) {
        turn_back(mock, flight);
        return false;
    }
    *party = there->party;
    deliver(mock, flight, there->self, out);
    return true;
}

static bool wait(struct driver *driver, struct moment until, uint64_t *now_us, uint32_t *party,
                 struct packet *out)
{
    struct mock *mock = (struct mock *)driver;
    struct mock_flight *flight;
    bool there = false;
    if (mock->lost) { /* nobody's: the loop makes it known */
        mock->lost = false;
        *party = 0;
        *out = (struct packet){.kind = PACKET_FAILED, .error = NET_LIMIT, .at_us = mock->now_us};
        there = true;
    }
    while (!there && (flight = mock_flight_take(mock, until)) != NULL)
        there = arrive(mock, flight, party, out);
    if (!there && until.at_us != NEVER && until.at_us > mock->now_us)
        mock->now_us = until.at_us;
    *now_us = mock->now_us;
    return there;
}

static uint64_t now(struct driver *driver)
{
    return ((struct mock *)driver)->now_us;
}

static void link_set(struct driver *driver, uint32_t from, uint32_t to, const struct net_link *link)
{
    struct mock *mock = (struct mock *)driver;
    if (links_set(&mock->links, from, to, link) != ERR_OK)
        mock->lost = true;
}

static uint32_t in_flight(const struct driver *driver)
{
    const struct mock *mock = (const struct mock *)driver;
    return mock->flight_count - mock->silent_count + mock->waiting_count;
}

static void destroy(struct driver *driver)
{
    struct mock *mock = (struct mock *)driver;
    if (mock == NULL)
        return;
    mock_flights_deinit(mock);
    mock_hosts_deinit(mock);
    links_deinit(&mock->links);
    mem_free(mock);
}

static const struct driver_ops mock_ops = {
    .bind = mock_bind,
    .unbind = mock_unbind,
    .perform = perform,
    .wait = wait,
    .now = now,
    .link = link_set,
    .in_flight = in_flight,
    .destroy = destroy,
};

enum err mock_create(const struct mock_options *options, struct driver **out)
{
    struct mock *mock = mem_zalloc(sizeof *mock);
    if (mock == NULL)
        return ERR_MEMORY;
    mock->driver = (struct driver){
        .ops = &mock_ops,
        .order = options->order != NULL ? options->order : &mock->own_order,
        .virtual_time = true,
    };
    mock->flight_limit = options->queue_limit != 0 ? options->queue_limit : QUEUE_LIMIT;
    mock->links.base.latency_us = LATENCY_US;
    *out = &mock->driver;
    return ERR_OK;
}
