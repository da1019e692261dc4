#include "core/auth/digest.h"

#include "core/auth/hash.h"

static const char *const algorithm_texts[SIP_DIGEST_ALGORITHM_COUNT][2] = {
    {"MD5",         "MD5-sess"        },
    {"SHA-256",     "SHA-256-sess"    },
    {"SHA-512-256", "SHA-512-256-sess"},
};

const char *sip_digest_algorithm_text(enum sip_digest_algorithm algorithm, bool session)
{
    return algorithm_texts[algorithm][session];
}

bool sip_digest_algorithm_parse(struct view text, enum sip_digest_algorithm *out, bool *out_session)
{
    for (unsigned i = 0; i < 2 * SIP_DIGEST_ALGORITHM_COUNT; i++) {
        if (!view_equal_nocase(text, view_of(algorithm_texts[i / 2][i % 2])))
            continue;
        *out = (enum sip_digest_algorithm)(i / 2);
        *out_session = i % 2 == 1;
        return true;
    }
    return false;
}

/* What stands between the quotes, escapes undone; a value of 0 or 1 bytes has none to take off. */
static struct view unquote(struct view text, struct arena *arena)
{
    if (text.len < 2 || text.ptr[0] != '"' || text.ptr[text.len - 1] != '"')
        return text;
    text = view_skip(view_head(text, text.len - 1), 1);
    if (view_find_char(text, '\\') == text.len)
        return text;
    char *out = arena_alloc(arena, text.len);
    size_t len = 0;
    for (size_t i = 0; out != NULL && i < text.len; i++) {
        i += text.ptr[i] == '\\' && i + 1 < text.len;
        out[len++] = text.ptr[i];
    }
    return (struct view){out, len};
}

static struct view param(const struct sip_auth *auth, const char *name, struct arena *arena)
{
    struct view value;
    if (!sip_param_find(&auth->params, view_of(name), &value) || value.ptr == NULL)
        return (struct view){0};
    return unquote(value, arena);
}

static bool is_true(const struct sip_auth *auth, const char *name, struct arena *arena)
{
    return view_equal_nocase(param(auth, name, arena), V("true"));
}

/* RFC 8760 §2.1: without an algorithm it is MD5. */
static enum err algorithm_read(const struct sip_auth *auth, struct arena *arena,
                               enum sip_digest_algorithm *out, bool *session)
{
    struct view text = param(auth, "algorithm", arena);
    if (!view_equal_nocase(auth->scheme, V("Digest")))
        return ERR_UNSUPPORTED;
    if (text.ptr == NULL)
        text = V("MD5");
    return sip_digest_algorithm_parse(text, out, session) ? ERR_OK : ERR_UNSUPPORTED;
}

/* qop-options = "qop" EQUAL <"> qop-value *( "," qop-value ) <">; false: none that we know. */
static bool qop_options_read(struct view text, struct sip_challenge *out)
{
    if (text.ptr == NULL)
        return true;
    while (text.len > 0) {
        size_t comma = view_find_char(text, ',');
        struct view token = view_trim(view_head(text, comma));
        out->offers_auth |= view_equal_nocase(token, V("auth"));
        out->offers_auth_int |= view_equal_nocase(token, V("auth-int"));
        text = view_skip(text, comma + 1);
    }
    return out->offers_auth || out->offers_auth_int;
}

enum err sip_challenge_read(const struct sip_auth *auth, struct arena *arena,
                            struct sip_challenge *out)
{
    struct sip_challenge challenge = {0};
    enum err err = algorithm_read(auth, arena, &challenge.algorithm, &challenge.session);
    if (err != ERR_OK)
        return err;
    challenge.realm = param(auth, "realm", arena);
    challenge.nonce = param(auth, "nonce", arena);
    challenge.opaque = param(auth, "opaque", arena);
    challenge.stale = is_true(auth, "stale", arena);
    challenge.userhash = is_true(auth, "userhash", arena);
    if (!qop_options_read(param(auth, "qop", arena), &challenge))
        return ERR_UNSUPPORTED;
    if (challenge.realm.ptr == NULL || challenge.nonce.ptr == NULL)
        return ERR_SYNTAX;
    *out = challenge;
    return ERR_OK;
}

