/* Two TLS filters against each other, in memory. */
#include "core/base/oom_fixture.h"
#include "core/stream/tls_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const enum tls_version versions[] = {TLS_1_2, TLS_1_3};

static void both_open_and_bytes_pass(void **state)
{
    static const char *const names[] = {"TLSv1.2", "TLSv1.3"};
    struct tls_set_up s;
    struct tls_info info;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        tls_begin(&s);
        s.client_options.most = s.client_options.least = versions[i];
        tls_join(&s);
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
        tls_end(&s);
    }
}

static void one_byte_at_a_time_is_the_same(void **state)
{
    struct tls_set_up s;

    (void)state;
    tls_begin(&s);
    s.pair.piece = 1;
    tls_join(&s);
    pair_send(&s.pair, &s.pair.a, V("OPTIONS"));
    assert_true(view_equal(buf_view(&s.pair.b.user), V("OPTIONS")));
    tls_end(&s);
}

static uint64_t hash_of_a_run(enum tls_version version, enum key_type key, struct rng rng)
{
    struct view san = V("sip:bob.example.com");
    struct tls_set_up s;

    tls_begin(&s);
    certificate_unref(s.own);
    s.own = tls_certificate(&s, (struct certificate_options){.issuer = s.ca,
                                                             .sans = &san,
                                                             .san_count = 1,
                                                             .has_san = true,
                                                             .key = key,
                                                             .serial = 2});
    s.server_options.own = s.own;
    s.server_options.verify = TLS_VERIFY_MUTUAL;
    s.client_options.own = s.own;
    s.client_options.least = s.client_options.most = version;
    s.client_options.rng = rng;
    tls_join(&s);
    assert_true(s.pair.a.open && s.pair.b.open);
    pair_send(&s.pair, &s.pair.a, V("OPTIONS"));
    pair_send(&s.pair, &s.pair.b, V("200"));
    filter_close(s.pair.a.filter);
    pair_pump(&s.pair);
    uint64_t hash =
        view_hash(buf_view(&s.pair.a.all_wire)) ^ rng_mix(view_hash(buf_view(&s.pair.b.all_wire)));
    tls_end(&s);
    return hash;
}

/* Whatever the process has done before: the first run makes the key, the second finds OpenSSL's
 * tables filled. */
static void the_same_seed_gives_the_same_bytes(void **state)
{
    static const enum key_type keys[] = {KEY_P256, KEY_ED25519, KEY_P384, KEY_RSA2048};

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        for (size_t k = 0; k < 2; k++) {
            uint64_t first = hash_of_a_run(versions[k], keys[i], (struct rng){1});
            assert_true(hash_of_a_run(versions[k], keys[i], (struct rng){1}) == first);
            assert_true(hash_of_a_run(versions[k], keys[i], (struct rng){9}) == first);
        }
}

/* Of one connection among many: what others draw shifts nothing. */
static void connections_do_not_shift_each_other(void **state)
{
    struct tls_set_up alone, among, other;

    (void)state;
    tls_begin(&alone);
    tls_join(&alone);
    pair_send(&alone.pair, &alone.pair.a, V("OPTIONS"));
    tls_begin(&among);
    tls_begin(&other);
    tls_join(&other);
    tls_join(&among);
    pair_send(&other.pair, &other.pair.a, V("INVITE"));
    pair_send(&among.pair, &among.pair.a, V("OPTIONS"));
    assert_true(view_equal(buf_view(&alone.pair.a.all_wire), buf_view(&among.pair.a.all_wire)));
    tls_end(&alone);
    tls_end(&among);
    tls_end(&other);
}

static void what_is_given_before_it_is_open_goes_out_then(void **state)
{
    struct tls_set_up s;

    (void)state;
    tls_begin(&s);
    tls_join(&s);
    struct tls_filter_options options = {.context = s.client, .domain = s.domain, .wait_limit = 9};
    struct filter *waiting = NULL;
    assert_int_equal(tls_filter_create(&options, &waiting), ERR_OK);
    assert_int_equal(filter_from_user(waiting, 0, V("12345")), ERR_OK);
    assert_int_equal(filter_from_user(waiting, 0, V("67890")), ERR_LIMIT);
    assert_int_equal(filter_from_user(waiting, 0, V("6789")), ERR_OK);
    struct tls_filter_options server = {.context = s.server, .server = true};
    struct pair pair = {.a = {.filter = waiting}};
    assert_int_equal(tls_filter_create(&server, &pair.b.filter), ERR_OK);
    pair_pump(&pair);
    assert_true(view_equal(buf_view(&pair.b.user), V("123456789")));
    pair_deinit(&pair);
    tls_end(&s);
}

