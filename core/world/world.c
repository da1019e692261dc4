#include "core/world/inside.h"

enum { EFFECT_LIMIT = 100000, KEY_LIMIT = 65536 };

enum err world_create(const struct world_options *options, struct world **out)
{
    struct world *world = mem_zalloc(sizeof *world);
    if (world == NULL)
        return ERR_MEMORY;
    enum err err = tape_create(rng_stream(options->rng, V("net")), options->choices,
                               options->choice_count, options->only_choices, &world->tape);
    if (err != ERR_OK) {
        mem_free(world);
        return err;
    }
    world->driver = options->driver;
    world->driver->order = &world->order;
    world->trace = options->trace;
    world->user = options->user;
    world->has_forced = options->choice_count > 0;
    world->effect_limit = options->effect_limit != 0 ? options->effect_limit : EFFECT_LIMIT;
    world->now_us = world->driver->ops->now(world->driver);
    world->last_us = world->now_us;
    world->key.limit = KEY_LIMIT;
    if (world->driver->virtual_time)
        world->links.base.latency_us = WORLD_LATENCY_US;
    *out = world;
    return ERR_OK;
}

void world_destroy(struct world *world)
{
    if (world == NULL)
        return;
    world_drop_doomed(world);
    streams_stalled_deinit(world);
    flights_deinit(world);
    streams_deinit(world);
    for (uint32_t i = 0; i < world->party_count; i++)
        party_destroy(world->parties[i]);
    mem_free(world->parties);
    mem_free(world->touched);
    mem_free(world->used);
    mem_free(world->doomed);
    addr_map_deinit(&world->places);
    heap_deinit(&world->stacks);
    links_deinit(&world->links);
    copies_deinit(&world->copies);
    recents_deinit(&world->sent);
    recents_deinit(&world->received);
    zone_deinit(&world->zone);
    tape_destroy(world->tape);
    buf_deinit(&world->key);
    mem_free(world);
}

uint64_t world_now(const struct world *world)
{
    return world->now_us;
}

struct order *world_order(struct world *world)
{
    return &world->order;
}

const char *world_broken(const struct world *world)
{
    return world->broken;
}

/* On a real network between our own ends: what was sent a moment ago and is not read yet. */
uint32_t world_in_flight(const struct world *world)
{
    const struct driver *driver = world->driver;
    uint32_t held = world->timed.len;
    if (driver->virtual_time)
        return held + driver->ops->in_flight(driver);
    if (world->streams.wrote_us + OPEN_US > driver->ops->now(world->driver))
        held += world->streams.unread;
    uint64_t now_us = driver->ops->now(world->driver);
    return held + recents_open(&world->sent, now_us > OPEN_US ? now_us - OPEN_US : 0);
}
