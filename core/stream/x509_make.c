#include "core/stream/x509_private.h"

#include <limits.h>

static enum err name_set(X509 *x509, struct view cn)
{
    X509_NAME *name = X509_NAME_new();

    bool good = name != NULL && cn.len <= INT_MAX;
    if (good && cn.ptr != NULL)
        good = X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                                          (const unsigned char *)cn.ptr, (int)cn.len, -1, 0) == 1;
    good = good && X509_set_subject_name(x509, name) == 1;
    X509_NAME_free(name);
    return good ? ERR_OK : ERR_SYNTAX; /* longer than 64 characters, RFC 5280 appendix A.1 */
}

static enum err validity_set(X509 *x509, const struct certificate_options *options)
{
    bool good = ASN1_TIME_set(X509_getm_notBefore(x509), (time_t)options->not_before_s) != NULL &&
                ASN1_TIME_set(X509_getm_notAfter(x509), (time_t)options->not_after_s) != NULL;

    return good ? ERR_OK : ERR_SYNTAX; /* after the year 9999 */
}

static enum err body_fill(struct certificate *certificate,
                          const struct certificate_options *options)
{
    enum { VERSION_3 = 2 };
    X509 *x509 = certificate->x509;
    const X509 *issuer = options->issuer == NULL ? x509 : options->issuer->x509;
    enum err err = name_set(x509, options->cn);

    if (err == ERR_OK)
        err = validity_set(x509, options);
    if (err != ERR_OK)
        return err;
    if (X509_set_version(x509, VERSION_3) != 1 ||
        ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), options->serial) != 1 ||
        X509_set_issuer_name(x509, X509_get_subject_name(issuer)) != 1 ||
        X509_set_pubkey(x509, certificate->key) != 1)
        return ERR_MEMORY;
    return extensions_add(x509, options);
}

static enum err sign(struct certificate *certificate, const struct certificate_options *options)
{
    EVP_PKEY *key = options->issuer == NULL ? certificate->key : options->issuer->key;
    const EVP_MD *hash = options->sha1 ? EVP_sha1() : EVP_sha256();

    if (EVP_PKEY_is_a(key, "ED25519"))
        hash = NULL; /* it has its own */
    tls_library_draw_from(certificate->crypto, options->rng);
    return X509_sign(certificate->x509, key, hash) > 0 ? ERR_OK : ERR_MEMORY;
}

/* What is shown with it: its issuer and what is shown with that; but no root, which who is to
 * trust it has already. */
static enum err above_fill(struct certificate *certificate, const struct certificate *issuer)
{
    X509 *x509;

    if (X509_self_signed(issuer->x509, 0) == 1)
        return ERR_OK;
    for (int i = -1; i < sk_X509_num(issuer->above); i++) {
        x509 = i < 0 ? issuer->x509 : sk_X509_value(issuer->above, i);
        if (X509_up_ref(x509) != 1)
            return ERR_MEMORY;
        if (sk_X509_push(certificate->above, x509) == 0) {
            X509_free(x509);
            return ERR_MEMORY;
        }
    }
    return ERR_OK;
}

static enum err certificate_fill(struct certificate *certificate,
                                 const struct certificate_options *options)
{
    struct tls_library *library = certificate->crypto;
    EVP_PKEY *key = key_get(library, options->key, options->key_number);

    if (key == NULL || EVP_PKEY_up_ref(key) != 1)
        return ERR_MEMORY;
    certificate->key = key;
    certificate->rng = options->rng;
    certificate->x509 = X509_new_ex(library->libctx, NULL);
    if (certificate->x509 == NULL)
        return ERR_MEMORY;
    enum err err = body_fill(certificate, options);
    if (err == ERR_OK)
        err = sign(certificate, options);
    if (err == ERR_OK && options->issuer != NULL && !options->alone)
        err = above_fill(certificate, options->issuer);
    return err;
}

enum err certificate_create(struct tls_library *library, const struct certificate_options *options,
                            struct certificate **out)
{
    if (options->issuer != NULL && options->issuer->key == NULL)
        return ERR_STATE;
    struct certificate *certificate = certificate_alloc(library);
    if (certificate == NULL)
        return ERR_MEMORY;
    enum err err = certificate_fill(certificate, options);
    ERR_clear_error();
    if (err != ERR_OK) {
        certificate_unref(certificate);
        return err;
    }
    *out = certificate;
    return ERR_OK;
}
