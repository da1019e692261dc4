#include "core/world/inside.h"

static enum trace_fate hook(struct world *world, struct flight *flight, struct blob **out_was)
{
    const struct world_user *user = world->user;
    if (user->hook_in == NULL)
        return FATE_NONE;
    struct blob *was = blob_ref(flight->bytes);
    enum trace_fate fate =
        user->hook_in(user->ctx, flight->from, flight->to, flight->msg, &flight->bytes);
    if (flight->bytes == was || fate == FATE_SWALLOWED) {
        blob_unref(was);
        return fate == FATE_SWALLOWED ? FATE_SWALLOWED : FATE_NONE;
    }
    flight_parse(world, flight);
    flight->intended = true;
    flight->as_sent = false;
    *out_was = was;
    return FATE_CHANGED;
}

void party_receive(struct world *world, struct party *party, const struct packet *packet)
{
    if (party->stack == NULL) {
        if (party->wire && !party->crashed && world->user->packet != NULL)
            world->user->packet(world->user->ctx, party->number, packet);
        return;
    }
    enum err err = sip_stack_receive(party->stack, world->now_us, packet);
    if (err == ERR_LIMIT || err == ERR_MEMORY)
        world_break(world, err == ERR_LIMIT ? "a stack reached its limit" : "out of memory");
    world_touch(world, party->number);
}

static const struct binding *binding_of(const struct party *party, struct handle link)
{
    for (uint32_t i = 0; i < party->binding_count; i++)
        if (handle_equal(party->bindings[i].link, link))
            return &party->bindings[i];
    return NULL;
}

/* It came to a media port. What comes by a stream names a flow, whose number may be that of one. */
static bool is_silent(const struct party *party, const struct flight *flight)
{
    return !proto_reliable(flight->proto) && party_is_silent_at(party, flight->link);
}

/* A flow that has gone in the meantime does not take back what came by it. */
static bool is_reached(const struct party *party, const struct flight *flight)
{
    if (party == NULL || party->crashed)
        return false;
    return proto_reliable(flight->proto) || binding_of(party, flight->link) != NULL ||
           is_silent(party, flight);
}

void flight_accept(struct world *world, struct flight *flight)
{
    struct blob *was = NULL;
    struct party *party = world_party(world, flight->to);
    if (!is_reached(party, flight)) {
        tap_network(world, flight, FATE_LOST, V("its target crashed"), NULL);
        flight_give(world, flight);
        return;
    }
    enum trace_fate fate = hook(world, flight, &was);
    uint64_t seq = tap_in(world, flight, fate, was);
    blob_unref(was);
    struct packet packet = {
        .kind = PACKET_DATAGRAM,
        .link = flight->link,
        .proto = flight->proto,
        .local = flight->target,
        .remote = flight->source,
        .bytes = flight->bytes,
        .at_us = flight->arrived_us,
        .cause = seq,
        .msg = flight->msg,
    };
    if (is_silent(party, flight))
        party->silent_heard++;
    else if (fate != FATE_SWALLOWED)
        party_receive(world, party, &packet);
    flight_give(world, flight);
}

/* ICMP, or our own refusal. */
void flight_fail(struct world *world, struct flight *flight)
{
    struct party *party = world_party(world, flight->from);
    struct view why = flight->by_rule ? V("refuse") : view_of(net_error_text(flight->error));
    uint64_t seq = tap_network(world, flight, FATE_REFUSED, why, NULL);
    struct packet packet = {
        .kind = PACKET_FAILED,
        .link = flight->link,
        .proto = flight->proto,
        .local = flight->source,
        .remote = flight->target,
        .error = flight->error,
        .at_us = world->now_us,
        .cause = seq,
    };
    if (party != NULL && binding_of(party, flight->link) != NULL) {
        if (!proto_reliable(flight->proto))
            party_flow_lost(party, flight->proto, (struct handle){0}, &flight->target);
        party_receive(world, party, &packet);
    }
    flight_give(world, flight);
}

/* Virtual time: it comes back by its tag, and all about it is known. */
static void come_back(struct world *world, struct flight *flight, struct packet *packet)
{
    table_remove(&world->flights, flight->self);
    flight->arrived_us = world->now_us;
    flight->error = packet->error;
    if (packet->kind == PACKET_FAILED) {
        flight_fail(world, flight);
        return;
    }
    flight->link = packet->link;
    flight_accept(world, flight);
}

static struct flight *flight_from(struct world *world, uint32_t number, const struct packet *packet)
{
    struct flight *flight = flight_get(world);
    if (flight == NULL)
        return NULL;
    flight->from = world_number_at(world, packet->proto, &packet->remote);
    flight->to = number;
    flight->link = packet->link;
    flight->proto = packet->proto;
    flight->source = packet->remote;
    flight->target = packet->local;
    flight->bytes = blob_ref(packet->bytes);
    flight->arrived_us = packet->at_us > world->last_us ? packet->at_us : world->last_us;
    flight_parse(world, flight);
    return flight;
}

