/* What the files of this folder see of a certificate.
 *
 *     SSL_CTX_use_certificate(ctx, certificate->x509);
 */
#pragma once
#include "core/stream/tls_library_private.h"

struct certificate {
    uint32_t refs;
    struct tls_library *crypto; /* borrowed, outlives it */
    X509 *x509;
    EVP_PKEY *key;          /* NULL: not ours */
    STACK_OF(X509) * above; /* those that are shown with it, its issuer first */
    X509_CRL *revoked;      /* of a CA: NULL: nothing is */
    uint32_t revision;      /* one more with each change of `revoked` */
    struct rng rng;
};

/* One reference, nothing in it yet. NULL: memory. */
struct certificate *certificate_alloc(struct tls_library *library) NODISCARD;

/* x509_extension.c: each adds what the options want, if they do. */
enum err extensions_add(X509 *x509, const struct certificate_options *options) NODISCARD;
