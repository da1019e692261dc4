/* What the two hellos of TLS say about how the rest can be read, RFC 8446 §4.1.
 *
 *     if (hello_server_read(body, &hello) && !hello.retry)
 *         suite = suite_find(hello.suite);
 */
#pragma once
#include "harness/capture/keylog.h"

struct hello_server {
    unsigned char random[KEYLOG_RANDOM];
    uint16_t version, suite;
    bool mac_last; /* RFC 7366: encrypt, then MAC */
    bool packed;   /* it chose a compression */
    bool retry;    /* a HelloRetryRequest: the true one follows */
};

/* Of the body of a handshake message. False: it is not whole. */
bool hello_client_read(struct view body, unsigned char out_random[KEYLOG_RANDOM]);
bool hello_server_read(struct view body, struct hello_server *out);
