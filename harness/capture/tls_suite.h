/* What the cipher suites of TLS seal records with; by which keys are exchanged is no affair of
 * ours.
 *
 *     const struct suite *suite = suite_find(0x1301);
 */
#pragma once
#include "core/base.h"

enum cipher { AES_128_GCM, AES_256_GCM, CHACHA20, AES_128_CBC, AES_256_CBC, CIPHERS };
enum hash { SHA_1, SHA_256, SHA_384, MD5_SHA1, NO_HASH };

struct suite {
    enum cipher cipher;
    enum hash prf, mac; /* mac: of CBC */
    uint16_t ids[20];   /* 0: there are no more */
};

const struct suite *suite_find(uint16_t id); /* NULL: it is none that we can open */
uint8_t suite_key_len(const struct suite *suite);
uint8_t hash_len(enum hash hash); /* bytes; of NO_HASH: 0 */
