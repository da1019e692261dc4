#include "harness/capture/tls_suite.h"

/* clang-format off */
static const struct suite suites[] = {
    {AES_128_GCM, SHA_256, NO_HASH, {0x1301, 0x009c, 0x009e, 0x00a2, 0x00a6, 0x00a8, 0x00aa, 0x00ac,
                                     0xc02b, 0xc02d, 0xc02f, 0xc031}},
    {AES_256_GCM, SHA_384, NO_HASH, {0x1302, 0x009d, 0x009f, 0x00a3, 0x00a7, 0x00a9, 0x00ab, 0x00ad,
                                     0xc02c, 0xc02e, 0xc030, 0xc032}},
    {CHACHA20,    SHA_256, NO_HASH, {0x1303, 0xcca8, 0xcca9, 0xccaa, 0xccab, 0xccac, 0xccad, 0xccae}},
    {AES_128_CBC, SHA_256, SHA_1,   {0x002f, 0x0032, 0x0033, 0x0034, 0x008c, 0x0090, 0x0094, 0xc004,
                                     0xc009, 0xc00e, 0xc013, 0xc018, 0xc01d, 0xc01e, 0xc01f, 0xc035}},
    {AES_256_CBC, SHA_256, SHA_1,   {0x0035, 0x0038, 0x0039, 0x003a, 0x008d, 0x0091, 0x0095, 0xc005,
                                     0xc00a, 0xc00f, 0xc014, 0xc019, 0xc020, 0xc021, 0xc022, 0xc036}},
    {AES_128_CBC, SHA_256, SHA_256, {0x003c, 0x0040, 0x0067, 0x006c, 0x00ae, 0x00b2, 0x00b6, 0xc023,
                                     0xc025, 0xc027, 0xc029, 0xc037}},
    {AES_256_CBC, SHA_256, SHA_256, {0x003d, 0x006a, 0x006b, 0x006d}},
    {AES_256_CBC, SHA_384, SHA_384, {0x00af, 0x00b3, 0x00b7, 0xc024, 0xc026, 0xc028, 0xc02a, 0xc038}},
};
/* clang-format on */

const struct suite *suite_find(uint16_t id)
{
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        for (const uint16_t *at = suites[i].ids; *at != 0; at++)
            if (*at == id)
                return &suites[i];
    return NULL;
}

uint8_t suite_key_len(const struct suite *suite)
{
    static const uint8_t lens[CIPHERS] = {16, 32, 32, 16, 32};
    return lens[suite->cipher];
}

uint8_t hash_len(enum hash hash)
{
    static const uint8_t lens[] = {20, 32, 48, 36, 0};
    return lens[hash];
}
