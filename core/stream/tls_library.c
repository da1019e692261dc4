#include "core/stream/tls_library_private.h"

#include <openssl/rand.h>

/* The generators are made when they are first drawn from: here, and not in a connection. */
static bool generators_make(OSSL_LIB_CTX *libctx)
{
    unsigned char byte;

    return RAND_bytes_ex(libctx, &byte, 1, 0) == 1 && RAND_priv_bytes_ex(libctx, &byte, 1, 0) == 1;
}

enum err tls_library_create(struct tls_library **out)
{
    struct tls_library *library = mem_zalloc(sizeof *library);

    if (library == NULL)
        return ERR_MEMORY;
    /* The machine's openssl.cnf has no say: a run is the same everywhere. */
    if (OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1 ||
        (library->libctx = OSSL_LIB_CTX_new()) == NULL ||
        (library->usual = OSSL_PROVIDER_load(library->libctx, "default")) == NULL ||
        tls_random_load(library->libctx, &library->chance, &library->source) != ERR_OK ||
        !generators_make(library->libctx)) {
        tls_library_destroy(library);
        return ERR_MEMORY;
    }
    *out = library;
    return ERR_OK;
}

void tls_library_destroy(struct tls_library *library)
{
    if (library == NULL)
        return;
    keys_deinit(&library->keys);
    if (library->usual != NULL)
        OSSL_PROVIDER_unload(library->usual);
    if (library->chance != NULL)
        OSSL_PROVIDER_unload(library->chance);
    OSSL_LIB_CTX_free(library->libctx);
    mem_free(library);
}

void tls_library_draw_from(struct tls_library *library, struct rng rng)
{
    tls_random_use(library->source, rng, 0);
}
