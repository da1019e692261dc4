#include "core/stream/x509_private.h"

#include <limits.h>

enum { ABOVE_MAX = 64 }; /* certificates in one file */

static BIO *bio_of(struct view text)
{
    return text.len > INT_MAX ? NULL : BIO_new_mem_buf(text.ptr, (int)text.len);
}

static X509 *x509_next(struct tls_library *library, BIO *bio)
{
    X509 *x509 = X509_new_ex(library->libctx, NULL);

    if (x509 != NULL && PEM_read_bio_X509(bio, &x509, NULL, NULL) == NULL) {
        X509_free(x509);
        return NULL;
    }
    return x509;
}

/* Whether reading stopped because there is no further block, and not because of one that is bad. */
static bool at_end(void)
{
    unsigned long error = ERR_peek_last_error();

    return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

static enum err chain_read(struct certificate *certificate, BIO *bio, const char **out_why)
{
    X509 *x509;

    ERR_clear_error();
    certificate->x509 = x509_next(certificate->crypto, bio);
    if (certificate->x509 == NULL) {
        *out_why = at_end() ? "there is no certificate in it" : "the certificate cannot be read";
        return ERR_SYNTAX;
    }
    while ((x509 = x509_next(certificate->crypto, bio)) != NULL) {
        if (sk_X509_num(certificate->above) == ABOVE_MAX ||
            sk_X509_push(certificate->above, x509) == 0) {
            X509_free(x509);
            *out_why = "there are too many certificates in it";
            return ERR_LIMIT;
        }
    }
    if (at_end())
        return ERR_OK;
    *out_why = "a certificate behind the first cannot be read";
    return ERR_SYNTAX;
}

/* Asked for the pass phrase of an encrypted key: we have none, and remember that we were asked. */
static int no_pass_phrase(char *buf, int size, int writing, void *asked)
{
    (void)buf;
    (void)size;
    (void)writing;
    *(bool *)asked = true;
    return -1;
}

static enum err key_read(struct certificate *certificate, struct view text, const char **out_why)
{
    bool asked = false;
    BIO *bio = bio_of(text);

    if (bio == NULL)
        return ERR_MEMORY;
    ERR_clear_error();
    certificate->key = PEM_read_bio_PrivateKey_ex(bio, NULL, no_pass_phrase, &asked,
                                                  certificate->crypto->libctx, NULL);
    BIO_free(bio);
    if (certificate->key == NULL) {
        *out_why = asked ? "the key is encrypted"
                   : view_find(text, V("PRIVATE KEY-----")) == text.len
                       ? "there is no private key in it"
                       : "the key cannot be read";
        return ERR_SYNTAX;
    }
    if (X509_check_private_key(certificate->x509, certificate->key) == 1)
        return ERR_OK;
    *out_why = "the key is that of another certificate";
    return ERR_CONFLICT;
}

enum err certificate_read(struct tls_library *library, struct view text, struct view key,
                          struct certificate **out, const char **out_why)
{
    struct certificate *certificate = certificate_alloc(library);
    BIO *bio = bio_of(text);

    *out_why = "out of memory";
    enum err err = certificate == NULL || bio == NULL ? ERR_MEMORY : ERR_OK;
    if (err == ERR_OK)
        err = chain_read(certificate, bio, out_why);
    if (err == ERR_OK && key.len > 0)
        err = key_read(certificate, key, out_why);
    BIO_free(bio);
    ERR_clear_error();
    if (err != ERR_OK) {
        certificate_unref(certificate);
        return err;
    }
    *out = certificate;
    return ERR_OK;
}
