#include "core/world/inside.h"

static void earlier(enum due kind, struct moment at, enum due *due, struct moment *first)
{
    if (!moment_before(at, *first))
        return;
    *first = at;
    *due = kind;
}

enum due world_due(struct world *world, struct moment *out)
{
    struct moment first = moment_never;
    enum due due = DUE_NONE;
    const struct heap_node *stack = heap_first(&world->stacks);
    const struct heap_node *flight = heap_first(&world->timed);
    if (stack != NULL)
        earlier(DUE_STACK, stack->at, &due, &first);
    if (flight != NULL)
        earlier(DUE_FLIGHT, flight->at, &due, &first);
    if (world->user->deadline != NULL)
        earlier(DUE_USER, world->user->deadline(world->user->ctx), &due, &first);
    *out = first;
    return due;
}

void world_schedule(struct world *world, struct party *party)
{
    struct moment at = party_deadline(party);
    if (at.at_us == NEVER)
        heap_stop(&world->stacks, &party->node);
    else if (heap_set(&world->stacks, &party->node, at) != ERR_OK)
        world_break(world, "out of memory");
}

void world_drop_doomed(struct world *world)
{
    while (world->doomed_count > 0)
        sip_stack_destroy(world->doomed[--world->doomed_count]);
}
