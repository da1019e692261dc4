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

/* RFC 8760 §2.3: the better one first. */
static const struct verifier_options asks = {
    .users = users,
    .user_count = sizeof users / sizeof *users,
    .choices = {{.algorithm = SIP_DIGEST_SHA_256}, {.algorithm = SIP_DIGEST_MD5}},
    .choice_count = 2,
    .auth = true,
    .nonce_life_us = NONCE_LIFE_US
};

/* Its domain is the host that it is at. Without digest anybody may register there. */
static enum err registrar_add(struct agent *agent, bool digest)
{
    struct arena *arena = &agent->party.agents->arena;
    struct registrar_record *record;
    struct addr host = agent->party.local;
    char room[ADDR_TEXT_MAX];

    if (agent_has_role(agent, registrar_make))
        return ERR_OK;
    record = arena_zalloc(arena, sizeof *record);
    if (record == NULL)
        return ERR_MEMORY;
    host.port = 0;
    record->options.domain = arena_copy(arena, addr_text(&host, room));
    record->has_users = digest;
    record->auth = asks;
    return record->options.domain.ptr == NULL ? ERR_MEMORY
                                              : agent_role_add(agent, registrar_make, record);
}

/* It finds whom its own registrar knows, those of the highest q first. Asking for digest, it asks
 * who calls, too. */
static enum err proxy_add_as(struct agent *agent, bool digest, enum proxy_mode mode)
{
    struct proxy_record *record = arena_zalloc(&agent->party.agents->arena, sizeof *record);
    enum err err = record == NULL ? ERR_MEMORY : registrar_add(agent, digest);

    if (err != ERR_OK)
        return err;
    record->options.mode = mode;
    record->options.fork = PROXY_BY_Q;
    record->options.record_route = true;
    record->has_users = digest;
    record->auth = asks;
    record->registrar = agent;
    return agent_role_add(agent, proxy_make, record);
}

static enum err proxy_add(struct agent *agent, bool digest)
{
    return proxy_add_as(agent, digest, PROXY_STATEFUL);
}

static enum err stateless_add(struct agent *agent, bool digest)
{
    return proxy_add_as(agent, digest, PROXY_STATELESS);
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
    {"registrar", SIP_FORWARDS_NOT,       registrar_add},
    {"proxy",     SIP_FORWARDS_STATEFUL,  proxy_add    },
    {"stateless", SIP_FORWARDS_STATELESS, stateless_add},
    {"redirect",  SIP_FORWARDS_STATEFUL,  redirect_add },
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
