/* The secrets of TLS connections, in the format that OpenSSL, NSS, browsers and we write
 * (SSLKEYLOGFILE): a line for each, found by the random bytes of the client's hello.
 *
 *     enum err err = keylog_read(&keylog, "keys.log", &complaint);
 *     session = keylog_find(&keylog, random);
 *     keylog_deinit(&keylog);
 */
#pragma once
#include "core/base.h"

enum { KEYLOG_RANDOM = 32, KEYLOG_SECRET_MOST = 48 };

#define KEYLOG_LABEL_LIST(X)                                                                       \
    X(MASTER, "CLIENT_RANDOM") /* up to TLS 1.2; the others are of TLS 1.3 */                      \
    X(CLIENT_EARLY, "CLIENT_EARLY_TRAFFIC_SECRET")                                                 \
    X(CLIENT_HANDSHAKE, "CLIENT_HANDSHAKE_TRAFFIC_SECRET")                                         \
    X(SERVER_HANDSHAKE, "SERVER_HANDSHAKE_TRAFFIC_SECRET")                                         \
    X(CLIENT_TRAFFIC, "CLIENT_TRAFFIC_SECRET_0")                                                   \
    X(SERVER_TRAFFIC, "SERVER_TRAFFIC_SECRET_0")

enum keylog_label {
#define KEYLOG_LABEL_ENUM(name, text) KEYLOG_##name,
    KEYLOG_LABEL_LIST(KEYLOG_LABEL_ENUM)
#undef KEYLOG_LABEL_ENUM
        KEYLOG_LABELS
};

struct secret {
    uint8_t len; /* 0: it is not known */
    unsigned char bytes[KEYLOG_SECRET_MOST];
};

struct keylog_session;
struct keylog { /* zeroed: empty */
    struct keylog_session *by_random;
    uint32_t count; /* of sessions */
};

/* Takes each line that it understands, and passes over the others. MEMORY; LIMIT: more than a
 * million sessions. */
enum err keylog_add(struct keylog *keylog, struct view text) NODISCARD;
/* IO: it cannot be read. SYNTAX: not one line of it is a secret. The complaint has a sentence. */
enum err keylog_read(struct keylog *keylog, const char *path, struct buf *complaint) NODISCARD;
/* KEYLOG_LABELS secrets; NULL: it has none of this connection. */
const struct secret *keylog_find(const struct keylog *keylog,
                                 const unsigned char random[KEYLOG_RANDOM]);
void keylog_deinit(struct keylog *keylog);
