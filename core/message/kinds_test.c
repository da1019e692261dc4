/* Each header: what is read, written, is read again as the same; and it is written as it should be.
 */
#include "core/message/kind.h"
#include "core/message/types.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "core/message/message_fixture.h"

static const struct sample {
    enum sip_header_id id;
    const char *text, *written; /* written NULL: as text */
} samples[] = {
    {SIP_HEADER_VIA,                           "SIP / 2.0 / UDP  h.example.com : 5061 ; branch = z9hG4bKa;rport",
     "SIP/2.0/UDP h.example.com:5061;branch=z9hG4bKa;rport"                                                                                     },
    {SIP_HEADER_VIA,                           "SIP/2.0/TLS [2001:db8::1]:5061;received=192.0.2.1",                    NULL                     },
    {SIP_HEADER_FROM,                          "\"A. \\\"B\\\" C\" <sip:a:pw@[::1]:5060;lr?Subject=x&y=z>;tag=1;x",    NULL                     },
    {SIP_HEADER_FROM,                          "sip:a@b;tag=1",                                                        "<sip:a@b>;tag=1"        },
    {SIP_HEADER_TO,                            "Bob  B <sips:b@c>",                                                    NULL                     },
    {SIP_HEADER_CALL_ID,                       "f81d4fae-7dec-11d0-a765-00a0c91e6bf6@biloxi.com",                      NULL                     },
    {SIP_HEADER_CSEQ,                          "0009   INVITE",                                                        "9 INVITE"               },
    {SIP_HEADER_CONTACT,                       "*",                                                                    NULL                     },
    {SIP_HEADER_CONTACT,                       "<tel:+1-201-555-0123;phone-context=x>;q=0.7;expires=3600",             NULL                     },
    {SIP_HEADER_CONTACT,                       "\"\" <mailto:watson@bell-telephone.com> ;q=0.1",
     "\"\" <mailto:watson@bell-telephone.com>;q=0.1"                                                                                            },
    {SIP_HEADER_MAX_FORWARDS,                  "70",                                                                   NULL                     },
    {SIP_HEADER_CONTENT_LENGTH,                "00349",                                                                "349"                    },
    {SIP_HEADER_CONTENT_TYPE,                  "multipart/mixed ; boundary=\"a;b\"",
     "multipart/mixed;boundary=\"a;b\""                                                                                                         },
    {SIP_HEADER_ROUTE,                         "<sip:p1.example.com;lr>",                                              NULL                     },
    {SIP_HEADER_RECORD_ROUTE,                  "<sip:p1.example.com;lr>;x=\"a,b\"",                                    NULL                     },
    {SIP_HEADER_REQUIRE,                       "100rel",                                                               NULL                     },
    {SIP_HEADER_SUPPORTED,                     "100rel",                                                               NULL                     },
    {SIP_HEADER_ALLOW,                         "INVITE",                                                               NULL                     },
    {SIP_HEADER_EXPIRES,                       "5",                                                                    NULL                     },
    {SIP_HEADER_PROXY_REQUIRE,                 "foo",                                                                  NULL                     },
    {SIP_HEADER_ACCEPT,                        "application/sdp;level=1",                                              NULL                     },
    {SIP_HEADER_ACCEPT,                        "*/*;q=0.2",                                                            NULL                     },
    {SIP_HEADER_ACCEPT_ENCODING,               "gzip;q=0.5",                                                           NULL                     },
    {SIP_HEADER_ACCEPT_LANGUAGE,               "en-gb;q=0.8",                                                          NULL                     },
    {SIP_HEADER_ALERT_INFO,                    "<http://www.example.com/sounds/moo.wav>;x",                            NULL                     },
    {SIP_HEADER_AUTHENTICATION_INFO,           "nextnonce=\"47364c23432d2e131a5fb210812c\", qop=auth",                 NULL                     },
    {SIP_HEADER_AUTHORIZATION,                 "Digest username=\"Alice\",realm=\"a, b\" ,nc=00000001",
     "Digest username=\"Alice\", realm=\"a, b\", nc=00000001"                                                                                   },
    {SIP_HEADER_CALL_INFO,                     "<http://wwww.example.com/alice/photo.jpg> ;purpose=icon",
     "<http://wwww.example.com/alice/photo.jpg>;purpose=icon"                                                                                   },
    {SIP_HEADER_CONTENT_DISPOSITION,           "session;handling=optional",                                            NULL                     },
    {SIP_HEADER_CONTENT_ENCODING,              "gzip",                                                                 NULL                     },
    {SIP_HEADER_CONTENT_LANGUAGE,              "fr",                                                                   NULL                     },
    {SIP_HEADER_DATE,                          "Sat, 13 Nov 2010 23:29:00 GMT",                                        NULL                     },
    {SIP_HEADER_ERROR_INFO,                    "<sip:not-in-service-recording@atlanta.com>",                           NULL                     },
    {SIP_HEADER_IN_REPLY_TO,                   "70710@saturn.bell-tel.com",                                            NULL                     },
    {SIP_HEADER_MIN_EXPIRES,                   "60",                                                                   NULL                     },
    {SIP_HEADER_MIME_VERSION,                  "1.0",                                                                  NULL                     },
    {SIP_HEADER_ORGANIZATION,                  "Boxes by Bob",                                                         NULL                     },
    {SIP_HEADER_PRIORITY,                      "emergency",                                                            NULL                     },
    {SIP_HEADER_PROXY_AUTHENTICATE,            "Digest realm=\"atlanta.com\", qop=\"auth,auth-int\"",                  NULL                     },
    {SIP_HEADER_PROXY_AUTHORIZATION,           "Basic QWxhZGRpbjpvcGVu=",                                              "Basic QWxhZGRpbjpvcGVu="},
    {SIP_HEADER_REPLY_TO,                      "Bob <sip:bob@biloxi.com>",                                             NULL                     },
    {SIP_HEADER_RETRY_AFTER,                   "120 (I'm in (a) meeting)",                                             NULL                     },
    {SIP_HEADER_RETRY_AFTER,                   "18000;duration=3600",                                                  NULL                     },
    {SIP_HEADER_SERVER,                        "HomeServer v2",                                                        NULL                     },
    {SIP_HEADER_SUBJECT,                       "Need more boxes",                                                      NULL                     },
    {SIP_HEADER_TIMESTAMP,                     "54.25 0.1",                                                            NULL                     },
    {SIP_HEADER_UNSUPPORTED,                   "foo",                                                                  NULL                     },
    {SIP_HEADER_USER_AGENT,                    "Softphone Beta1.5 (x)",                                                NULL                     },
    {SIP_HEADER_WARNING,                       "307 isi.edu \"Session parameter 'foo' not \\\"understood\\\"\"",       NULL                     },
    {SIP_HEADER_WWW_AUTHENTICATE,              "Digest realm=\"atlanta.com\", stale=FALSE",                            NULL                     },
    {SIP_HEADER_RSEQ,                          "988789",                                                               NULL                     },
    {SIP_HEADER_RACK,                          "776656 1 INVITE",                                                      NULL                     },
    {SIP_HEADER_EVENT,                         "refer;id=93809824",                                                    NULL                     },
    {SIP_HEADER_ALLOW_EVENTS,                  "presence.winfo",                                                       NULL                     },
    {SIP_HEADER_SUBSCRIPTION_STATE,            "terminated;reason=noresource",                                         NULL                     },
    {SIP_HEADER_REFER_TO,                      "<sip:dave@d.example.org?Replaces=12345%40192.168.118.3%3Bto-tag%3D1>",
     NULL                                                                                                                                       },
    {SIP_HEADER_REFERRED_BY,                   "<sip:r@ref.example>;cid=\"2UWQFN309shb3@ref.example\"",                NULL                     },
    {SIP_HEADER_REFER_SUB,                     "false",                                                                NULL                     },
    {SIP_HEADER_REPLACES,                      "98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff;early-only",
     NULL                                                                                                                                       },
    {SIP_HEADER_JOIN,                          "12adf2f34456gs5;to-tag=12345;from-tag=54321",                          NULL                     },
    {SIP_HEADER_TARGET_DIALOG,
     "fa77as7dad8-sd98ajzz@host.example.com;local-tag=kkaz-;remote-tag=6544",                                          NULL                     },
    {SIP_HEADER_SESSION_EXPIRES,               "4000;refresher=uac",                                                   NULL                     },
    {SIP_HEADER_MIN_SE,                        "90",                                                                   NULL                     },
    {SIP_HEADER_PATH,                          "<sip:p3.home.example;lr>",                                             NULL                     },
    {SIP_HEADER_SERVICE_ROUTE,                 "<sip:orig@scscf1.home1.net;lr>",                                       NULL                     },
    {SIP_HEADER_REASON,                        "Q.850 ;cause=16 ;text=\"Terminated\"",
     "Q.850;cause=16;text=\"Terminated\""                                                                                                       },
    {SIP_HEADER_ACCEPT_CONTACT,                "*;mobility=\"fixed\";require",                                         NULL                     },
    {SIP_HEADER_REJECT_CONTACT,                "*;video",                                                              NULL                     },
    {SIP_HEADER_REQUEST_DISPOSITION,           "no-fork",                                                              NULL                     },
    {SIP_HEADER_SIP_ETAG,                      "dx200xyz",                                                             NULL                     },
    {SIP_HEADER_SIP_IF_MATCH,                  "dx200xyz",                                                             NULL                     },
    {SIP_HEADER_P_ASSERTED_IDENTITY,           "\"Cullen\" <sip:fluffy@cisco.com>",
     "Cullen <sip:fluffy@cisco.com>"                                                                                                            },
    {SIP_HEADER_P_PREFERRED_IDENTITY,          "<tel:+14085264000>",                                                   NULL                     },
    {SIP_HEADER_PRIVACY,                       "header;user",                                                          NULL                     },
    {SIP_HEADER_HISTORY_INFO,                  "<sip:UserA@ims.example.com>;index=1.1;rc=1",                           NULL                     },
    {SIP_HEADER_DIVERSION,                     "<sip:+19195551002@example.com>;reason=unconditional;counter=1",        NULL                     },
    {SIP_HEADER_IDENTITY,
     "sv5CTo05KqpSmtHt3dcEiO;info=<https://biloxi.example.org/biloxi.cer>;alg=ES256",                                  NULL                     },
    {SIP_HEADER_IDENTITY_INFO,                 "<https://atlanta.example.com/atlanta.cer>;alg=rsa-sha1",               NULL                     },
    {SIP_HEADER_FLOW_TIMER,                    "120",                                                                  NULL                     },
    {SIP_HEADER_INFO_PACKAGE,                  "foo;x=1",                                                              NULL                     },
    {SIP_HEADER_RECV_INFO,                     "P",                                                                    NULL                     },
    {SIP_HEADER_SECURITY_CLIENT,               "tls;q=0.2",                                                            NULL                     },
    {SIP_HEADER_SECURITY_SERVER,               "ipsec-ike;q=0.1",                                                      NULL                     },
    {SIP_HEADER_SECURITY_VERIFY,               "tls;q=0.2",                                                            NULL                     },
    {SIP_HEADER_SUPPRESS_IF_MATCH,             "*",                                                                    NULL                     },
    {SIP_HEADER_ANSWER_MODE,                   "Auto;require",                                                         NULL                     },
    {SIP_HEADER_PRIV_ANSWER_MODE,              "Manual",                                                               NULL                     },
    {SIP_HEADER_MAX_BREADTH,                   "60",                                                                   NULL                     },
    {SIP_HEADER_RESOURCE_PRIORITY,             "dsn.flash",                                                            NULL                     },
    {SIP_HEADER_ACCEPT_RESOURCE_PRIORITY,      "dsn.flash-override",                                                   NULL                     },
    {SIP_HEADER_P_ACCESS_NETWORK_INFO,         "3GPP-UTRAN-TDD;utran-cell-id-3gpp=234151D0FCE11",                      NULL                     },
    {SIP_HEADER_P_ASSOCIATED_URI,              "<sip:user1@home1.net>;x=1",                                            NULL                     },
    {SIP_HEADER_P_CALLED_PARTY_ID,             "<sip:user1-business@example.com>",                                     NULL                     },
    {SIP_HEADER_P_CHARGING_VECTOR,             "icid-value=1234bc9876e;orig-ioi=home1.net",                            NULL                     },
    {SIP_HEADER_P_CHARGING_FUNCTION_ADDRESSES, "ccf=192.1.1.1;ecf=192.1.1.3",                                          NULL                     },
    {SIP_HEADER_P_VISITED_NETWORK_ID,          "\"Visited network number 1\";x",                                       NULL                     },
    {SIP_HEADER_USER_TO_USER,                  "56a390f3d2b7310023a2;encoding=hex;purpose=foo",                        NULL                     },
    {SIP_HEADER_GEOLOCATION,                   "<cid:target123@atlanta.example.com>",                                  NULL                     },
    {SIP_HEADER_GEOLOCATION_ROUTING,           "yes",                                                                  NULL                     },
    {SIP_HEADER_GEOLOCATION_ERROR,             "100;code=\"Cannot Process Location\"",                                 NULL                     },
    {SIP_HEADER_FEATURE_CAPS,                  "*;+g.3gpp.srvcc",                                                      NULL                     },
    {SIP_HEADER_SESSION_ID,
     "ab30317f1a784dc48ff824d0d3715d86;remote=47755a9de7794ba387653f2099600ef2",                                       NULL                     },
};
enum { SAMPLE_COUNT = sizeof samples / sizeof *samples };

