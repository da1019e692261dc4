#include "harness/agent/roles.h"

#include "harness/agent/agents.h"

static enum err begin(struct agent *agent, struct agent_role *record)
{
    struct world *world = agent->party.agents->scene->world;
    struct role *role;
    enum err err = record->make(agent, record->options, &role);

    if (err != ERR_OK)
        return err;
    err = world_role_add(world, agent->party.number, role);
    if (err != ERR_OK)
        role->ops->destroy(role);
    else
        record->role = role;
    return err;
}

enum err agent_role_add(struct agent *agent, role_maker *make, const void *options)
{
    struct agent_role *record = arena_zalloc(&agent->party.agents->arena, sizeof *record);
    struct agent_role **last = &agent->roles;

    if (record == NULL)
        return ERR_MEMORY;
    record->make = make;
    record->options = options;
    while (*last != NULL)
        last = &(*last)->next;
    *last = record;
    return begin(agent, record);
}

static struct agent_role *find(const struct agent *agent, role_maker *make)
{
    struct agent_role *record = agent->roles;

    while (record != NULL && record->make != make)
        record = record->next;
    return record;
}

struct role *agent_role(const struct agent *agent, role_maker *make)
{
    const struct agent_role *record = find(agent, make);

    return record == NULL ? NULL : record->role;
}

bool agent_has_role(const struct agent *agent, role_maker *make)
{
    return find(agent, make) != NULL;
}

void agent_roles_gone(struct agent *agent)
{
    for (struct agent_role *record = agent->roles; record != NULL; record = record->next)
        record->role = NULL;
}

enum err agent_roles_restore(struct agent *agent)
{
    enum err err = ERR_OK;

    for (struct agent_role *record = agent->roles; record != NULL && err == ERR_OK;
         record = record->next)
        err = begin(agent, record);
    return err;
}

/* A realm is best a domain, RFC 3261 §22.1; without one it is the host that it is at. */
static struct view realm_of(const struct agent *agent, struct view given, struct view domain,
                            char *room)
{
    struct addr host = agent->party.local;

    host.port = 0;
    return given.ptr != NULL ? given : domain.ptr != NULL ? domain : addr_text(&host, room);
}

/* Who shares its location goes on with the same one, which is empty after a restart. */
enum err registrar_make(struct agent *agent, const void *given, struct role **out)
{
    const struct registrar_record *record = given;
    struct registrar_options options = record->options;
    struct verifier_options auth = record->auth;
    char room[ADDR_TEXT_MAX];

    if (agent->location == NULL) {
        struct location_options location = {.secret = rng_at(agent->stack.ids, V("gruus"), 0)};
        enum err err = location_create(&location, &agent->location);
        if (err != ERR_OK)
            return err;
    }
    location_clear(agent->location);
    auth.realm = realm_of(agent, auth.realm, options.domain, room);
    auth.rng = rng_stream(agent->stack.ids, V("nonces"));
    options.location = agent->location;
    options.epoch_s = agent->party.agents->scene->epoch_s;
    options.auth = record->has_users ? &auth : NULL;
    return registrar_create(&options, out);
}

enum err proxy_make(struct agent *agent, const void *given, struct role **out)
{
    const struct proxy_record *record = given;
    struct proxy_options options = record->options;
    struct verifier_options auth = record->auth;
    struct view domain = options.domain_count > 0 ? options.domains[0] : (struct view){0};
    char room[ADDR_TEXT_MAX];

    auth.realm = realm_of(agent, auth.realm, domain, room);
    auth.rng = rng_stream(agent->stack.ids, V("proxy nonces"));
    options.auth = record->has_users ? &auth : NULL;
    options.location = record->registrar == NULL ? NULL : record->registrar->location;
    options.order = world_order(agent->party.agents->scene->world);
    options.mutants = agent->stack.mutants;
    options.timer_c_us = agent->stack.timers.c_us;
    return proxy_create(&options, out);
}

struct view registrar_domain(const struct agent *agent)
{
    const struct agent_role *record = find(agent, registrar_make);
    const struct registrar_record *registrar = record == NULL ? NULL : record->options;

    return registrar == NULL ? (struct view){0} : registrar->options.domain;
}
