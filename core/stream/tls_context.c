#include "core/stream/tls_private.h"

enum {
    STRENGTH = 2,   /* OpenSSL's level of 112 bits: no SHA-1, no RSA of 1024, RFC 9325 §4 */
    CHAIN_MAX = 16, /* certificates between the other side's own and its root */
    CHAIN_BYTES = 1 << 18
};

/* What others show must be strong; what we show ourselves is the script's affair, for a test may
 * want to show a weak one. */
static int strong_enough(const SSL *ssl, const SSL_CTX *ctx, int op, int bits, int nid, void *other,
                         void *context)
{
    switch (op) {
    case SSL_SECOP_EE_KEY:
    case SSL_SECOP_CA_KEY:
    case SSL_SECOP_CA_MD:
        return 1;
    default:
        return ((struct tls_context *)context)->level(ssl, ctx, op, bits, nid, other, context);
    }
}

static uint32_t revision_of(const struct tls_context *context)
{
    uint32_t revision = 1;

    for (size_t i = 0; i < context->trusted_count; i++)
        revision += context->trusted[i]->revision;
    return revision;
}

static enum err store_fill(X509_STORE *store, const struct tls_context *context)
{
    for (size_t i = 0; i < context->trusted_count; i++) {
        const struct certificate *ca = context->trusted[i];
        if (X509_STORE_add_cert(store, ca->x509) != 1)
            return ERR_MEMORY;
        for (int k = 0; k < sk_X509_num(ca->above); k++)
            if (X509_STORE_add_cert(store, sk_X509_value(ca->above, k)) != 1)
                return ERR_MEMORY;
        if (ca->revoked != NULL && (X509_STORE_add_crl(store, ca->revoked) != 1 ||
                                    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK) != 1))
            return ERR_MEMORY;
    }
    return ERR_OK;
}

enum err tls_context_refresh(struct tls_context *context)
{
    uint32_t revision = revision_of(context);

    if (revision == context->revision)
        return ERR_OK;
    X509_STORE *store = X509_STORE_new();
    enum err err = store == NULL ? ERR_MEMORY : store_fill(store, context);
    if (err == ERR_OK) {
        SSL_CTX_set_cert_store(context->ctx, store); /* takes it */
        context->revision = revision;
    } else {
        X509_STORE_free(store);
    }
    return err;
}

static void key_line(const SSL *ssl, const char *line)
{
    struct tls_filter *tls = SSL_get_app_data(ssl);

    buf_add(&tls->keys, view_of(line));
    buf_add_char(&tls->keys, '\n');
}

static void alert_seen(const SSL *ssl, int where, int value)
{
    struct tls_filter *tls = SSL_get_app_data(ssl);

    if (where == SSL_CB_READ_ALERT)
        tls->alert = value & 0xff;
}

static enum err versions_set(SSL_CTX *ctx, const struct tls_context_options *options)
{
    static const int versions[] = {[TLS_1_2] = TLS1_2_VERSION, [TLS_1_3] = TLS1_3_VERSION};
    int least = options->least == TLS_VERSION_ANY ? TLS1_2_VERSION : versions[options->least];
    int most = options->most == TLS_VERSION_ANY ? TLS1_3_VERSION : versions[options->most];

    return SSL_CTX_set_min_proto_version(ctx, least) == 1 &&
                   SSL_CTX_set_max_proto_version(ctx, most) == 1
               ? ERR_OK
               : ERR_UNSUPPORTED;
}

/* Nothing of the machine's own settings, and nothing that would carry the wall clock: tickets have
 * the time in them. */
static enum err ctx_set_up(struct tls_context *context, const struct tls_context_options *options)
{
    SSL_CTX *ctx = context->ctx;

    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_cert_list(ctx, CHAIN_BYTES);
    SSL_CTX_set_verify_depth(ctx, CHAIN_MAX);
    SSL_CTX_set_info_callback(ctx, alert_seen);
    SSL_CTX_set_keylog_callback(ctx, key_line);
    SSL_CTX_set_security_level(ctx, STRENGTH);
    context->level = SSL_CTX_get_security_callback(ctx);
    SSL_CTX_set_security_callback(ctx, strong_enough);
    SSL_CTX_set0_security_ex_data(ctx, context);
    bool good =
        SSL_CTX_set_num_tickets(ctx, 0) == 1 &&
        SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:DHE+AESGCM") == 1 &&
        SSL_CTX_set_ciphersuites(ctx, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:"
                                      "TLS_CHACHA20_POLY1305_SHA256") == 1 &&
        SSL_CTX_set1_groups_list(ctx, "X25519:P-256:P-384") == 1 &&
        /* RFC 5924 §5 is about purposes: OpenSSL's are those of the web */
        X509_VERIFY_PARAM_set_purpose(SSL_CTX_get0_param(ctx), X509_PURPOSE_ANY) == 1;
    return good ? versions_set(ctx, options) : ERR_MEMORY;
}