/* Reads text as one value into zeroed storage; the caller frees it. */
static void *read_value(const struct sip_header_kind *kind, struct view text, struct arena *arena,
                        enum sip_rule *out_failed)
{
    void *value = calloc(1, kind->size);
    struct scan s = scan_begin(text, arena);
    assert_non_null(value);
    kind->parse(&s, value);
    scan_end(&s);
    *out_failed = s.failed;
    return value;
}

static void what_is_written_reads_as_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        const struct sip_header_kind *kind = sip_header_kind(samples[i].id);
        const char *wanted = samples[i].written != NULL ? samples[i].written : samples[i].text;
        struct arena arena = {0};
        struct buf once = {0}, twice = {0};
        enum sip_rule failed;
        void *value = read_value(kind, view_of(samples[i].text), &arena, &failed);
        if (failed != SIP_RULE_NONE)
            fail_msg("%s: %s", samples[i].text, sip_rules[failed].name);
        kind->write(&once, value);
        if (!view_equal(buf_view(&once), view_of(wanted)))
            fail_msg("%s: \"%.*s\", wanted \"%s\"", kind->name, VIEW_ARG(buf_view(&once)), wanted);
        void *again = read_value(kind, buf_view(&once), &arena, &failed);
        assert_int_equal(failed, SIP_RULE_NONE);
        kind->write(&twice, again);
        assert_true(view_equal(buf_view(&once), buf_view(&twice)));
        free(value);
        free(again);
        buf_deinit(&once);
        buf_deinit(&twice);
        arena_deinit(&arena);
    }
}

