#include "harness/agent/device.h"
#include "harness/agent/agents.h"

static enum err device_open(struct device *device, const struct device_options *options)
{
    struct party *party = &device->party;
    struct agents *agents = party->agents;

    party->name = arena_copy(&agents->arena, options->name);
    party->uri = arena_copy(&agents->arena, options->uri);
    if (party->name.ptr == NULL || party->uri.ptr == NULL)
        return ERR_MEMORY;
    party->proto = options->proto;
    party->local = options->addr;
    party->bind_count = options->bind_count;
    for (size_t i = 0; i < options->bind_count; i++)
        party->binds[i] = options->binds[i];
    /* Whatever comes from its host is its own: devices send from ports of their choice. But on
     * loopback all of our agents are there too, so that only the port tells them apart; the world
     * asks for the exact address first. */
    enum err err =
        world_foreign_add(agents->scene->world, party->name, &options->addr, true, &party->number);
    if (err == ERR_CONFLICT) /* two on one host: the second is known by its port alone */
        err = world_foreign_add(agents->scene->world, party->name, &options->addr, false,
                                &party->number);
    if (err == ERR_OK)
        err = agents_party_add(agents, party);
    party->up = err == ERR_OK;
    return err;
}

enum err device_create(struct agents *agents, const struct device_options *options,
                       struct device **out)
{
    struct device *device = mem_zalloc(sizeof *device);

    if (device == NULL)
        return ERR_MEMORY;
    device->party.kind = PARTY_DEVICE;
    device->target = options->target;
    device->party.agents = agents;
    enum err err = table_add(&agents->devices, device, &device->party.handle);
    if (err != ERR_OK) {
        mem_free(device);
        return err;
    }
    err = device_open(device, options);
    if (err == ERR_OK)
        *out = device;
    return err;
}

struct device *device_named(const struct agents *agents, struct view name)
{
    struct device *device;

    for (uint32_t at = 0; (device = table_next(&agents->devices, &at, NULL)) != NULL;)
        if (view_equal(device->party.name, name))
            return device;
    return NULL;
}
