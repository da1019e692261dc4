/* A client and a server of OpenSSL that talk TLS with each other, and the capture of it.
 *
 *     struct tls_wire pair;
 *     tls_wire_open(&pair, &wire, (struct tls_wire_options){.ciphers = "ECDHE-ECDSA-AES128-SHA"});
 *     tls_wire_say(&pair, TLS_CLIENT, "OPTIONS …");
 *     tls_wire_close(&pair);
 *     keys = tls_wire_keys(&pair);
 */
#pragma once
#include "harness/capture/wire_fixture.h"

/* OpenSSL has a type of the name of one of our errors. */
#define ERR_STATE openssl_err_state
#include <openssl/ssl.h>
#undef ERR_STATE

enum { TLS_CLIENT, TLS_SERVER };

struct tls_wire_options {
    int version;               /* TLS1_2_VERSION …; 0: the newest */
    const char *ciphers;       /* up to TLS 1.2; NULL: any */
    const char *suites;        /* of TLS 1.3; NULL: any */
    const char *server_groups; /* "P-256": the client has to be asked again */
    bool mac_first;            /* no encrypt-then-MAC, RFC 7366 */
    SSL_SESSION *session;      /* to be gone on with; taken */
    const char *early;         /* what the client says before the handshake is done */
};

struct tls_wire {
    struct wire_file *wire;
    SSL_CTX *contexts[2];
    SSL *ends[2];
    uint32_t seq[2];
    size_t segment;  /* bytes of one; 0: all that there is goes into one */
    bool unseen;     /* what is said now is not in the capture */
    char keylog[64]; /* path of the key log, to which each connection adds its lines */
};

/* Both stay the same over all connections of a test. */
void tls_wire_begin(struct tls_wire *pair, struct wire_file *wire);
/* With the handshake, on the same ports as each before it. */
void tls_wire_open(struct tls_wire *pair, struct tls_wire_options options);
void tls_wire_say(struct tls_wire *pair, int end, const char *text);
void tls_wire_update(struct tls_wire *pair, int end); /* a KeyUpdate that is answered */
void tls_wire_again(struct tls_wire *pair);           /* TLS 1.2: renegotiated by the client */
SSL_SESSION *tls_wire_session(struct tls_wire *pair); /* to go on with */
void tls_wire_close(struct tls_wire *pair);
void tls_wire_end(struct tls_wire *pair);
/* Reads the capture with its key log: how many messages there are. */
size_t tls_wire_read(struct tls_wire *pair);
