/* What OpenSSL holds for the files of tls_seal.h, shared by all connections. */
#pragma once
#include "harness/capture/tls_seal.h"

/* OpenSSL has a type of the name of one of our errors. */
#define ERR_STATE openssl_err_state
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#undef ERR_STATE

enum { SEAL_TAG = 16, SEAL_BLOCK = 16, SEAL_SALT = 4, SEAL_NONCE = 12 };

struct opener {
    EVP_CIPHER *ciphers[CIPHERS]; /* those that were needed so far */
    EVP_CIPHER_CTX *ctx;
    EVP_KDF_CTX *prf, *expand;
    char room[RECORD_MOST + SEAL_BLOCK];
};
