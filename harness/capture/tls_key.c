#include "harness/capture/tls_seal_private.h"

enum { KEYS_MOST = 256 };

static const char *const hash_names[] = {"SHA1", "SHA256", "SHA384", "MD5-SHA1"};

static EVP_KDF_CTX *kdf_create(const char *name)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, name, NULL);
    EVP_KDF_CTX *ctx = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
    EVP_KDF_free(kdf); /* the context refers to it */
    return ctx;
}

enum err opener_create(struct opener **out)
{
    struct opener *opener = mem_zalloc(sizeof *opener);
    if (opener == NULL)
        return ERR_MEMORY;
    opener->ctx = EVP_CIPHER_CTX_new();
    opener->prf = kdf_create(OSSL_KDF_NAME_TLS1_PRF);
    opener->expand = kdf_create(OSSL_KDF_NAME_TLS1_3_KDF);
    if (opener->ctx == NULL || opener->prf == NULL || opener->expand == NULL) {
        opener_destroy(opener);
        return ERR_MEMORY;
    }
    *out = opener;
    return ERR_OK;
}

void opener_destroy(struct opener *opener)
{
    if (opener == NULL)
        return;
    for (size_t i = 0; i < CIPHERS; i++)
        EVP_CIPHER_free(opener->ciphers[i]);
    EVP_CIPHER_CTX_free(opener->ctx);
    EVP_KDF_CTX_free(opener->prf);
    EVP_KDF_CTX_free(opener->expand);
    mem_free(opener);
}

static OSSL_PARAM bytes_param(const char *name, const void *bytes, size_t len)
{
    union {
        const void *given;
        void *taken; /* OpenSSL has one type for what it reads and what it writes */
    } pointer = {.given = bytes};
    return OSSL_PARAM_construct_octet_string(name, pointer.taken, len);
}

static OSSL_PARAM hash_param(enum hash hash)
{
    OSSL_PARAM param =
        bytes_param(OSSL_KDF_PARAM_DIGEST, hash_names[hash], strlen(hash_names[hash]));
    param.data_type = OSSL_PARAM_UTF8_STRING;
    return param;
}

/* RFC 5246 §6.3: the key block is cut into these, in this order. */
static void key_block_cut(const unsigned char *at, const size_t lens[3],
                          struct seal_key *const sides[2])
{
    for (int part = 0; part < 3; part++)
        for (int side = 0; side < 2; side++) {
            unsigned char *const places[] = {sides[side]->mac, sides[side]->key, sides[side]->iv};
            memcpy(places[part], at, lens[part]);
            at += lens[part];
        }
}

static size_t iv_len(const struct seal *seal)
{
    if (seal->suite->mac == NO_HASH)
        return seal->suite->cipher == CHACHA20 ? SEAL_NONCE : SEAL_SALT;
    return seal->version == TLS_1_0_WIRE ? SEAL_BLOCK : 0; /* later each record has its own */
}

bool seal_keys_12(struct opener *opener, const struct seal *seal, const struct secret *master,
                  const unsigned char *client_random, const unsigned char *server_random,
                  struct seal_key *out_client, struct seal_key *out_server)
{
    const struct suite *suite = seal->suite;
    const size_t lens[] = {hash_len(suite->mac), suite_key_len(suite), iv_len(seal)};
    unsigned char block[KEYS_MOST];
    OSSL_PARAM params[] = {
        hash_param(seal->version < TLS_1_2_WIRE ? MD5_SHA1 : suite->prf),
        bytes_param(OSSL_KDF_PARAM_SECRET, master->bytes, master->len),
        bytes_param(OSSL_KDF_PARAM_SEED, "key expansion", 13), /* what comes later is added to it */
        bytes_param(OSSL_KDF_PARAM_SEED, server_random, KEYLOG_RANDOM),
        bytes_param(OSSL_KDF_PARAM_SEED, client_random, KEYLOG_RANDOM),
        OSSL_PARAM_construct_end(),
    };
    EVP_KDF_CTX_reset(opener->prf);
    if (master->len != KEYLOG_SECRET_MOST ||
        EVP_KDF_derive(opener->prf, block, 2 * (lens[0] + lens[1] + lens[2]), params) != 1)
        return false;
    key_block_cut(block, lens, (struct seal_key *[]){out_client, out_server});
    return true;
}

/* RFC 8446 §7.1: HKDF-Expand-Label with an empty context. */
static bool expand(struct opener *opener, const struct seal *seal, const struct secret *secret,
                   const char *label, unsigned char *out, size_t len)
{
    int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        hash_param(seal->suite->prf),
        bytes_param(OSSL_KDF_PARAM_KEY, secret->bytes, secret->len),
        bytes_param(OSSL_KDF_PARAM_PREFIX, "tls13 ", 6),
        bytes_param(OSSL_KDF_PARAM_LABEL, label, strlen(label)),
        OSSL_PARAM_construct_end(),
    };
    EVP_KDF_CTX_reset(opener->expand);
    return secret->len == hash_len(seal->suite->prf) &&
           EVP_KDF_derive(opener->expand, out, len, params) == 1;
}

bool seal_key_13(struct opener *opener, const struct seal *seal, const struct secret *secret,
                 struct seal_key *out)
{
    return expand(opener, seal, secret, "key", out->key, suite_key_len(seal->suite)) &&
           expand(opener, seal, secret, "iv", out->iv, SEAL_NONCE);
}

bool seal_secret_next(struct opener *opener, const struct seal *seal, struct secret *inout)
{
    struct secret next = {.len = inout->len};
    if (!expand(opener, seal, inout, "traffic upd", next.bytes, next.len))
        return false;
    *inout = next;
    return true;
}
