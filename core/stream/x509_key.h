/* The keys of certificates made at run time: key n of a type is the same in all processes.
 *
 *     EVP_PKEY *key = key_get(library, KEY_P256, 1);
 */
#pragma once
#include "core/stream/openssl.h"
#include "core/stream/x509.h"

struct keys { /* those made so far, in no order */
    struct {
        enum key_type type;
        uint32_t number;
        EVP_PKEY *key;
    } * all;
    uint32_t count, size;
};

/* Borrowed of the library, which makes it at its first use. NULL: no memory. */
EVP_PKEY *key_get(struct tls_library *library, enum key_type type, uint32_t number);
void keys_deinit(struct keys *keys);
