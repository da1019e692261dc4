/* The way in over streams: packets to the party's flows, whole messages from them to the hooks, the
 * faults and the party. */
#include "core/locate/locate.h"
#include "core/world/inside.h"

static void give(struct world *world, struct party *party, const struct packet *packet)
{
    enum err err = flows_receive(party->flows, world->now_us, packet);
    if (err == ERR_MEMORY)
        world_break(world, "out of memory");
    streams_pump(world, party);
}

/* Where the driver does not cut what arrives, t.net:segment does it here. */
static void give_pieces(struct world *world, struct party *party, const struct packet *packet)
{
    uint32_t from = packet_from(world, packet);
    uint32_t segment = links_get(&world->links, from, party->number).segment;
    struct view rest = blob_view(packet->bytes);
    if (world->driver->virtual_time || segment == 0 || packet->kind != PACKET_BYTES) {
        give(world, party, packet);
        return;
    }
    for (; rest.len > 0 && world->broken == NULL; rest = view_skip(rest, segment)) {
        struct packet piece = *packet;
        piece.bytes = blob_create(view_head(rest, segment));
        if (piece.bytes == NULL)
            world_break(world, "out of memory");
        else
            give(world, party, &piece);
        blob_unref(piece.bytes);
    }
}

void stream_arrive(struct world *world, struct party *party, const struct packet *packet)
{
    if (party->crashed || !party_flows(world, party))
        return;
    if (!stream_stalls(world, party, packet))
        give_pieces(world, party, packet);
}

void stream_packet_run(struct world *world, struct flight *flight)
{
    struct party *party = world_party(world, flight->to);
    struct packet packet = {
        .kind = (enum packet_kind)flight->what,
        .link = flight->link,
        .proto = flight->proto,
        .local = flight->target,
        .remote = flight->source,
        .bytes = flight->bytes,
        .wrote = flight->wrote,
        .error = flight->error,
        .query = flight->query,
        .at_us = world->now_us,
    };
    if (!party->crashed && party->flows != NULL)
        give_pieces(world, party, &packet);
    flight_give(world, flight);
}

static struct flight *flight_of(struct world *world, const struct party *party,
                                const struct flow_news *news)
{
    struct flight *flight = flight_get(world);
    if (flight == NULL)
        return NULL;
    flight->from = stream_peer(news->note);
    flight->to = party->number;
    flight->link = news->flow;
    flight->proto = news->proto;
    flight->source = news->remote;
    flight->target = news->local;
    flight->bytes = blob_ref(news->bytes);
    flight->arrived_us = world->now_us;
    return flight;
}

/* Keep-alives, noise, and what a wire gets that is no message. */
static void got_raw(struct world *world, struct party *party, struct flight *flight)
{
    uint64_t seq = tap_in(world, flight, FATE_NONE, NULL);
    struct packet packet = {
        .kind = PACKET_BYTES,
        .link = flight->link,
        .proto = flight->proto,
        .local = flight->target,
        .remote = flight->source,
        .bytes = flight->bytes,
        .at_us = world->now_us,
        .cause = seq,
    };
    if (party->wire)
        party_receive(world, party, &packet);
    flight_give(world, flight);
}

/* RFC 3261 §18.3: what is malformed is answered 400, and nothing behind it is read. What no stack
 * would refuse though nobody can tell its end is not even shown to one. */
static bool may_be_shown(struct world *world, struct party *party, struct flight *flight,
                         bool malformed)
{
    if (party->wire)
        return true;
    if (flight->msg != NULL)
        sip_msg_check(flight->msg);
    bool fatal = flight->msg == NULL || sip_msg_fatal(flight->msg) != NULL;
    if (fatal)
        flows_stop(party->flows, world->now_us, flight->link);
    return !malformed || (fatal && flight->msg != NULL);
}

static void owe(struct world *world, struct party *party, const struct flight *flight)
{
    if (party->wire || flight->msg == NULL || !sip_msg_is_request(flight->msg) ||
        sip_msg_method(flight->msg) == SIP_ACK)
        return;
    flows_owe(party->flows, world->now_us, flight->link, 1);
}

/* RFC 5923 §8.2: who says so in its Via takes requests by this connection, too. */
static void alias(struct world *world, struct party *party, const struct flight *flight)
{
    if (party->wire || flight->proto != PROTO_TLS || flight->msg == NULL ||
        !sip_msg_is_request(flight->msg))
        return;
    const struct sip_via *via = sip_msg_via(flight->msg, 0);
    if (via == NULL || !sip_param_has(&via->params, V("alias")))
        return;
    uint16_t port = via->port != 0 ? via->port : locate_port(PROTO_TLS);
    if (flows_alias(party->flows, flight->link, port) != ERR_OK)
        world_break(world, "out of memory");
}

void stream_got(struct world *world, struct party *party, struct flow_news *news)
{
    struct flight *flight = flight_of(world, party, news);
    if (flight == NULL)
        return;
    stream_match(world, news->note, flight, news->end);
    if (news->kind == FLOW_GOT)
        flight_parse(world, flight);
    if (news->kind == FLOW_GOT_RAW || !may_be_shown(world, party, flight, news->malformed)) {
        got_raw(world, party, flight);
        return;
    }
    owe(world, party, flight);
    alias(world, party, flight);
    if (party_ours(world_party(world, flight->from)))
        flight_accept(world, flight);
    else
        arrive_message(world, flight);
}
