#include "harness/capture/tls_seal.h"

/* OpenSSL has a type of the name of one of our errors. */
#define ERR_STATE openssl_err_state
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#undef ERR_STATE

enum { TAG = 16, BLOCK = 16, SALT = 4, EXPLICIT = 8, NONCE = 12, AAD_12 = 13, KEYS_MOST = 256 };
enum cipher { AES_128_GCM, AES_256_GCM, CHACHA20, AES_128_CBC, AES_256_CBC, CIPHERS };
enum hash { SHA_1, SHA_256, SHA_384, MD5_SHA1, NO_HASH };

/* What is sealed in one way; the ids differ by key exchange, which is no affair of ours. */
struct suite {
    enum cipher cipher;
    enum hash prf, mac; /* mac: of CBC */
    uint16_t ids[20];   /* 0: there are no more */
};

/* clang-format off */
static const struct suite suites[] = {
    {AES_128_GCM, SHA_256, NO_HASH, {0x1301, 0x009c, 0x009e, 0x00a2, 0x00a6, 0x00a8, 0x00aa, 0x00ac,
                                     0xc02b, 0xc02d, 0xc02f, 0xc031}},
    {AES_256_GCM, SHA_384, NO_HASH, {0x1302, 0x009d, 0x009f, 0x00a3, 0x00a7, 0x00a9, 0x00ab, 0x00ad,
                                     0xc02c, 0xc02e, 0xc030, 0xc032}},
    {CHACHA20,    SHA_256, NO_HASH, {0x1303, 0xcca8, 0xcca9, 0xccaa, 0xccab, 0xccac, 0xccad, 0xccae}},
    {AES_128_CBC, SHA_256, SHA_1,   {0x002f, 0x0032, 0x0033, 0x0034, 0x008c, 0x0090, 0x0094, 0xc004,
                                     0xc009, 0xc00e, 0xc013, 0xc018, 0xc01d, 0xc01e, 0xc01f, 0xc035}},
    {AES_256_CBC, SHA_256, SHA_1,   {0x0035, 0x0038, 0x0039, 0x003a, 0x008d, 0x0091, 0x0095, 0xc005,
                                     0xc00a, 0xc00f, 0xc014, 0xc019, 0xc020, 0xc021, 0xc022, 0xc036}},
    {AES_128_CBC, SHA_256, SHA_256, {0x003c, 0x0040, 0x0067, 0x006c, 0x00ae, 0x00b2, 0x00b6, 0xc023,
                                     0xc025, 0xc027, 0xc029, 0xc037}},
    {AES_256_CBC, SHA_256, SHA_256, {0x003d, 0x006a, 0x006b, 0x006d}},
    {AES_256_CBC, SHA_384, SHA_384, {0x00af, 0x00b3, 0x00b7, 0xc024, 0xc026, 0xc028, 0xc02a, 0xc038}},
};
/* clang-format on */

static const char *const cipher_names[] = {"AES-128-GCM", "AES-256-GCM", "ChaCha20-Poly1305",
                                           "AES-128-CBC", "AES-256-CBC"};
static const char *const hash_names[] = {"SHA1", "SHA256", "SHA384", "MD5-SHA1"};
static const uint8_t hash_lens[] = {20, 32, 48, 36};
static const uint8_t key_lens[] = {16, 32, 32, 16, 32};

struct opener {
    EVP_CIPHER *ciphers[CIPHERS]; /* those that were needed so far */
    EVP_CIPHER_CTX *ctx;
    EVP_KDF_CTX *prf, *expand;
    char room[RECORD_MOST + BLOCK];
};

const struct suite *suite_find(uint16_t id)
{
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        for (const uint16_t *at = suites[i].ids; *at != 0; at++)
            if (*at == id)
                return &suites[i];
    return NULL;
}

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
        return seal->suite->cipher == CHACHA20 ? NONCE : SALT;
    return seal->version == TLS_1_0_WIRE ? BLOCK : 0; /* later each record has its own */
}

bool seal_keys_12(struct opener *opener, const struct seal *seal, const struct secret *master,
                  const unsigned char *client_random, const unsigned char *server_random,
                  struct seal_key *out_client, struct seal_key *out_server)
{
    const struct suite *suite = seal->suite;
    const size_t lens[] = {suite->mac == NO_HASH ? 0 : hash_lens[suite->mac],
                           key_lens[suite->cipher], iv_len(seal)};
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
    return secret->len == hash_lens[seal->suite->prf] &&
           EVP_KDF_derive(opener->expand, out, len, params) == 1;
}

bool seal_key_13(struct opener *opener, const struct seal *seal, const struct secret *secret,
                 struct seal_key *out)
{
    return expand(opener, seal, secret, "key", out->key, key_lens[seal->suite->cipher]) &&
           expand(opener, seal, secret, "iv", out->iv, NONCE);
}

bool seal_secret_next(struct opener *opener, const struct seal *seal, struct secret *inout)
{
    struct secret next = {.len = inout->len};
    if (!expand(opener, seal, inout, "traffic upd", next.bytes, next.len))
        return false;
    *inout = next;
    return true;
}

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
    struct view sealed = view_head(text, text.len - TAG);
    unsigned char tag[TAG];
    int len = 0, more = 0;
    memcpy(tag, text.ptr + sealed.len, TAG);
    return EVP_CIPHER_CTX_ctrl(opener->ctx, EVP_CTRL_AEAD_SET_TAG, TAG, tag) == 1 &&
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
    unsigned char nonce[NONCE], aad[AAD_12], counted[NONCE] = {0};
    struct view text = record->bytes;
    int aad_len = AAD_12;
    if (text.len < TAG + (salted ? EXPLICIT : 0u))
        return false;
    memcpy(nonce, key->iv, NONCE);
    put(counted + 4, seq, 8);
    if (salted)
        memcpy(nonce + SALT, text.ptr, EXPLICIT);
    for (size_t i = 0; !salted && i < NONCE; i++) /* RFC 7905 §2, RFC 8446 §5.3 */
        nonce[i] ^= counted[i];
    text = view_skip(text, salted ? EXPLICIT : 0);
    aad_12(aad, seq, record, text.len - TAG);
    if (seal->version == TLS_1_3_WIRE) { /* RFC 8446 §5.2: the record's own head */
        put(aad + 11, record->bytes.len, 2);
        memmove(aad, aad + 8, RECORD_HEAD);
        aad_len = RECORD_HEAD;
    }
    *out = (struct view){opener->room, text.len - TAG};
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
    return HMAC(md, key->mac, hash_lens[hash], bytes, AAD_12 + closed.len, made, &made_len) !=
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
    size_t len = hash_lens[seal->suite->mac];
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
    if (text.len % BLOCK != 0 || text.len < (own_iv ? 2 * BLOCK : BLOCK))
        return false;
    const char *last = text.ptr + text.len - BLOCK;
    if (!cipher_begin(opener, seal, key, own_iv ? bytes_of(text) : key->iv))
        return false;
    text = view_skip(text, own_iv ? BLOCK : 0);
    if (EVP_DecryptUpdate(opener->ctx, (unsigned char *)opener->room, &len, bytes_of(text),
                          (int)text.len) != 1)
        return false;
    *out = (struct view){opener->room, text.len};
    if (!padding_strip(out) || (!seal->mac_last && (!mac_take(seal, out, &mac) ||
                                                    !mac_right(seal, key, seq, record, *out, mac))))
        return false;
    memcpy(key->iv, last, BLOCK);
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
