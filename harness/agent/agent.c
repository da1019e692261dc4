#include "harness/agent/agents.h"
#include "harness/agent/roles.h"
#include "harness/agent/tidy.h"

#include <string.h>

struct sip_stack *agent_stack(const struct agent *agent)
{
    if (!agent->party.up)
        return NULL;
    return world_stack(agent->party.agents->scene->world, agent->party.number);
}

bool agent_routed(const struct agent *agent)
{
    const struct sip_stack *stack = agent_stack(agent);

    return agent->stack.outbound.ptr != NULL || (stack != NULL && sip_stack_routed(stack));
}

void agent_touch(const struct agent *agent)
{
    world_touch(agent->party.agents->scene->world, agent->party.number);
}

/* A restarted agent draws from another stream: else its branches and tags would come again. */
static struct rng ids_of(const struct agent *agent)
{
    struct rng ids = rng_stream(agent->party.agents->scene->rng, V("ids"));

    ids = rng_stream(ids, agent->party.name);
    return (struct rng){rng_at(ids, V("life"), agent->lives)};
}

static enum err identity_make(struct agent *agent, const struct agent_options *options)
{
    struct buf buf = {0};

    if (options->display.ptr != NULL) {
        buf_add_char(&buf, '"');
        for (size_t i = 0; i < options->display.len; i++) {
            char c = options->display.ptr[i];
            if (c == '"' || c == '\\')
                buf_add_char(&buf, '\\');
            buf_add_char(&buf, c);
        }
        buf_add(&buf, V("\" "));
    }
    buf_add_char(&buf, '<');
    buf_add(&buf, agent->party.uri);
    buf_add_char(&buf, '>');
    struct view text = {0};
    if (buf.failed == ERR_OK)
        text = arena_copy(&agent->party.agents->arena, buf_view(&buf));
    buf_deinit(&buf);
    agent->stack.identity = text;
    return text.ptr == NULL ? ERR_MEMORY : ERR_OK;
}

static enum err codecs_copy(struct agent *agent, const struct agent_options *options)
{
    static const struct view usual[] = {
        {"PCMU",            4 },
        {"PCMA",            4 },
        {"telephone-event", 15}
    };
    const struct view *from = options->codec_count > 0 ? options->codecs : usual;
    size_t count = options->codec_count > 0 ? options->codec_count : 3;

    if (count > AGENT_CODECS_MAX)
        return ERR_LIMIT;
    for (size_t i = 0; i < count; i++) {
        agent->codecs[i] = arena_copy(&agent->party.agents->arena, from[i]);
        if (agent->codecs[i].ptr == NULL)
            return ERR_MEMORY;
    }
    agent->codec_count = count;
    return ERR_OK;
}

/* For as long as it can be restarted. */
static enum err accounts_copy(struct agent *agent, const struct agent_options *options)
{
    struct arena *arena = &agent->party.agents->arena;
    size_t count = options->account_count;
    struct sip_account *accounts = arena_alloc(arena, count * sizeof *accounts);

    for (size_t i = 0; accounts != NULL && i < count; i++) {
        const struct sip_account *from = &options->accounts[i];
        accounts[i] = (struct sip_account){arena_copy(arena, from->user),
                                           arena_copy(arena, from->password), from->realm};
        if (from->realm.ptr != NULL)
            accounts[i].realm = arena_copy(arena, from->realm);
        if (accounts[i].user.ptr == NULL || accounts[i].password.ptr == NULL ||
            (accounts[i].realm.ptr == NULL) != (from->realm.ptr == NULL))
            return ERR_MEMORY;
    }
    agent->stack.accounts = accounts;
    agent->stack.account_count = count;
    if (count > 0)
        agent->stack.again |= SIP_AGAIN_AUTH;
    return accounts == NULL ? ERR_MEMORY : ERR_OK;
}

static enum err agent_open(struct agent *agent, const struct agent_options *options)
{
    struct scene *scene = agent->party.agents->scene;
    struct party *party = &agent->party;
    enum err err = codecs_copy(agent, options);

    if (err != ERR_OK)
        return err;
    party->name = arena_copy(&party->agents->arena, options->party.name);
    if (party->name.ptr == NULL)
        return ERR_MEMORY;
    agent->stack = (struct sip_stack_options){.name = party->name,
                                              .timers = options->timers,
                                              .manual = options->manual,
                                              .mutants = options->mutants,
                                              .again = options->again,
                                              .refresh = options->refresh,
                                              .strict = options->strict,
                                              .alias = options->party.security.alias,
                                              .plain = options->party.plain,
                                              .events = options->events,
                                              .info_packages = options->info_packages,
                                              .allow = options->allow,
                                              .supported = options->supported,
                                              .forwards = options->forwards};
    if (options->outbound.ptr != NULL) {
        agent->stack.outbound = arena_copy(&party->agents->arena, options->outbound);
        if (agent->stack.outbound.ptr == NULL)
            return ERR_MEMORY;
    }
    agent->stack.ids = ids_of(agent);
    if ((err = accounts_copy(agent, options)) != ERR_OK)
        return err;
    if ((err = world_party_add(scene->world, party->name, &agent->stack, &party->number)) != ERR_OK)
        return err;
    if ((err = agents_party_add(party->agents, party)) != ERR_OK)
        return err;
    if ((err = party_open(party, &options->party)) != ERR_OK)
        return err;
    if (options->display.ptr == NULL && options->party.uri.ptr == NULL)
        return ERR_OK;
    /* Its identity is known only now that it is bound: the stack, not used so far, begins anew. */
    if ((err = identity_make(agent, options)) != ERR_OK)
        return err;
    return world_restart(scene->world, party->number, &agent->stack);
}

