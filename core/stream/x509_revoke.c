/* Lists of revoked certificates, RFC 5280 §5. */
#include "core/stream/x509_private.h"

/* A list without an entry, valid as long as its CA is. */
static X509_CRL *crl_begin(const struct certificate *ca)
{
    enum { VERSION_2 = 1 };
    X509_CRL *crl = X509_CRL_new_ex(ca->crypto->libctx, NULL);

    if (crl != NULL && X509_CRL_set_version(crl, VERSION_2) == 1 &&
        X509_CRL_set_issuer_name(crl, X509_get_subject_name(ca->x509)) == 1 &&
        X509_CRL_set1_lastUpdate(crl, X509_get0_notBefore(ca->x509)) == 1 &&
        X509_CRL_set1_nextUpdate(crl, X509_get0_notAfter(ca->x509)) == 1)
        return crl;
    X509_CRL_free(crl);
    return NULL;
}

static enum err entry_add(X509_CRL *crl, uint64_t serial, const ASN1_TIME *since)
{
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    X509_REVOKED *entry = X509_REVOKED_new();
    bool good = number != NULL && entry != NULL && ASN1_INTEGER_set_uint64(number, serial) == 1 &&
                X509_REVOKED_set_serialNumber(entry, number) == 1 &&
                X509_REVOKED_set_revocationDate(entry, (ASN1_TIME *)since) == 1 &&
                X509_CRL_add0_revoked(crl, entry) == 1;

    if (!good)
        X509_REVOKED_free(entry);
    ASN1_INTEGER_free(number);
    return good ? ERR_OK : ERR_MEMORY;
}

enum err certificate_revoke(struct certificate *ca, uint64_t serial)
{
    if (ca->key == NULL)
        return ERR_STATE;
    if (ca->revoked == NULL)
        ca->revoked = crl_begin(ca);
    if (ca->revoked == NULL)
        return ERR_MEMORY;
    enum err err = entry_add(ca->revoked, serial, X509_get0_notBefore(ca->x509));
    if (err != ERR_OK)
        return err;
    ca->revision++;
    struct rng rng = rng_stream(ca->rng, V("revoked"));
    rng.seed = rng_at(rng, V("list"), ca->revision);
    tls_library_draw_from(ca->crypto, rng);
    const EVP_MD *hash = EVP_PKEY_is_a(ca->key, "ED25519") ? NULL : EVP_sha256();
    X509_CRL_sort(ca->revoked);
    return X509_CRL_sign(ca->revoked, ca->key, hash) > 0 ? ERR_OK : ERR_MEMORY;
}
