/* What the files of tls see of each other.
 *
 *     struct tls_filter *tls = SSL_get_app_data(ssl);
 */
#pragma once
#include "core/stream/tls.h"
#include "core/stream/x509_private.h"

struct tls_context {
    uint32_t refs;
    struct tls_library *crypto;
    SSL_CTX *ctx;
    struct certificate **trusted; /* references */
    size_t trusted_count;
    uint32_t revision; /* of their lists of revoked ones, when the store was filled last */
    enum tls_verify verify;
    struct view *peers; /* with the bytes that they point to behind them */
    size_t peer_count;
    bool web_usage;
    int64_t epoch_s;
    /* OpenSSL's own judge of strength */
    int (*level)(const SSL *, const SSL_CTX *, int op, int bits, int nid, void *other, void *ex);
};

struct tls_filter {
    struct filter filter;
    struct tls_context *context;
    SSL *ssl;
    BIO *in, *out; /* of ssl */
    bool server;
    bool open, told_open;
    bool said_goodbye;      /* we did: nothing of the user's follows */
    bool ended, told_ended; /* by what `how` and `why` say */
    bool showing;           /* what was given out last still stands in `out` */
    enum filter_how how;
    int alert; /* that came, by its number; -1: none did */
    struct rng rng;
    uint64_t draws; /* of rng so far */
    size_t received, wait_limit;
    struct buf domain, waiting, plain, why, peer, keys;
    bool verified;
};

/* tls_verify.c: judges a certificate of the chain, the other side's own one last. */
int tls_judge(int good, X509_STORE_CTX *store);
/* tls_verify.c: RFC 5922 §7.1, of a certificate that was shown and is good. */
bool tls_proved(const struct filter *filter, size_t nth, struct buf *out);
/* tls_context.c: with the lists of revoked ones as they are now. */
enum err tls_context_refresh(struct tls_context *context) NODISCARD;
