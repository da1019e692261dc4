/* Sockets of a party that take what comes and say nothing: where its media would go. What a device
 * sends there is counted and forgotten, no event; what one of ours sends has arrived, and that is
 * all. */
#include "core/world/inside.h"

enum err world_silent_bind(struct world *world, uint32_t number, struct addr *inout)
{
    struct party *party = world_party(world, number);
    struct addr addr = *inout;
    struct handle link;
    if (!party_ours(party) || party->crashed)
        return ERR_STATE;
    if (party->silent_count == WORLD_SILENT_MAX)
        return ERR_LIMIT;
    enum err err = world->driver->ops->bind(world->driver, number, PROTO_UDP, &addr, &link);
    if (err != ERR_OK)
        return err;
    err = addr_map_put(&world->places, PROTO_UDP, &addr, party);
    if (err != ERR_OK) {
        world->driver->ops->unbind(world->driver, link);
        return err;
    }
    party->silents[party->silent_count++] = (struct silent){link, addr};
    *inout = addr;
    return ERR_OK;
}

uint64_t world_silent_heard(const struct world *world, uint32_t number)
{
    const struct party *party = world_party(world, number);
    return party == NULL ? 0 : party->silent_heard;
}

bool party_is_silent_at(const struct party *party, struct handle link)
{
    for (uint32_t i = 0; party != NULL && i < party->silent_count; i++)
        if (handle_equal(party->silents[i].link, link))
            return true;
    return false;
}

void party_drop_silents(struct world *world, struct party *party)
{
    for (uint32_t i = 0; i < party->silent_count; i++) {
        world->driver->ops->unbind(world->driver, party->silents[i].link);
        addr_map_remove(&world->places, PROTO_UDP, &party->silents[i].addr);
    }
    party->silent_count = 0;
}
