#include "core/message/uri.h"

#include "core/base/guard_fixture.h"
#include "core/base/oom_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "core/message/message_fixture.h"

static bool equal(const char *a, const char *b)
{
    struct arena arena = {0};
    struct sip_uri x, y;
    assert_int_equal(sip_uri_parse(view_of(a), &arena, &x), ERR_OK);
    assert_int_equal(sip_uri_parse(view_of(b), &arena, &y), ERR_OK);
    bool same = sip_uri_equal(&x, &y);
    assert_int_equal(sip_uri_equal(&y, &x), same);
    arena_deinit(&arena);
    return same;
}

static const struct pair {
    const char *a, *b;
} alike[] =
    {
  /* RFC 3261 §19.1.4 */
        {"sip:%61lice@atlanta.com;transport=TCP",                                "sip:alice@AtLanTa.CoM;Transport=tcp"},
        {"sip:carol@chicago.com",                                                "sip:carol@chicago.com;newparam=5"   },
        {"sip:carol@chicago.com",                                                "sip:carol@chicago.com;security=on"  },
        {"sip:carol@chicago.com;newparam=5",                                     "sip:carol@chicago.com;security=on"  },
        {"sip:carol@chicago.com",                                                "sip:carol@chicago.com;security=off" },
        {"sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
         "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"                                       },
        {"sip:alice@atlanta.com?subject=project%20x&priority=urgent",
         "sip:alice@atlanta.com?priority=urgent&subject=project%20x"                                                  },
        {"sip:a%3Bb@c",                                                          "sip:a%3bb@c"                        },
 /* RFC 3966 §4 */
        {"sip:a@[2001:DB8:0::1]",                                                "sip:a@[2001:db8::1]"                },
        {"sip:a@[::ffff:192.0.2.128]:1",                                         "sip:a@[::FFFF:c000:280]:1"          },
        {"tel:+1-201-555-0123",                                                  "tel:+1(201)555.0123"                },
        {"tel:7042;phone-context=example.com",                                   "tel:7042;PHONE-CONTEXT=EXAMPLE.com" },
        {"tel:863-1234;phone-context=+1-914-555",                                "tel:8631234;phone-context=+1914555" },
        {"TEL:+1;ext=12;isub=3",                                                 "tel:+1;isub=3;ext=1-2"              },
        {"urn:service:sos",                                                      "urn:service:sos"                    },
},
  unlike[] = {
      {"SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"},
      {"sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"},
      {"sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"},
      {"sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"},
      {"sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"},
      {"sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"},
      {"sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"},
      {"sip:a@[2001:db8::1]", "sip:a@[2001:db8::2]"},
      {"sip:a@b", "sips:a@b"},
      {"sip:a@b", "sip:b"},
      {"sip:a:@b", "sip:a@b"},
      {"sip:a:x@b", "sip:a:X@b"},
      {"sip:a@b;maddr=239.255.255.1", "sip:a@b"},
      {"sip:a@b;ttl=15", "sip:a@b"},
      {"sip:a@b;user=ip", "sip:a@b"},
      {"sip:a@b;method=INVITE", "sip:a@b"},
      {"sip:a%3Bb@c", "sip:a;b@c"},
      {"sip:a@b?x=1&x=1&y=2", "sip:a@b?x=1&y=2&y=2"},
      {"sip:%00@b", "sip:%00%00@b"},
      {"tel:+12015550123", "tel:12015550123"},
      {"tel:+1;ext=1", "tel:+1"},
      {"tel:1;phone-context=a.com", "tel:1;phone-context=b.com"},
      {"urn:service:sos", "urn:service:sos.fire"},
};

static void uris_are_compared_as_the_rfcs_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
        if (!equal(alike[i].a, alike[i].b))
            fail_msg("%s is like %s", alike[i].a, alike[i].b);
    for (size_t i = 0; i < sizeof unlike / sizeof *unlike; i++)
        if (equal(unlike[i].a, unlike[i].b))
            fail_msg("%s is unlike %s", unlike[i].a, unlike[i].b);
}