enum err sip_credentials_read(const struct sip_auth *auth, struct arena *arena,
                              struct sip_credentials *out)
{
    struct sip_credentials c = {0};
    enum err err = algorithm_read(auth, arena, &c.algorithm, &c.session);
    if (err != ERR_OK)
        return err;
    c.user = param(auth, "username", arena);
    c.realm = param(auth, "realm", arena);
    c.nonce = param(auth, "nonce", arena);
    c.uri = param(auth, "uri", arena);
    c.response = param(auth, "response", arena);
    c.cnonce = param(auth, "cnonce", arena);
    c.opaque = param(auth, "opaque", arena);
    c.nc = param(auth, "nc", arena);
    c.userhash = is_true(auth, "userhash", arena);
    struct view qop = param(auth, "qop", arena);
    if (view_equal_nocase(qop, V("auth")))
        c.qop = SIP_QOP_AUTH;
    else if (view_equal_nocase(qop, V("auth-int")))
        c.qop = SIP_QOP_AUTH_INT;
    else if (qop.ptr != NULL)
        return ERR_UNSUPPORTED;
    if (c.user.ptr == NULL || c.realm.ptr == NULL || c.nonce.ptr == NULL || c.uri.ptr == NULL ||
        c.response.ptr == NULL ||
        (c.qop != SIP_QOP_NONE && (c.cnonce.ptr == NULL || c.nc.len != 8)))
        return ERR_SYNTAX;
    if (param(auth, "username*", arena).ptr != NULL) /* RFC 7616 §3.4: both are an error */
        return ERR_SYNTAX;
    *out = c;
    return ERR_OK;
}

static void add_quoted(struct buf *buf, const char *name, struct view value)
{
    buf_printf(buf, "%s=\"", name);
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] == '"' || value.ptr[i] == '\\')
            buf_add_char(buf, '\\');
        buf_add_char(buf, value.ptr[i]);
    }
    buf_add_char(buf, '"');
}

void sip_challenge_write(struct buf *buf, const struct sip_challenge *challenge)
{
    add_quoted(buf, "Digest realm", challenge->realm);
    add_quoted(buf, ", nonce", challenge->nonce);
    if (challenge->opaque.ptr != NULL)
        add_quoted(buf, ", opaque", challenge->opaque);
    if (challenge->stale)
        buf_add(buf, V(", stale=true"));
    buf_printf(buf, ", algorithm=%s",
               sip_digest_algorithm_text(challenge->algorithm, challenge->session));
    if (challenge->offers_auth && challenge->offers_auth_int)
        buf_add(buf, V(", qop=\"auth,auth-int\""));
    else if (challenge->offers_auth || challenge->offers_auth_int)
        buf_printf(buf, ", qop=\"%s\"", challenge->offers_auth ? "auth" : "auth-int");
    if (challenge->userhash)
        buf_add(buf, V(", userhash=true"));
}

struct formula { /* the inputs of RFC 7616 §3.4.1 to §3.4.3, unquoted */
    enum sip_digest_algorithm algorithm;
    bool session;
    struct view user, realm, password, nonce, cnonce, nc, method, uri, body;
    enum sip_digest_qop qop;
};

static struct view qop_text(enum sip_digest_qop qop)
{
    return qop == SIP_QOP_AUTH_INT ? V("auth-int") : V("auth");
}

static enum err hash_a1(const struct formula *f, struct hex *out)
{
    struct hex inner;
    enum err err =
        hash_joined(f->algorithm, (struct view[]){f->user, f->realm, f->password}, 3, &inner);
    if (err != ERR_OK || !f->session) {
        *out = inner;
        return err;
    }
    return hash_joined(f->algorithm, (struct view[]){hex_view(&inner), f->nonce, f->cnonce}, 3,
                       out);
}

/* RFC 8760 §2.6: of no body it is the hash of the empty string. */
static enum err hash_a2(const struct formula *f, struct hex *out)
{
    struct hex body;
    if (f->qop != SIP_QOP_AUTH_INT)
        return hash_joined(f->algorithm, (struct view[]){f->method, f->uri}, 2, out);
    enum err err = hash_joined(f->algorithm, &f->body, 1, &body);
    if (err != ERR_OK)
        return err;
    return hash_joined(f->algorithm, (struct view[]){f->method, f->uri, hex_view(&body)}, 3, out);
}

