/* The proxy, RFC 3261 §16, stateful or stateless, and the redirect server, §8.3: what they have in
 * common is how they find where a request is to go. For parties whose stack forwards
 * (sip_stack_options.forwards).
 *
 *     enum err err = proxy_create(&options, &proxy);
 *     if (err == ERR_OK)
 *         err = world_role_add(world, party, proxy);
 */
#pragma once
#include "core/auth/verify.h"
#include "core/role/role.h"

enum proxy_mode { PROXY_STATEFUL, PROXY_STATELESS, PROXY_REDIRECT };
enum proxy_fork {
    PROXY_PARALLEL, /* all targets at once */
    PROXY_SERIAL,   /* one after another, by q */
    PROXY_BY_Q      /* those of one q at once, one q after another */
};

struct proxy_target {
    struct view uri;
    uint32_t q_permille;
};

struct proxy_route {     /* what the location service does not know */
    struct view address; /* "bob" in any of its domains, "bob@example.com", or "@example.org": all
                            of that domain, which is then not ours, by way of the targets */
    const struct proxy_target *targets;
    size_t target_count; /* 0: the user exists and is nowhere */
};

struct location;
struct proxy_options { /* texts are copied */
    enum proxy_mode mode;
    enum proxy_fork fork;
    const struct view *domains; /* that it is responsible for, beside its own addresses */
    size_t domain_count;
    const struct proxy_route *routes;
    size_t route_count;
    struct location *location; /* it takes a reference of its own; NULL: none */
    struct view registrar;     /* URI of who takes REGISTER for its domains; absent: nobody */
    const struct verifier_options *auth; /* asks for credentials with 407; NULL: nobody's */
    bool record_route;
    bool path;            /* stays on the way to whoever registers through it: RFC 3327 */
    bool recurse;         /* tries the contacts of a 3xx itself */
    struct order *order;  /* the world's */
    uint64_t timer_c_us;  /* 0: 181 s, for it has to be more than three minutes */
    uint32_t max_breadth; /* most branches that a request may have: RFC 5393 §5.3.3; 0: 60 */
    uint32_t mutants;     /* enum sip_mutant */
};

enum err proxy_create(const struct proxy_options *options, struct role **out) NODISCARD;
