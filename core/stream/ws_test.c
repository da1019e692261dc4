/* Two WebSocket filters against each other, and one against bytes written by hand. */
#include "core/stream/filters_fixture.h"
#include "core/stream/ws.h"
#include "core/stream/ws_http.h"
#include "core/stream/ws_key.h"
#include "core/stream/ws_utf8.h"

#include "core/base/oom_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct filter *make(bool server, uint64_t seed)
{
    struct ws_options options = {
        .server = server, .host = V("example.com"), .rng = {seed}, .message_limit = 1000};
    struct filter *filter = NULL;

    assert_int_equal(ws_filter_create(&options, &filter), ERR_OK);
    return filter;
}

static struct pair join(size_t piece)
{
    struct pair pair = {
        .a = {.filter = make(false, 1)}, .b = {.filter = make(true, 2)}, .piece = piece};

    pair_pump(&pair);
    return pair;
}

/* A server that is open, and what stands on the wire behind it thrown away. */
static struct pair server_alone(void)
{
    struct pair pair = join(0);

    assert_true(pair.b.open);
    buf_clear(&pair.b.all_wire);
    return pair;
}

static void give(struct end_of_pair *end, struct view bytes)
{
    assert_int_equal(filter_from_wire(end->filter, 0, bytes), ERR_OK);
    pair_take(end);
}

static void the_example_of_the_rfc_is_accepted(void **state)
{
    struct ws_accept accept = ws_accept_of(V("dGhlIHNhbXBsZSBub25jZQ=="));

    (void)state;
    assert_string_equal(accept.text, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_true(ws_key_good(V("dGhlIHNhbXBsZSBub25jZQ==")));
    assert_false(ws_key_good(V("dGhlIHNhbXBsZSBub25jZQ=")));
    assert_false(ws_key_good(V("dGhlIHNhbXBsZSBub25jZ===")));
    assert_false(ws_key_good(V("dGhlIHNhbXBsZSBub25j\0A==")));
    assert_false(ws_key_good(V("dGhlIHNhbXBsZSBub25jZWFh")));
}

static void messages_pass_both_ways_whole_in_any_pieces(void **state)
{
    static const size_t pieces[] = {0, 1, 7};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct pair pair = join(pieces[i]);
        assert_true(pair.a.open && pair.b.open);
        assert_int_equal(filter_from_user(pair.a.filter, 0, V("OPTIONS")), ERR_OK);
        pair_send(&pair, &pair.a, V("REGISTER"));
        pair_send(&pair, &pair.b, V("200"));
        assert_int_equal(pair.b.count, 2);
        assert_true(view_equal(pair_piece(&pair.b, 0), V("OPTIONS")));
        assert_true(view_equal(pair_piece(&pair.b, 1), V("REGISTER")));
        assert_true(view_equal(pair_piece(&pair.a, 0), V("200")));
        pair_deinit(&pair);
    }
}

static void what_is_given_before_it_is_open_goes_out_then(void **state)
{
    struct pair pair = {.a = {.filter = make(false, 1)}, .b = {.filter = make(true, 2)}};

    (void)state;
    assert_int_equal(filter_from_user(pair.a.filter, 0, V("one")), ERR_OK);
    assert_int_equal(filter_from_user(pair.a.filter, 0, V("two")), ERR_OK);
    pair_pump(&pair);
    assert_int_equal(pair.b.count, 2);
    assert_true(view_equal(pair_piece(&pair.b, 1), V("two")));
    pair_deinit(&pair);
}

static void what_waits_is_bounded(void **state)
{
    struct ws_options options = {.host = V("h"), .wait_limit = 100};
    struct filter *filter = NULL;
    char bytes[90] = {0};

    (void)state;
    assert_int_equal(ws_filter_create(&options, &filter), ERR_OK);
    assert_int_equal(filter_from_user(filter, 0, (struct view){bytes, 90}), ERR_OK);
    assert_int_equal(filter_from_user(filter, 0, V("more")), ERR_LIMIT);
    filter_destroy(filter);
}

static void the_same_seed_gives_the_same_bytes(void **state)
{
    struct pair one = join(0), two = join(0),
                other = {.a = {.filter = make(false, 9)}, .b = {.filter = make(true, 2)}};

    (void)state;
    pair_send(&one, &one.a, V("OPTIONS"));
    pair_send(&two, &two.a, V("OPTIONS"));
    pair_send(&other, &other.a, V("OPTIONS"));
    assert_true(view_equal(buf_view(&one.a.all_wire), buf_view(&two.a.all_wire)));
    assert_false(view_equal(buf_view(&one.a.all_wire), buf_view(&other.a.all_wire)));
    pair_deinit(&one);
    pair_deinit(&two);
    pair_deinit(&other);
}

