#include "core/stream/x509_private.h"

struct certificate *certificate_alloc(struct tls_library *library)
{
    struct certificate *certificate = mem_zalloc(sizeof *certificate);

    if (certificate == NULL)
        return NULL;
    certificate->refs = 1;
    certificate->crypto = library;
    certificate->above = sk_X509_new_null();
    if (certificate->above == NULL) {
        mem_free(certificate);
        return NULL;
    }
    return certificate;
}

struct certificate *certificate_ref(struct certificate *certificate)
{
    if (certificate != NULL)
        certificate->refs++;
    return certificate;
}

void certificate_unref(struct certificate *certificate)
{
    if (certificate == NULL || --certificate->refs > 0)
        return;
    sk_X509_pop_free(certificate->above, X509_free);
    X509_CRL_free(certificate->revoked);
    EVP_PKEY_free(certificate->key);
    X509_free(certificate->x509);
    mem_free(certificate);
}

bool certificate_has_key(const struct certificate *certificate)
{
    return certificate->key != NULL;
}

uint64_t certificate_serial(const struct certificate *certificate)
{
    uint64_t serial = 0;

    if (ASN1_INTEGER_get_uint64(&serial, X509_get0_serialNumber(certificate->x509)) != 1)
        return 0;
    return serial;
}

static void bio_drain(BIO *bio, struct buf *out)
{
    char *bytes = NULL;
    long len = BIO_get_mem_data(bio, &bytes);

    buf_add(out, (struct view){bytes, (size_t)len});
    BIO_free(bio);
}

void certificate_write(const struct certificate *certificate, struct buf *out)
{
    BIO *bio = BIO_new(BIO_s_mem());
    bool good = bio != NULL && PEM_write_bio_X509(bio, certificate->x509) == 1;

    for (int i = 0; good && i < sk_X509_num(certificate->above); i++)
        good = PEM_write_bio_X509(bio, sk_X509_value(certificate->above, i)) == 1;
    if (!good)
        out->failed = ERR_MEMORY;
    if (bio != NULL)
        bio_drain(bio, out);
}

void certificate_write_key(const struct certificate *certificate, struct buf *out)
{
    BIO *bio = BIO_new(BIO_s_mem());

    if (bio == NULL ||
        PEM_write_bio_PKCS8PrivateKey(bio, certificate->key, NULL, NULL, 0, NULL, NULL) != 1)
        out->failed = ERR_MEMORY;
    if (bio != NULL)
        bio_drain(bio, out);
}
