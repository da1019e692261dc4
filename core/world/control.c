/* What the user does to the network while the world runs. */
#include "core/world/inside.h"

void world_link(struct world *world, uint32_t from, uint32_t to, const struct net_link *link)
{
    const struct driver *driver = world->driver;
    if (links_set(&world->links, from, to, link) != ERR_OK)
        world_break(world, "out of memory");
    if (driver->ops->link != NULL)
        driver->ops->link(world->driver, from, to, link);
}

void world_link_get(const struct world *world, uint32_t from, uint32_t to, struct net_link *out)
{
    *out = links_get(&world->links, from, to);
}

void world_partition(struct world *world, uint32_t from, uint32_t to, bool parted)
{
    if (links_part(&world->links, from, to, parted) != ERR_OK)
        world_break(world, "out of memory");
    streams_release(world);
}

void world_blackhole(struct world *world, uint32_t number, bool on)
{
    struct party *party = number == 0 ? &world->everybody : world_party(world, number);
    if (party != NULL)
        party->blackholed = on;
    streams_release(world);
}

void world_refuse(struct world *world, uint32_t number, bool on)
{
    struct party *party = number == 0 ? &world->everybody : world_party(world, number);
    if (party != NULL)
        party->refusing = on;
}

static void down(struct world *world, uint32_t number, void (*leave)(struct flows *, uint64_t))
{
    struct party *party = world_party(world, number);
    if (party == NULL || party->crashed || !party_ours(party))
        return;
    for (uint32_t i = 0; i < party->binding_count; i++)
        world->driver->ops->unbind(world->driver, party->bindings[i].link);
    party_drop_silents(world, party);
    party->crashed = true;
    party_drop_roles(party);
    if (party->flows != NULL) {
        leave(party->flows, world->now_us);
        streams_pump(world, party);
    }
    heap_stop(&world->stacks, &party->node);
    if (party->stack == NULL)
        return;
    /* Not destroyed yet: it may be what called us. */
    world->doomed[world->doomed_count++] = party->stack;
    party->stack = NULL;
    world->stack_count--;
}

void world_crash(struct world *world, uint32_t number)
{
    down(world, number, flows_drop);
}

void world_stop(struct world *world, uint32_t number)
{
    down(world, number, flows_quit);
}

static enum err bind_again(struct world *world, struct party *party, struct binding *binding)
{
    struct addr addr = binding->addr;
    enum err err = world->driver->ops->bind(world->driver, party->number, binding->proto, &addr,
                                            &binding->link);
    if (err != ERR_OK || party->stack == NULL)
        return err;
    return sip_stack_bound(party->stack, binding->link, binding->proto, &addr);
}

enum err world_restart(struct world *world, uint32_t number,
                       const struct sip_stack_options *options)
{
    struct party *party = world_party(world, number);
    if (!party_ours(party))
        return ERR_STATE;
    world_crash(world, number);
    enum err err = party->wire ? ERR_OK : party_stack_create(world, party, options);
    for (uint32_t i = 0; i < party->binding_count && err == ERR_OK; i++)
        err = bind_again(world, party, &party->bindings[i]);
    if (err == ERR_OK) {
        party->crashed = false;
        world_touch(world, number);
        return ERR_OK;
    }
    party->crashed = false; /* so that it can crash again: what was bound is unbound */
    world_crash(world, number);
    return err;
}