static enum err response_hash(const struct formula *f, struct hex *out)
{
    struct hex a1, a2;
    enum err err = hash_a1(f, &a1);
    if (err == ERR_OK)
        err = hash_a2(f, &a2);
    if (err != ERR_OK)
        return err;
    if (f->qop == SIP_QOP_NONE)
        return hash_joined(f->algorithm, (struct view[]){hex_view(&a1), f->nonce, hex_view(&a2)}, 3,
                           out);
    const struct view parts[] = {hex_view(&a1), f->nonce,         f->nc,
                                 f->cnonce,     qop_text(f->qop), hex_view(&a2)};
    return hash_joined(f->algorithm, parts, 6, out);
}

/* RFC 7616 §3.4: which parameters stand in quotes and which must not. */
static void credentials_write(struct buf *buf, const struct sip_challenge *challenge,
                              const struct formula *f, struct view user, const struct hex *response)
{
    add_quoted(buf, "Digest username", user);
    add_quoted(buf, ", realm", challenge->realm);
    add_quoted(buf, ", nonce", challenge->nonce);
    add_quoted(buf, ", uri", f->uri);
    add_quoted(buf, ", response", hex_view(response));
    buf_printf(buf, ", algorithm=%s", sip_digest_algorithm_text(f->algorithm, f->session));
    if (f->qop != SIP_QOP_NONE || f->session)
        add_quoted(buf, ", cnonce", f->cnonce);
    if (f->qop != SIP_QOP_NONE)
        buf_printf(buf, ", qop=%.*s, nc=%.*s", VIEW_ARG(qop_text(f->qop)), VIEW_ARG(f->nc));
    if (challenge->opaque.ptr != NULL)
        add_quoted(buf, ", opaque", challenge->opaque);
    if (challenge->userhash)
        buf_add(buf, V(", userhash=true"));
}

enum err sip_digest_write(struct buf *buf, const struct sip_challenge *challenge,
                          const struct sip_digest_answer *answer)
{
    char nc[9];
    snprintf(nc, sizeof nc, "%08x", (unsigned)answer->nc);
    const struct formula f = {
        .algorithm = challenge->algorithm,
        .session = challenge->session,
        .user = answer->user,
        .realm = challenge->realm,
        .password = answer->password,
        .nonce = challenge->nonce,
        .cnonce = answer->cnonce,
        .nc = {nc, 8},
        .method = answer->method,
        .uri = answer->uri,
        .body = answer->body,
        .qop = answer->qop,
    };
    struct hex response, userhash;
    struct view user = answer->user;
    enum err err = response_hash(&f, &response);
    if (err == ERR_OK && challenge->userhash) {
        err = hash_joined(f.algorithm, (struct view[]){f.user, f.realm}, 2, &userhash);
        user = hex_view(&userhash);
    }
    if (err != ERR_OK)
        return err;
    credentials_write(buf, challenge, &f, user, &response);
    return buf->failed;
}

enum err sip_digest_verify(const struct sip_credentials *c, struct view user, struct view password,
                           struct view method, struct view body, bool *out)
{
    const struct formula f = {
        .algorithm = c->algorithm,
        .session = c->session,
        .user = user,
        .realm = c->realm,
        .password = password,
        .nonce = c->nonce,
        .cnonce = c->cnonce,
        .nc = c->nc,
        .method = method,
        .uri = c->uri,
        .body = body,
        .qop = c->qop,
    };
    struct hex response, name = {0};
    enum err err = response_hash(&f, &response);
    if (err == ERR_OK && c->userhash)
        err = hash_joined(f.algorithm, (struct view[]){user, c->realm}, 2, &name);
    if (err != ERR_OK)
        return err;
    *out = view_equal_nocase(hex_view(&response), c->response) &&
           view_equal(c->userhash ? hex_view(&name) : user, c->user);
    return ERR_OK;
}
