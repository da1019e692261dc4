#include "harness/api/certificate_api.h"

#include "harness/api/kinds.h"

enum { DAY_S = 86400, YEARS_S = 3650 * DAY_S };

struct pem *certificate_check(lua_State *L, int index)
{
    return handle_check(L, index, &certificate_kind);
}

struct pem *certificate_test(lua_State *L, int index)
{
    return handle_test(L, index, &certificate_kind);
}

static int certificate_push(lua_State *L, const struct pem *pem)
{
    handle_push(L, &certificate_kind, pem->handle);
    return 1;
}

/* The views of a list, or of one string, in a userdata that stays on the stack. */
static const struct view *list_read(const struct opts *opts, const char *name, size_t *out_count)
{
    lua_State *L = opts->L;

    *out_count = 0;
    if (!opts_push(opts, name))
        return NULL;
    int list = lua_gettop(L);
    size_t count = lua_type(L, list) == LUA_TSTRING ? 1 : list_count(L, list, name);
    if (count > CERTIFICATE_LIST_MAX)
        scene_misuse(L, "option '%s' of %s has at most %d names", name, opts->whose,
                     CERTIFICATE_LIST_MAX);
    struct view *views = lua_newuserdatauv(L, (count + 1) * sizeof *views, 0);
    for (size_t i = 0; i < count; i++)
        views[i] = lua_type(L, list) == LUA_TSTRING ? arg_view(L, list, name)
                                                    : list_item(L, list, i + 1, name);
    *out_count = count;
    return views;
}

/* One of a few words. */
static size_t word_read(const struct opts *opts, const char *name, const char *const *words)
{
    struct view text;
    char room[80];

    if (!opts_view(opts, name, &text))
        return 0;
    for (size_t i = 0; words[i] != NULL; i++)
        if (view_equal(view_of(words[i]), text))
            return i;
    const char *word = lua_pushlstring(opts->L, text.ptr, text.len);
    scene_misuse(opts->L, "unknown word '%s' in option '%s' of %s%s", word, name, opts->whose,
                 mend(word, words, room, sizeof room));
    return 0;
}

/* In the scenario's own time, so that no test ever gets too old. */
static void validity_read(const struct opts *opts, struct certificate_options *out)
{
    struct scene *scene = scene_of(opts->L);
    int64_t now_s = scene->epoch_s + (int64_t)(scene_now(scene) / US_PER_S);
    uint64_t us = 0;

    out->not_before_s = now_s - DAY_S;
    out->not_after_s = now_s + YEARS_S;
    if (opts_true(opts, "expired")) {
        out->not_before_s = now_s - 2 * DAY_S;
        out->not_after_s = now_s - DAY_S;
    }
    if (opts_true(opts, "not_yet"))
        out->not_before_s = now_s + DAY_S;
    if (opts_duration(opts, "valid_from", &us))
        out->not_before_s = now_s + (int64_t)(us / US_PER_S);
    if (opts_duration(opts, "valid_for", &us))
        out->not_after_s = now_s + (int64_t)(us / US_PER_S);
}

static void issuer_read(const struct opts *opts, struct recipe *out)
{
    lua_State *L = opts->L;

    if (opts_push(opts, "issuer")) {
        out->issuer = certificate_test(L, -1);
        if (out->issuer == NULL)
            opts_wrong(opts, "issuer", "a certificate that sip.certificate made");
        if (!certificate_has_key(out->issuer->certificate))
            scene_misuse(L, "the issuer has no key to sign with");
        lua_pop(L, 1);
        return;
    }
    if (opts_true(opts, "self_signed"))
        return;
    if (security_ca(agents_of_lua(L), &out->issuer) != ERR_OK)
        luaL_error(L, "not enough memory");
}

static void names_read(const struct opts *opts, struct recipe *out)
{
    struct certificate_options *options = &out->options;

    options->has_san = opts_has(opts, "san");
    options->sans = list_read(opts, "san", &options->san_count);
    bool has_cn = opts_view(opts, "cn", &options->cn);
    if (options->cn.len > 64) /* RFC 5280 appendix A.1, ub-common-name */
        scene_misuse(opts->L, "option 'cn' of %s has at most 64 characters", opts->whose);
    out->named = options->has_san || has_cn;
}

struct recipe recipe_read(lua_State *L, int index)
{
    static const char *const names[] = {
        "san", "cn",       "expired",          "not_yet",     "valid_from",  "valid_for", "issuer",
        "ca",  "excludes", "permits",          "self_signed", "path_length", "eku",       "hash",
        "key", "chain",    "critical_unknown", "revoked",     NULL};
    static const char *const keys[] = {
#define KEY_TEXT(name, text) text,
        KEY_TYPE_LIST(KEY_TEXT) NULL
#undef KEY_TEXT
    };
    static const char *const hashes[] = {"sha256", "sha1", NULL};
    struct recipe recipe = {0};
    struct certificate_options *options = &recipe.options;
    struct opts opts = opts_open(L, index, "a certificate", names, NULL);
    uint64_t length = 0;
    bool chain = true;