static void every_header_has_a_sample(void **state)
{
    (void)state;
    bool seen[SIP_HEADER_COUNT] = {false};
    for (size_t i = 0; i < SAMPLE_COUNT; i++)
        seen[samples[i].id] = true;
    for (unsigned id = SIP_HEADER_OTHER + 1; id < SIP_HEADER_COUNT; id++)
        if (!seen[id])
            fail_msg("no sample of %.*s", VIEW_ARG(sip_header_name((enum sip_header_id)id)));
}

/* A cut value may be read or refused, but the end is the end (the sanitizer looks). */
static void every_cut_of_every_sample_is_survived(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        size_t all = strlen(samples[i].text);
        for (size_t len = 0; len <= all; len++) {
            char *exact = malloc(len == 0 ? 1 : len);
            enum sip_rule failed;
            assert_non_null(exact);
            memcpy(exact, samples[i].text, len);
            free(read_value(sip_header_kind(samples[i].id), (struct view){exact, len}, &arena,
                            &failed));
            free(exact);
            arena_reset(&arena);
        }
    }
    arena_deinit(&arena);
}

static const struct refused {
    enum sip_header_id id;
    const char *text;
    enum sip_rule rule;
} refused[] = {
    {SIP_HEADER_VIA,           "SIP/2.0/UDP",                   SIP_RULE_SEPARATOR   },
    {SIP_HEADER_VIA,           "SIP/2.0 UDP a",                 SIP_RULE_SEPARATOR   },
    {SIP_HEADER_VIA,           "SIP/2.0/UDP a:99999",           SIP_RULE_PORT        },
    {SIP_HEADER_VIA,           "SIP/2.0/UDP [::1",              SIP_RULE_HOST        },
    {SIP_HEADER_FROM,          "\"Bob <sip:a@b>",               SIP_RULE_QUOTE       },
    {SIP_HEADER_FROM,          "<sip:a@b",                      SIP_RULE_URI_BRACKETS},
    {SIP_HEADER_FROM,          "</>",                           SIP_RULE_URI_SCHEME  },
    {SIP_HEADER_FROM,          "<sip:>",                        SIP_RULE_HOST        },
    {SIP_HEADER_FROM,          "<sip:a@>",                      SIP_RULE_HOST        },
    {SIP_HEADER_FROM,          "<sip::>",                       SIP_RULE_HOST        },
    {SIP_HEADER_CSEQ,          "1INVITE",                       SIP_RULE_SEPARATOR   },
    {SIP_HEADER_CSEQ,          "0x10 INVITE",                   SIP_RULE_SEPARATOR   },
    {SIP_HEADER_CSEQ,          "-1 INVITE",                     SIP_RULE_NUMBER      },
    {SIP_HEADER_CSEQ,          "4294967296 INVITE",             SIP_RULE_NUMBER_RANGE},
    {SIP_HEADER_MAX_FORWARDS,  "18446744073709551616",          SIP_RULE_NUMBER_RANGE},
    {SIP_HEADER_CONTENT_TYPE,  "application",                   SIP_RULE_SEPARATOR   },
    {SIP_HEADER_AUTHORIZATION, "Digest",                        SIP_RULE_SEPARATOR   },
    {SIP_HEADER_AUTHORIZATION, "Digest username=\"a",           SIP_RULE_QUOTE       },
    {SIP_HEADER_DATE,          "Fri, 01 Jan 2010 16:00:00 EST", SIP_RULE_DATE        },
    {SIP_HEADER_DATE,          "Sun, 29 Feb 2009 00:00:00 GMT", SIP_RULE_DATE        },
    {SIP_HEADER_DATE,          "Sun, 00 Feb 2009 00:00:00 GMT", SIP_RULE_DATE        },
    {SIP_HEADER_DATE,          "Sun, 01 Foo 2009 00:00:00 GMT", SIP_RULE_DATE        },
    {SIP_HEADER_DATE,          "Sun, 01 Feb 2009 24:00:00 GMT", SIP_RULE_DATE        },
    {SIP_HEADER_RETRY_AFTER,   "5 (c",                          SIP_RULE_COMMENT     },
    {SIP_HEADER_RETRY_AFTER,   "5 (c)(",                        SIP_RULE_TRAILING    },
    {SIP_HEADER_WARNING,       "abc",                           SIP_RULE_NUMBER      },
    {SIP_HEADER_WARNING,       "399",                           SIP_RULE_SEPARATOR   },
    {SIP_HEADER_WARNING,       "399 h x",                       SIP_RULE_QUOTE       },
    {SIP_HEADER_WARNING,       "99999999999 h \"x\"",           SIP_RULE_NUMBER_RANGE},
    {SIP_HEADER_RACK,          "1 2",                           SIP_RULE_SEPARATOR   },
    {SIP_HEADER_CALL_ID,       "a b",                           SIP_RULE_TRAILING    },
    {SIP_HEADER_CALL_INFO,     "http://a",                      SIP_RULE_URI_BRACKETS},
    {SIP_HEADER_TIMESTAMP,     ".5",                            SIP_RULE_NUMBER      },
    {SIP_HEADER_ROUTE,         "<sip:a;b=c\">",                 SIP_RULE_URI_BRACKETS},
};

