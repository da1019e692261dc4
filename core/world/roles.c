#include "core/world/inside.h"

void party_tell(struct world *world, struct party *party, const struct tell *tell)
{
    const struct role *taker = role_tell(party->roles, party->stack, world->now_us, tell);
    struct tell note = *tell;
    if (taker != NULL && (!taker->noted || tell->what != SIP_TELL_REQUEST))
        return;
    if (taker != NULL)
        note.what = SIP_TELL_ANSWERED;
    world->user->tell(world->user->ctx, party->number, &note);
}

/* Whose timer is the first; NULL: the stack's, or the flows'. */
static struct role *first_due(const struct party *party, struct moment *out_at, bool *out_flows)
{
    struct role *first = NULL;
    struct moment flows = party->flows == NULL ? moment_never : flows_deadline(party->flows);
    *out_at = party->stack == NULL ? moment_never : sip_stack_deadline(party->stack);
    *out_flows = moment_before(flows, *out_at);
    if (*out_flows)
        *out_at = flows;
    for (struct role *role = party->roles; role != NULL; role = role->next) {
        struct moment at = role->ops->deadline(role);
        if (!moment_before(at, *out_at))
            continue;
        *out_at = at;
        *out_flows = false;
        first = role;
    }
    return first;
}

struct moment party_deadline(const struct party *party)
{
    struct moment at;
    bool flows;
    first_due(party, &at, &flows);
    return at;
}

void party_expire(struct world *world, struct party *party)
{
    struct moment at;
    bool flows;
    struct role *role = first_due(party, &at, &flows);
    if (flows) {
        flows_expire(party->flows, world->now_us);
        streams_pump(world, party);
        return;
    }
    if (role != NULL) {
        role->ops->expire(role, party->stack, world->now_us);
        return;
    }
    sip_stack_expire(party->stack, world->now_us);
    enum err err = sip_stack_failure(party->stack);
    if (err != ERR_OK)
        world_break(world, err == ERR_LIMIT ? "a stack reached its limit" : "out of memory");
}

void party_flow_lost(struct party *party, enum proto proto, struct handle link,
                     const struct addr *remote)
{
    for (struct role *role = party->roles; role != NULL; role = role->next)
        if (role->ops->flow_lost != NULL)
            role->ops->flow_lost(role, proto, link, remote);
}

void party_drop_roles(struct party *party)
{
    while (party->roles != NULL) {
        struct role *role = party->roles;
        party->roles = role->next;
        role->ops->destroy(role);
    }
}

enum err world_role_add(struct world *world, uint32_t number, struct role *role)
{
    struct party *party = world_party(world, number);
    if (party == NULL || party->stack == NULL)
        return ERR_STATE;
    struct role **last = &party->roles;
    while (*last != NULL)
        last = &(*last)->next;
    *last = role;
    role->next = NULL;
    world_touch(world, number);
    return ERR_OK;
}
