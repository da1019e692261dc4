#include "core/world/inside.h"

static bool is_one_message(const struct blob *bytes)
{
    struct framer framer;
    struct framed framed = {.kind = FRAMED_BROKEN};
    framer_init(&framer, NULL);
    bool one = framer_give(&framer, blob_view(bytes)) == ERR_OK &&
               framer_next(&framer, &framed) == ERR_OK && framed.kind == FRAMED_MESSAGE &&
               framed.end == bytes->len;
    blob_unref(framed.bytes);
    framer_deinit(&framer);
    return one;
}

static struct flight *flight_of(struct world *world, const struct party *party,
                                const struct sending *sending)
{
    struct flight *flight = flight_get(world);
    if (flight == NULL) {
        blob_unref(sending->bytes);
        return NULL;
    }
    flight->from = party->number;
    flight->to =
        sending->to != 0 ? sending->to : world_number_at(world, sending->proto, &sending->remote);
    flight->owner = sending->owner;
    flight->link = sending->link;
    flight->proto = sending->proto;
    flight->source = sending->local;
    flight->target = sending->remote;
    flight->bytes = sending->bytes;
    flight->cause = sending->cause;
    flight->intended = sending->wire || sending->bytes->told != TOLD_NOTHING;
    if (!sending->raw || is_one_message(sending->bytes))
        flight_parse(world, flight);
    return flight;
}

/* The user's hook, on the original: gives its fate and, where it changed the bytes, those before.
 */
static enum trace_fate hook(struct world *world, struct flight *flight, uint64_t copy_key,
                            struct blob **out_was)
{
    const struct world_user *user = world->user;
    if (user->hook_out == NULL)
        return FATE_NONE;
    struct blob *was = blob_ref(flight->bytes);
    enum trace_fate fate =
        user->hook_out(user->ctx, flight->from, flight->msg, copy_key, &flight->bytes);
    if (flight->bytes == was || fate == FATE_SWALLOWED) {
        blob_unref(was);
        return fate == FATE_SWALLOWED ? FATE_SWALLOWED : FATE_NONE;
    }
    flight_parse(world, flight);
    flight->intended = true;
    *out_was = was;
    return FATE_CHANGED;
}

static void copy_link(struct world *world, const struct sending *sending,
                      const struct flight *flight, uint64_t seq)
{
    if (sending->copy_key == 0 || flight->copy_of != 0)
        return;
    if (copies_put(&world->copies, flight->from, sending->copy_key, seq, world->now_us) != ERR_OK)
        world_break(world, "out of memory");
}

uint64_t world_emit(struct world *world, struct party *party, const struct sending *sending)
{
    struct blob *was = NULL;
    world_refresh(world);
    struct flight *flight = flight_of(world, party, sending);
    if (flight == NULL)
        return 0;
    if (sending->copy_key != 0 && (sending->copy_count != 0 || sending->wire))
        flight->copy_of =
            copies_find(&world->copies, party->number, sending->copy_key, world->now_us);
    enum trace_fate fate = hook(world, flight, sending->copy_key, &was);
    uint64_t seq = tap_out(world, flight, fate, was);
    blob_unref(was);
    copy_link(world, sending, flight, seq);
    flight->out_seq = seq;
    flight->as_sent = seq != 0;
    flight->cause = seq;
    if (fate == FATE_SWALLOWED)
        flight_give(world, flight);
    else
        world_judge(world, flight);
    return seq;
}

/* No link, or one from before a restart: the first socket of that family. */
static const struct binding *binding_find(const struct party *party, struct handle link,
                                          const struct addr *remote)
{
    const struct binding *first = NULL;
    for (uint32_t i = party->binding_count; i-- > 0;) {
        const struct binding *binding = &party->bindings[i];
        if (handle_equal(binding->link, link))
            return binding;
        if (binding->addr.family == remote->family)
            first = binding;
    }
    return first;
}

/* The newest connection that there is with the party at that address, else a new one. */
static struct handle flow_with(const struct world *world, const struct party *party,
                               enum proto proto, const struct addr *remote)
{
    uint32_t to = world_number_at(world, proto, remote);
    struct handle flow, found = {0};
    struct flow_info info;
    uint32_t cursor = 0;
    while (flows_each(party->flows, &cursor, &flow)) {
        bool there = flows_info(party->flows, flow, &info) == ERR_OK && info.state < FLOW_CLOSING &&
                     info.proto == proto;
        bool its = addr_equal(&info.remote, remote) || (to != 0 && stream_peer(info.note) == to);
        if (there && its)
            found = flow;
    }
    return found;
}

static uint64_t send_by_flow(struct world *world, struct party *party,
                             const struct binding *binding, const struct addr *remote,
                             struct blob *bytes, uint64_t copy_key)
{
    uint64_t before = trace_last(world->trace);
    if (!party_flows(world, party))
        return 0;
    struct effect effect = {
        .kind = DO_DATAGRAM,
        .link = flow_with(world, party, binding->proto, remote),
        .proto = binding->proto,
        .local = binding->addr,
        .remote = *remote,
        .bytes = blob_ref(bytes),
        .copy_of = copy_key,
        .copy_key = copy_key,
    };
    stream_send(world, party, &effect);
    return before + 1;
}

uint64_t world_send(struct world *world, uint32_t number, struct handle link,
                    const struct addr *remote, struct blob *bytes, uint64_t copy_key)
{
    struct party *party = world_party(world, number);
    const struct binding *binding =
        party == NULL || party->crashed ? NULL : binding_find(party, link, remote);
    if (binding == NULL || !world_count(world))
        return 0;
    if (proto_reliable(binding->proto))
        return send_by_flow(world, party, binding, remote, bytes, copy_key);
    struct sending sending = {
        .link = binding->link,
        .proto = binding->proto,
        .local = binding->addr,
        .remote = *remote,
        .bytes = blob_ref(bytes),
        .copy_key = copy_key,
        .wire = true,
    };
    return world_emit(world, party, &sending);
}
