#include "core/stream/tls_fixture.h"

struct certificate *tls_certificate(struct tls_set_up *s, struct certificate_options options)
{
    struct certificate *certificate = NULL;

    if (options.not_after_s == 0) {
        options.not_before_s = TLS_EPOCH_S - TLS_DAY_S;
        options.not_after_s = TLS_EPOCH_S + TLS_DAY_S;
    }
    options.rng.seed = options.serial;
    ASSERT(certificate_create(s->crypto, &options, &certificate) == ERR_OK);
    return certificate;
}

void tls_begin(struct tls_set_up *s)
{
    struct view san = V("sip:bob.example.com");

    *s = (struct tls_set_up){.domain = V("bob.example.com")};
    ASSERT(tls_library_create(&s->crypto) == ERR_OK);
    s->ca =
        tls_certificate(s, (struct certificate_options){.cn = V("CA"), .ca = true, .serial = 1});
    s->own = tls_certificate(s, (struct certificate_options){.issuer = s->ca,
                                                             .sans = &san,
                                                             .san_count = 1,
                                                             .has_san = true,
                                                             .key_number = 1,
                                                             .serial = 2});
    s->client_options = (struct tls_context_options){.crypto = s->crypto,
                                                     .trusted = &s->ca,
                                                     .trusted_count = 1,
                                                     .epoch_s = TLS_EPOCH_S,
                                                     .rng = {1}};
    s->server_options = s->client_options;
    s->server_options.own = s->own;
    s->server_options.rng.seed = 2;
}

void tls_join(struct tls_set_up *s)
{
    ASSERT(tls_context_create(&s->client_options, &s->client) == ERR_OK);
    ASSERT(tls_context_create(&s->server_options, &s->server) == ERR_OK);
    struct tls_filter_options client = {.context = s->client, .domain = s->domain, .rng = {3}};
    struct tls_filter_options server = {.context = s->server, .server = true, .rng = {4}};
    ASSERT(tls_filter_create(&client, &s->pair.a.filter) == ERR_OK);
    ASSERT(tls_filter_create(&server, &s->pair.b.filter) == ERR_OK);
    pair_pump(&s->pair);
}

void tls_part(struct tls_set_up *s)
{
    size_t piece = s->pair.piece;

    pair_deinit(&s->pair);
    s->pair = (struct pair){.piece = piece};
    tls_context_destroy(s->client);
    tls_context_destroy(s->server);
    s->client = s->server = NULL;
}

void tls_end(struct tls_set_up *s)
{
    tls_part(s);
    certificate_unref(s->own);
    certificate_unref(s->ca);
    tls_library_destroy(s->crypto);
}
