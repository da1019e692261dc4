/* A role is what a party does by itself on top of its stack: a registrar, a proxy, a redirect
 * server. The loop shows it what the stack tells before the user hears of it; it answers by
 * commands of core/stack/stack.h. Like the stack it does no I/O and calls nobody back.
 *
 *     if (role_tell(roles, stack, now_us, &tell) == NULL)
 *         user->tell(ctx, party, &tell);
 */
#pragma once
#include "core/stack/stack.h"

struct role;
struct role_ops {
    bool (*tell)(struct role *, struct sip_stack *, uint64_t now_us, const struct tell *);
    struct moment (*deadline)(const struct role *);                     /* moment_never: none */
    void (*expire)(struct role *, struct sip_stack *, uint64_t now_us); /* the first timer due */
    /* A connection of its party has ended, or no datagram gets there (then there is no link). NULL:
     * it counts on none. */
    void (*flow_lost)(struct role *, enum proto, struct handle link, const struct addr *remote);
    void (*destroy)(struct role *);
};
struct role { /* the first member of each role's own struct */
    const struct role_ops *ops;
    struct role *next; /* of the same party: asked when this one let the telling pass */
    bool noted;        /* a request that it takes is shown to the user, as one that is answered */
};

/* The role that it was for, so that the user does not hear of it; NULL: it is the user's. */
static inline struct role *role_tell(struct role *role, struct sip_stack *stack, uint64_t now_us,
                                     const struct tell *tell)
{
    while (role != NULL && !role->ops->tell(role, stack, now_us, tell))
        role = role->next;
    return role;
}