enum err agent_create(struct agents *agents, const struct agent_options *options,
                      struct agent **out)
{
    struct agent *agent = mem_zalloc(sizeof *agent);

    if (agent == NULL)
        return ERR_MEMORY;
    agent->party.kind = PARTY_AGENT;
    agent->named = options->party.uri.ptr != NULL;
    agent->party.agents = agents;
    agent->lives = 1;
    enum err err = table_add(&agents->agents, agent, &agent->party.handle);
    if (err != ERR_OK) {
        mem_free(agent);
        return err;
    }
    err = agent_open(agent, options); /* from here on it is the table's, even if it failed */
    if (err == ERR_OK)
        *out = agent;
    return err;
}

void agent_destroy(struct agent *agent)
{
    if (agent == NULL)
        return;
    map_deinit(&agent->calls);
    map_deinit(&agent->subscriptions);
    map_deinit(&agent->publications);
    map_deinit(&agent->requests);
    map_deinit(&agent->transactions);
    map_deinit(&agent->registrations);
    location_unref(agent->location);
    mem_free(agent);
}

/* Another stack gives the same handles once more: those of before must not mean its objects. */
static const struct handle of_no_stack = {UINT32_MAX, UINT32_MAX};

static void forget_stack(struct agent *agent)
{
    struct agents *agents = agent->party.agents;
    struct call *call;
    struct request *request;
    struct transaction *tx;
    struct subscription *sub;
    struct publication *pub;

    for (uint32_t at = 0; (sub = table_next(&agents->subscriptions, &at, NULL)) != NULL;)
        if (sub->agent == agent) {
            subscription_lost(sub);
            sub->stack = of_no_stack;
        }
    for (uint32_t at = 0; (pub = table_next(&agents->publications, &at, NULL)) != NULL;)
        if (pub->agent == agent) {
            publication_lost(pub);
            pub->stack = of_no_stack;
        }
    map_clear(&agent->subscriptions);
    map_clear(&agent->publications);
    map_clear(&agent->calls);
    map_clear(&agent->requests);
    map_clear(&agent->transactions);
    memset(agent->media_ports, 0, sizeof agent->media_ports);
    registrations_lost(agent);
    for (uint32_t at = 0; (call = table_next(&agents->calls, &at, NULL)) != NULL;)
        if (call->agent == agent) {
            if (call->state != SIP_CALL_TERMINATED)
                call_moved(call, SIP_CALL_TERMINATED, 0);
            call->stack = of_no_stack;
        }
    for (uint32_t at = 0; (request = table_next(&agents->requests, &at, NULL)) != NULL;)
        if (request->agent == agent) {
            request->done = true;
            request->stack = of_no_stack;
        }
    for (uint32_t at = 0; (tx = table_next(&agents->transactions, &at, NULL)) != NULL;)
        if (tx->agent == agent) {
            tx->done = tx->cancelled = true; /* nobody can answer it any more */
            tx->stack = of_no_stack;
        }
}

static void down(struct agent *agent, void (*leave)(struct world *, uint32_t))
{
    forget_stack(agent);
    agent->party.up = false;
    agent_roles_gone(agent);
    leave(agent->party.agents->scene->world, agent->party.number);
}

void agent_crash(struct agent *agent)
{
    down(agent, world_crash);
}

void agent_stop(struct agent *agent)
{
    struct agents *agents = agent->party.agents;
    struct call *call;

    agent->stopping = true;
    for (uint32_t at = 0; (call = table_next(&agents->calls, &at, NULL)) != NULL;)
        if (call->agent == agent)
            call_tidy(call);
    registrations_tidy(agents, agent);
    agent_stopped(agent);
}

void agent_stopped(struct agent *agent)
{
    struct agents *agents = agent->party.agents;
    struct request *request;
    struct call *call;

    if (!agent->stopping || !agent->party.up)
        return;
    for (uint32_t at = 0; (request = table_next(&agents->requests, &at, NULL)) != NULL;)
        if (request->agent == agent && request->status == 0 && !request->done)
            return;
    for (uint32_t at = 0; (call = table_next(&agents->calls, &at, NULL)) != NULL;)
        if (call->agent == agent && call->state != SIP_CALL_TERMINATED)
            return;
    if (registrations_tidy(agents, agent) != NULL)
        return;
    down(agent, world_stop);
}

enum err agent_restart(struct agent *agent)
{
    agent->lives++;
    agent->stopping = false;
    agent->stack.ids = ids_of(agent);
    forget_stack(agent);
    agent_roles_gone(agent);
    enum err err =
        world_restart(agent->party.agents->scene->world, agent->party.number, &agent->stack);
    agent->party.up = err == ERR_OK;
    if (err == ERR_OK)
        err = agent_roles_restore(agent);
    return err;
}
