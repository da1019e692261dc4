/* How digest is written, and whether it proves the password: RFC 7616 §3.3, §3.4, RFC 8760. */
#include "harness/monitor/inside.h"

static bool is_quoted(struct view value)
{
    return value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"';
}

static struct view unquoted(struct view value)
{
    return is_quoted(value) ? view_skip(view_head(value, value.len - 1), 1) : value;
}

/* Each parameter of the list that is there is quoted, or none is. */
static void quotes(const struct matter *matter, const struct sip_auth *auth,
                   const char *const *names, bool wanted, enum rule rule)
{
    struct view value;
    for (size_t i = 0; names[i] != NULL; i++)
        if (sip_param_find(&auth->params, view_of(names[i]), &value) && is_quoted(value) != wanted)
            blame(matter, rule, 0, "%s is %.*s", names[i], VIEW_ARG(value));
}

static bool is_digest_hex(struct view value)
{
    for (size_t i = 0; i < value.len; i++)
        if (!((value.ptr[i] >= '0' && value.ptr[i] <= '9') ||
              (value.ptr[i] >= 'a' && value.ptr[i] <= 'f')))
            return false;
    return value.len == 32 || value.len == 64;
}

/* As our own captures have it: secrets_black_out keeps the length alone. */
static bool is_blacked_out(struct view value)
{
    for (size_t i = 0; i < value.len; i++)
        if (value.ptr[i] != '*')
            return false;
    return value.len == 32 || value.len == 64;
}

/* An IMS phone begins with an empty one (3GPP TS 24.229). */
static void response(const struct matter *matter, const struct sip_auth *auth)
{
    struct view value;
    if (!sip_param_find(&auth->params, V("response"), &value))
        return;
    value = unquoted(value);
    if (value.len > 0 && !is_digest_hex(value) && !is_blacked_out(value))
        blame(matter, RULE_AUTH_RESPONSE, 0, "it is %.*s", VIEW_ARG(value));
}

/* Where lint was told who has which password. */
static void proof(const struct matter *matter, const struct sip_auth *auth)
{
    const struct monitor_options *known = &matter->monitor->options;
    struct sip_credentials credentials;
    bool good = true;
    if (known->user.len == 0 ||
        sip_credentials_read(auth, sip_msg_arena(matter->msg), &credentials) != ERR_OK ||
        !view_equal(credentials.user, known->user) || is_blacked_out(credentials.response))
        return;
    enum err err =
        sip_digest_verify(&credentials, known->user, known->password,
                          sip_msg_method_name(matter->msg), sip_msg_body(matter->msg), &good);
    if (err == ERR_OK && !good)
        blame(matter, RULE_AUTH_WRONG, 0, "the password of %.*s gives another one",
              VIEW_ARG(known->user));
}

void judge_digest_credentials(const struct matter *matter, const struct sip_auth *auth)
{
    static const char *const quoted[] = {"username", "realm",  "nonce",  "uri",
                                         "response", "cnonce", "opaque", NULL};
    static const char *const unquoted_ones[] = {"algorithm", "qop", NULL};
    if (!is_original(matter))
        return; /* a proxy hands on what it got */
    quotes(matter, auth, quoted, true, RULE_AUTH_QUOTED);
    quotes(matter, auth, unquoted_ones, false, RULE_AUTH_UNQUOTED);
    response(matter, auth);
    proof(matter, auth);
}

void judge_digest_challenge(const struct matter *matter, const struct sip_auth *auth)
{
    static const char *const quoted[] = {"realm", "domain", "nonce", "opaque", "qop", NULL};
    static const char *const unquoted_ones[] = {"stale", "algorithm", NULL};
    quotes(matter, auth, quoted, true, RULE_CHALLENGE_QUOTED);
    quotes(matter, auth, unquoted_ones, false, RULE_CHALLENGE_UNQUOTED);
}
