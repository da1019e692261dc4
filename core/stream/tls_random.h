/* A source of chance for OpenSSL that is a stream of ours: the same draws for the same stream.
 *
 *     enum err err = tls_random_load(libctx, &provider, &random);
 *     tls_random_use(random, rng, 0);
 */
#pragma once
#include "core/base.h"
#include "core/stream/openssl.h"

struct tls_random;

/* All that is drawn in this context comes from it from now on, until its provider is unloaded. */
enum err tls_random_load(OSSL_LIB_CTX *libctx, OSSL_PROVIDER **out_provider,
                         struct tls_random **out) NODISCARD;
void tls_random_use(struct tls_random *source, struct rng rng, uint64_t at);
uint64_t tls_random_at(const struct tls_random *source); /* draws taken of the stream in use */
