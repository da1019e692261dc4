#include "harness/api/test_api.h"

#include "harness/api/auth_opts.h"
#include "harness/api/kinds.h"
#include "harness/api/registrar_api.h"
#include "harness/api/target_view.h"

static void name_check(lua_State *L, struct view name)
{
    const char *wrong = party_name_wrong(agents_of_lua(L), name);

    if (wrong != NULL)
        scene_misuse(L, "the name \"%.*s\" cannot be: %s", VIEW_ARG(name), wrong);
}

/* "127.0.0.1:5060", or "port 5060" where the network gives the address. */
static struct view place_text(const struct addr *addr, char *room, size_t size)
{
    if (addr->family != 0)
        return addr_text(addr, room);
    int len = snprintf(room, size, "port %u", addr->port);
    return (struct view){room, (size_t)len};
}

static const char *create_why(enum err err, bool real)
{
    if (err == ERR_CONFLICT)
        return real ? "it is in use; leave the port out, or add --jobs 1"
                    : "it is in use; leave the port out";
    if (err == ERR_ABSENT)
        return "there is no such address here; leave it out";
    return err == ERR_SYNTAX ? "in tls.cert, a name or a usage is none" : err_text(err);
}

static void create_failed(lua_State *L, const struct party_options *party, enum err err)
{
    bool real = scene_of(L)->clock.real;
    bool refused = err == ERR_CONFLICT || err == ERR_ABSENT || err == ERR_IO;
    char room[ADDR_TEXT_MAX], sentence[200];
    struct view where = place_text(&party->address, room, sizeof room);

    snprintf(sentence, sizeof sentence, "%.*s cannot be set up%s%.*s: %s", VIEW_ARG(party->name),
             refused ? " at " : "", (int)(refused ? where.len : 0), where.ptr,
             create_why(err, real));
    scene_fail(L, &(struct failure){.verdict = VERDICT_ERROR,
                                    .sentence = view_of(sentence),
                                    .environment = refused && real});
}

struct agent *agent_make(const struct opts *opts, struct view name, struct agent_options options)
{
    lua_State *L = opts->L;
    struct view codecs[AGENT_CODECS_MAX];
    struct sip_account accounts[ACCOUNTS_MAX];
    struct agent *agent;

    name_check(L, name);
    agent_opts_read(opts, &options, codecs);
    options.accounts = accounts;
    options.account_count = target_account_read(opts, &options.party, accounts)
                                ? 1
                                : accounts_read(opts, name, accounts);
    options.party.name = name;
    target_bind(scene_of(L), &options.party);
    struct automatic automatic = {0};
    if (opts_push(opts, "auto"))
        automatic_read(L, lua_gettop(L), &automatic);
    enum err err = agent_create(agents_of_lua(L), &options, &agent);
    if (err != ERR_OK)
        create_failed(L, &options.party, err);
    agent->automatic = automatic;
    return agent;
}

static int agent_begin(lua_State *L, struct view name, int opts_index)
{
    struct opts opts = opts_open(L, opts_index, "agent", agent_names, NULL);

    return agent_push(L, agent_make(&opts, name, (struct agent_options){0}));
}

int t_registrar(lua_State *L)
{
    lua_settop(L, 3);
    struct view name = arg_view(L, 2, "a registrar's name");
    struct opts opts = opts_open(L, 3, "registrar", agent_names, registrar_names);
    struct registrar_record *record = registrar_opts_read(&opts);
    struct agent *agent = agent_make(
        &opts, name,
        (struct agent_options){.allow = V("REGISTER, OPTIONS"), .supported = V("path, outbound")});
    enum err err = agent_role_add(agent, registrar_make, record);
    if (err != ERR_OK)
        create_failed(L, &(struct party_options){.name = name}, err);
    return agent_push(L, agent);
}

int t_agent(lua_State *L)
{
    lua_settop(L, 3);
    return agent_begin(L, arg_view(L, 2, "an agent's name"), 3);
}

/* t:agents(n1, n2, …, opts) */
int t_agents(lua_State *L)
{
    int last = lua_gettop(L);
    int opts_index = lua_istable(L, last) ? last-- : last + 1;

    if (last < 2)
        return scene_misuse(L, "t:agents wants names: t:agents(\"alice\", \"bob\")");
    lua_settop(L, last + 1);
    luaL_checkstack(L, last * 4 + 32, "agents");
    for (int i = 2; i <= last; i++) {
        int top = lua_gettop(L);
        agent_begin(L, arg_view(L, i, "an agent's name"), opts_index);
        lua_insert(L, top + 1);
        lua_settop(L, top + 1);
    }
    return last - 1;
}

int t_wire(lua_State *L)
{
    struct party_options options = {0};
    struct wire *wire;

    lua_settop(L, 3);
    struct view name = arg_view(L, 2, "a wire's name");
    struct opts opts = opts_open(L, 3, "wire", wire_names, NULL);
    name_check(L, name);
    party_opts_read(&opts, &options);
    options.name = name;
    target_bind(scene_of(L), &options);
    enum err err = wire_create(agents_of_lua(L), &options, &wire);
    if (err != ERR_OK)
        create_failed(L, &options, err);
    return party_push(L, &wire->party);
}