static void what_no_grammar_allows_is_refused(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        enum sip_rule failed;
        free(read_value(sip_header_kind(refused[i].id), view_of(refused[i].text), &arena, &failed));
        if (failed != refused[i].rule)
            fail_msg("%s: \"%s\", wanted \"%s\"", refused[i].text, sip_rules[failed].name,
                     sip_rules[refused[i].rule].name);
    }
    arena_deinit(&arena);
}

static void dates_know_the_calendar(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool right; /* the weekday */
    } dates[] = {
        {"Fri, 29 Feb 2008 00:00:00 GMT", true },
        {"Fri, 31 Dec 9999 23:59:59 GMT", true },
        {"Sat, 01 Jan 2000 00:00:00 GMT", true },
        {"Thu, 01 Jan 1970 00:00:00 GMT", true },
        {"Sun, 01 Jan 1970 00:00:00 GMT", false},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        struct sip_date date = {0};
        struct scan s = scan_begin(view_of(dates[i].text), &arena);
        sip_date_kind.parse(&s, &date);
        assert_int_equal(s.failed, SIP_RULE_NONE);
        assert_int_equal(s.noted, dates[i].right ? SIP_RULE_NONE : SIP_RULE_DATE_WEEKDAY);
    }
    arena_deinit(&arena);
}