static void goodbye_is_heard_by_both(void **state)
{
    struct tls_set_up s;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        tls_begin(&s);
        s.client_options.most = s.client_options.least = versions[i];
        tls_join(&s);
        filter_close(s.pair.a.filter);
        pair_pump(&s.pair);
        assert_true(s.pair.a.closed && s.pair.b.closed);
        assert_int_equal(s.pair.a.how, FILTER_FIN);
        assert_int_equal(s.pair.b.how, FILTER_FIN);
        assert_int_equal(filter_from_user(s.pair.a.filter, 0, V("late")), ERR_STATE);
        assert_int_equal(filter_from_wire(s.pair.b.filter, 0, V("late")), ERR_STATE);
        tls_end(&s);
    }
}

static void a_stranger_is_told_so_and_gets_no_byte(void **state)
{
    struct tls_set_up s;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        tls_begin(&s);
        s.domain = V("carol.example.com");
        s.client_options.most = s.client_options.least = versions[i];
        tls_join(&s);
        assert_true(s.pair.a.closed && !s.pair.a.open);
        assert_int_equal(s.pair.a.how, FILTER_FAILED);
        assert_string_equal(s.pair.a.why,
                            "its certificate is for bob.example.com, not for carol.example.com");
        assert_true(s.pair.b.closed && !s.pair.b.open);
        assert_int_equal(s.pair.b.how, FILTER_ALERT);
        assert_string_equal(s.pair.b.why, "the other side refused: bad certificate (alert 42)");
        tls_end(&s);
    }
}

static void what_is_no_tls_is_refused(void **state)
{
    static const char *const texts[] = {"OPTIONS sip:bob@example.com SIP/2.0\r\n\r\n",
                                        "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n",
                                        "\x16\x03\x01\xff\xff\x01 a record that is too long"};
    struct tls_set_up s;

    (void)state;
    tls_begin(&s);
    tls_join(&s);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct tls_filter_options options = {.context = s.server, .server = true};
        struct end_of_pair end = {0};
        assert_int_equal(tls_filter_create(&options, &end.filter), ERR_OK);
        assert_int_equal(filter_from_wire(end.filter, 0, view_of(texts[i])), ERR_OK);
        pair_take(&end);
        assert_true(end.closed && !end.open);
        assert_int_equal(end.how, FILTER_FAILED);
        assert_non_null(strstr(end.why, "the TLS handshake failed: "));
        struct pair pair = {.a = end};
        pair_deinit(&pair);
    }
    tls_end(&s);
}

/* Bytes of a handshake, cut and changed at each place: no crash, and never open. */
static void a_broken_record_opens_nothing(void **state)
{
    struct tls_set_up s;

    (void)state;
    tls_begin(&s);
    tls_join(&s);
    struct view hello = buf_view(&s.pair.a.all_wire);
    for (size_t i = 0; i < hello.len; i++) {
        struct tls_filter_options options = {.context = s.server, .server = true};
        struct pair pair = {0};
        char changed[4096];
        assert_true(hello.len <= sizeof changed);
        memcpy(changed, hello.ptr, hello.len);
        changed[i] = (char)(changed[i] ^ 0x55);
        assert_int_equal(tls_filter_create(&options, &pair.a.filter), ERR_OK);
        assert_int_equal(filter_from_wire(pair.a.filter, 0, (struct view){changed, hello.len}),
                         ERR_OK);
        pair_take(&pair.a);
        assert_false(pair.a.open);
        pair_deinit(&pair);
    }
    tls_end(&s);
}

