#include "harness/capture/tls_wire_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define ERR_STATE openssl_err_state
#include <openssl/x509v3.h>
#undef ERR_STATE

enum { EARLY_MOST = 16384, ROUNDS = 20 };

static void key_line(const SSL *ssl, const char *line)
{
    const struct tls_wire *pair = SSL_get_app_data(ssl);
    FILE *file = fopen(pair->keylog, "ab");
    assert_non_null(file);
    fprintf(file, "%s\n", line);
    fclose(file);
}

static void certificate_show(SSL_CTX *ctx)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x509 = X509_new();
    assert_true(key != NULL && x509 != NULL);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, key);
    assert_int_not_equal(X509_sign(x509, key, EVP_sha256()), 0);
    assert_int_equal(SSL_CTX_use_certificate(ctx, x509), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(ctx, key), 1);
    X509_free(x509);
    EVP_PKEY_free(key);
}

void tls_wire_begin(struct tls_wire *pair, struct wire_file *wire)
{
    *pair = (struct tls_wire){.wire = wire};
    snprintf(pair->keylog, sizeof pair->keylog, "/tmp/sipwright-keylog-XXXXXX");
    int fd = mkstemp(pair->keylog);
    assert_true(fd >= 0);
    close(fd);
    for (int end = 0; end < 2; end++) {
        SSL_CTX *ctx = SSL_CTX_new(end == TLS_CLIENT ? TLS_client_method() : TLS_server_method());
        assert_non_null(ctx);
        SSL_CTX_set_security_level(ctx, 0);
        SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
        SSL_CTX_set_keylog_callback(ctx, end == TLS_CLIENT ? key_line : NULL);
        SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_BOTH);
        SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"a", 1);
        SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT);
        SSL_CTX_set_options(ctx, SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
        SSL_CTX_set_max_early_data(ctx, EARLY_MOST);
        SSL_CTX_set_dh_auto(ctx, 1);
        pair->contexts[end] = ctx;
    }
    certificate_show(pair->contexts[TLS_SERVER]);
}

/* What an end has written goes to the other one, and into the capture. */
static void carry(struct tls_wire *pair, int end)
{
    char *at;
    long len = BIO_get_mem_data(SSL_get_wbio(pair->ends[end]), &at);
    while (len > 0) {
        size_t piece =
            pair->segment == 0 || (size_t)len < pair->segment ? (size_t)len : pair->segment;
        if (!pair->unseen)
            wire_tcp(pair->wire, end == TLS_CLIENT ? 40000 : 5060, pair->seq[end], WIRE_ACK,
                     (struct view){at, piece});
        assert_int_equal(BIO_write(SSL_get_rbio(pair->ends[!end]), at, (int)piece), (int)piece);
        pair->seq[end] += (uint32_t)piece;
        at += piece;
        len -= (long)piece;
    }
    (void)BIO_reset(SSL_get_wbio(pair->ends[end]));
}

static void read_all(struct tls_wire *pair, int end)
{
    char bytes[4096];
    while (SSL_read(pair->ends[end], bytes, sizeof bytes) > 0)
        continue;
}

/* Until nobody has anything more to say. */
static void settle(struct tls_wire *pair)
{
    for (int i = 0; i < ROUNDS; i++) {
        carry(pair, i % 2);
        read_all(pair, !(i % 2));
    }
}

static void options_set(SSL *ssl, int end, const struct tls_wire_options *options)
{
    int version = options->version == 0 ? TLS1_3_VERSION : options->version;
    assert_int_equal(SSL_set_min_proto_version(ssl, version), 1);
    assert_int_equal(SSL_set_max_proto_version(ssl, version), 1);
    if (options->ciphers != NULL)
        assert_int_equal(SSL_set_cipher_list(ssl, options->ciphers), 1);
    if (options->suites != NULL)
        assert_int_equal(SSL_set_ciphersuites(ssl, options->suites), 1);
    if (options->server_groups != NULL && end == TLS_SERVER)
        assert_int_equal(SSL_set1_groups_list(ssl, options->server_groups), 1);
    if (options->mac_first)
        SSL_set_options(ssl, SSL_OP_NO_ENCRYPT_THEN_MAC);
    if (options->session != NULL && end == TLS_CLIENT) {
        assert_int_equal(SSL_set_session(ssl, options->session), 1);
        SSL_SESSION_free(options->session);
    }
}