static void seconds_since_1970_are_a_date(void **state)
{
    (void)state;
    static const struct {
        uint64_t seconds;
        const char *text;
    } dates[] = {
        {0,                      "Thu, 01 Jan 1970 00:00:00 GMT"},
        {951827696,              "Tue, 29 Feb 2000 12:34:56 GMT"},
        {4107542399,             "Sun, 28 Feb 2100 23:59:59 GMT"},
        {4107542400,             "Mon, 01 Mar 2100 00:00:00 GMT"},
        {UINT64_C(253402300799), "Fri, 31 Dec 9999 23:59:59 GMT"},
        {UINT64_MAX,             "Fri, 31 Dec 9999 23:59:59 GMT"},
    };
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        struct sip_date date = sip_date_of(dates[i].seconds);
        struct buf buf = {0};
        sip_date_kind.write(&buf, &date);
        assert_true(view_equal(buf_view(&buf), view_of(dates[i].text)));
        buf_deinit(&buf);
    }
}

static void tags_of_a_dialog_are_those_the_recipient_sees(void **state)
{
    (void)state;
    struct sip_msg *msg = parse_with("Replaces: a@b;from-tag=theirs;to-tag=ours\r\n"
                                     "Target-Dialog: a@b;remote-tag=theirs;local-tag=ours\r\n"
                                     "Join: a@b;to-tag=ours\r\n");
    const struct sip_dialog_id *replaces = sip_msg_get(msg, SIP_HEADER_REPLACES, 0);
    const struct sip_dialog_id *target = sip_msg_get(msg, SIP_HEADER_TARGET_DIALOG, 0);
    assert_view(replaces->to_tag, "ours");
    assert_view(replaces->from_tag, "theirs");
    assert_view(target->to_tag, "ours");
    assert_view(target->from_tag, "theirs");
    assert_true(fault_there(msg, "dialog-tags"));
    sip_msg_unref(msg);
}

