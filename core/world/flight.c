#include "core/world/inside.h"

struct flight *flight_get(struct world *world)
{
    struct flight *flight = world->spare;
    if (flight != NULL) {
        world->spare = flight->next;
        *flight = (struct flight){0};
        return flight;
    }
    flight = mem_zalloc(sizeof *flight);
    if (flight == NULL)
        world_break(world, "out of memory");
    return flight;
}

void flight_give(struct world *world, struct flight *flight)
{
    if (flight->held_on != NULL)
        flight->held_on->held = NULL;
    table_remove(&world->flights, flight->self);
    heap_stop(&world->timed, &flight->node);
    sip_msg_unref(flight->msg);
    blob_unref(flight->bytes);
    flight->next = world->spare;
    world->spare = flight;
}

/* ERR_SYNTAX and ERR_LIMIT: the bytes travel all the same, as bytes. */
void flight_parse(struct world *world, struct flight *flight)
{
    struct sip_msg *msg = NULL;
    bool stream = flight->proto == PROTO_TCP || flight->proto == PROTO_TLS;
    enum sip_framing framing = stream ? SIP_FRAMING_STREAM : SIP_FRAMING_DATAGRAM;
    if (sip_msg_parse(flight->bytes, framing, &msg) == ERR_MEMORY)
        world_break(world, "out of memory");
    sip_msg_unref(flight->msg);
    flight->msg = msg;
}

uint64_t flight_tag(struct handle self)
{
    return (uint64_t)self.gen << 32 | self.index;
}

struct flight *flight_find(struct world *world, uint64_t tag)
{
    struct handle self = {.index = (uint32_t)tag, .gen = (uint32_t)(tag >> 32)};
    return table_find(&world->flights, self);
}

void flight_hold(struct world *world, struct flight *flight, uint64_t delay_us)
{
    struct moment at = order_next(&world->order, time_after(world->now_us, delay_us));
    if (heap_set(&world->timed, &flight->node, at) == ERR_OK)
        return;
    world_break(world, "out of memory");
    flight_give(world, flight);
}

/* On a real network nothing comes back with a tag: what arrives is compared with what was sent. */
static void remember(struct world *world, const struct flight *flight)
{
    struct recent recent = {
        .source = flight->source,
        .target = flight->target,
        .bytes_hash = bytes_hash(blob_view(flight->bytes)),
        .seq = flight->out_seq,
        .copy_of = flight->copy_of,
        .at_us = world->now_us,
        .bytes = flight->bytes,
        .awaited = party_ours(world_party(world, flight->to)),
        .intended = flight->intended,
    };
    if (recents_add(&world->sent, &recent) != ERR_OK)
        world_break(world, "out of memory");
}

static bool still_bound(const struct world *world, const struct flight *flight)
{
    const struct party *party = world_party(world, flight->from);
    return party != NULL && !party->crashed;
}

void flight_perform(struct world *world, struct flight *flight)
{
    struct effect effect = {
        .kind = DO_DATAGRAM,
        .link = flight->link,
        .proto = flight->proto,
        .local = flight->source,
        .remote = flight->target,
        .cause = flight->cause,
    };
    if (world->driver->virtual_time) {
        if (table_add(&world->flights, flight, &flight->self) != ERR_OK) {
            world_break(world, "out of memory");
            flight_give(world, flight);
            return;
        }
        effect.tag = flight_tag(flight->self);
    } else {
        remember(world, flight);
    }
    effect.bytes = blob_ref(flight->bytes);
    world->driver->ops->perform(world->driver, flight->from, &effect);
    if (!world->driver->virtual_time)
        flight_give(world, flight);
}

void flight_run(struct world *world, struct flight *flight)
{
    heap_stop(&world->timed, &flight->node);
    if (flight->held_on != NULL)
        flight->held_on->held = NULL;
    flight->held_on = NULL;
    if (flight->load == FLIGHT_ANSWER) {
        names_run(world, flight);
    } else if (flight->load == FLIGHT_PACKET) {
        stream_packet_run(world, flight);
    } else if (flight->load == FLIGHT_EFFECT) {
        stream_effect_run(world, flight);
    } else if (flight->error != NET_OK) {
        flight_fail(world, flight);
    } else if (flight->inbound) {
        flight_accept(world, flight);
    } else if (proto_reliable(flight->proto)) {
        stream_perform(world, flight);
    } else if (!world->driver->virtual_time && !still_bound(world, flight)) {
        tap_network(world, flight, FATE_LOST, V("its sender crashed"), NULL);
        flight_give(world, flight);
    } else {
        flight_perform(world, flight);
    }
}

void flights_deinit(struct world *world)
{
    struct heap_node *node;
    while ((node = heap_first(&world->timed)) != NULL)
        flight_give(world, (struct flight *)node);
    uint32_t cursor = 0;
    struct flight *flight;
    while ((flight = table_next(&world->flights, &cursor, NULL)) != NULL)
        flight_give(world, flight);
    while ((flight = world->spare) != NULL) {
        world->spare = flight->next;
        mem_free(flight);
    }
    heap_deinit(&world->timed);
    table_deinit(&world->flights);
}
