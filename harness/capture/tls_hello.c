#include "harness/capture/tls_hello.h"

#include "harness/capture/octets.h"

enum { ENCRYPT_THEN_MAC = 22, SUPPORTED_VERSIONS = 43 };

/* RFC 8446 §4.1.3: SHA-256 of "HelloRetryRequest", where the random bytes of a hello stand. */
static const unsigned char retry_random[KEYLOG_RANDOM] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

bool hello_client_read(struct view body, unsigned char out_random[KEYLOG_RANDOM])
{
    struct octets at = {.rest = body};
    octets_u16(&at); /* a version */
    struct view random = octets_take(&at, KEYLOG_RANDOM);
    if (at.failed)
        return false;
    memcpy(out_random, random.ptr, KEYLOG_RANDOM);
    return true;
}

static void extensions_read(struct octets at, struct hello_server *out)
{
    while (!at.failed && at.rest.len > 0) {
        uint16_t type = octets_u16(&at);
        struct octets inside = {.rest = octets_take(&at, octets_u16(&at))};
        if (type == ENCRYPT_THEN_MAC && !at.failed)
            out->mac_last = true;
        if (type == SUPPORTED_VERSIONS && inside.rest.len == 2)
            out->version = octets_u16(&inside);
    }
}

bool hello_server_read(struct view body, struct hello_server *out)
{
    struct octets at = {.rest = body};
    struct hello_server hello = {.version = octets_u16(&at)};
    struct view random = octets_take(&at, KEYLOG_RANDOM);
    octets_take(&at, octets_u8(&at)); /* the session's id */
    hello.suite = octets_u16(&at);
    hello.packed = octets_u8(&at) != 0;
    if (at.failed)
        return false;
    memcpy(hello.random, random.ptr, KEYLOG_RANDOM);
    hello.retry = memcmp(random.ptr, retry_random, KEYLOG_RANDOM) == 0;
    if (at.rest.len > 0) { /* RFC 5246 §7.4.1.3: there may be none */
        octets_cut(&at, octets_u16(&at));
        extensions_read(at, &hello);
    }
    *out = hello;
    return true;
}