static int drop_pool(void **state)
{
    (void)state;
    sip_msg_pool_drop();
    return 0;
}

static void a_q_is_read_in_thousandths(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t q;
    } rows[] = {
        {"<sip:a>",         1000},
        {"<sip:a>;q=1",     1000},
        {"<sip:a>;q=0",     0   },
        {"<sip:a>;q=0.",    0   },
        {"<sip:a>;q=0.5",   500 },
        {"<sip:a>;Q=0.25",  250 },
        {"<sip:a>;q=0.001", 1   },
        {"<sip:a>;q=7",     1000},
        {"<sip:a>;q=x",     1000},
        {"<sip:a>;q",       1000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena = {0};
        enum sip_rule failed;
        struct sip_name_addr *contact =
            read_value(sip_header_kind(SIP_HEADER_CONTACT), view_of(rows[i].text), &arena, &failed);
        assert_int_equal(sip_params_q(&contact->params), rows[i].q);
        free(contact);
        arena_deinit(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_as_the_same),
        cmocka_unit_test(every_header_has_a_sample),
        cmocka_unit_test(a_q_is_read_in_thousandths),
        cmocka_unit_test(every_cut_of_every_sample_is_survived),
        cmocka_unit_test(what_no_grammar_allows_is_refused),
        cmocka_unit_test(dates_know_the_calendar),
        cmocka_unit_test(seconds_since_1970_are_a_date),
        cmocka_unit_test(tags_of_a_dialog_are_those_the_recipient_sees),
    };
    return cmocka_run_group_tests(tests, NULL, drop_pool);
}
