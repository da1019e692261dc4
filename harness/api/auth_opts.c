#include "harness/api/auth_opts.h"

#include "harness/api/kinds.h"

static void account_read(lua_State *L, int index, struct view user, struct sip_account *out)
{
    static const char *const names[] = {"user", "password", "realm", NULL};
    struct opts opts = opts_open(L, index, "auth", names, NULL);

    *out = (struct sip_account){.user = user};
    opts_view(&opts, "user", &out->user);
    opts_view(&opts, "realm", &out->realm);
    if (!opts_view(&opts, "password", &out->password))
        scene_misuse(L, "auth wants a password: auth = { user = \"bob\", password = \"pw\" }");
}

size_t accounts_read(const struct opts *opts, struct view user, struct sip_account *out)
{
    lua_State *L = opts->L;
    size_t count;

    if (!opts_push(opts, "auth"))
        return 0;
    if (lua_isboolean(L, -1)) {
        lua_pop(L, 1);
        return 0;
    }
    int table = lua_gettop(L);
    if (!lua_istable(L, table))
        opts_wrong(opts, "auth",
                   "an account, { user =, password =, realm = }, a list of such, or "
                   "false");
    count = lua_rawlen(L, table);
    if (count > ACCOUNTS_MAX)
        scene_misuse(L, "auth has %d accounts at most", ACCOUNTS_MAX);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, table, (lua_Integer)i + 1);
        account_read(L, lua_gettop(L), user, &out[i]);
        lua_pop(L, 1);
    }
    if (count == 0)
        account_read(L, table, user, &out[count++]);
    lua_pop(L, 1);
    return count;
}

void auth_read(const struct opts *opts, struct agent *agent, struct sip_request_options *out)
{
    struct sip_account accounts[ACCOUNTS_MAX];
    bool on = true;

    if (!opts_push(opts, "auth"))
        return;
    if (lua_isboolean(opts->L, -1))
        on = lua_toboolean(opts->L, -1);
    lua_pop(opts->L, 1);
    out->again = on ? out->again | SIP_AGAIN_AUTH : out->again & ~(uint32_t)SIP_AGAIN_AUTH;
    size_t count = accounts_read(opts, agent->party.name, accounts);
    if (count > 1)
        scene_misuse(opts->L, "a request has one account of its own; give the agent several");
    struct sip_stack *stack = agent_stack(agent);
    if (count == 1 && stack != NULL &&
        sip_account_add(stack, &accounts[0], &out->account) != ERR_OK)
        luaL_error(opts->L, "not enough memory");
}