static void all_parts_are_found(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct sip_uri uri;
    struct view value;
    struct view text = V("sips:a;b?c:p$w@[2001:db8::1]:5071;lr;maddr=[::1];x=%20?h=1&i=");
    assert_int_equal(sip_uri_parse(text, &arena, &uri), ERR_OK);
    assert_int_equal(uri.scheme, SIP_SCHEME_SIPS);
    assert_view(uri.user, "a;b?c");
    assert_view(uri.password, "p$w");
    assert_view(uri.host, "[2001:db8::1]");
    assert_int_equal(uri.port, 5071);
    assert_int_equal(uri.params.count, 3);
    assert_true(sip_param_find(&uri.params, V("LR"), &value));
    assert_null(value.ptr);
    assert_true(sip_param_find(&uri.params, V("maddr"), &value));
    assert_view(value, "[::1]");
    assert_view(uri.headers, "h=1&i=");
    assert_true(view_equal(uri.text, text));
    assert_int_equal(sip_uri_parse(V("sip:b"), &arena, &uri), ERR_OK);
    assert_null(uri.user.ptr);
    assert_null(uri.headers.ptr);
    assert_int_equal(sip_uri_parse(V("tel:+1-2;ext=3"), &arena, &uri), ERR_OK);
    assert_int_equal(uri.scheme, SIP_SCHEME_TEL);
    assert_view(uri.user, "+1-2");
    assert_int_equal(sip_uri_parse(V("http://a/b?c"), &arena, &uri), ERR_OK);
    assert_int_equal(uri.scheme, SIP_SCHEME_OTHER);
    assert_view(uri.scheme_text, "http");
    assert_int_equal(sip_uri_parse(V("sip:a:b#c@d"), &arena, &uri), ERR_OK);
    assert_view(uri.user, "a:b#c");
    assert_null(uri.password.ptr);
    assert_view(uri.host, "d");
    arena_deinit(&arena);
}

static void what_is_no_uri_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        ":",
        "sip",
        "sip:",
        "sip:@",
        "sip:a@",
        "sip::",
        "sip:a@b:",
        "sip:a@b:x",
        "sip:a@b:65536",
        "sip:a@b:99999999999",
        "sip:[",
        "sip:[]",
        "sip:[::1",
        "sip:::1",
        "sip:a b",
        "sip:a@b c",
        "sip:a@b>",
        "<sip:a@b>",
        "sip:a@b@c",
        "sip:a@b;",
        "sip:a@b;=x",
        "sip:a@b;x=",
        "tel:",
        "sip:a\x01@b",
    };
    struct arena arena = {0};
    struct sip_uri uri;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (sip_uri_parse(view_of(texts[i]), &arena, &uri) != ERR_SYNTAX)
            fail_msg("\"%s\" is no URI", texts[i]);
    arena_deinit(&arena);
}

static void a_uri_is_written_from_its_parts(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "sip:example.com", "sip:a@b:5060;lr;x=y?s=t",
        "sips:a:b@[::1]",  "tel:+1-2;ext=3",
        "mailto:x@y",      "sip:a@b:1",
        "sip:%00@b",       "sip:a@b?x",
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct sip_uri uri;
        struct buf buf = {0};
        assert_int_equal(sip_uri_parse(view_of(texts[i]), &arena, &uri), ERR_OK);
        uri.text = uri.scheme == SIP_SCHEME_OTHER ? uri.text : V("not this");
        sip_uri_write(&buf, &uri);
        assert_true(view_equal(buf_view(&buf), view_of(texts[i])));
        buf_deinit(&buf);
    }
    arena_deinit(&arena);
}

static void escapes_end_with_the_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *plain;
        size_t len;
    } rows[] = {
        {"none",   "none", 4},
        {"%41%7a", "Az",   2},
        {"%",      "%",    1},
        {"%4",     "%4",   2},
        {"a%zz",   "a%zz", 4},
        {"%00",    "\0",   1},
        {"%%41",   "%A",   2},
        {"",       "",     0},
        {"%2541",  "%41",  3},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct view plain = sip_unescape(view_of(rows[i].text), &arena);
        assert_true(view_equal(plain, (struct view){rows[i].plain, rows[i].len}));
    }
    arena_deinit(&arena);
}

static void ports_follow_scheme_and_transport(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint16_t port;
    } rows[] = {
        {"sip:a",                5060},
        {"sips:a",               5061},
        {"sip:a;transport=tls",  5061},
        {"sip:a;transport=TCP",  5060},
        {"sip:a;transport=ws",   80  },
        {"sip:a;transport=WSS",  443 },
        {"sips:a;transport=ws",  443 },
        {"sip:a:1;transport=ws", 1   },
        {"sips:a;transport=tcp", 5061},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_uri uri;
        assert_int_equal(sip_uri_parse(view_of(rows[i].text), &arena, &uri), ERR_OK);
        assert_int_equal(sip_uri_port(&uri), rows[i].port);
    }
    arena_deinit(&arena);
}

