/* OpenSSL has a type of the name of one of our errors. */
#define ERR_STATE openssl_err_state
#include <openssl/evp.h>
#undef ERR_STATE

#include "core/auth/hash.h"

struct view hex_view(const struct hex *hex)
{
    return (struct view){hex->text, hex->len};
}

static const EVP_MD *algorithm_find(enum sip_digest_algorithm algorithm)
{
    static const EVP_MD *(*const makers[])(void) = {EVP_md5, EVP_sha256, EVP_sha512_256};
    return makers[algorithm]();
}

static bool digest_parts(EVP_MD_CTX *ctx, const EVP_MD *md, const struct view *parts, size_t count,
                         unsigned char *out, unsigned *len)
{
    bool good = EVP_DigestInit_ex(ctx, md, NULL) == 1;
    for (size_t i = 0; good && i < count; i++) {
        good = i == 0 || EVP_DigestUpdate(ctx, ":", 1) == 1;
        good = good && EVP_DigestUpdate(ctx, parts[i].ptr, parts[i].len) == 1;
    }
    return good && EVP_DigestFinal_ex(ctx, out, len) == 1;
}

enum err hash_joined(enum sip_digest_algorithm algorithm, const struct view *parts, size_t count,
                     struct hex *out)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (ctx == NULL)
        return ERR_MEMORY;
    bool good = digest_parts(ctx, algorithm_find(algorithm), parts, count, bytes, &len);
    EVP_MD_CTX_free(ctx);
    if (!good)
        return ERR_UNSUPPORTED;
    ASSERT(2 * len <= sizeof out->text);
    for (unsigned i = 0; i < len; i++) {
        out->text[2 * i] = digits[bytes[i] >> 4];
        out->text[2 * i + 1] = digits[bytes[i] & 15];
    }
    out->len = 2 * len;
    return ERR_OK;
}
