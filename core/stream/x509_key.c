#include "core/stream/tls_library_private.h"

#include <openssl/rsa.h>

static const unsigned rsa_bits[] = {
    [KEY_RSA1024] = 1024, [KEY_RSA2048] = 2048, [KEY_RSA4096] = 4096};

static EVP_PKEY *key_generate(OSSL_LIB_CTX *libctx, enum key_type type)
{
    switch (type) {
    case KEY_P256:
        return EVP_PKEY_Q_keygen(libctx, NULL, "EC", "P-256");
    case KEY_P384:
        return EVP_PKEY_Q_keygen(libctx, NULL, "EC", "P-384");
    case KEY_ED25519:
        return EVP_PKEY_Q_keygen(libctx, NULL, "ED25519");
    case KEY_RSA1024:
    case KEY_RSA2048:
    case KEY_RSA4096:
        return EVP_PKEY_Q_keygen(libctx, NULL, "RSA", (size_t)rsa_bits[type]);
    }
    return NULL;
}

/* A fresh RSA key draws its blinding at its first use: one signature that nobody sees makes the
 * first handshake like all others. */
static void blinding_draw(OSSL_LIB_CTX *libctx, EVP_PKEY *key)
{
    unsigned char signature[512];
    size_t len = sizeof signature;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    if (ctx != NULL && EVP_DigestSignInit_ex(ctx, NULL, "SHA256", libctx, NULL, key, NULL) == 1)
        (void)EVP_DigestSign(ctx, signature, &len, (const unsigned char *)"", 0);
    EVP_MD_CTX_free(ctx);
}

static EVP_PKEY *key_make(struct tls_library *library, enum key_type type, uint32_t number)
{
    struct rng rng = rng_stream((struct rng){0}, V("keys"));

    rng.seed = rng_at(rng, V("key"), (uint64_t)type << 32 | number);
    tls_library_draw_from(library, rng);
    EVP_PKEY *key = key_generate(library->libctx, type);
    if (key != NULL && EVP_PKEY_is_a(key, "RSA"))
        blinding_draw(library->libctx, key);
    return key;
}

static bool room_for_one(struct keys *keys)
{
    void *all = mem_room(keys->all, sizeof *keys->all, keys->count, &keys->size, 8);
    if (all == NULL)
        return false;
    keys->all = all;
    return true;
}

EVP_PKEY *key_get(struct tls_library *library, enum key_type type, uint32_t number)
{
    struct keys *keys = &library->keys;

    for (size_t i = 0; i < keys->count; i++)
        if (keys->all[i].type == type && keys->all[i].number == number)
            return keys->all[i].key;
    if (!room_for_one(keys))
        return NULL;
    EVP_PKEY *key = key_make(library, type, number);
    if (key == NULL)
        return NULL;
    keys->all[keys->count].type = type;
    keys->all[keys->count].number = number;
    keys->all[keys->count++].key = key;
    return key;
}

void keys_deinit(struct keys *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        EVP_PKEY_free(keys->all[i].key);
    mem_free(keys->all);
}
