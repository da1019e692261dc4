/* What an agent does by itself on top of its stack (core/role), and what it takes to make that anew
 * when the agent is restarted.
 *
 *     enum err err = agent_role_add(agent, registrar_make, options);
 *     struct role *registrar = agent_role(agent, registrar_make);
 */
#pragma once
#include "harness/agent/agent.h"

/* Makes the role of a stack that has just begun. options: what agent_role_add was given. */
typedef enum err role_maker(struct agent *agent, const void *options, struct role **out);

struct agent_role {
    struct agent_role *next;
    role_maker *make;
    const void *options; /* lives until the scenario's end */
    struct role *role;   /* the world's; NULL: the agent is down */
};

enum err agent_role_add(struct agent *agent, role_maker *make, const void *options) NODISCARD;
struct role *agent_role(const struct agent *agent, role_maker *make); /* NULL: none, or down */
bool agent_has_role(const struct agent *agent, role_maker *make);
void agent_roles_gone(struct agent *agent);                  /* with its stack */
enum err agent_roles_restore(struct agent *agent) NODISCARD; /* it has a stack again */

struct registrar_record { /* all in the arena of the agents */
    struct registrar_options options;
    struct verifier_options auth;
    bool has_users;
};
struct proxy_record { /* likewise */
    struct proxy_options options;
    struct verifier_options auth;
    bool has_users;
    const struct agent *registrar; /* whose location it shares; NULL: none */
};
extern role_maker proxy_make; /* options: a struct proxy_record */
/* The domain of a registrar; absent: it has none, or is no registrar. */
struct view registrar_domain(const struct agent *agent);
extern role_maker registrar_make; /* options: a struct registrar_record */
