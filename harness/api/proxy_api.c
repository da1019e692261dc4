#include "harness/api/proxy_api.h"

#include "harness/api/kinds.h"
#include "harness/api/proxy_opts.h"
#include "harness/api/registrar_api.h"
#include "harness/api/test_api.h"

/* registrar = true: it is the registrar of its domain itself. */
static enum err registrar_add(const struct opts *opts, struct agent *agent,
                              struct proxy_record *record)
{
    bool itself = false;

    if (!opts_push(opts, "registrar"))
        return ERR_OK;
    itself = lua_isboolean(opts->L, -1) && lua_toboolean(opts->L, -1);
    lua_pop(opts->L, 1);
    if (!itself)
        return ERR_OK;
    record->registrar = agent;
    return agent_role_add(agent, registrar_make, registrar_opts_read(opts));
}

static int begin(lua_State *L, const char *whose, const char *const *names, enum proxy_mode mode)
{
    lua_settop(L, 3);
    struct view name = arg_view(L, 2, "a name");
    struct opts opts = opts_open(L, 3, whose, agent_names, names);
    struct proxy_record *record = proxy_opts_read(&opts, mode);
    enum sip_forwards forwards =
        record->options.mode == PROXY_STATELESS ? SIP_FORWARDS_STATELESS : SIP_FORWARDS_STATEFUL;
    struct agent *agent = agent_make(&opts, name, (struct agent_options){.forwards = forwards});
    enum err err = registrar_add(&opts, agent, record);
    if (err == ERR_OK)
        err = agent_role_add(agent, proxy_make, record);
    if (err != ERR_OK)
        return command_failed(L, &agent->party, whose, err);
    return agent_push(L, agent);
}

int t_proxy(lua_State *L)
{
    return begin(L, "proxy", proxy_names, PROXY_STATEFUL);
}

int t_redirect(lua_State *L)
{
    return begin(L, "redirect", redirect_names, PROXY_REDIRECT);
}
