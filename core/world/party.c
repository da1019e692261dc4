#include "core/world/inside.h"

#include <string.h>

enum { PARTIES_FIRST = 8 };

struct party *world_party(const struct world *world, uint32_t number)
{
    return number == 0 || number > world->party_count ? NULL : world->parties[number - 1];
}

bool party_ours(const struct party *party)
{
    return party != NULL && !party->foreign;
}

uint32_t world_party_count(const struct world *world)
{
    return world->party_count;
}

struct view world_party_name(const struct world *world, uint32_t number)
{
    const struct party *party = world_party(world, number);
    return party == NULL ? V("other") : party->name;
}

struct party *world_find(const struct world *world, enum proto proto, const struct addr *addr)
{
    struct party *party = addr_map_find(&world->places, proto, addr);
    if (party != NULL || !world->any_port)
        return party;
    struct addr any = *addr;
    any.port = 0;
    return addr_map_find(&world->places, proto, &any);
}

uint32_t world_number_at(const struct world *world, enum proto proto, const struct addr *addr)
{
    const struct party *party = world_find(world, proto, addr);
    return party == NULL ? 0 : party->number;
}

uint32_t world_party_at(const struct world *world, const struct addr *addr)
{
    uint32_t number = 0;
    for (int proto = PROTO_UDP; proto <= PROTO_WSS && number == 0; proto++)
        number = world_number_at(world, (enum proto)proto, addr);
    return number;
}

struct sip_stack *world_stack(struct world *world, uint32_t number)
{
    const struct party *party = world_party(world, number);
    return party == NULL ? NULL : party->stack;
}

static enum err grow(void *array, size_t item_len, uint32_t size)
{
    void *old, *bigger;
    memcpy(&old, array, sizeof old);
    bigger = mem_realloc(old, size * item_len);
    if (bigger == NULL)
        return ERR_MEMORY;
    memcpy(array, &bigger, sizeof bigger);
    return ERR_OK;
}

/* `touched` is a ring: what waits in it is laid out anew from its begin. */
static enum err touched_grow(struct world *world, uint32_t size)
{
    struct party **touched = mem_alloc(size * sizeof(struct party *));
    if (touched == NULL)
        return ERR_MEMORY;
    for (uint32_t i = 0; i < world->touched_count; i++)
        touched[i] = world->touched[(world->touched_first + i) % world->party_size];
    mem_free(world->touched);
    world->touched = touched;
    world->touched_first = 0;
    return ERR_OK;
}

static enum err make_room(struct world *world)
{
    if (world->party_count < world->party_size)
        return ERR_OK;
    uint32_t size = world->party_size == 0 ? PARTIES_FIRST : world->party_size * 2;
    enum err err = grow(&world->parties, sizeof *world->parties, size);
    if (err == ERR_OK)
        err = grow(&world->used, sizeof *world->used, size);
    if (err == ERR_OK)
        err = touched_grow(world, size);
    if (err == ERR_OK)
        world->party_size = size;
    return err;
}

void party_destroy(struct party *party)
{
    if (party == NULL)
        return;
    party_drop_roles(party);
    sip_stack_destroy(party->stack);
    flows_destroy(party->flows);
    mem_free(party->bindings);
    mem_free(party->name_room);
    mem_free(party);
}

static enum err party_create(struct view name, struct party **out)
{
    struct party *party = mem_zalloc(sizeof *party);
    char *room = mem_alloc(name.len);
    if (party == NULL || room == NULL) {
        mem_free(party);
        mem_free(room);
        return ERR_MEMORY;
    }
    if (name.len > 0)
        memcpy(room, name.ptr, name.len);
    party->name_room = room;
    party->name = (struct view){room, name.len};
    *out = party;
    return ERR_OK;
}

/* Its number is the next one; it is not in the world before party_enter. */
static enum err party_prepare(struct world *world, struct view name, struct party **out)
{
    enum err err = make_room(world);
    if (err == ERR_OK)
        err = party_create(name, out);
    if (err == ERR_OK)
        (*out)->number = world->party_count + 1;
    return err;
}

