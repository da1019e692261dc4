/* OpenSSL's headers, for the files of this folder that use it. OpenSSL has a type of the name of
 * one of our errors.
 *
 *     #include "core/stream/openssl.h"
 */
#pragma once
#define ERR_STATE openssl_err_state
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#undef ERR_STATE