static void name_addrs_are_read_and_written(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct buf buf = {0};
    struct sip_name_addr value;
    assert_int_equal(sip_name_addr_parse(V(" \"B \\\"x\" <sip:b@c>;tag=1 "), &arena, &value),
                     ERR_OK);
    assert_view(value.display, "B \\\"x");
    assert_view(value.tag, "1");
    sip_name_addr_write(&buf, &value);
    assert_view(buf_view(&buf), "\"B \\\"x\" <sip:b@c>;tag=1");
    assert_int_equal(sip_name_addr_parse(V("\"a\\"), &arena, &value), ERR_SYNTAX);
    assert_int_equal(sip_name_addr_parse(V("<sip:a@b>,<sip:c@d>"), &arena, &value), ERR_SYNTAX);
    assert_int_equal(sip_name_addr_parse(V(""), &arena, &value), ERR_SYNTAX);
    buf_deinit(&buf);
    arena_deinit(&arena);
}

static void read_one(struct view text, void *ctx)
{
    struct arena *arena = ctx;
    struct sip_uri uri, other = {0};
    struct sip_name_addr addr;
    if (sip_uri_parse(text, arena, &uri) == ERR_OK)
        assert_true(uri.scheme == SIP_SCHEME_OTHER || !sip_uri_equal(&uri, &other));
    if (sip_name_addr_parse(text, arena, &addr) == ERR_OK)
        assert_true(addr.text.len <= text.len);
    assert_non_null(sip_unescape(text, arena).ptr);
    arena_reset(arena);
}

static void no_cut_of_a_uri_is_read_past_its_end(void **state)
{
    (void)state;
    struct view text =
        V("\"d\\\"\" <sips:a%41;b?c:p@[2001:db8::1]:5071;lr;x=%20?h=%41&i=>;tag=\"x\\\"\"");
    struct arena arena = {0};
    for (size_t from = 0; from < 10; from++)
        for (size_t to = from; to <= text.len; to++)
            test_guarded(view_head(view_skip(text, from), to - from), read_one, &arena);
    arena_deinit(&arena);
}

static enum err parse_and_drop(void *ctx)
{
    struct arena arena = {0};
    struct sip_uri uri;
    (void)ctx;
    enum err err =
        sip_uri_parse(V("sip:a@b;a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p;q;r;s;t;u;v;w;x;y;z;aa;bb;cc;dd"
                        ";ee;ff;gg;hh;ii;jj;kk;ll;mm"),
                      &arena, &uri);
    if (err == ERR_OK)
        assert_int_equal(uri.params.count, 39);
    arena_deinit(&arena);
    return err;
}

static void memory_may_fail_anywhere(void **state)
{
    (void)state;
    test_each_oom(parse_and_drop, NULL);
}

static void a_uri_is_cut_behind_its_user(void **state)
{
    (void)state;
    static const struct {
        const char *uri, *param, *head, *tail;
    } rows[] = {
        {"sip:bob@x;transport=tcp;lr?a=b",   "transport", "sip:bob@x",                    ";lr"},
        {"sip:bob@x;lr;Transport=tcp",       "transport", "sip:bob@x;lr",                 ""   },
        {"sip:bob@x;transports=tcp;lr?a=b",  "transport", "sip:bob@x;transports=tcp;lr",  ""   },
        {"sip:bob;transport=tcp?x@x;lr?a=b", "transport", "sip:bob;transport=tcp?x@x;lr", ""   },
        {"sips:x;method;lr",                 "method",    "sips:x",                       ";lr"},
        {"sip:x",                            "method",    "sip:x",                        ""   },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sip_uri_parts parts = sip_uri_without(view_of(rows[i].uri), view_of(rows[i].param));
        assert_true(view_equal(parts.head, view_of(rows[i].head)));
        assert_true(view_equal(parts.tail, view_of(rows[i].tail)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uris_are_compared_as_the_rfcs_say),
        cmocka_unit_test(all_parts_are_found),
        cmocka_unit_test(what_is_no_uri_is_refused),
        cmocka_unit_test(a_uri_is_written_from_its_parts),
        cmocka_unit_test(escapes_end_with_the_text),
        cmocka_unit_test(ports_follow_scheme_and_transport),
        cmocka_unit_test(name_addrs_are_read_and_written),
        cmocka_unit_test(a_uri_is_cut_behind_its_user),
        cmocka_unit_test(no_cut_of_a_uri_is_read_past_its_end),
        cmocka_unit_test(memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
