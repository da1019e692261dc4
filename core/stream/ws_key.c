#include "core/stream/ws_key.h"

#include "core/stream/openssl.h"

#include <openssl/sha.h>

struct ws_key ws_key_make(struct rng rng)
{
    struct ws_key key;
    uint8_t bytes[16];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(rng_at(rng, V("key"), i / 8) >> (i % 8 * 8));
    (void)EVP_EncodeBlock((uint8_t *)key.text, bytes, sizeof bytes);
    return key;
}

bool ws_key_good(struct view key)
{
    uint8_t bytes[WS_KEY_LEN];

    /* 24 characters with two of padding are 16 bytes. */
    return key.len == WS_KEY_LEN && view_ends(key, V("==")) && key.ptr[WS_KEY_LEN - 3] != '=' &&
           EVP_DecodeBlock(bytes, (const uint8_t *)key.ptr, WS_KEY_LEN) == 18;
}

struct ws_accept ws_accept_of(struct view key)
{
    static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    struct ws_accept accept;
    uint8_t text[WS_KEY_LEN + sizeof magic - 1], hash[SHA_DIGEST_LENGTH];

    ASSERT(key.len == WS_KEY_LEN);
    memcpy(text, key.ptr, WS_KEY_LEN);
    memcpy(text + WS_KEY_LEN, magic, sizeof magic - 1);
    (void)SHA1(text, sizeof text, hash);
    (void)EVP_EncodeBlock((uint8_t *)accept.text, hash, sizeof hash);
    return accept;
}
