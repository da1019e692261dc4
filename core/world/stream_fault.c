/* What befalls the bytes of streams on their way: TCP repairs what a network does to them, so that
 * loss is delay, a partition holds them back, and none overtakes another. */
#include "core/world/inside.h"

enum { REPAIR_US = 200000 }; /* a lost segment is sent again so much later */

static void stall(struct world *world, struct flight *flight)
{
    flight->next = NULL;
    *(world->stalled == NULL ? &world->stalled : &world->stalled_last->next) = flight;
    world->stalled_last = flight;
}

static void run(struct world *world, struct flight *flight)
{
    if (flight->load == FLIGHT_PACKET)
        stream_packet_run(world, flight);
    else
        stream_effect_run(world, flight);
}

void streams_release(struct world *world)
{
    struct flight *flight = world->stalled;
    world->stalled = world->stalled_last = NULL;
    while (flight != NULL) {
        struct flight *next = flight->next;
        flight->next = NULL;
        if (fault_blocks(world, flight->from, flight->to))
            stall(world, flight);
        else
            run(world, flight);
        flight = next;
    }
}

void streams_stalled_deinit(struct world *world)
{
    while (world->stalled != NULL) {
        struct flight *flight = world->stalled;
        world->stalled = flight->next;
        flight_give(world, flight);
    }
}

/* The driver's doing, now; a refusal of ours is news for the flow. */
void stream_effect_run(struct world *world, struct flight *flight)
{
    struct party *party = world_party(world, flight->from);
    struct effect effect = {
        .kind = (enum effect_kind)flight->what,
        .link = flight->link,
        .proto = flight->proto,
        .local = flight->source,
        .remote = flight->target,
        .bytes = blob_ref(flight->bytes),
        .query = flight->query,
    };
    if (flight->error == NET_OK) {
        world->driver->ops->perform(world->driver, party->number, &effect);
    } else if (party->flows != NULL) {
        struct packet packet = {.kind = PACKET_FAILED,
                                .proto = flight->proto,
                                .query = flight->query,
                                .error = flight->error,
                                .at_us = world->now_us};
        if (flows_receive(party->flows, world->now_us, &packet) != ERR_OK)
            world_break(world, "out of memory");
        streams_pump(world, party);
    }
    flight_give(world, flight);
}

/* Latency and rate where the driver does not see to them, and what it takes TCP to repair a loss.
 */
static uint64_t delay_of(struct world *world, struct flight *flight, struct link_way *way)
{
    uint64_t delay_us = 0;
    size_t len = blob_view(flight->bytes).len;
    if (world->driver->ops->link == NULL)
        delay_us = link_way_delay(way, world->now_us, link_ip_len(flight->target.family, len));
    if (len > 0) {
        way->count++;
        if (world_choose(world, flight, way, V("loss"), 2, way->link.loss_ppm) != 0)
            delay_us = time_after(delay_us, REPAIR_US);
    }
    return delay_us;
}

static struct flight *flight_of(struct world *world, struct party *party,
                                const struct flow_news *news)
{
    struct flight *flight = flight_get(world);
    if (flight == NULL)
        return NULL;
    const struct effect *effect = &news->effect;
    flight->load = FLIGHT_EFFECT;
    flight->what = (uint8_t)effect->kind;
    flight->from = party->number;
    flight->to = stream_peer(news->note);
    if (flight->to == 0)
        flight->to = world_number_at(world, news->proto, &news->remote);
    flight->link = effect->link;
    flight->proto = effect->proto;
    flight->source = effect->local;
    flight->target = effect->remote;
    flight->bytes = blob_ref(effect->bytes);
    flight->query = effect->query;
    return flight;
}

void stream_effect(struct world *world, struct party *party, const struct flow_news *news)
{
    struct flight *flight = flight_of(world, party, news);
    struct link_way *way =
        flight == NULL ? NULL : links_way(&world->links, flight->from, flight->to);
    if (way == NULL) {
        world_break(world, "out of memory");
        if (flight != NULL)
            flight_give(world, flight);
        return;
    }
    if (fault_blocks(world, flight->from, flight->to)) {
        stall(world, flight);
        return;
    }
    uint64_t delay_us = delay_of(world, flight, way);
    if (flight->what == DO_OPEN && fault_refuses(world, flight->to)) {
        struct net_link back = links_get(&world->links, flight->to, flight->from);
        flight->error = NET_REFUSED;
        delay_us = time_after(way->link.latency_us, back.latency_us);
    }
    if (stream_holds(world, news->note, &delay_us))
        flight_hold(world, flight, delay_us);
    else
        run(world, flight);
}

static bool passes_freely(const struct world *world, const struct packet *packet)
{
    return packet->kind == PACKET_WROTE || world->driver->virtual_time;
}

uint32_t packet_from(const struct world *world, const struct packet *packet)
{
    return packet->peer != 0 ? packet->peer
                             : world_number_at(world, packet->proto, &packet->remote);
}

/* What a device sends is held back when it comes; what ours send was when it went. */
bool stream_stalls(struct world *world, struct party *party, const struct packet *packet)
{
    uint32_t from = packet_from(world, packet);
    if (passes_freely(world, packet) || party_ours(world_party(world, from)) ||
        !fault_blocks(world, from, party->number))
        return false;
    struct flight *flight = flight_get(world);
    if (flight == NULL)
        return true;
    flight->load = FLIGHT_PACKET;
    flight->what = (uint8_t)packet->kind;
    flight->from = from;
    flight->to = party->number;
    flight->link = packet->link;
    flight->proto = packet->proto;
    flight->source = packet->remote;
    flight->target = packet->local;
    flight->bytes = blob_ref(packet->bytes);
    flight->wrote = packet->wrote;
    flight->error = packet->error;
    flight->query = packet->query;
    stall(world, flight);
    return true;
}

void world_reset(struct world *world, uint32_t a, uint32_t b)
{
    for (int i = 0; i < 2; i++) {
        struct party *party = world_party(world, i == 0 ? a : b);
        uint32_t other = i == 0 ? b : a, cursor = 0;
        struct handle flow;
        struct flow_info info;
        while (party != NULL && party->flows != NULL && flows_each(party->flows, &cursor, &flow)) {
            if (flows_info(party->flows, flow, &info) == ERR_OK &&
                (other == 0 || stream_peer(info.note) == other))
                flows_reset(party->flows, world->now_us, flow, V("reset by the scenario"));
        }
        if (party != NULL)
            streams_pump(world, party);
    }
}
