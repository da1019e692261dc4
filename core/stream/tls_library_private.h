/* What the files of this folder see of the library.
 *
 *     X509 *x509 = X509_new_ex(library->libctx, NULL);
 */
#pragma once
#include "core/stream/tls_random.h"
#include "core/stream/x509_key.h"

struct tls_library {
    OSSL_LIB_CTX *libctx;
    OSSL_PROVIDER *usual, *chance;
    struct tls_random *source;
    struct keys keys;
};
