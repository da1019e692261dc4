#include "core/world/inside.h"

void world_break(struct world *world, const char *why)
{
    if (world->broken == NULL)
        world->broken = why;
}

bool world_count(struct world *world)
{
    if (world->effects++ < world->effect_limit)
        return true;
    world_break(world, "too many effects at one instant: something answers itself for ever");
    return false;
}

bool world_user_due(const struct world *world)
{
    return world->user_due;
}

void world_refresh(struct world *world)
{
    if (world->driver->virtual_time)
        return;
    uint64_t now_us = world->driver->ops->now(world->driver);
    world->late_us += now_us - world->now_us;
    world->now_us = now_us;
}

void world_touch(struct world *world, uint32_t number)
{
    struct party *party = world_party(world, number);
    if (party == NULL || party->stack == NULL || party->touched)
        return;
    party->touched = true;
    uint32_t at = (world->touched_first + world->touched_count++) % world->party_size;
    world->touched[at] = party;
    if (party->used)
        return;
    party->used = true;
    world->used[world->used_count++] = party;
}

static void carry_out(struct world *world, struct party *party, struct effect *effect)
{
    if (effect->kind == TELL) {
        party_tell(world, party, &effect->tell);
    } else if (effect->kind == DO_DATAGRAM && proto_reliable(effect->proto)) {
        stream_send(world, party, effect);
    } else if (effect->kind == DO_DATAGRAM) {
        struct sending sending = {
            .link = effect->link,
            .proto = effect->proto,
            .local = effect->local,
            .remote = effect->remote,
            .bytes = effect->bytes,
            .copy_count = effect->copy_of,
            .copy_key = effect->copy_key,
            .cause = effect->cause,
        };
        world_emit(world, party, &sending);
    } else if (effect->kind == DO_QUERY) {
        names_ask(world, party, effect);
    } else if (effect->kind == DO_PING) {
        stream_ping(world, party, effect->link);
    } else {
        world->driver->ops->perform(world->driver, party->number, effect);
    }
}

/* A hook may crash the party whose effects these are, or touch others. */
static void drain(struct world *world, struct party *party)
{
    struct effect effect;
    while (party->stack != NULL && world_count(world) && sip_stack_next(party->stack, &effect))
        carry_out(world, party, &effect);
}

static void drain_touched(struct world *world)
{
    while (world->touched_count > 0 && world->broken == NULL) {
        struct party *party = world->touched[world->touched_first];
        world->touched_first = (world->touched_first + 1) % world->party_size;
        world->touched_count--;
        party->touched = false;
        drain(world, party);
    }
}

static void reap(struct world *world)
{
    for (uint32_t i = 0; i < world->used_count; i++) {
        struct party *party = world->used[i];
        party->used = false;
        if (party->stack != NULL)
            sip_stack_reap(party->stack);
        world_schedule(world, party);
    }
    world->used_count = 0;
    world_drop_doomed(world);
}

/* Until nothing is left to do at this instant. */
static void settle(struct world *world)
{
    bool ran = true;
    while (world->broken == NULL && (ran || world->touched_count > 0)) {
        drain_touched(world);
        world_refresh(world);
        ran = world->user->run_ready != NULL &&
              world->user->run_ready(world->user->ctx, world->now_us) && world_count(world);
        world->user_due = false;
    }
    if (world->broken == NULL)
        reap(world);
}

static void fire(struct world *world, enum due due)
{
    if (due == DUE_STACK) {
        struct party *party = (struct party *)heap_first(&world->stacks);
        party_expire(world, party);
        world_touch(world, party->number);
    } else if (due == DUE_FLIGHT) {
        struct flight *flight = (struct flight *)heap_first(&world->timed);
        flight->arrived_us = world->now_us;
        flight_run(world, flight);
    } else {
        world->user_due = true;
    }
}

/* One packet or one timer. False: nothing will ever come. */
static bool input(struct world *world)
{
    struct moment until;
    struct packet packet;
    uint32_t party = 0;
    uint64_t now_us = world->now_us;
    enum due due = world_due(world, &until);
    bool came = world->driver->ops->wait(world->driver, until, &now_us, &party, &packet);
    world->last_us = world->now_us;
    if (!world->driver->virtual_time || now_us > world->now_us)
        world->effects = 0;
    world->now_us = now_us;
    world->late_us = 0;
    if (came) {
        world->late_us = now_us - packet.at_us;
        world_arrive(world, party, &packet);
        return true;
    }
    if (due == DUE_NONE || now_us < until.at_us)
        return due != DUE_NONE;
    world->late_us = now_us - until.at_us;
    fire(world, due);
    return true;
}

bool world_turn(struct world *world)
{
    settle(world);
    if (world->broken != NULL || !input(world))
        return false;
    settle(world);
    return world->broken == NULL;
}
