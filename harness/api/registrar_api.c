#include "harness/api/registrar_api.h"

#include "harness/api/keep.h"
#include "harness/api/kinds.h"

const char *const registrar_names[] = {"users",       "realm",         "algorithm",   "qop",
                                       "nonce_life",  "domain",        "min_expires", "expires",
                                       "max_expires", "service_route", "flow_timer",  NULL};

/* users = { bob = "pw" }: they are looked up by name, so that their order means nothing. */
static bool users_read(const struct opts *opts, struct verifier_options *out)
{
    lua_State *L = opts->L;
    size_t count = 0;

    if (!opts_push(opts, "users"))
        return false;
    if (!lua_istable(L, -1))
        return opts_wrong(opts, "users", "a table: { bob = \"password\" }");
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1))
        count++;
    struct sip_user *users = keep_room(L, count * sizeof *users + 1);
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
            return scene_misuse(L, "users are names and passwords: { bob = \"password\" }");
        struct sip_user *user = &users[out->user_count++];
        user->name = keep_text(L, arg_view(L, -2, "a user's name"));
        user->password = keep_text(L, arg_view(L, -1, "a password"));
    }
    lua_pop(L, 1);
    out->users = users;
    return true;
}

static void algorithms_read(const struct opts *opts, struct verifier_options *out)
{
    lua_State *L = opts->L;

    if (!opts_push_list(opts, "algorithm"))
        return;
    int list = lua_gettop(L);
    size_t count = list_count(L, list, "option 'algorithm'");
    if (count > VERIFY_ALGORITHMS_MAX)
        scene_misuse(L, "a challenge has %d algorithms at most", VERIFY_ALGORITHMS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct view text = list_item(L, list, i + 1, "option 'algorithm'");
        struct sip_digest_choice *choice = &out->choices[i];
        if (!sip_digest_algorithm_parse(text, &choice->algorithm, &choice->session))
            scene_misuse(L,
                         "algorithm \"%.*s\" is none of MD5, SHA-256, SHA-512-256, each also "
                         "with -sess",
                         VIEW_ARG(text));
    }
    out->choice_count = count;
    lua_pop(L, 1);
}

static void qops_read(const struct opts *opts, struct verifier_options *out)
{
    lua_State *L = opts->L;

    if (!opts_push_list(opts, "qop"))
        return;
    int list = lua_gettop(L);
    size_t count = list_count(L, list, "option 'qop'");
    for (size_t i = 0; i < count; i++) {
        struct view text = list_item(L, list, i + 1, "option 'qop'");
        bool integrity = view_equal(text, V("auth-int"));
        if (!integrity && !view_equal(text, V("auth")))
            scene_misuse(L, "qop \"%.*s\" is none of auth, auth-int", VIEW_ARG(text));
        out->auth_int |= integrity;
        out->auth |= !integrity;
    }
    lua_pop(L, 1);
}

bool verifier_opts_read(const struct opts *opts, struct verifier_options *out)
{
    struct view realm;

    *out = (struct verifier_options){0};
    if (opts_view(opts, "realm", &realm))
        out->realm = keep_text(opts->L, realm);
    opts_duration(opts, "nonce_life", &out->nonce_life_us);
    algorithms_read(opts, out);
    qops_read(opts, out);
    return users_read(opts, out);
}

static void service_routes_read(const struct opts *opts, struct registrar_options *out)
{
    lua_State *L = opts->L;

    if (!opts_push_list(opts, "service_route"))
        return;
    int list = lua_gettop(L);
    size_t count = list_count(L, list, "option 'service_route'");
    struct view *routes = keep_room(L, count * sizeof *routes + 1);
    for (size_t i = 0; i < count; i++)
        routes[i] = keep_text(L, list_item(L, list, i + 1, "option 'service_route'"));
    out->service_routes = routes;
    out->service_route_count = count;
    lua_pop(L, 1);
}

struct registrar_record *registrar_opts_read(const struct opts *opts)
{
    struct registrar_record *record = keep_room(opts->L, sizeof *record);
    struct registrar_options *options = &record->options;
    struct view domain;

    record->has_users = verifier_opts_read(opts, &record->auth);
    if (opts_view(opts, "domain", &domain))
        options->domain = keep_text(opts->L, domain);
    opts_seconds(opts, "min_expires", &options->min_expires_s);
    opts_seconds(opts, "expires", &options->expires_s);
    opts_seconds(opts, "max_expires", &options->max_expires_s);
    opts_seconds(opts, "flow_timer", &options->flow_timer_s);
    if (options->max_expires_s == 0 && options->expires_s > 3600)
        options->max_expires_s = options->expires_s;
    service_routes_read(opts, options);
    return record;
}

static struct agent *registrar_check(lua_State *L, int index, const char *what)
{
    struct agent *agent = agent_check(L, index);

    if (!agent_has_role(agent, registrar_make))
        scene_misuse(L, "%s is no registrar: %s is for those of t:registrar", agent->party.name.ptr,
                     what);
    return agent;
}

static void number_set(lua_State *L, const char *name, lua_Number number)
{
    lua_pushnumber(L, number);
    lua_setfield(L, -2, name);
}

static void binding_push(lua_State *L, const struct sip_binding *b, uint64_t now_us)
{
    lua_createtable(L, 0, 8);
    member_set(L, "contact", b->contact);
    member_set(L, "params", b->params);
    member_set(L, "call_id", b->call_id);
    member_set(L, "instance", b->instance);
    number_set(L, "q", b->q_permille / 1000.0);
    number_set(L, "expires", (lua_Number)(b->expires_us - now_us) / US_PER_S);
    lua_pushinteger(L, (lua_Integer)b->cseq);
    lua_setfield(L, -2, "cseq");
    if (b->reg_id != 0) {
        lua_pushinteger(L, (lua_Integer)b->reg_id);
        lua_setfield(L, -2, "reg_id");
    }
    lua_createtable(L, (int)b->path_count, 0);
    for (size_t i = 0; i < b->path_count; i++) {
        view_push(L, b->path[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "path");
}

/* An address, or an agent: its own. */
static struct view address_at(lua_State *L, int index)
{
    const struct party *party = party_test(L, index);

    return party != NULL ? party->uri : arg_view(L, index, "an address-of-record");
}

int agent_bindings(lua_State *L)
{
    struct agent *agent = registrar_check(L, 1, "bindings");
    struct view text = address_at(L, 2);
    struct agents *agents = agents_of_lua(L);
    uint64_t now_us = scene_now(agents->scene);
    struct sip_uri uri;
    struct arena arena = {0};

    enum err err = sip_uri_parse(text, &arena, &uri);
    const struct sip_binding *b = NULL;
    if (err == ERR_OK)
        b = location_find(agent->location, now_us, &uri);
    arena_deinit(&arena);
    if (err != ERR_OK)
        return scene_misuse(L, "\"%.*s\" is no URI", VIEW_ARG(text));
    lua_newtable(L);
    for (int i = 1; b != NULL; b = b->next, i++) {
        binding_push(L, b, now_us);
        lua_rawseti(L, -2, i);
    }
    return 1;
}

int agent_new_nonce(lua_State *L)
{
    struct role *role = agent_role(registrar_check(L, 1, "new_nonce"), registrar_make);

    if (role != NULL)
        registrar_new_nonce(role);
    return 0;
}