/* Both ends are ours: which of what was sent is this? */
static void link_to_sent(struct world *world, struct flight *flight, uint64_t hash)
{
    struct recent *sent = recents_match(&world->sent, &flight->source, &flight->target, hash);
    if (sent == NULL)
        return;
    flight->out_seq = sent->seq;
    flight->cause = sent->seq;
    flight->intended = sent->intended;
    flight->copy_of = sent->matched && sent->copy_of == 0 ? sent->seq : sent->copy_of;
    sent->matched = true;
}

/* A device sent it: has it sent the same before? */
static void link_to_received(struct world *world, struct flight *flight, uint64_t hash)
{
    const struct recent *first =
        recents_match(&world->received, &flight->source, &flight->target, hash);
    if (first != NULL)
        flight->copy_of = first->copy_of != 0 ? first->copy_of : first->seq;
    struct recent recent = {
        .source = flight->source,
        .target = flight->target,
        .bytes_hash = hash,
        .seq = trace_last(world->trace) + 1,
        .copy_of = flight->copy_of,
        .matched = true,
    };
    if (recents_add(&world->received, &recent) != ERR_OK)
        world_break(world, "out of memory");
}

void arrive_message(struct world *world, struct flight *flight)
{
    link_to_received(world, flight, bytes_hash(blob_view(flight->bytes)));
    flight->inbound = true;
    world_judge(world, flight);
}

static void arrive_untagged(struct world *world, uint32_t number, const struct packet *packet)
{
    struct flight *flight = flight_from(world, number, packet);
    if (flight == NULL)
        return;
    if (party_ours(world_party(world, flight->from))) {
        link_to_sent(world, flight, bytes_hash(blob_view(flight->bytes)));
        flight_accept(world, flight);
    } else {
        arrive_message(world, flight);
    }
}

static void fail_untagged(struct world *world, uint32_t number, const struct packet *packet)
{
    struct flight *flight = flight_get(world);
    if (flight == NULL)
        return;
    const struct recent *sent = recents_last(&world->sent, &packet->local, &packet->remote);
    flight->from = number;
    flight->to = world_number_at(world, packet->proto, &packet->remote);
    flight->link = packet->link;
    flight->proto = packet->proto;
    flight->source = packet->local;
    flight->target = packet->remote;
    flight->error = packet->error;
    if (sent != NULL) {
        flight->out_seq = sent->seq;
        flight->cause = sent->seq;
        flight->copy_of = sent->copy_of;
        flight->intended = sent->intended;
        flight->bytes = blob_ref(sent->bytes);
        flight_parse(world, flight);
    }
    flight_fail(world, flight);
}

static bool is_of_stream(const struct packet *packet)
{
    return packet->kind == PACKET_OPENED || packet->kind == PACKET_ACCEPTED ||
           packet->kind == PACKET_BYTES || packet->kind == PACKET_WROTE ||
           (packet->kind == PACKET_FAILED && proto_reliable(packet->proto));
}

/* Of a device: hundreds in a second, and none of them says anything to us. */
static bool is_media(const struct world *world, const struct party *party,
                     const struct packet *packet)
{
    return packet->kind == PACKET_DATAGRAM && party_is_silent_at(party, packet->link) &&
           !party_ours(world_find(world, packet->proto, &packet->remote));
}

void world_arrive(struct world *world, uint32_t number, struct packet *packet)
{
    struct flight *flight = packet->tag == 0 ? NULL : flight_find(world, packet->tag);
    struct party *party = world_party(world, number);
    if (flight != NULL)
        come_back(world, flight, packet);
    else if (packet->kind == PACKET_WAKE && world->user->packet != NULL)
        world->user->packet(world->user->ctx, 0, packet);
    else if (packet->kind == PACKET_FAILED && number == 0)
        world_break(world, "the network's limit was reached");
    else if (party_ours(party) && is_of_stream(packet))
        stream_arrive(world, party, packet);
    else if (packet->kind == PACKET_ANSWER && party != NULL)
        names_arrive(world, party, packet);
    else if (is_media(world, party, packet))
        party->silent_heard++;
    else if (packet->kind == PACKET_DATAGRAM && party != NULL)
        arrive_untagged(world, number, packet);
    else if (packet->kind == PACKET_FAILED && party != NULL)
        fail_untagged(world, number, packet);
    else if (party != NULL)
        party_receive(world, party, packet);
    blob_unref(packet->bytes);
}
