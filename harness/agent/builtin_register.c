#include "harness/agent/builtin_register.h"

#include "harness/agent/agents.h"
#include "harness/agent/roles.h"

enum { REGISTERED_S = 3600 };

/* The scenario's registrar that was made last. */
static const struct agent *registrar_of(const struct agent *agent)
{
    struct agent *other, *found = NULL;

    for (uint32_t at = 0; (other = table_next(&agent->party.agents->agents, &at, NULL)) != NULL;)
        if (other != agent && agent_has_role(other, registrar_make))
            found = other;
    return found;
}

/* By what it speaks first, where that is listened to; NULL: they have nothing in common. */
static const struct party_bind *place_of(const struct party *party, enum proto first)
{
    static const enum proto others[] = {PROTO_UDP, PROTO_TCP};
    const struct party_bind *bind = party_bind_of(party, first);

    for (size_t i = 0; bind == NULL && i < sizeof others / sizeof *others; i++)
        bind = party_bind_of(party, others[i]);
    return bind;
}

/* RFC 3261 §10.2: no user in the Request-URI; the address of record is its name there. */
static enum err register_at(struct agent *agent, const struct agent *registrar, const char *room)
{
    struct view domain = registrar_domain(registrar);
    const struct party_bind *bind = place_of(&registrar->party, agent->party.proto);
    struct sip_register_options options = {.expires_s = REGISTERED_S};
    struct registration *registration;
    struct buf uri = {0}, to = {0};

    if (bind == NULL)
        return ERR_ABSENT;
    domain = domain.ptr != NULL ? domain : view_of(room);
    buf_printf(&uri, "sip:%.*s", VIEW_ARG(domain));
    buf_printf(&to, "<sip:%.*s@%.*s>", VIEW_ARG(agent->party.name), VIEW_ARG(domain));
    options.request.uri = buf_view(&uri);
    options.request.to = buf_view(&to);
    options.request.remote = bind->local;
    options.request.proto = bind->proto;
    options.request.again = agent->stack.again;
    enum err err = uri.failed != ERR_OK ? uri.failed : to.failed;
    if (err == ERR_OK)
        err = registration_begin(agent, &options, &registration);
    buf_deinit(&uri);
    buf_deinit(&to);
    return err;
}

enum err builtin_register(struct agent *agent, struct call *none, const struct builtin_aim *aim)
{
    const struct agent *registrar = registrar_of(agent);
    char room[ADDR_TEXT_MAX];

    (void)none;
    (void)aim;
    if (registrar == NULL)
        return ERR_ABSENT;
    addr_text(&registrar->party.local, room);
    return register_at(agent, registrar, room);
}

/* What it has registered last. */
enum err builtin_unregister(struct agent *agent, struct call *none, const struct builtin_aim *aim)
{
    struct table *table = &agent->party.agents->registrations;
    struct registration *registration, *found = NULL;
    struct request *request;

    (void)none;
    (void)aim;
    for (uint32_t at = 0; (registration = table_next(table, &at, NULL)) != NULL;)
        if (registration->agent == agent && registration->state == SIP_REG_REGISTERED &&
            (found == NULL || registration->number > found->number))
            found = registration;
    return found == NULL ? ERR_ABSENT : registration_again(found, 0, &request);
}