    luaL_checkstack(L, 16, "certificate");
    names_read(&opts, &recipe);
    validity_read(&opts, options);
    issuer_read(&opts, &recipe);
    options->ca = opts_true(&opts, "ca");
    options->has_path_length = opts_uint(&opts, "path_length", 1000, &length);
    options->path_length = (uint32_t)length;
    options->usages = list_read(&opts, "eku", &options->usage_count);
    options->permitted = list_read(&opts, "permits", &options->permitted_count);
    options->excluded = list_read(&opts, "excludes", &options->excluded_count);
    options->key = (enum key_type)word_read(&opts, "key", keys);
    options->sha1 = word_read(&opts, "hash", hashes) == 1;
    options->critical_unknown = opts_true(&opts, "critical_unknown");
    options->alone = opts_bool(&opts, "chain", &chain) && !chain;
    recipe.revoked = opts_true(&opts, "revoked");
    if (recipe.revoked && recipe.issuer == NULL)
        scene_misuse(L, "what signs itself cannot be revoked: leave out 'self_signed'");
    return recipe;
}

void certificate_failed(lua_State *L, enum err err)
{
    if (err == ERR_SYNTAX)
        scene_misuse(L, "the certificate cannot be made: a name is none (\"sip:example.com\", "
                        "\"DNS:example.com\", \"IP:192.0.2.1\"), or a usage is none "
                        "(\"sipDomain\", \"serverAuth\", \"1.2.3\")");
    luaL_error(L, "the certificate cannot be made: %s", err_text(err));
}

const struct recipe *recipe_userdata(lua_State *L, int index)
{
    struct recipe *recipe = lua_newuserdatauv(L, sizeof *recipe, 0);

    *recipe = recipe_read(L, index);
    return recipe;
}

struct pem *recipe_issue(lua_State *L, const struct recipe *recipe)
{
    struct pem *pem = NULL;
    enum err err = security_issue(agents_of_lua(L), recipe, &pem);

    if (err != ERR_OK)
        certificate_failed(L, err);
    return pem;
}

int sip_certificate(lua_State *L)
{
    lua_settop(L, 1);
    luaL_checktype(L, 1, LUA_TTABLE);
    struct recipe recipe = recipe_read(L, 1);

    if (!recipe.named && !recipe.options.ca)
        return scene_misuse(L, "a certificate is for somebody: sip.certificate{san = "
                               "\"sip:example.com\"}; one with an agent's own names is "
                               "tls = {cert = {expired = true}}");
    return certificate_push(L, recipe_issue(L, &recipe));
}

struct view pem_text(lua_State *L, int index, const char *what)
{
    struct view text = arg_view(L, index, what);

    if (view_find(text, V("-----BEGIN ")) < text.len) {
        lua_pushvalue(L, index);
        return text;
    }
    index = lua_absindex(L, index);
    lua_getglobal(L, "file");
    lua_pushvalue(L, index);
    lua_call(L, 1, 1);
    return arg_view(L, -1, what);
}

struct pem *pem_read(lua_State *L, struct view text, struct view key, const char *what)
{
    const char *why = "";
    struct pem *pem = NULL;
    enum err err = security_read(agents_of_lua(L), text, key, &pem, &why);

    if (err == ERR_SYNTAX || err == ERR_CONFLICT || err == ERR_LIMIT)
        scene_misuse(L, "%s: %s", what, why);
    else if (err != ERR_OK)
        luaL_error(L, "%s: %s", what, err_text(err));
    return pem;
}

static int certificate_revoke_call(lua_State *L)
{
    struct pem *pem = certificate_check(L, 1);

    if (pem->issuer == NULL)
        return scene_misuse(L, "no CA of the scenario has signed it: only what one has can be "
                               "revoked");
    enum err err =
        certificate_revoke(pem->issuer->certificate, certificate_serial(pem->certificate));
    return err == ERR_OK ? 0 : luaL_error(L, "revoke: %s", err_text(err));
}

static int certificate_field(lua_State *L, void *record, const char *name)
{
    const struct certificate *certificate = ((struct pem *)record)->certificate;
    struct view field = view_of(name);
    struct buf text = {0};

    if (view_equal(field, V("serial"))) {
        lua_pushinteger(L, (lua_Integer)certificate_serial(certificate));
        return 1;
    }
    if (view_equal(field, V("pem")))
        certificate_write(certificate, &text);
    else if (view_equal(field, V("key_pem")) && certificate_has_key(certificate))
        certificate_write_key(certificate, &text);
    else
        return 0;
    if (text.failed == ERR_OK)
        view_push(L, buf_view(&text));
    enum err err = text.failed;
    buf_deinit(&text);
    return err == ERR_OK ? 1 : luaL_error(L, "not enough memory");
}

static const luaL_Reg methods[] = {
    {"revoke", certificate_revoke_call},
    {NULL,     NULL                   }
};
static const char *const fields[] = {"pem", "key_pem", "serial", NULL};
const struct handle_kind certificate_kind = {
    .name = "certificate", .methods = methods, .field = certificate_field, .fields = fields};
