/* Certificates made, written, read again, and for whom they speak. */
#include "core/base/oom_fixture.h"
#include "core/stream/tls_fixture.h"
#include "core/stream/x509_identity.h"
#include "core/stream/x509_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct names_row {
    struct view sans[4];
    const char *cn, *identities; /* the names found, with a blank behind each */
};

/* RFC 5922 §7.1 */
static void identities_are_those_of_the_rfc(void **state)
{
    static const struct names_row rows[] = {
        {{{"sip:example.com", 15}},                          NULL,          "example.com "            },
        {{{"SIP:Example.COM", 15}},                          NULL,          "Example.COM "            },
        {{{"URI:sip:example.com;transport=tls", 33}},        NULL,          "example.com "            },
        {{{"URI:sip:example.com:5061?x=y", 28}},             NULL,          "example.com "            },
        {{{"URI:sip:[2001:db8::1]:5061", 26}},               NULL,          "2001:db8::1 "            },
        {{{"sips:example.com", 16}},                         NULL,          ""                        },
        {{{"sip:bob@example.com", 19}},                      NULL,          ""                        },
        {{{"sip:bob@example.com", 19}, {"example.com", 11}}, NULL,          "example.com "            },
        {{{"example.com", 11}, {"example.org", 11}},         NULL,          "example.com example.org "},
        {{{"sip:example.net", 15}, {"example.com", 11}},     NULL,          "example.net "            },
        {{{"sip:a.example", 13}, {"sip:b.example", 13}},     NULL,          "a.example b.example "    },
        {{{"https://example.com", 19}, {"example.com", 11}}, NULL,          "example.com "            },
        {{{"IP:192.0.2.1", 12}},                             "example.com", ""                        },
        {{{"bob@example.com", 15}},                          "example.com", ""                        },
        {{{"example.com\0.example.org", 24}},                NULL,          ""                        },
        {{{"*.example.com", 13}},                            NULL,          "*.example.com "          },
        {{{"sip:", 4}},                                      NULL,          ""                        },
        {{{0}},                                              "example.com", "example.com "            },
    };
    struct tls_set_up s;

    (void)state;
    tls_begin(&s);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct certificate_options options = {.cn = view_of(rows[i].cn), .sans = rows[i].sans};
        while (options.san_count < 4 && rows[i].sans[options.san_count].ptr != NULL)
            options.san_count++;
        options.has_san = options.san_count > 0;
        struct certificate *certificate = tls_certificate(&s, options);
        struct identities found;
        struct buf text = {0};
        assert_int_equal(identities_init(&found, certificate->x509), ERR_OK);
        for (size_t k = 0; k < found.count; k++) {
            buf_add(&text, found.names[k]);
            buf_add_char(&text, ' ');
        }
        assert_true(view_equal(buf_view(&text), view_of(rows[i].identities)));
        identities_deinit(&found);
        buf_deinit(&text);
        certificate_unref(certificate);
    }
    tls_end(&s);
}