/* RFC 7118 §4.2 */
static void what_is_no_utf8_goes_in_binary_frames(void **state)
{
    static const struct {
        struct view text;
        bool valid;
    } rows[] = {
        {{"caf\xc3\xa9", 5},      true },
        {{"\xf0\x9f\x98\x80", 4}, true },
        {{"\xf4\x8f\xbf\xbf", 4}, true },
        {{"\xed\x9f\xbf", 3},     true },
        {{"", 0},                 true },
        {{"\xff", 1},             false},
        {{"\xc0\x80", 2},         false},
        {{"\xe0\x9f\xbf", 3},     false},
        {{"\xed\xa0\x80", 3},     false},
        {{"\xf0\x8f\xbf\xbf", 4}, false},
        {{"\xf4\x90\x80\x80", 4}, false},
        {{"\xf5\x80\x80\x80", 4}, false},
        {{"\x80", 1},             false},
        {{"\xe2\x82", 2},         false},
        {{"\xe2\x28\xa1", 3},     false},
        {{"\xe2\x82\x28", 3},     false},
    };
    struct pair pair = join(0);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(utf8_valid(rows[i].text), rows[i].valid);
        buf_clear(&pair.b.all_wire);
        pair_send(&pair, &pair.b, rows[i].text);
        assert_int_equal((uint8_t)pair.b.all_wire.ptr[0], rows[i].valid ? 0x81 : 0x82);
    }
    assert_false(pair.a.closed);
    pair_deinit(&pair);
}

static void both_say_goodbye(void **state)
{
    struct pair pair = join(0);

    (void)state;
    filter_close(pair.a.filter);
    pair_pump(&pair);
    assert_true(pair.a.closed && pair.a.how == FILTER_FIN);
    assert_true(pair.b.closed && pair.b.how == FILTER_FIN);
    assert_int_equal(filter_from_user(pair.a.filter, 0, V("late")), ERR_STATE);
    assert_int_equal(filter_from_wire(pair.a.filter, 0, V("late")), ERR_STATE);
    pair_deinit(&pair);
}

static void a_ping_is_answered_and_its_answer_is_taken_in_silence(void **state)
{
    struct pair pair = join(0);

    (void)state;
    buf_clear(&pair.a.all_wire);
    assert_int_equal(ws_filter_ping(pair.b.filter, V("hey")), ERR_OK);
    pair_pump(&pair);
    assert_int_equal((uint8_t)pair.a.all_wire.ptr[0], 0x8a);
    assert_int_equal(pair.a.all_wire.len, 2 + 4 + 3);
    assert_int_equal(pair.a.count + pair.b.count, 0);
    assert_false(pair.a.closed || pair.b.closed);
    pair_deinit(&pair);
}

/* Masked by zeros, so that the bytes can be read here. */
static void fragments_make_one_message_and_a_ping_fits_between_them(void **state)
{
    struct pair pair = server_alone();

    (void)state;
    give(&pair.b, V("\x01\x83\0\0\0\0OPT"));
    give(&pair.b, V("\x89\x80\0\0\0\0"));
    give(&pair.b, V("\x00\x80\0\0\0\0"));
    assert_int_equal(pair.b.count, 0);
    give(&pair.b, V("\x80\x84\0\0\0\0IONS"));
    assert_int_equal(pair.b.count, 1);
    assert_true(view_equal(pair_piece(&pair.b, 0), V("OPTIONS")));
    assert_true(view_equal(buf_view(&pair.b.all_wire), V("\x8a\x00")));
    pair_deinit(&pair);
}

static void a_bad_frame_ends_the_connection_with_its_code(void **state)
{
    static const struct {
        struct view bytes, close;
        const char *why;
    } rows[] = {
  /* clang-format off */
        {{"\x81\x02hi", 4},                          {"\x88\2\3\xea", 4}, "breaks the protocol"}, /* no mask */
        {{"\xc1\x82\0\0\0\0hi", 8},                  {"\x88\2\3\xea", 4}, "breaks the protocol"}, /* RSV1 */
        {{"\x83\x82\0\0\0\0hi", 8},                  {"\x88\2\3\xea", 4}, "breaks the protocol"}, /* opcode 3 */
        {{"\x80\x82\0\0\0\0hi", 8},                  {"\x88\2\3\xea", 4}, "breaks the protocol"}, /* goes on with none */
        {{"\x09\x80\0\0\0\0", 6},                    {"\x88\0", 2},       "breaks the protocol"}, /* ping in parts */
        {{"\x89\xfe\0\x7e\0\0\0\0", 8},              {"\x88\0", 2},       "breaks the protocol"}, /* ping of 126 */
        {{"\x81\xfe\0\x05\0\0\0\0hello", 13},        {"\x88\0", 2},       "breaks the protocol"}, /* length too long a form */
        {{"\x82\xff\x80\0\0\0\0\0\0\0\0\0\0\0", 14}, {"\x88\0", 2},       "breaks the protocol"}, /* 2^63 bytes */
        {{"\x81\x82\0\0\0\0\xff\xfe", 8},            {"\x88\2\3\xef", 4}, "no UTF-8"},
        {{"\x82\xfe\x03\xe9\0\0\0\0x", 9},           {"\x88\2\3\xf1", 4}, "too long"}, /* 1001 bytes */
        {{"\x82\xff\0\0\0\1\0\0\0\0\0\0\0\0x", 15},  {"\x88\2\3\xf1", 4}, "too long"}, /* 4 GiB */
  /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pair pair = server_alone();
        give(&pair.b, rows[i].bytes);
        assert_true(pair.b.closed);
        assert_int_equal(pair.b.how, FILTER_FAILED);
        assert_non_null(strstr(pair.b.why, rows[i].why));
        assert_true(view_equal(buf_view(&pair.b.all_wire), rows[i].close));
        assert_int_equal(pair.b.count, 0);
        pair_deinit(&pair);
    }
}

