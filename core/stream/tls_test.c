/* Two TLS filters against each other, in memory. */
#include "core/stream/filters_fixture.h"
#include "core/stream/tls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { EPOCH = 1767225600 };
static const int64_t day_s = 86400;

struct set_up {
    struct tls_library *library;
    struct certificate *ca, *own;
    struct tls_context *client, *server;
    struct tls_context_options client_options, server_options;
    struct pair pair;
};

static struct certificate *make(struct tls_library *library, struct certificate_options options)
{
    struct certificate *certificate = NULL;

    if (options.not_after_s == 0) {
        options.not_before_s = EPOCH - day_s;
        options.not_after_s = EPOCH + day_s;
    }
    options.rng.seed = options.serial;
    assert_int_equal(certificate_create(library, &options, &certificate), ERR_OK);
    return certificate;
}

static void begin(struct set_up *s)
{
    struct view san = V("sip:bob.example.com");

    *s = (struct set_up){0};
    assert_int_equal(tls_library_create(&s->library), ERR_OK);
    s->ca = make(s->library, (struct certificate_options){.cn = V("CA"), .ca = true, .serial = 1});
    s->own = make(s->library, (struct certificate_options){.issuer = s->ca,
                                                           .sans = &san,
                                                           .san_count = 1,
                                                           .has_san = true,
                                                           .key_number = 1,
                                                           .serial = 2});
    s->client_options = (struct tls_context_options){
        .library = s->library, .trusted = &s->ca, .trusted_count = 1, .epoch_s = EPOCH, .rng = {1}};
    s->server_options = s->client_options;
    s->server_options.own = s->own;
    s->server_options.rng.seed = 2;
}

static void join(struct set_up *s)
{
    assert_int_equal(tls_context_create(&s->client_options, &s->client), ERR_OK);
    assert_int_equal(tls_context_create(&s->server_options, &s->server), ERR_OK);
    struct tls_filter_options client = {
        .context = s->client, .domain = V("bob.example.com"), .rng = {3}};
    struct tls_filter_options server = {.context = s->server, .server = true, .rng = {4}};
    assert_int_equal(tls_filter_create(&client, &s->pair.a.filter), ERR_OK);
    assert_int_equal(tls_filter_create(&server, &s->pair.b.filter), ERR_OK);
    pair_pump(&s->pair);
}

static void end(struct set_up *s)
{
    pair_deinit(&s->pair);
    tls_context_destroy(s->client);
    tls_context_destroy(s->server);
    certificate_unref(s->own);
    certificate_unref(s->ca);
    tls_library_destroy(s->library);
}

static void both_open_and_bytes_pass(void **state)
{
    static const enum tls_version versions[] = {TLS_1_2, TLS_1_3};
    static const char *const names[] = {"TLSv1.2", "TLSv1.3"};
    struct set_up s;
    struct tls_info info;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        begin(&s);
        s.client_options.most = s.client_options.least = versions[i];
        join(&s);
        assert_true(s.pair.a.open && s.pair.b.open);
        pair_send(&s.pair, &s.pair.a, V("OPTIONS"));
        pair_send(&s.pair, &s.pair.b, V("200"));
        assert_true(view_equal(buf_view(&s.pair.b.user), V("OPTIONS")));
        assert_true(view_equal(buf_view(&s.pair.a.user), V("200")));
        tls_filter_info(s.pair.a.filter, &info);
        assert_true(view_equal(info.version, view_of(names[i])));
        assert_true(view_equal(info.peer, V("bob.example.com")));
        assert_true(info.verified);
        tls_filter_info(s.pair.b.filter, &info);
        assert_true(view_equal(info.sni, V("bob.example.com")));
        assert_true(info.peer.ptr == NULL && !info.verified);
        end(&s);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(both_open_and_bytes_pass),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