static enum err own_show(SSL_CTX *ctx, const struct certificate *own)
{
    if (own == NULL)
        return ERR_OK;
    if (own->key == NULL)
        return ERR_STATE;
    if (SSL_CTX_use_certificate(ctx, own->x509) != 1 || SSL_CTX_use_PrivateKey(ctx, own->key) != 1)
        return ERR_UNSUPPORTED;
    SSL_CTX_clear_chain_certs(ctx);
    for (int i = 0; i < sk_X509_num(own->above); i++)
        if (SSL_CTX_add1_chain_cert(ctx, sk_X509_value(own->above, i)) != 1)
            return ERR_MEMORY;
    /* What it is shown with is what stands above it, and nothing out of the store. */
    SSL_CTX_set_mode(ctx, SSL_MODE_NO_AUTO_CHAIN);
    return ERR_OK;
}

static enum err trusted_take(struct tls_context *context, const struct tls_context_options *options)
{
    size_t count = options->trusted_count;

    context->trusted = mem_zalloc((count + 1) * sizeof *context->trusted);
    if (context->trusted == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        context->trusted[context->trusted_count++] = certificate_ref(options->trusted[i]);
        if (SSL_CTX_add_client_CA(context->ctx, options->trusted[i]->x509) != 1)
            return ERR_MEMORY;
    }
    return tls_context_refresh(context);
}

static enum err peers_copy(struct tls_context *context, const struct tls_context_options *options)
{
    size_t len = options->peer_count * sizeof *context->peers;

    for (size_t i = 0; i < options->peer_count; i++)
        len += options->peers[i].len;
    context->peers = mem_alloc(len);
    if (context->peers == NULL)
        return ERR_MEMORY;
    char *room = (char *)(context->peers + options->peer_count);
    for (size_t i = 0; i < options->peer_count; i++) {
        struct view peer = options->peers[i];
        memcpy(room, peer.ptr, peer.len);
        context->peers[context->peer_count++] = (struct view){room, peer.len};
        room += peer.len;
    }
    return ERR_OK;
}

static enum err context_fill(struct tls_context *context, const struct tls_context_options *options)
{
    tls_library_draw_from(options->crypto, options->rng);
    context->ctx = SSL_CTX_new_ex(options->crypto->libctx, NULL, TLS_method());
    if (context->ctx == NULL)
        return ERR_MEMORY;
    enum err err = ctx_set_up(context, options);
    if (err == ERR_OK)
        err = own_show(context->ctx, options->own);
    if (err == ERR_OK)
        err = trusted_take(context, options);
    if (err == ERR_OK)
        err = peers_copy(context, options);
    return err;
}

enum err tls_context_create(const struct tls_context_options *options, struct tls_context **out)
{
    struct tls_context *context = mem_zalloc(sizeof *context);

    if (context == NULL)
        return ERR_MEMORY;
    context->refs = 1;
    context->crypto = options->crypto;
    context->verify = options->verify;
    context->web_usage = options->web_usage;
    context->epoch_s = options->epoch_s;
    enum err err = context_fill(context, options);
    ERR_clear_error();
    if (err != ERR_OK) {
        tls_context_destroy(context);
        return err;
    }
    *out = context;
    return ERR_OK;
}

void tls_context_destroy(struct tls_context *context)
{
    if (context == NULL || --context->refs > 0)
        return;
    for (size_t i = 0; i < context->trusted_count; i++)
        certificate_unref(context->trusted[i]);
    mem_free(context->trusted);
    mem_free(context->peers);
    SSL_CTX_free(context->ctx);
    mem_free(context);
}