static void party_enter(struct world *world, struct party *party, uint32_t *out_number)
{
    world->parties[world->party_count++] = party;
    *out_number = party->number;
}

enum err party_stack_create(struct world *world, struct party *party,
                            const struct sip_stack_options *options)
{
    struct sip_stack_options own = *options;
    uint32_t most = world->doomed_count + world->stack_count + 1;
    if (most > world->doomed_size) {
        enum err err = grow(&world->doomed, sizeof *world->doomed, most * 2);
        if (err != ERR_OK)
            return err;
        world->doomed_size = most * 2;
    }
    own.party = party->number;
    own.order = &world->order;
    own.trace = world->trace;
    enum err err = sip_stack_create(&own, &party->stack);
    world->stack_count += err == ERR_OK;
    if (err == ERR_OK)
        names_tell(world, party);
    return err;
}

enum err world_party_add(struct world *world, struct view name,
                         const struct sip_stack_options *options, uint32_t *out_party)
{
    struct party *party;
    enum err err = party_prepare(world, name, &party);
    if (err != ERR_OK)
        return err;
    err = party_stack_create(world, party, options);
    if (err == ERR_OK)
        party_enter(world, party, out_party);
    else
        party_destroy(party);
    return err;
}

enum err world_wire_add(struct world *world, struct view name, uint32_t *out_party)
{
    struct party *party;
    enum err err = party_prepare(world, name, &party);
    if (err != ERR_OK)
        return err;
    party->wire = true;
    party_enter(world, party, out_party);
    return ERR_OK;
}

static enum err place_add(struct world *world, struct party *party, enum proto proto,
                          const struct addr *addr)
{
    if (addr_map_find(&world->places, proto, addr) == party)
        return ERR_OK;
    return addr_map_put(&world->places, proto, addr, party);
}

enum err world_foreign_add(struct world *world, struct view name, const struct addr *addr,
                           bool any_port, uint32_t *out_party)
{
    struct party *party;
    struct addr place = *addr;
    enum err err = party_prepare(world, name, &party);
    if (err != ERR_OK)
        return err;
    party->foreign = true;
    if (any_port)
        place.port = 0;
    int proto = PROTO_UDP;
    for (; proto <= PROTO_WSS && err == ERR_OK; proto++)
        err = place_add(world, party, (enum proto)proto, &place);
    if (err != ERR_OK) {
        for (proto -= 2; proto >= PROTO_UDP; proto--)
            addr_map_remove(&world->places, (enum proto)proto, &place);
        party_destroy(party);
        return err;
    }
    world->any_port |= any_port;
    party_enter(world, party, out_party);
    tap_party(world, party, addr);
    return ERR_OK;
}

static enum err binding_add(struct party *party, const struct binding *binding)
{
    enum err err = grow(&party->bindings, sizeof *party->bindings, party->binding_count + 1);
    if (err != ERR_OK)
        return err;
    party->bindings[party->binding_count] = *binding;
    if (party->stack != NULL)
        err = sip_stack_bound(party->stack, binding->link, binding->proto, &binding->addr);
    party->binding_count += err == ERR_OK;
    return err;
}

enum err world_bind(struct world *world, uint32_t number, enum proto proto, struct addr *inout,
                    struct handle *out_link)
{
    struct party *party = world_party(world, number);
    struct binding binding = {.proto = proto, .addr = *inout};
    if (!party_ours(party) || party->crashed)
        return ERR_STATE;
    enum err err =
        world->driver->ops->bind(world->driver, number, proto, &binding.addr, &binding.link);
    if (err != ERR_OK)
        return err;
    err = place_add(world, party, proto, &binding.addr);
    if (err == ERR_OK)
        err = binding_add(party, &binding);
    if (err != ERR_OK) {
        world->driver->ops->unbind(world->driver, binding.link);
        return err;
    }
    tap_party(world, party, &binding.addr);
    *inout = binding.addr;
    *out_link = binding.link;
    return ERR_OK;
}
