#include "harness/api/tls_opts.h"

#include "harness/api/certificate_api.h"
#include "harness/api/kinds.h"

static const char *const tls_names[] = {"cert",  "key",     "ca",    "verify", "peers",
                                        "usage", "version", "alias", NULL};

static bool has_key(struct view text)
{
    return view_find(text, V("PRIVATE KEY-----")) < text.len;
}

/* A file of its own, or the same one has both. */
static struct pem *own_from_text(const struct opts *tls)
{
    lua_State *L = tls->L;
    struct view text = pem_text(L, lua_gettop(L), "tls.cert"), key = {0};

    if (opts_push(tls, "key"))
        key = pem_text(L, lua_gettop(L), "tls.key");
    else if (has_key(text))
        key = text;
    else
        scene_misuse(L, "tls.cert has no private key with it: give it as tls.key");
    return pem_read(L, text, key, "tls.key and tls.cert");
}

static void own_read(const struct opts *tls, struct security_options *out)
{
    lua_State *L = tls->L;
    struct pem *pem = NULL;

    if (!opts_push(tls, "cert")) {
        if (opts_has(tls, "key"))
            scene_misuse(L, "tls.key is for a tls.cert, which is not there");
        return;
    }
    int at = lua_gettop(L);
    if (lua_type(L, at) == LUA_TSTRING)
        pem = own_from_text(tls);
    else if (opts_has(tls, "key"))
        scene_misuse(L, "tls.key is for a tls.cert in PEM; sip.certificate makes its own key");
    if (lua_isboolean(L, at) && !lua_toboolean(L, at))
        out->no_own = true;
    else if (lua_istable(L, at))
        out->recipe = recipe_userdata(L, at);
    else if (pem == NULL && (pem = certificate_test(L, at)) == NULL)
        opts_wrong(tls, "cert", "a certificate, a table as for sip.certificate, PEM, or false");
    out->own = pem == NULL ? NULL : pem->certificate;
}

static void trust_add(lua_State *L, int index, struct security_options *out)
{
    struct pem *pem = certificate_test(L, index);
    size_t most = sizeof out->trusted / sizeof *out->trusted;

    if (out->trusted_count == most)
        scene_misuse(L, "tls.ca has at most %d certificates", (int)most);
    if (pem == NULL)
        pem = pem_read(L, pem_text(L, index, "tls.ca"), (struct view){0}, "tls.ca");
    out->trusted[out->trusted_count++] = pem->certificate;
}

static void trusted_read(const struct opts *tls, struct security_options *out)
{
    lua_State *L = tls->L;

    if (!opts_push(tls, "ca"))
        return;
    int at = lua_gettop(L);
    if (!lua_istable(L, at)) {
        trust_add(L, at, out);
        return;
    }
    size_t count = (size_t)lua_rawlen(L, at);
    if (count == 0)
        scene_misuse(L, "tls.ca is a list without a certificate; to trust everybody: tls = "
                        "{verify = false}");
    luaL_checkstack(L, 64, "tls.ca");
    for (size_t i = 1; i <= count; i++) {
        lua_rawgeti(L, at, (lua_Integer)i);
        trust_add(L, lua_gettop(L), out);
    }
}

static void verify_read(const struct opts *tls, struct security_options *out)
{
    lua_State *L = tls->L;

    if (!opts_push(tls, "verify"))
        return;
    struct view text = {0};
    if (lua_isboolean(L, -1))
        out->verify = lua_toboolean(L, -1) ? TLS_VERIFY_SERVER : TLS_VERIFY_NONE;
    else if (lua_type(L, -1) == LUA_TSTRING)
        text = arg_view(L, -1, "tls.verify");
    else
        opts_wrong(tls, "verify", "true, false, \"ask\" or \"mutual\"");
    if (view_equal(text, V("ask")))
        out->verify = TLS_VERIFY_ASK;
    else if (view_equal(text, V("mutual")))
        out->verify = TLS_VERIFY_MUTUAL;
    else if (text.ptr != NULL)
        scene_misuse(L, "tls.verify is true, false, \"ask\" or \"mutual\", not \"%.*s\"",
                     VIEW_ARG(text));
    lua_pop(L, 1);
}

/* RFC 5922 §7.4: for whom a client's certificate may be. */
static void peers_read(const struct opts *tls, struct security_options *out)
{
    lua_State *L = tls->L;

    if (!opts_push(tls, "peers"))
        return;
    int list = lua_gettop(L);
    size_t count = list_count(L, list, "tls.peers");
    if (out->verify != TLS_VERIFY_ASK && out->verify != TLS_VERIFY_MUTUAL)
        scene_misuse(L, "tls.peers is about clients' certificates: add verify = \"mutual\"");
    struct view *peers = lua_newuserdatauv(L, (count + 1) * sizeof *peers, 0);
    for (size_t i = 0; i < count; i++)
        peers[i] = list_item(L, list, i + 1, "tls.peers");
    out->peers = peers;
    out->peer_count = count;
}

static void version_read(const struct opts *tls, struct security_options *out)
{
    struct view text;

    if (!opts_view(tls, "version", &text))
        return;
    if (view_equal(text, V("1.2")))
        out->least = out->most = TLS_1_2;
    else if (view_equal(text, V("1.3")))
        out->least = out->most = TLS_1_3;
    else
        scene_misuse(tls->L, "tls.version is \"1.2\" or \"1.3\", not \"%.*s\"", VIEW_ARG(text));
}

void tls_opts_read(const struct opts *opts, struct security_options *out)
{
    struct view usage;
    lua_State *L = opts->L;

    if (!opts_push(opts, "tls"))
        return;
    luaL_checkstack(L, 32, "tls");
    struct opts tls = opts_open(L, lua_gettop(L), "tls", tls_names, NULL);
    own_read(&tls, out);
    trusted_read(&tls, out);
    verify_read(&tls, out);
    peers_read(&tls, out);
    version_read(&tls, out);
    opts_bool(&tls, "alias", &out->alias);
    if (!opts_view(&tls, "usage", &usage) || view_equal(usage, V("sip")))
        return;
    if (!view_equal(usage, V("web")))
        scene_misuse(L, "tls.usage is \"sip\" or \"web\", not \"%.*s\"", VIEW_ARG(usage));
    out->web_usage = true;
}
