/* The way out over streams: the party's flows say when a message's turn has come; then it goes the
 * way of all messages (send.c), and what is left of it is written by the flow. */
#include "core/world/inside.h"

bool party_flows(struct world *world, struct party *party)
{
    struct flow_options options = {.order = &world->order, .raw = party->wire};
    if (party->flows == NULL && flows_create(&options, &party->flows) != ERR_OK)
        world_break(world, "out of memory");
    return party->flows != NULL;
}

enum err world_flows_set(struct world *world, uint32_t number, const struct flow_options *options)
{
    struct party *party = world_party(world, number);
    struct flow_options own = *options;
    if (!party_ours(party) || (party->flows != NULL && flows_count(party->flows) > 0))
        return ERR_STATE;
    own.order = &world->order;
    own.raw |= party->wire;
    struct flows *flows;
    enum err err = flows_create(&own, &flows);
    if (err != ERR_OK)
        return err;
    flows_destroy(party->flows);
    party->flows = flows;
    return ERR_OK;
}

struct flows *world_flows(struct world *world, uint32_t number)
{
    struct party *party = world_party(world, number);
    bool there = party_ours(party) && !party->crashed && party_flows(world, party);
    return there ? party->flows : NULL;
}

void world_flows_run(struct world *world, uint32_t number)
{
    struct party *party = world_party(world, number);
    if (party != NULL)
        streams_pump(world, party);
}

static void check(struct world *world, enum err err)
{
    if (err == ERR_MEMORY)
        world_break(world, "out of memory");
}

/* Its turn has come; but nobody waits for the answer any more. */
static bool is_late(const struct party *party, const struct effect *effect)
{
    return effect->with_owner &&
           (party->stack == NULL || !sip_stack_waits(party->stack, effect->owner));
}

static void emit(struct world *world, struct party *party, struct flow_news *news)
{
    struct effect *effect = &news->effect;
    struct sending sending = {
        .link = news->flow,
        .proto = effect->proto,
        .local = news->local,
        .remote = news->remote,
        .bytes = blob_ref(effect->bytes),
        .copy_count = effect->copy_of,
        .copy_key = effect->copy_key,
        .cause = effect->cause,
        .owner = effect->owner,
        .to = stream_peer(news->note),
        .wire = party->wire,
        .raw = party->wire && effect->copy_key == 0,
    };
    if (is_late(party, effect))
        blob_unref(sending.bytes);
    else
        world_emit(world, party, &sending);
}

/* RFC 3261 §18.4: it is the transport error of who wanted to send it. A connection that nobody
 * answers is no timeout of the transaction. */
static void tell_unsent(struct world *world, struct party *party, const struct effect *effect,
                        enum net_error error)
{
    struct packet packet = {
        .kind = PACKET_FAILED,
        .proto = effect->proto,
        .local = effect->local,
        .remote = effect->remote,
        .error = error == NET_TIMEOUT ? NET_UNREACHABLE : error,
        .owner = effect->owner,
        .at_us = world->now_us,
        .cause = trace_last(world->trace),
    };
    if (!party->crashed)
        party_receive(world, party, &packet);
}

static struct view state_text(enum flow_phase state)
{
    return view_of(flow_phase_text(state));
}

static void tell_user(struct world *world, const struct party *party, const struct flow_news *news)
{
    if (world->user->flow != NULL)
        world->user->flow(world->user->ctx, party->number, news);
}

/* Its roles and its stack may count on that connection: RFC 5626 §4.5, §7. */
static void tell_over(struct world *world, struct party *party, const struct flow_news *news)
{
    struct packet packet = {
        .kind = PACKET_FAILED,
        .link = news->flow,
        .proto = news->proto,
        .local = news->local,
        .remote = news->remote,
        .error = news->error != NET_OK ? news->error : NET_EOF,
        .at_us = world->now_us,
        .cause = trace_last(world->trace),
    };
    party_flow_lost(party, news->proto, news->flow, &news->remote);
    if (party->stack != NULL && !party->crashed)
        party_receive(world, party, &packet);
}

static void moved(struct world *world, struct party *party, struct flow_news *news)
{
    bool there = news->to == FLOW_OPEN || news->to == FLOW_SECURING;
    if (there && news->note == NULL) {
        news->note = stream_enter(world, party, news);
        check(world, news->note == NULL ? ERR_MEMORY : ERR_OK);
        flows_note(party->flows, news->flow, news->note);
    }
    tap_flow(world, party, news, news->from == FLOW_GONE ? V("none") : state_text(news->from),
             state_text(news->to));
    if (news->to == FLOW_GONE)
        stream_leave(world, news->note);
    if (news->to == FLOW_GONE || news->to == FLOW_CLOSING)
        tell_over(world, party, news);
    tell_user(world, party, news);
}

