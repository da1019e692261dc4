#include "harness/capture/tls_seal_private.h"

enum { EXPLICIT = 8, AAD_12 = 13 };

static const char *const cipher_names[CIPHERS] = {"AES-128-GCM", "AES-256-GCM", "ChaCha20-Poly1305",
                                                  "AES-128-CBC", "AES-256-CBC"};

static const unsigned char *bytes_of(struct view view)
{
    return (const unsigned char *)view.ptr;
}

static bool cipher_begin(struct opener *opener, const struct seal *seal, const struct seal_key *key,
                         const unsigned char *iv)
{
    enum cipher cipher = seal->suite->cipher;
    if (opener->ciphers[cipher] == NULL)
        opener->ciphers[cipher] = EVP_CIPHER_fetch(NULL, cipher_names[cipher], NULL);
    return opener->ciphers[cipher] != NULL &&
           EVP_DecryptInit_ex(opener->ctx, opener->ciphers[cipher], NULL, key->key, iv) == 1 &&
           EVP_CIPHER_CTX_set_padding(opener->ctx, 0) == 1;
}

static void put(unsigned char *at, uint64_t value, size_t len)
{
    for (size_t i = 0; i < len; i++)
        at[i] = (unsigned char)(value >> 8 * (len - 1 - i));
}

/* RFC 5246 §6.2.3.1: what a MAC is made over, in front of the fragment. */
static void aad_12(unsigned char *out, uint64_t seq, const struct record *record, size_t len)
{
    put(out, seq, 8);
    put(out + 8, record->type, 1);
    put(out + 9, record->version, 2);
    put(out + 11, len, 2);
}

static bool aead_finish(struct opener *opener, const unsigned char *aad, int aad_len,
                        struct view text)
{
    struct view sealed = view_head(text, text.len - SEAL_TAG);
    unsigned char tag[SEAL_TAG];
    int len = 0, more = 0;
    memcpy(tag, text.ptr + sealed.len, SEAL_TAG);
    return EVP_CIPHER_CTX_ctrl(opener->ctx, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG, tag) == 1 &&
           EVP_DecryptUpdate(opener->ctx, NULL, &len, aad, aad_len) == 1 &&
           EVP_DecryptUpdate(opener->ctx, (unsigned char *)opener->room, &len, bytes_of(sealed),
                             (int)sealed.len) == 1 &&
           EVP_DecryptFinal_ex(opener->ctx, (unsigned char *)opener->room + len, &more) == 1;
}

static bool aead_open(struct opener *opener, const struct seal *seal, const struct seal_key *key,
                      uint64_t seq, const struct record *record, struct view *out)
{
    bool salted =
        seal->version != TLS_1_3_WIRE && seal->suite->cipher != CHACHA20; /* RFC 5288 §3 */
    unsigned char nonce[SEAL_NONCE], aad[AAD_12], counted[SEAL_NONCE] = {0};
    struct view text = record->bytes;
    int aad_len = AAD_12;
    if (text.len < SEAL_TAG + (salted ? EXPLICIT : 0u))
        return false;
    memcpy(nonce, key->iv, SEAL_NONCE);
    put(counted + 4, seq, 8);
    if (salted)
        memcpy(nonce + SEAL_SALT, text.ptr, EXPLICIT);
    for (size_t i = 0; !salted && i < SEAL_NONCE; i++) /* RFC 7905 §2, RFC 8446 §5.3 */
        nonce[i] ^= counted[i];
    text = view_skip(text, salted ? EXPLICIT : 0);
    aad_12(aad, seq, record, text.len - SEAL_TAG);
    if (seal->version == TLS_1_3_WIRE) { /* RFC 8446 §5.2: the record's own head */
        put(aad + 11, record->bytes.len, 2);
        memmove(aad, aad + 8, RECORD_HEAD);
        aad_len = RECORD_HEAD;
    }
    *out = (struct view){opener->room, text.len - SEAL_TAG};
    return cipher_begin(opener, seal, key, nonce) && aead_finish(opener, aad, aad_len, text);
}

static bool mac_right(const struct seal *seal, const struct seal_key *key, uint64_t seq,
                      const struct record *record, struct view closed, struct view mac)
{
    enum hash hash = seal->suite->mac;
    const EVP_MD *md = hash == SHA_1 ? EVP_sha1() : hash == SHA_256 ? EVP_sha256() : EVP_sha384();
    unsigned char bytes[AAD_12 + RECORD_MOST], made[EVP_MAX_MD_SIZE];
    unsigned made_len = 0;
    aad_12(bytes, seq, record, closed.len);
    if (closed.len > 0)
        memcpy(bytes + AAD_12, closed.ptr, closed.len);
    return HMAC(md, key->mac, hash_len(hash), bytes, AAD_12 + closed.len, made, &made_len) !=
               NULL &&
           view_equal((struct view){(char *)made, made_len}, mac);
}

/* RFC 5246 §6.2.3.2: the last byte says how many like it stand before it. */
static bool padding_strip(struct view *text)
{
    size_t padding = text->len == 0 ? 0 : (unsigned char)text->ptr[text->len - 1] + 1u;
    if (padding == 0 || padding > text->len)
        return false;
    for (size_t i = text->len - padding; i < text->len; i++)
        if ((unsigned char)text->ptr[i] != padding - 1)
            return false;
    text->len -= padding;
    return true;
}

static bool mac_take(const struct seal *seal, struct view *text, struct view *out_mac)
{
    size_t len = hash_len(seal->suite->mac);
    if (text->len < len)
        return false;
    text->len -= len;
    *out_mac = (struct view){text->ptr + text->len, len};
    return true;
}

static bool cbc_open(struct opener *opener, const struct seal *seal, struct seal_key *key,
                     uint64_t seq, const struct record *record, struct view *out)
{
    bool own_iv = seal->version != TLS_1_0_WIRE; /* RFC 4346 §6.2.3.2 */
    struct view text = record->bytes, mac;
    int len = 0;
    if (seal->mac_last &&
        (!mac_take(seal, &text, &mac) || !mac_right(seal, key, seq, record, text, mac)))
        return false;
    if (text.len % SEAL_BLOCK != 0 || text.len < (own_iv ? 2 * SEAL_BLOCK : SEAL_BLOCK))
        return false;
    const char *last = text.ptr + text.len - SEAL_BLOCK;
    if (!cipher_begin(opener, seal, key, own_iv ? bytes_of(text) : key->iv))
        return false;
    text = view_skip(text, own_iv ? SEAL_BLOCK : 0);
    if (EVP_DecryptUpdate(opener->ctx, (unsigned char *)opener->room, &len, bytes_of(text),
                          (int)text.len) != 1)
        return false;
    *out = (struct view){opener->room, text.len};
    if (!padding_strip(out) || (!seal->mac_last && (!mac_take(seal, out, &mac) ||
                                                    !mac_right(seal, key, seq, record, *out, mac))))
        return false;
    memcpy(key->iv, last, SEAL_BLOCK);
    return true;
}

bool seal_open(struct opener *opener, const struct seal *seal, struct seal_key *key, uint64_t seq,
               const struct record *record, struct view *out)
{
    if (record->bytes.len > RECORD_MOST)
        return false;
    return seal->suite->mac == NO_HASH ? aead_open(opener, seal, key, seq, record, out)
                                       : cbc_open(opener, seal, key, seq, record, out);
}
