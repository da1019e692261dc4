#include "core/stream/tls_random.h"

#include <limits.h>
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/rand.h>

struct tls_random {
    struct rng rng;
    uint64_t at; /* draws of eight bytes so far */
};

/* OpenSSL's tables hold functions of all shapes as one. */
#define FUNCTION(f) ((void (*)(void))(f))

/* A generator has no state of its own but whether it runs: all draw from the one stream. */
struct generator {
    struct tls_random *source;
    int state;
};

static void *generator_new(void *source, void *parent, const OSSL_DISPATCH *calls)
{
    struct generator *generator = mem_alloc(sizeof *generator);

    (void)parent;
    (void)calls;
    if (generator != NULL)
        *generator = (struct generator){source, EVP_RAND_STATE_UNINITIALISED};
    return generator;
}

static void generator_free(void *generator)
{
    mem_free(generator);
}

static int generator_start(void *ctx, unsigned strength, int resistance, const unsigned char *text,
                           size_t len, const OSSL_PARAM params[])
{
    struct generator *generator = ctx;

    (void)strength;
    (void)resistance;
    (void)text;
    (void)len;
    (void)params;
    generator->state = EVP_RAND_STATE_READY;
    return 1;
}

static int generator_stop(void *ctx)
{
    ((struct generator *)ctx)->state = EVP_RAND_STATE_UNINITIALISED;
    return 1;
}

static int generator_draw(void *ctx, unsigned char *out, size_t len, unsigned strength,
                          int resistance, const unsigned char *extra, size_t extra_len)
{
    struct tls_random *source = ((struct generator *)ctx)->source;
    uint64_t word = 0;

    (void)strength;
    (void)resistance;
    (void)extra;
    (void)extra_len;
    for (size_t i = 0; i < len; i++) {
        if (i % 8 == 0)
            word = rng_at(source->rng, V("tls"), source->at++);
        out[i] = (unsigned char)(word >> (i % 8 * 8));
    }
    return 1;
}

static int generator_lock(void *ctx)
{
    (void)ctx; /* one thread */
    return 1;
}

static const OSSL_PARAM *generator_gettable(void *ctx, void *source)
{
    static const OSSL_PARAM known[] = {OSSL_PARAM_int(OSSL_RAND_PARAM_STATE, NULL),
                                       OSSL_PARAM_uint(OSSL_RAND_PARAM_STRENGTH, NULL),
                                       OSSL_PARAM_size_t(OSSL_RAND_PARAM_MAX_REQUEST, NULL),
                                       OSSL_PARAM_END};

    (void)ctx;
    (void)source;
    return known;
}

static int generator_get(void *ctx, OSSL_PARAM params[])
{
    OSSL_PARAM *state = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STATE);
    OSSL_PARAM *strength = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STRENGTH);
    OSSL_PARAM *most = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_MAX_REQUEST);

    return (state == NULL || OSSL_PARAM_set_int(state, ((struct generator *)ctx)->state)) &&
           (strength == NULL || OSSL_PARAM_set_uint(strength, 256)) &&
           (most == NULL || OSSL_PARAM_set_size_t(most, INT_MAX));
}

static const OSSL_ALGORITHM *algorithms_of(void *source, int operation, int *no_cache)
{
    static const OSSL_DISPATCH functions[] = {
        {OSSL_FUNC_RAND_NEWCTX,              FUNCTION(generator_new)     },
        {OSSL_FUNC_RAND_FREECTX,             FUNCTION(generator_free)    },
        {OSSL_FUNC_RAND_INSTANTIATE,         FUNCTION(generator_start)   },
        {OSSL_FUNC_RAND_UNINSTANTIATE,       FUNCTION(generator_stop)    },
        {OSSL_FUNC_RAND_GENERATE,            FUNCTION(generator_draw)    },
        {OSSL_FUNC_RAND_ENABLE_LOCKING,      FUNCTION(generator_lock)    },
        {OSSL_FUNC_RAND_GETTABLE_CTX_PARAMS, FUNCTION(generator_gettable)},
        {OSSL_FUNC_RAND_GET_CTX_PARAMS,      FUNCTION(generator_get)     },
        {0,                                  NULL                        }
    };
    static const OSSL_ALGORITHM generators[] = {
        {"sipwright", "provider=sipwright", functions, "a stream"},
        {NULL,        NULL,                 NULL,      NULL      }
    };

    (void)source;
    *no_cache = 0;
    return operation == OSSL_OP_RAND ? generators : NULL;
}

static void provider_stop(void *source)
{
    mem_free(source);
}

static int provider_start(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in,
                          const OSSL_DISPATCH **out, void **out_source)
{
    static const OSSL_DISPATCH functions[] = {
        {OSSL_FUNC_PROVIDER_QUERY_OPERATION, FUNCTION(algorithms_of)},
        {OSSL_FUNC_PROVIDER_TEARDOWN,        FUNCTION(provider_stop)},
        {0,                                  NULL                   }
    };

    (void)handle;
    (void)in;
    *out = functions;
    *out_source = mem_zalloc(sizeof(struct tls_random));
    return *out_source != NULL;
}

enum err tls_random_load(OSSL_LIB_CTX *libctx, OSSL_PROVIDER **out_provider,
                         struct tls_random **out)
{
    OSSL_PROVIDER *provider = NULL;

    if (OSSL_PROVIDER_add_builtin(libctx, "sipwright", provider_start) == 1)
        provider = OSSL_PROVIDER_load(libctx, "sipwright");
    if (provider == NULL)
        return ERR_MEMORY;
    if (RAND_set_DRBG_type(libctx, "sipwright", "provider=sipwright", NULL, NULL) != 1) {
        OSSL_PROVIDER_unload(provider);
        return ERR_MEMORY;
    }
    *out_provider = provider;
    *out = OSSL_PROVIDER_get0_provider_ctx(provider);
    return ERR_OK;
}

void tls_random_use(struct tls_random *source, struct rng rng, uint64_t at)
{
    *source = (struct tls_random){rng, at};
}

uint64_t tls_random_at(const struct tls_random *source)
{
    return source->at;
}