/* A keep-alive that the flow has written by itself. */
static void wrote(struct world *world, const struct party *party, struct flow_news *news)
{
    struct flight *flight = flight_get(world);
    if (flight == NULL)
        return;
    flight->from = party->number;
    flight->to = stream_peer(news->note);
    flight->link = news->flow;
    flight->proto = news->proto;
    flight->source = news->local;
    flight->target = news->remote;
    flight->bytes = blob_ref(news->bytes);
    flight->intended = party->wire;
    flight->out_seq = tap_out(world, flight, FATE_NONE, NULL);
    stream_wrote(world, news->note, flight, news->end);
    flight_give(world, flight);
}

static void carry_out(struct world *world, struct party *party, struct flow_news *news)
{
    switch (news->kind) {
    case FLOW_DO:
        stream_effect(world, party, news);
        break;
    case FLOW_READY:
        emit(world, party, news);
        break;
    case FLOW_UNSENT:
        tell_unsent(world, party, &news->effect, news->error);
        break;
    case FLOW_GOT:
    case FLOW_GOT_RAW:
        stream_got(world, party, news);
        break;
    case FLOW_WROTE:
        wrote(world, party, news);
        break;
    case FLOW_ENDED:
        tap_flow(world, party, news, V("open"), V("ended by the other side"));
        tell_user(world, party, news);
        break;
    case FLOW_MOVED:
        moved(world, party, news);
        break;
    }
}

void streams_pump(struct world *world, struct party *party)
{
    struct flow_news news;
    if (party->flows == NULL || party->pumped)
        return;
    party->pumped = true;
    while (flows_next(party->flows, &news)) {
        if (world_count(world))
            carry_out(world, party, &news);
        effect_deinit(&news.effect);
        blob_unref(news.bytes);
    }
    party->pumped = false;
    world_schedule(world, party);
}

void stream_ping(struct world *world, struct party *party, struct handle flow)
{
    if (party->flows == NULL)
        return;
    flows_ping(party->flows, world->now_us, flow);
    streams_pump(world, party);
}

void stream_send(struct world *world, struct party *party, struct effect *effect)
{
    if (!party_flows(world, party)) {
        effect_deinit(effect);
        return;
    }
    check(world, flows_send(party->flows, world->now_us, effect));
    streams_pump(world, party);
}

static bool is_final_response(const struct flight *flight)
{
    return flight->msg != NULL && sip_msg_status(flight->msg) >= 200;
}

void stream_perform(struct world *world, struct flight *flight)
{
    struct party *party = world_party(world, flight->from);
    struct flow_info info = {0};
    uint64_t end = 0;
    enum err err = ERR_GONE;
    if (party->flows != NULL && flows_info(party->flows, flight->link, &info) == ERR_OK)
        err = flows_write(party->flows, world->now_us, flight->link, flight->bytes, &end);
    check(world, err);
    if (err == ERR_OK) {
        stream_wrote(world, info.note, flight, end);
        if (is_final_response(flight))
            flows_owe(party->flows, world->now_us, flight->link, -1);
    } else if (err != ERR_MEMORY) {
        struct effect effect = {.proto = flight->proto,
                                .local = flight->source,
                                .remote = flight->target,
                                .owner = flight->owner};
        tap_network(world, flight, FATE_LOST,
                    err == ERR_LIMIT ? V("too much waits to be written")
                                     : V("its connection is gone"),
                    NULL);
        tell_unsent(world, party, &effect, err == ERR_LIMIT ? NET_LIMIT : NET_RESET);
    }
    flight_give(world, flight);
    streams_pump(world, party);
}

/* When its turn comes it goes out like a message, and is labelled as one where it is one. */
enum err world_write(struct world *world, uint32_t number, struct handle flow, struct blob *bytes)
{
    struct party *party = world_party(world, number);
    struct flow_info info;
    if (party == NULL || party->flows == NULL || flows_info(party->flows, flow, &info) != ERR_OK ||
        info.state == FLOW_CLOSING)
        return ERR_GONE;
    struct effect effect = {
        .kind = DO_DATAGRAM,
        .link = flow,
        .proto = info.proto,
        .local = info.local,
        .remote = info.remote,
        .bytes = blob_ref(bytes),
    };
    stream_send(world, party, &effect);
    return ERR_OK;
}
