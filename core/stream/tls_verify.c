/* Whether the other side is whom we want: RFC 5280 by OpenSSL, RFC 5922 and RFC 5924 by us. */
#include "core/stream/tls_private.h"
#include "core/stream/x509_identity.h"

static void names_add(struct buf *buf, const struct identities *found)
{
    enum { SHOWN = 4 };

    for (size_t i = 0; i < found->count && i < SHOWN; i++) {
        buf_add(buf, i == 0 ? V("") : V(", "));
        buf_add(buf, view_head(found->names[i], 100));
    }
    if (found->count > SHOWN)
        buf_add(buf, V(" …"));
    if (found->count == 0)
        buf_add(buf, V("no domain"));
}

static bool allowed(struct tls_filter *tls, const struct identities *found, const struct view **by)
{
    const struct tls_context *context = tls->context;

    if (!tls->server) { /* RFC 5922 §7.3 */
        *by = identities_have(found, buf_view(&tls->domain));
        return *by != NULL;
    }
    *by = found->count > 0 ? &found->names[0] : NULL;
    for (size_t i = 0; i < context->peer_count; i++) /* §7.4 */
        if ((*by = identities_have(found, context->peers[i])) != NULL)
            return true;
    return context->peer_count == 0;
}

static bool identity_judge(struct tls_filter *tls, const X509 *x509)
{
    struct identities found;
    const struct view *by = NULL;
    bool good = identities_init(&found, x509) == ERR_OK && allowed(tls, &found, &by);

    if (good && by != NULL)
        buf_add(&tls->peer, *by);
    if (!good) {
        buf_add(&tls->why, V("its certificate is for "));
        names_add(&tls->why, &found);
        if (!tls->server)
            buf_printf(&tls->why, ", not for %.*s", VIEW_ARG(buf_view(&tls->domain)));
    }
    identities_deinit(&found);
    return good;
}

static bool usage_judge(struct tls_filter *tls, X509 *x509)
{
    uint32_t web = tls->server ? XKU_SSL_CLIENT : XKU_SSL_SERVER;

    if (usage_is_sip(x509))
        return true;
    if (tls->context->web_usage && (X509_get_extended_key_usage(x509) & web) != 0)
        return true;
    buf_add(&tls->why, V("its certificate is not for SIP: its extended key usage names neither "
                         "sipDomain nor any (RFC 5924 §5)"));
    return false;
}

/* A CA that lists nobody as revoked has revoked nobody. */
static bool forgiven(int error)
{
    return error == X509_V_ERR_UNABLE_TO_GET_CRL;
}

static void tell_why(struct tls_filter *tls, int error, int depth)
{
    if (tls->why.len > 0)
        return;
    buf_add(&tls->why, depth == 0 ? V("its certificate") : V("a certificate above its own"));
    buf_printf(&tls->why, ": %s", X509_verify_cert_error_string(error));
}

int tls_judge(int good, X509_STORE_CTX *store)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct tls_filter *tls = SSL_get_app_data(ssl);
    int depth = X509_STORE_CTX_get_error_depth(store);
    X509 *x509 = X509_STORE_CTX_get_current_cert(store);

    if (!good && forgiven(X509_STORE_CTX_get_error(store))) {
        X509_STORE_CTX_set_error(store, X509_V_OK);
        return 1;
    }
    if (tls->context->verify == TLS_VERIFY_NONE)
        return 1;
    if (!good) {
        tell_why(tls, X509_STORE_CTX_get_error(store), depth);
        return 0;
    }
    if (depth > 0)
        return 1;
    if (!usage_judge(tls, x509)) {
        X509_STORE_CTX_set_error(store, X509_V_ERR_INVALID_PURPOSE);
        return 0;
    }
    if (!identity_judge(tls, x509)) {
        X509_STORE_CTX_set_error(store, X509_V_ERR_HOSTNAME_MISMATCH);
        return 0;
    }
    tls->verified = true;
    return 1;
}

bool tls_proved(const struct filter *filter, size_t nth, struct buf *out)
{
    const struct tls_filter *tls = (const struct tls_filter *)filter;
    const X509 *x509 = tls->open && tls->verified ? SSL_get0_peer_certificate(tls->ssl) : NULL;
    struct identities found;

    if (x509 == NULL)
        return false;
    bool there = identities_init(&found, x509) == ERR_OK && nth < found.count;
    if (there)
        buf_add(out, found.names[nth]);
    identities_deinit(&found);
    return there;
}

void tls_filter_names(const struct filter *filter, struct buf *out)
{
    const struct tls_filter *tls = (const struct tls_filter *)filter;
    const X509 *x509 = SSL_get0_peer_certificate(tls->ssl);
    struct identities found;

    if (x509 == NULL || identities_init(&found, x509) != ERR_OK)
        return;
    names_add(out, &found);
    identities_deinit(&found);
}