static void early_say(struct tls_wire *pair, const char *text)
{
    char bytes[256];
    size_t len = 0;
    assert_int_equal(SSL_write_early_data(pair->ends[TLS_CLIENT], text, strlen(text), &len), 1);
    carry(pair, TLS_CLIENT);
    while (SSL_read_early_data(pair->ends[TLS_SERVER], bytes, sizeof bytes, &len) ==
           SSL_READ_EARLY_DATA_SUCCESS)
        continue;
    assert_int_equal(SSL_get_early_data_status(pair->ends[TLS_SERVER]), SSL_EARLY_DATA_ACCEPTED);
}

void tls_wire_open(struct tls_wire *pair, struct tls_wire_options options)
{
    for (int end = 0; end < 2; end++) {
        pair->ends[end] = SSL_new(pair->contexts[end]);
        assert_non_null(pair->ends[end]);
        SSL_set_app_data(pair->ends[end], pair);
        SSL_set_bio(pair->ends[end], BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        options_set(pair->ends[end], end, &options);
        pair->seq[end] += 1000000; /* another connection than the one before */
    }
    SSL_set_connect_state(pair->ends[TLS_CLIENT]);
    SSL_set_accept_state(pair->ends[TLS_SERVER]);
    wire_tcp(pair->wire, 40000, pair->seq[TLS_CLIENT]++, WIRE_SYN, (struct view){0});
    wire_tcp(pair->wire, 5060, pair->seq[TLS_SERVER]++, WIRE_SYN | WIRE_ACK, (struct view){0});
    if (options.early != NULL)
        early_say(pair, options.early);
    for (int i = 0; i < ROUNDS; i++) {
        SSL_do_handshake(pair->ends[i % 2]);
        carry(pair, i % 2);
    }
    for (int end = 0; end < 2; end++)
        assert_true(SSL_is_init_finished(pair->ends[end]));
    settle(pair);
}

void tls_wire_say(struct tls_wire *pair, int end, const char *text)
{
    assert_int_equal(SSL_write(pair->ends[end], text, (int)strlen(text)), (int)strlen(text));
    carry(pair, end);
    read_all(pair, !end);
}

void tls_wire_update(struct tls_wire *pair, int end)
{
    assert_int_equal(SSL_key_update(pair->ends[end], SSL_KEY_UPDATE_REQUESTED), 1);
    assert_int_equal(SSL_do_handshake(pair->ends[end]), 1);
    settle(pair);
}

void tls_wire_again(struct tls_wire *pair)
{
    assert_int_equal(SSL_renegotiate(pair->ends[TLS_CLIENT]), 1);
    SSL_do_handshake(pair->ends[TLS_CLIENT]);
    settle(pair);
    assert_int_equal(SSL_renegotiate_pending(pair->ends[TLS_CLIENT]), 0);
}

SSL_SESSION *tls_wire_session(struct tls_wire *pair)
{
    SSL_SESSION *session = SSL_get1_session(pair->ends[TLS_CLIENT]);
    assert_non_null(session);
    return session;
}

void tls_wire_close(struct tls_wire *pair)
{
    for (int end = 0; end < 2; end++) {
        SSL_shutdown(pair->ends[end]); /* else its session may not be gone on with */
        carry(pair, end);
    }
    for (int end = 0; end < 2; end++) {
        SSL_free(pair->ends[end]);
        pair->ends[end] = NULL;
    }
}

void tls_wire_end(struct tls_wire *pair)
{
    for (int end = 0; end < 2; end++) {
        SSL_free(pair->ends[end]);
        SSL_CTX_free(pair->contexts[end]);
    }
    unlink(pair->keylog);
}

size_t tls_wire_read(struct tls_wire *pair)
{
    return wire_read_with(pair->wire, &(struct capture_options){.keylog = pair->keylog});
}
