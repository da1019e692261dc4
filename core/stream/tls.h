/* TLS 1.2 and 1.3 as a filter, client and server, over memory alone. The bytes of a connection
 * depend on its stream of chance, on the certificates and on what the other side sends.
 *
 *     enum err err = tls_context_create(&(struct tls_context_options){…}, &context);
 *     err = tls_filter_create(&(struct tls_filter_options){.context = context, .domain = host,
 *                                                          .rng = rng}, &filter);
 *     filter_destroy(filter);
 *     tls_context_destroy(context);
 */
#pragma once
#include "core/stream/filter.h"
#include "core/stream/x509.h"

struct tls_context; /* what the connections of one agent have in common */

enum tls_version { TLS_VERSION_ANY, TLS_1_2, TLS_1_3 };

enum tls_verify {
    TLS_VERIFY_SERVER, /* as a client the server; as a server nobody is asked */
    TLS_VERIFY_NONE,   /* nobody */
    TLS_VERIFY_ASK,    /* as a server the client is asked: one that shows none goes on */
    TLS_VERIFY_MUTUAL  /* as a server: one that shows none is refused */
};

struct tls_context_options {
    struct tls_library *crypto;         /* borrowed, outlives the context */
    struct certificate *own;            /* with its key; NULL: none */
    struct certificate *const *trusted; /* CAs */
    size_t trusted_count;
    enum tls_verify verify;
    const struct view *peers; /* RFC 5922 §7.4: a client's certificate must be for one of these
                                 domains; none: any domain will do */
    size_t peer_count;
    bool web_usage; /* RFC 5924 §5 lets policy decide: extendedKeyUsage may name serverAuth (of a
                       client: clientAuth) instead of sipDomain */
    enum tls_version least, most;
    int64_t epoch_s; /* now_us 0, since 1970: certificates are judged by the caller's time */
    struct rng rng;
};
/* Certificates are referred to, views copied. ERR_STATE: `own` has no key. */
enum err tls_context_create(const struct tls_context_options *options,
                            struct tls_context **out) NODISCARD;
void tls_context_destroy(struct tls_context *context); /* its filters go on; NULL is fine */

struct tls_filter_options {
    struct tls_context *context; /* referred to */
    bool server;
    struct view
        domain;        /* client: whom we want to talk to, RFC 5922 §7.3: the host of the URI, not
                          what DNS made of it; it is the name in SNI too, unless it is an address */
    struct rng rng;    /* a stream of this connection's own */
    size_t wait_limit; /* bytes of the user kept until the handshake is done; 0: 256 KiB */
};
/* A client's has its first bytes for the wire at once. */
enum err tls_filter_create(const struct tls_filter_options *options, struct filter **out) NODISCARD;

struct tls_info {        /* views valid until the filter is used again */
    struct view version; /* "TLSv1.3"; absent before it is known */
    struct view cipher;
    struct view sni;   /* what the client asked for */
    struct view peer;  /* the identity of the other side, of several the one that counted */
    struct view error; /* why it failed; absent: it did not */
    struct view keys;  /* lines of SSLKEYLOGFILE so far */
    bool verified;     /* the peer showed a certificate, and it was good */
};
/* of: one that tls_filter_create gave. */
void tls_filter_info(const struct filter *filter, struct tls_info *out);
/* The domains that the other side's certificate is for, by RFC 5922 §7.1, ", " between them, four
 * at most; appended. Nothing where it showed none. */
void tls_filter_names(const struct filter *filter, struct buf *out);
