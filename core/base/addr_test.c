#include "core/base/addr.h"

#include "core/base/guard_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void text_of_is(const char *from, const char *to)
{
    char room[ADDR_TEXT_MAX];
    struct addr addr;
    if (addr_parse(view_of(from), &addr) != ERR_OK)
        fail_msg("\"%s\" is an address", from);
    struct view text = addr_text(&addr, room);
    if (!view_equal(text, view_of(to)))
        fail_msg("\"%s\" became \"%.*s\", wanted \"%s\"", from, VIEW_ARG(text), to);
    struct addr again;
    assert_int_equal(addr_parse(text, &again), ERR_OK);
    assert_true(addr_equal(&addr, &again));
}

/* RFC 5952 §4; forms of RFC 5118 §4. */
static void addresses_are_written_the_one_right_way(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"192.0.2.1",                     "192.0.2.1"             },
        {"192.0.2.1:5060",                "192.0.2.1:5060"        },
        {"255.255.255.255:65535",         "255.255.255.255:65535" },
        {"::",                            "[::]"                  },
        {"::1",                           "[::1]"                 },
        {"1::",                           "[1::]"                 },
        {"[::1]:5060",                    "[::1]:5060"            },
        {"[2001:db8::10:5070]",           "[2001:db8::10:5070]"   },
        {"[2001:db8::10]:5070",           "[2001:db8::10]:5070"   },
        {"2001:DB8:0000:0000:0001:0:0:1", "[2001:db8::1:0:0:1]"   },
        {"2001:db8:0:1:1:1:1:1",          "[2001:db8:0:1:1:1:1:1]"},
        {"2001:0db8:0:0:0:0:2:1",         "[2001:db8::2:1]"       },
        {"2001:0:0:1:0:0:0:1",            "[2001:0:0:1::1]"       },
        {"0:0:1:0:0:0:0:0",               "[0:0:1::]"             },
        {"1:2:3:4:5:6:7:8",               "[1:2:3:4:5:6:7:8]"     },
        {"::ffff:192.0.2.10",             "[::ffff:c000:20a]"     },
        {"2001:db8::192.0.2.1",           "[2001:db8::c000:201]"  },
        {"1:2:3:4:5:6:7::",               "[1:2:3:4:5:6:7:0]"     },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        text_of_is(rows[i][0], rows[i][1]);
}

static void what_is_no_address_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "a",
        "1.2.3",
        "1.2.3.4.5",
        "256.0.0.1",
        "1.2.3.4:",
        "1.2.3.4:65536",
        "1.2.3.4:x",
        "1..2.3",
        "-1.2.3.4",
        "1.2.3.0004",
        ":",
        ":::",
        "1:2",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "g::",
        "::1.2.3",
        "::1.2.3.4.5",
        "::1.2.3.4:5",
        "[::1",
        "[::1]5060",
        "[::1]:",
        "[1.2.3.4]",
        "[]",
        "[",
        "1:2:3:4:5:6:7:1.2.3.4",
        "2001:db8:::1",
        "fe80::1%eth0",
        "1:2:3:4:5:6:7:",
        "1:2:3:4:5:6:7:8::",
        " 1.2.3.4",
        "1.2.3.4 ",
    };
    struct addr addr;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (addr_parse(view_of(texts[i]), &addr) != ERR_SYNTAX)
            fail_msg("\"%s\" is no address", texts[i]);
    assert_int_equal(addr_ip_parse(V("1.2.3.4:5"), &addr), ERR_SYNTAX);
    assert_int_equal(addr_ip_parse(V("[::1]"), &addr), ERR_SYNTAX);
    assert_int_equal(addr_host_parse(V("[::1]"), &addr), ERR_OK);
    assert_int_equal(addr_host_parse(V("::1"), &addr), ERR_OK);
    assert_int_equal(addr_host_parse(V("192.0.2.1"), &addr), ERR_OK);
    assert_int_equal(addr_host_parse(V("[::1"), &addr), ERR_SYNTAX);
    assert_int_equal(addr_host_parse(V("["), &addr), ERR_SYNTAX);
    assert_int_equal(addr_host_parse(V("[]"), &addr), ERR_SYNTAX);
    assert_int_equal(addr_host_parse(V("a.example"), &addr), ERR_SYNTAX);
}

static void ports_count_for_equality_only_where_asked(void **state)
{
    (void)state;
    struct addr a, b, six;
    assert_int_equal(addr_parse(V("192.0.2.1:1"), &a), ERR_OK);
    assert_int_equal(addr_parse(V("192.0.2.1:2"), &b), ERR_OK);
    assert_int_equal(addr_parse(V("::ffff:192.0.2.1"), &six), ERR_OK);
    assert_true(addr_ip_equal(&a, &b));
    assert_false(addr_equal(&a, &b));
    assert_false(addr_ip_equal(&a, &six));
}

static void a_place_without_a_port_is_any_port_there(void **state)
{
    static const struct {
        const char *place;
        bool at;
    } rows[] = {
        {"192.0.2.1",      true },
        {"192.0.2.1:5060", true },
        {"192.0.2.1:5061", false},
        {"192.0.2.2",      false},
    };
    (void)state;
    struct addr addr, place;
    assert_int_equal(addr_parse(V("192.0.2.1:5060"), &addr), ERR_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(addr_parse(view_of(rows[i].place), &place), ERR_OK);
        assert_int_equal(addr_is_at(&addr, &place), rows[i].at);
    }
}

static void protocols_are_found_in_any_case(void **state)
{
    (void)state;
    enum proto proto;
    assert_int_equal(proto_parse(V("WsS"), &proto), ERR_OK);
    assert_int_equal(proto, PROTO_WSS);
    assert_string_equal(proto_text(PROTO_TLS), "tls");
    assert_string_equal(proto_word(PROTO_WSS), "WSS");
    assert_int_equal(proto_parse(V("sctp"), &proto), ERR_UNSUPPORTED);
    assert_int_equal(proto_parse(V(""), &proto), ERR_UNSUPPORTED);
    assert_false(proto_reliable(PROTO_UDP));
    assert_true(proto_reliable(PROTO_TCP) && proto_reliable(PROTO_WS));
    assert_true(proto_secure(PROTO_TLS) && proto_secure(PROTO_WSS) && !proto_secure(PROTO_WS));
}

static void parse_cut(struct view text, void *ctx)
{
    struct addr addr;
    (void)ctx;
    if (addr_parse(text, &addr) == ERR_OK)
        assert_true(addr.family == 4 || addr.family == 6);
}

static void no_cut_is_read_past_its_end(void **state)
{
    (void)state;
    struct view text = V("[2001:db8::ffff:255.255.255.255]:65535");
    for (size_t from = 0; from < text.len; from++)
        for (size_t to = from; to <= text.len; to++)
            test_guarded(view_head(view_skip(text, from), to - from), parse_cut, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_written_the_one_right_way),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(ports_count_for_equality_only_where_asked),
        cmocka_unit_test(a_place_without_a_port_is_any_port_there),
        cmocka_unit_test(protocols_are_found_in_any_case),
        cmocka_unit_test(no_cut_is_read_past_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
