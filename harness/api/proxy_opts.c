#include "harness/api/proxy_opts.h"

#include "harness/api/keep.h"
#include "harness/api/kinds.h"
#include "harness/api/registrar_api.h"
#include "harness/lua/order.h"

#include <string.h>

enum { TARGETS_MAX = 64 };

const char *const proxy_names[] = {"domain",        "registrar",   "record_route", "fork",
                                   "routes",        "recurse",     "stateless",    "max_breadth",
                                   "users",         "realm",       "algorithm",    "qop",
                                   "nonce_life",    "min_expires", "max_expires",  "expires",
                                   "service_route", "path",        "flow_timer",   NULL};
const char *const redirect_names[] = {"domain", "registrar", "routes", NULL};

static struct view contact_of(lua_State *L, const struct party *party, enum proto proto)
{
    struct buf buf = {0};

    party_uri_write(party, proto, &buf);
    return keep_buf(L, &buf);
}

/* An agent, a wire, a device or a URI on top of the stack. */
static struct view uri_read(const struct opts *opts, const char *name, const enum proto *proto)
{
    lua_State *L = opts->L;
    const struct party *party = party_test(L, -1);
    struct view text = {0};

    if (party != NULL)
        return contact_of(L, party, proto == NULL ? party->proto : *proto);
    if (lua_type(L, -1) == LUA_TSTRING)
        text.ptr = lua_tolstring(L, -1, &text.len);
    if (text.ptr == NULL || view_find_char(text, ':') == text.len)
        scene_misuse(L, "option '%s' of %s wants agents or URIs (\"sip:bob@192.0.2.2\"), not %s",
                     name, opts->whose, handle_type_text(L, -1));
    return keep_text(L, text);
}

/* {desk, q = 0.5}, or desk alone. */
static void target_read(const struct opts *opts, struct proxy_target *out)
{
    lua_State *L = opts->L;

    out->q_permille = 1000;
    if (!lua_istable(L, -1)) {
        out->uri = uri_read(opts, "routes", NULL);
        return;
    }
    lua_getfield(L, -1, "q");
    lua_Number q = luaL_optnumber(L, -1, 1);
    if (!(q >= 0 && q <= 1))
        scene_misuse(L, "the q of a target is a number from 0 to 1");
    out->q_permille = (uint32_t)(q * 1000 + 0.5);
    lua_pop(L, 1);
    lua_geti(L, -1, 1);
    out->uri = uri_read(opts, "routes", NULL);
    lua_pop(L, 1);
}

static bool is_target(lua_State *L)
{
    bool has_q;

    if (!lua_istable(L, -1))
        return true;
    has_q = lua_getfield(L, -1, "q") != LUA_TNIL;
    lua_pop(L, 1);
    return has_q;
}

/* One target, or a list of them. */
static void targets_read(const struct opts *opts, struct proxy_route *out)
{
    lua_State *L = opts->L;
    bool one = is_target(L);
    size_t count = one ? 1 : lua_rawlen(L, -1);
    struct proxy_target *targets = keep_room(L, (count + 1) * sizeof *targets);

    if (count > TARGETS_MAX)
        scene_misuse(L, "a user has at most %d targets", TARGETS_MAX);
    for (size_t i = 0; i < count; i++) {
        if (!one)
            lua_geti(L, -1, (lua_Integer)i + 1);
        target_read(opts, &targets[i]);
        if (!one)
            lua_pop(L, 1);
    }
    out->targets = targets;
    out->target_count = count;
}