static void fragments_over_the_limit_are_refused_as_one_frame_is(void **state)
{
    struct pair pair = server_alone();
    char frame[8 + 600] = "\x02\xfe\x02\x58";

    (void)state;
    give(&pair.b, (struct view){frame, sizeof frame});
    frame[0] = 0;
    give(&pair.b, (struct view){frame, sizeof frame});
    assert_true(pair.b.closed && pair.b.how == FILTER_FAILED);
    assert_non_null(strstr(pair.b.why, "too long"));
    pair_deinit(&pair);
}

#define GET "GET / HTTP/1.1\r\n"
#define HOST "Host: example.com\r\n"
#define UPGRADE "Upgrade: WebSocket\r\nConnection: keep-alive, UPGRADE\r\n"
#define KEY "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define VERSION "Sec-WebSocket-Version: 13\r\n"
#define SIP "sec-websocket-protocol: chat, sip\r\n"
#define END "\r\n"

static void a_request_is_judged_by_the_list_of_the_rfc(void **state)
{
    static const struct {
        const char *request;
        unsigned status;
    } rows[] = {
        {GET HOST UPGRADE KEY VERSION SIP END,                                     101},
        {GET HOST UPGRADE KEY VERSION "Sec-WebSocket-Protocol: chat\r\n" SIP END,  101},
        {GET HOST UPGRADE KEY VERSION SIP "Origin: https://x.example\r\n" END,     101},
        {"POST / HTTP/1.1\r\n" HOST UPGRADE KEY VERSION SIP END,                   400},
        {"GET / HTTP/1.0\r\n" HOST UPGRADE KEY VERSION SIP END,                    400},
        {"GET  HTTP/1.1\r\n" HOST UPGRADE KEY VERSION SIP END,                     400},
        {"OPTIONS sip:a@example.com SIP/2.0\r\n" HOST UPGRADE KEY VERSION SIP END, 400},
        {GET UPGRADE KEY VERSION SIP END,                                          400},
        {GET HOST "Connection: upgrade\r\n" KEY VERSION SIP END,                   426},
        {GET HOST "Upgrade: websocket\r\n" KEY VERSION SIP END,                    426},
        {GET HOST UPGRADE VERSION SIP END,                                         400},
        {GET HOST UPGRADE "Sec-WebSocket-Key: dGhl\r\n" VERSION SIP END,           400},
        {GET HOST UPGRADE KEY KEY VERSION SIP END,                                 400},
        {GET HOST UPGRADE KEY SIP END,                                             426},
        {GET HOST UPGRADE KEY "Sec-WebSocket-Version: 8\r\n" SIP END,              426},
        {GET HOST UPGRADE KEY VERSION END,                                         400},
        {GET HOST UPGRADE KEY VERSION "Sec-WebSocket-Protocol: sips\r\n" END,      400},
    };
    char start[32];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct end_of_pair server = {.filter = make(true, 1)};
        give(&server, view_of(rows[i].request));
        snprintf(start, sizeof start, "HTTP/1.1 %u ", rows[i].status);
        assert_true(view_starts(buf_view(&server.wire), view_of(start)));
        assert_int_equal(server.open, rows[i].status == 101);
        assert_int_equal(server.closed, rows[i].status != 101);
        struct pair pair = {.a = server, .b = {.filter = make(true, 1)}};
        pair_deinit(&pair);
    }
}

#define SWITCH "HTTP/1.1 101 Switching Protocols\r\n"
#define TO_WS "Upgrade: websocket\r\nConnection: Upgrade\r\n"
#define SUB "Sec-WebSocket-Protocol: sip\r\n"