/* RFC 8446 §5.2: and not a byte of it is given. */
static void a_record_that_was_changed_ends_the_connection(void **state)
{
    struct tls_set_up s;

    (void)state;
    tls_begin(&s);
    tls_join(&s);
    assert_int_equal(filter_from_user(s.pair.a.filter, 0, V("OPTIONS")), ERR_OK);
    pair_take(&s.pair.a);
    s.pair.a.wire.ptr[s.pair.a.wire.len - 1] ^= 1;
    pair_pump(&s.pair);
    assert_true(s.pair.b.closed);
    assert_int_equal(s.pair.b.how, FILTER_FAILED);
    assert_int_equal(s.pair.b.user.len, 0);
    assert_int_equal(s.pair.a.how, FILTER_ALERT);
    tls_end(&s);
}

static void time_is_the_callers(void **state)
{
    struct tls_set_up s;

    (void)state;
    tls_begin(&s);
    s.pair.now_us = 2 * UINT64_C(86400) * 1000000;
    tls_join(&s);
    assert_true(s.pair.a.closed && s.pair.b.closed);
    assert_string_equal(s.pair.a.why, "a certificate above its own: certificate has expired");
    tls_end(&s);
}

static void versions_that_do_not_meet_are_told(void **state)
{
    struct tls_set_up s;

    (void)state;
    tls_begin(&s);
    s.client_options.most = TLS_1_2;
    s.server_options.least = TLS_1_3;
    tls_join(&s);
    assert_true(s.pair.a.closed && s.pair.b.closed);
    assert_string_equal(s.pair.b.why, "the TLS handshake failed: unsupported protocol");
    assert_string_equal(s.pair.a.why, "the other side refused: protocol version (alert 70)");
    tls_end(&s);
}

static void a_server_may_want_to_know_its_clients(void **state)
{
    static const struct {
        enum tls_verify verify;
        bool shows, opens;
    } rows[] = {
        {TLS_VERIFY_SERVER, false, true },
        {TLS_VERIFY_ASK,    false, true },
        {TLS_VERIFY_ASK,    true,  true },
        {TLS_VERIFY_MUTUAL, false, false},
        {TLS_VERIFY_MUTUAL, true,  true },
    };
    struct tls_set_up s;
    struct tls_info info;

    (void)state;
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        tls_begin(&s);
        s.client_options.most = versions[i % 2];
        s.server_options.verify = rows[i / 2].verify;
        s.client_options.own = rows[i / 2].shows ? s.own : NULL;
        tls_join(&s);
        assert_int_equal(s.pair.b.open, rows[i / 2].opens);
        assert_int_equal(s.pair.a.closed, !rows[i / 2].opens);
        tls_filter_info(s.pair.b.filter, &info);
        assert_int_equal(info.verified, rows[i / 2].shows);
        assert_int_equal(info.peer.ptr != NULL, rows[i / 2].shows);
        tls_end(&s);
    }
}

/* RFC 5922 §7.4 */
static void a_server_may_have_a_list_of_clients(void **state)
{
    struct view carol = V("carol.example.com"), both[] = {carol, V("BOB.example.com")};
    struct tls_set_up s;

    (void)state;
    for (size_t count = 1; count <= 2; count++) {
        tls_begin(&s);
        s.server_options.verify = TLS_VERIFY_MUTUAL;
        s.server_options.peers = both;
        s.server_options.peer_count = count;
        s.client_options.own = s.own;
        tls_join(&s);
        assert_int_equal(s.pair.b.open, count == 2);
        if (count == 1)
            assert_string_equal(s.pair.b.why, "its certificate is for bob.example.com");
        tls_end(&s);
    }
}