/* RFC 5922 §7.2 */
static void names_are_compared_whole(void **state)
{
    static const struct {
        const char *name, *asked;
        bool same;
    } rows[] = {
        {"example.com",     "example.com",     true },
        {"example.com",     "EXAMPLE.com",     true },
        {"example.com",     "example.com.",    true },
        {"example.com.",    "example.com",     false},
        {"example.com",     "foo.example.com", false},
        {"foo.example.com", "example.com",     false},
        {"*.example.com",   "foo.example.com", false},
        {"*.example.com",   "*.example.com",   true },
        {".example.com",    "foo.example.com", false},
        {"example.com",     "example.co",      false},
        {"example.com",     "",                false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct view name = view_of(rows[i].name);
        struct identities one = {.names = &name, .count = 1};
        assert_int_equal(identities_have(&one, view_of(rows[i].asked)) != NULL, rows[i].same);
    }
}

static bool sip_with(struct tls_set_up *s, const struct view *usages, size_t count)
{
    struct certificate *certificate = tls_certificate(
        s, (struct certificate_options){.cn = V("x"), .usages = usages, .usage_count = count});
    bool sip = usage_is_sip(certificate->x509);

    certificate_unref(certificate);
    return sip;
}

/* RFC 5924 §5 */
static void usages_are_those_of_the_rfc(void **state)
{
    struct view sip_too[] = {V("serverAuth"), V("sipDomain")},
                web[] = {V("serverAuth"), V("email")};
    struct tls_set_up s;

    (void)state;
    tls_begin(&s);
    assert_true(sip_with(&s, NULL, 0));
    assert_true(sip_with(&s, sip_too, 2));
    assert_true(sip_with(&s, (struct view[]){V("any")}, 1));
    assert_true(sip_with(&s, (struct view[]){V("1.3.6.1.5.5.7.3.20")}, 1));
    assert_false(sip_with(&s, web, 2));
    tls_end(&s);
}

static void what_is_written_is_read_again(void **state)
{
    struct tls_set_up s;
    struct buf text = {0}, key = {0}, again = {0};
    struct certificate *middle, *own, *read = NULL;
    const char *why = NULL;

    (void)state;
    tls_begin(&s);
    middle = tls_certificate(
        &s, (struct certificate_options){.cn = V("M"), .ca = true, .issuer = s.ca, .serial = 8});
    own = tls_certificate(
        &s, (struct certificate_options){.cn = V("O"), .issuer = middle, .serial = 9});
    certificate_write(own, &text);
    certificate_write_key(own, &key);
    assert_int_equal(certificate_read(s.crypto, buf_view(&text), buf_view(&key), &read, &why),
                     ERR_OK);
    assert_int_equal(certificate_serial(read), 9);
    assert_true(certificate_has_key(read));
    certificate_write(read, &again);
    assert_true(view_equal(buf_view(&text), buf_view(&again)));
    assert_true(view_find(view_skip(buf_view(&text), 1), V("-----BEGIN")) < text.len - 1);
    certificate_unref(read);
    certificate_unref(own);
    certificate_unref(middle);
    buf_deinit(&text);
    buf_deinit(&key);
    buf_deinit(&again);
    tls_end(&s);
}

#define ENCRYPTED                                                                                  \
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"                                                      \
    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhEYZvllP0f7AICCAAw\n"                           \
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEELXxR0moA0oBcVEJcSumlWgEgZDo\n"                           \
    "Jk6Ws2W5qqCEgYEHuGrffVueoVmegMX5KYJP9i0CHLQDuHsz6mRDNZX45s2X/Z0k\n"                           \
    "JpqnRJBLrXgnaOwylrjXxAYvxd7AUoYkZYSa8Y/nLBo3JmwT50AgQh3zBztH0aeV\n"                           \
    "irgsQ/gPJQAmHOYdykuf7GTIBrTTRhFHrqsOBVXHVdq85ID8BInGtHZ3zI1nx5A=\n"                           \
    "-----END ENCRYPTED PRIVATE KEY-----\n"

static void what_cannot_be_read_is_told(void **state)
{
    struct tls_set_up s;
    struct buf text = {0}, key = {0}, other = {0}, cut = {0};
    struct certificate *read = NULL, *stranger;
    const char *why;

    (void)state;
    tls_begin(&s);
    stranger = tls_certificate(&s, (struct certificate_options){.cn = V("S"), .key_number = 7});
    certificate_write(s.own, &text);
    certificate_write_key(s.own, &key);
    certificate_write_key(stranger, &other);
    buf_add(&cut, view_head(buf_view(&text), 200));
    buf_add(&cut, V("\n-----END CERTIFICATE-----\n"));
    struct {
        struct view text, key;
        enum err err;
        const char *why;
    } rows[] = {
        {V("nothing"),    V(""),                                                               ERR_SYNTAX,   "there is no certificate in it"         },
        {buf_view(&key),  V(""),                                                               ERR_SYNTAX,   "there is no certificate in it"         },
        {buf_view(&cut),  V(""),                                                               ERR_SYNTAX,   "the certificate cannot be read"        },
        {buf_view(&text), V("nothing"),                                                        ERR_SYNTAX,   "there is no private key in it"         },
        {buf_view(&text), buf_view(&text),                                                     ERR_SYNTAX,   "there is no private key in it"         },
        {buf_view(&text), V("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
         ERR_SYNTAX,                                                                                         "the key cannot be read"                },
        {buf_view(&text), V(ENCRYPTED),                                                        ERR_SYNTAX,   "the key is encrypted"                  },
        {buf_view(&text), buf_view(&other),                                                    ERR_CONFLICT, "the key is that of another certificate"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(certificate_read(s.crypto, rows[i].text, rows[i].key, &read, &why),
                         rows[i].err);
        assert_string_equal(why, rows[i].why);
    }
    certificate_unref(stranger);
    buf_deinit(&text);
    buf_deinit(&key);
    buf_deinit(&other);
    buf_deinit(&cut);
    tls_end(&s);
}

static void the_same_options_give_the_same_bytes(void **state)
{
    struct tls_set_up one, two;
    struct buf a = {0}, b = {0};

    (void)state;
    tls_begin(&one);
    tls_begin(&two);
    certificate_write(one.own, &a);
    certificate_write(two.own, &b);
    assert_true(view_equal(buf_view(&a), buf_view(&b)));
    buf_deinit(&a);
    buf_deinit(&b);
    tls_end(&one);
    tls_end(&two);
}

static void what_cannot_be_made_is_told(void **state)
{
    struct view address = V("IP:example.com"), usage = V("serverauth");
    char cn[65];
    struct tls_set_up s;
    struct certificate *made = NULL, *no_key = NULL;
    struct buf text = {0};
    const char *why;

    (void)state;
    memset(cn, 'x', sizeof cn);
    tls_begin(&s);
    certificate_write(s.ca, &text);
    assert_int_equal(certificate_read(s.crypto, buf_view(&text), V(""), &no_key, &why), ERR_OK);
    struct {
        struct certificate_options options;
        enum err err;
    } rows[] = {
        {{.has_san = true, .sans = &address, .san_count = 1}, ERR_SYNTAX},
        {{.usages = &usage, .usage_count = 1},                ERR_SYNTAX},
        {{.cn = {cn, sizeof cn}},                             ERR_SYNTAX},
        {{.issuer = no_key},                                  ERR_STATE },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(certificate_create(s.crypto, &rows[i].options, &made), rows[i].err);
    assert_int_equal(certificate_revoke(no_key, 1), ERR_STATE);
    certificate_unref(no_key);
    buf_deinit(&text);
    tls_end(&s);
}

static void the_revoked_are_refused_and_only_they(void **state)
{
    struct tls_set_up s;

    (void)state;
    tls_begin(&s);
    assert_int_equal(certificate_revoke(s.ca, 77), ERR_OK);
    tls_join(&s);
    assert_true(s.pair.a.open);
    tls_part(&s);
    assert_int_equal(certificate_revoke(s.ca, certificate_serial(s.own)), ERR_OK);
    tls_join(&s);
    assert_true(s.pair.a.closed);
    assert_string_equal(s.pair.a.why, "its certificate: certificate revoked");
    tls_end(&s);
}

static enum err create(void *ctx)
{
    struct tls_set_up *s = ctx;
    struct view san = V("sip:example.com");
    struct certificate_options options = {
        .issuer = s->ca, .sans = &san, .san_count = 1, .has_san = true, .key_number = 1};
    struct certificate *certificate = NULL;
    enum err err = certificate_create(s->crypto, &options, &certificate);

    certificate_unref(certificate);
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
        cmocka_unit_test(identities_are_those_of_the_rfc),
        cmocka_unit_test(names_are_compared_whole),
        cmocka_unit_test(usages_are_those_of_the_rfc),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(what_cannot_be_read_is_told),
        cmocka_unit_test(the_same_options_give_the_same_bytes),
        cmocka_unit_test(what_cannot_be_made_is_told),
        cmocka_unit_test(the_revoked_are_refused_and_only_they),
        cmocka_unit_test(it_is_made_or_not_when_memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
