/* What TLS connections and certificates of one process have in common: OpenSSL's own state apart
 * from that of the rest of the process, a source of chance that is ours, and the keys made so far.
 *
 *     enum err err = tls_library_create(&library);
 *     tls_library_draw_from(library, rng_stream(seed, V("certificate")));
 *     tls_library_destroy(library);
 *
 * OpenSSL keeps its own memory: it makes tables of the whole process when they are first needed,
 * and an allocation that fails inside of these would be felt by whoever comes next.
 */
#pragma once
#include "core/base.h"

struct tls_library;

enum err tls_library_create(struct tls_library **out) NODISCARD;
/* After all that was made with it. */
void tls_library_destroy(struct tls_library *library);
/* Whatever is drawn from now on comes from this stream, from its beginning. */
void tls_library_draw_from(struct tls_library *library, struct rng rng);