/* RFC 5922 §7.1; of who showed nothing, or was not asked, nothing is known. */
static void what_the_other_side_has_proved_can_be_asked(void **state)
{
    struct view sans[] = {V("sip:bob.example.com"), V("example.org"), V("sip:example.com:5061")};
    struct certificate_options options = {
        .sans = sans, .san_count = 3, .has_san = true, .key_number = 1, .serial = 2};
    struct tls_set_up s;
    struct buf name = {0};

    (void)state;
    tls_begin(&s);
    options.issuer = s.ca;
    struct certificate *many = tls_certificate(&s, options);
    s.client_options.own = many;
    tls_join(&s);
    assert_false(filter_proved(s.pair.b.filter, 0, &name));
    assert_true(filter_proved(s.pair.a.filter, 0, &name));
    assert_true(view_equal(buf_view(&name), V("bob.example.com")));
    assert_false(filter_proved(s.pair.a.filter, 1, &name));
    tls_part(&s);
    s.server_options.verify = TLS_VERIFY_ASK;
    tls_join(&s);
    buf_clear(&name);
    assert_true(filter_proved(s.pair.b.filter, 0, &name));
    assert_true(filter_proved(s.pair.b.filter, 1, &name));
    assert_true(view_equal(buf_view(&name), V("bob.example.comexample.com"))); /* URIs before DNS */
    assert_false(filter_proved(s.pair.b.filter, 2, &name));
    buf_deinit(&name);
    certificate_unref(many);
    tls_end(&s);
}

static void keys_are_there_for_who_reads_captures(void **state)
{
    struct tls_set_up s;
    struct tls_info info, other;

    (void)state;
    tls_begin(&s);
    tls_join(&s);
    tls_filter_info(s.pair.a.filter, &info);
    tls_filter_info(s.pair.b.filter, &other);
    assert_true(view_starts(info.keys, V("SERVER_HANDSHAKE_TRAFFIC_SECRET ")));
    assert_true(view_find(info.keys, V("\nCLIENT_TRAFFIC_SECRET_0 ")) < info.keys.len);
    assert_true(view_ends(info.keys, V("\n")));
    assert_int_equal(info.keys.len, other.keys.len);
    tls_end(&s);
}

static void an_address_is_asked_for_without_sni(void **state)
{
    struct view san = V("sip:192.0.2.1");
    struct tls_set_up s;
    struct tls_info info;

    (void)state;
    tls_begin(&s);
    certificate_unref(s.own);
    s.own = tls_certificate(
        &s, (struct certificate_options){
                .issuer = s.ca, .sans = &san, .san_count = 1, .has_san = true, .serial = 2});
    s.server_options.own = s.own;
    s.domain = V("192.0.2.1");
    tls_join(&s);
    assert_true(s.pair.b.open);
    tls_filter_info(s.pair.b.filter, &info);
    assert_true(info.sni.ptr == NULL);
    tls_end(&s);
}

static enum err create(void *ctx)
{
    struct tls_set_up *s = ctx;
    struct tls_context *context = NULL;
    struct filter *filter = NULL;
    enum err err = tls_context_create(&s->server_options, &context);

    if (err == ERR_OK)
        err = tls_filter_create(
            &(struct tls_filter_options){.context = context, .domain = s->domain}, &filter);
    filter_destroy(filter);
    tls_context_destroy(context);
    return err;
}

static void it_is_made_or_not_when_memory_runs_out(void **state)
{
    struct tls_set_up s;

    (void)state;
    tls_begin(&s);
    test_each_oom(create, &s);
    tls_end(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_open_and_bytes_pass),
        cmocka_unit_test(one_byte_at_a_time_is_the_same),
        cmocka_unit_test(the_same_seed_gives_the_same_bytes),
        cmocka_unit_test(connections_do_not_shift_each_other),
        cmocka_unit_test(what_is_given_before_it_is_open_goes_out_then),
        cmocka_unit_test(goodbye_is_heard_by_both),
        cmocka_unit_test(a_stranger_is_told_so_and_gets_no_byte),
        cmocka_unit_test(what_is_no_tls_is_refused),
        cmocka_unit_test(a_broken_record_opens_nothing),
        cmocka_unit_test(a_record_that_was_changed_ends_the_connection),
        cmocka_unit_test(time_is_the_callers),
        cmocka_unit_test(versions_that_do_not_meet_are_told),
        cmocka_unit_test(a_server_may_want_to_know_its_clients),
        cmocka_unit_test(a_server_may_have_a_list_of_clients),
        cmocka_unit_test(what_the_other_side_has_proved_can_be_asked),
        cmocka_unit_test(keys_are_there_for_who_reads_captures),
        cmocka_unit_test(an_address_is_asked_for_without_sni),
        cmocka_unit_test(it_is_made_or_not_when_memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