static void routes_read(const struct opts *opts, struct proxy_options *out)
{
    lua_State *L = opts->L;

    if (!opts_push(opts, "routes"))
        return;
    if (!lua_istable(L, -1))
        opts_wrong(opts, "routes", "a table: {bob = desk, [\"@b.example\"] = other_proxy}");
    int table = lua_gettop(L);
    lua_Integer count = order_keys(L, table);
    int keys = lua_gettop(L);
    struct proxy_route *routes = keep_room(L, ((size_t)count + 1) * sizeof *routes);
    for (lua_Integer i = 1; i <= count; i++) {
        struct view key = {0};
        lua_geti(L, keys, i);
        if (lua_type(L, -1) == LUA_TSTRING)
            key.ptr = lua_tolstring(L, -1, &key.len);
        if (key.len == 0)
            scene_misuse(L, "routes go by name: \"bob\", \"bob@example.com\" or \"@example.com\"");
        routes[i - 1].address = keep_text(L, key);
        lua_gettable(L, table);
        targets_read(opts, &routes[i - 1]);
        lua_pop(L, 1);
    }
    out->routes = routes;
    out->route_count = (size_t)count;
    lua_settop(L, table - 1);
}

/* One name, or a list of them. */
static void domains_read(const struct opts *opts, struct proxy_options *out)
{
    lua_State *L = opts->L;

    if (!opts_push_list(opts, "domain"))
        return;
    int list = lua_gettop(L);
    size_t count = list_count(L, list, "option 'domain'");
    struct view *domains = keep_room(L, (count + 1) * sizeof *domains);
    for (size_t i = 0; i < count; i++)
        domains[i] = keep_text(L, list_item(L, list, i + 1, "option 'domain'"));
    out->domains = domains;
    out->domain_count = count;
    lua_pop(L, 1);
}

static void fork_read(const struct opts *opts, struct proxy_options *out)
{
    static const char *const names[] = {"parallel", "serial", "q", NULL};
    static const enum proxy_fork forks[] = {PROXY_PARALLEL, PROXY_SERIAL, PROXY_BY_Q};
    struct view text;

    if (!opts_view(opts, "fork", &text))
        return;
    for (size_t i = 0; names[i] != NULL; i++)
        if (view_equal(text, view_of(names[i]))) {
            out->fork = forks[i];
            return;
        }
    opts_wrong(opts, "fork", "\"parallel\", \"serial\" or \"q\"");
}

/* registrar = the agent of a t:registrar, or true. */
static void registrar_read(const struct opts *opts, struct proxy_record *record)
{
    if (!opts_push(opts, "registrar"))
        return;
    if (!lua_isboolean(opts->L, -1)) {
        const struct party *party = party_test(opts->L, -1);
        const struct agent *agent = (const struct agent *)party;
        if (party == NULL || party->kind != PARTY_AGENT || !agent_has_role(agent, registrar_make))
            opts_wrong(opts, "registrar", "what t:registrar gives, or true");
        record->registrar = agent;
        record->options.registrar = contact_of(opts->L, party, party->proto);
    }
    lua_pop(opts->L, 1);
}

struct proxy_record *proxy_opts_read(const struct opts *opts, enum proxy_mode mode)
{
    struct proxy_record *record = keep_room(opts->L, sizeof *record);
    struct proxy_options *out = &record->options;
    uint64_t breadth;

    out->mode = mode;
    domains_read(opts, out);
    routes_read(opts, out);
    registrar_read(opts, record);
    if (mode == PROXY_REDIRECT)
        return record;
    fork_read(opts, out);
    out->record_route = opts_true(opts, "record_route");
    out->path = opts_true(opts, "path");
    out->recurse = opts_true(opts, "recurse");
    if (opts_true(opts, "stateless"))
        out->mode = PROXY_STATELESS;
    if (opts_uint(opts, "max_breadth", 1000, &breadth))
        out->max_breadth = (uint32_t)breadth;
    record->has_users = verifier_opts_read(opts, &record->auth);
    return record;
}

bool outbound_read(const struct opts *opts, enum proto proto, struct view *out)
{
    struct buf buf = {0};

    if (!opts_push(opts, "outbound"))
        return false;
    struct view uri = uri_read(opts, "outbound", &proto);
    lua_pop(opts->L, 1);
    if (view_find_char(uri, '<') < uri.len) {
        *out = uri;
        return true;
    }
    buf_printf(&buf, "<%.*s;lr>", VIEW_ARG(uri));
    *out = keep_buf(opts->L, &buf);
    return true;
}
