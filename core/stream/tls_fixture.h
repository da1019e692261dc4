/* A CA, a certificate for bob.example.com, and a client and a server with them.
 *
 *     struct tls_set_up s;
 *     tls_begin(&s);
 *     s.client_options.verify = TLS_VERIFY_NONE;
 *     tls_join(&s);
 *     assert_true(s.pair.a.open);
 *     tls_end(&s);
 */
#pragma once
#include "core/stream/filters_fixture.h"
#include "core/stream/tls.h"

enum { TLS_EPOCH_S = 1767225600, TLS_DAY_S = 86400 };

struct tls_set_up {
    struct tls_library *crypto;
    struct certificate *ca, *own; /* own: the server's */
    struct tls_context_options client_options, server_options;
    struct tls_context *client, *server;
    struct view domain; /* whom the client wants */
    struct pair pair;   /* a: the client */
};

void tls_begin(struct tls_set_up *s);
/* Valid from yesterday to tomorrow, unless the options say. Fails the test where it cannot be. */
struct certificate *tls_certificate(struct tls_set_up *s, struct certificate_options options);
/* Contexts and filters by the options, and pumps until nothing moves. */
void tls_join(struct tls_set_up *s);
void tls_part(struct tls_set_up *s); /* drops what tls_join made */
void tls_end(struct tls_set_up *s);
