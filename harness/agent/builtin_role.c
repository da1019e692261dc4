#include "harness/agent/builtin_role.h"

#include "harness/agent/agents.h"
#include "harness/agent/roles.h"

enum { NONCE_LIFE_US = 2000000 };

/* Whom a registrar that asks for digest knows: everybody's password is his name. */
static const struct sip_user users[] = {
    {{"alice", 5}, {"alice", 5}},
    {{"bob", 3},   {"bob", 3}  },
    {{"carol", 5}, {"carol", 5}},
};

/* Without digest anybody may register with it. */
static enum err registrar_add(struct agent *agent, bool digest)
{
    struct registrar_record *record;

    if (agent_has_role(agent, registrar_make))
        return ERR_OK;
    record = arena_zalloc(&agent->party.agents->arena, sizeof *record);
    if (record == NULL)
        return ERR_MEMORY;
    record->has_users = digest;
    record->auth = (struct verifier_options){.users = users,
                                             .user_count = sizeof users / sizeof *users,
                                             .auth = true,
                                             .nonce_life_us = NONCE_LIFE_US};
    return agent_role_add(agent, registrar_make, record);
}

/* It finds whom its own registrar knows. */
static enum err proxy_add_as(struct agent *agent, bool digest, enum proxy_mode mode)
{
    struct proxy_record *record = arena_zalloc(&agent->party.agents->arena, sizeof *record);
    enum err err = record == NULL ? ERR_MEMORY : registrar_add(agent, digest);

    if (err != ERR_OK)
        return err;
    record->options.mode = mode;
    record->options.record_route = true;
    record->registrar = agent;
    return agent_role_add(agent, proxy_make, record);
}

static enum err proxy_add(struct agent *agent, bool digest)
{
    return proxy_add_as(agent, digest, PROXY_STATEFUL);
}

static enum err redirect_add(struct agent *agent, bool digest)
{
    return proxy_add_as(agent, digest, PROXY_REDIRECT);
}

/* A role joins by a row. */
static const struct {
    const char *name;
    enum sip_forwards forwards;
    enum err (*add)(struct agent *agent, bool digest);
} rows[] = {
    {"registrar", SIP_FORWARDS_NOT,      registrar_add},
    {"proxy",     SIP_FORWARDS_STATEFUL, proxy_add    },
    {"redirect",  SIP_FORWARDS_STATEFUL, redirect_add },
};
enum { ROW_COUNT = sizeof rows / sizeof *rows };

static size_t row_of(struct view name)
{
    size_t i = 0;

    while (i < ROW_COUNT && !view_equal(name, view_of(rows[i].name)))
        i++;
    return i;
}

bool builtin_role_known(struct view name)
{
    return row_of(name) < ROW_COUNT;
}

void builtin_roles_options(const struct view *needs, size_t need_count, struct agent_options *out)
{
    for (size_t i = 0; i < need_count; i++) {
        size_t row = row_of(needs[i]);
        if (row == ROW_COUNT)
            continue;
        if (rows[row].forwards != SIP_FORWARDS_NOT)
            out->forwards = rows[row].forwards;
        out->allow = V("INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE, INFO, REGISTER");
        out->supported = V("path, outbound");
    }
}

static bool has_digest(const struct view *needs, size_t need_count)
{
    size_t i = 0;

    while (i < need_count && !view_equal(needs[i], V("digest")))
        i++;
    return i < need_count;
}

enum err builtin_roles_add(struct agent *agent, const struct view *needs, size_t need_count)
{
    bool digest = has_digest(needs, need_count);
    enum err err = ERR_OK;

    for (size_t i = 0; i < need_count && err == ERR_OK; i++) {
        size_t row = row_of(needs[i]);
        if (row < ROW_COUNT)
            err = rows[row].add(agent, digest);
    }
    return err;
}