static void a_response_is_judged_by_the_list_of_the_rfc(void **state)
{
    static const struct {
        const char *first, *rest;
        bool accept;
        enum filter_how how; /* FIN: it opens */
    } rows[] = {
        {SWITCH TO_WS SUB,                             END,                                         true,  FILTER_FIN   },
        {"HTTP/1.1 403 Forbidden\r\n",                 END,                                         true,  FILTER_ALERT },
        {"HTTP/1.0 101 Switching\r\n" TO_WS SUB,       END,                                         true,  FILTER_FAILED},
        {"SIP/2.0 200 OK\r\n",                         END,                                         true,  FILTER_FAILED},
        {SWITCH TO_WS SUB,                             END,                                         false, FILTER_FAILED},
        {SWITCH "Connection: Upgrade\r\n" SUB,         END,                                         true,  FILTER_FAILED},
        {SWITCH "Upgrade: websocket\r\n" SUB,          END,                                         true,  FILTER_FAILED},
        {SWITCH TO_WS,                                 END,                                         true,  FILTER_FAILED},
        {SWITCH TO_WS "Sec-WebSocket-Protocol: x\r\n", END,                                         true,  FILTER_FAILED},
        {SWITCH TO_WS SUB,                             "Sec-WebSocket-Extensions: deflate\r\n\r\n", true,  FILTER_FAILED},
    };
    struct ws_key key = ws_key_make((struct rng){1});
    struct ws_accept accept = ws_accept_of(view_of(key.text));
    char text[512];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pair pair = {.a = {.filter = make(false, 1)}, .b = {.filter = make(true, 1)}};
        snprintf(text, sizeof text, "%sSec-WebSocket-Accept: %s\r\n%s", rows[i].first,
                 rows[i].accept ? accept.text : "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", rows[i].rest);
        give(&pair.a, view_of(text));
        assert_int_equal(pair.a.open, rows[i].how == FILTER_FIN);
        assert_int_equal(pair.a.closed, rows[i].how != FILTER_FIN);
        assert_int_equal(pair.a.how, rows[i].how);
        pair_deinit(&pair);
    }
}

static void an_endless_head_is_refused(void **state)
{
    struct end_of_pair server = {.filter = make(true, 1)};
    struct view line = V("X-Filler: 0123456789012345678901234567890123456789\r\n");

    (void)state;
    give(&server, V("GET / HTTP/1.1\r\n"));
    for (size_t sent = 16; !server.closed; sent += line.len) {
        assert_true(sent <= HTTP_HEAD_MAX);
        give(&server, line);
    }
    assert_int_equal(server.how, FILTER_FAILED);
    struct pair pair = {.a = server, .b = {.filter = make(true, 1)}};
    pair_deinit(&pair);
}

static void frames_right_behind_the_head_are_read(void **state)
{
    struct end_of_pair server = {.filter = make(true, 1)};

    (void)state;
    give(&server, V(GET HOST UPGRADE KEY VERSION SIP END "\x81\x82\0\0\0\0hi"));
    assert_true(server.open);
    assert_true(view_equal(buf_view(&server.user), V("hi")));
    struct pair pair = {.a = server, .b = {.filter = make(true, 1)}};
    pair_deinit(&pair);
}

static enum err create(void *ctx)
{
    struct ws_options options = {.host = V("example.com")};
    struct filter *filter = NULL;
    enum err err = ws_filter_create(&options, &filter);

    (void)ctx;
    filter_destroy(filter);
    return err;
}

static void it_is_made_or_not_when_memory_runs_out(void **state)
{
    (void)state;
    test_each_oom(create, NULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_rfc_is_accepted),
        cmocka_unit_test(messages_pass_both_ways_whole_in_any_pieces),
        cmocka_unit_test(what_is_given_before_it_is_open_goes_out_then),
        cmocka_unit_test(what_waits_is_bounded),
        cmocka_unit_test(the_same_seed_gives_the_same_bytes),
        cmocka_unit_test(what_is_no_utf8_goes_in_binary_frames),
        cmocka_unit_test(both_say_goodbye),
        cmocka_unit_test(a_ping_is_answered_and_its_answer_is_taken_in_silence),
        cmocka_unit_test(fragments_make_one_message_and_a_ping_fits_between_them),
        cmocka_unit_test(a_bad_frame_ends_the_connection_with_its_code),
        cmocka_unit_test(fragments_over_the_limit_are_refused_as_one_frame_is),
        cmocka_unit_test(a_request_is_judged_by_the_list_of_the_rfc),
        cmocka_unit_test(a_response_is_judged_by_the_list_of_the_rfc),
        cmocka_unit_test(an_endless_head_is_refused),
        cmocka_unit_test(frames_right_behind_the_head_are_read),
        cmocka_unit_test(it_is_made_or_not_when_memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
