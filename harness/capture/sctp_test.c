/* SCTP's DATA chunks: messages in pieces, in any order, and what is sent twice. */
#include "harness/capture/wire_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define BYE "BYE sip:bob@192.0.2.2 SIP/2.0\r\nContent-Length: 0\r\n\r\n"

enum { LAST = 1, FIRST = 2, WHOLE = 3, SCTP = 132 };

static struct wire_file wire;

static int setup(void **state)
{
    (void)state;
    wire_open(&wire, LINK_ETHERNET_FILE);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    wire_close(&wire);
    return 0;
}

static void put(struct buf *buf, uint64_t value, size_t len)
{
    for (size_t i = len; i-- > 0;)
        buf_add_char(buf, (char)(value >> 8 * i));
}

/* A packet with one chunk. */
static void chunk(uint32_t tag, uint32_t number, uint8_t flags, struct view bytes)
{
    struct buf packet = {0};
    put(&packet, 5060, 2);
    put(&packet, 5060, 2);
    put(&packet, tag, 4);
    put(&packet, 0, 4);
    put(&packet, flags, 2); /* DATA is 0 */
    put(&packet, 16 + bytes.len, 2);
    put(&packet, number, 4);
    put(&packet, 0, 8);
    buf_add(&packet, bytes);
    put(&packet, 0, (4 - bytes.len % 4) % 4);
    wire_ip(&wire, SCTP, buf_view(&packet));
    buf_deinit(&packet);
}

static void a_chunk_that_is_sent_again_counts_once(void **state)
{
    (void)state;
    chunk(1, 7, WHOLE, V(BYE));
    chunk(1, 7, WHOLE, V(BYE));
    chunk(2, 7, WHOLE, V(BYE)); /* of another association */
    chunk(1, 8, WHOLE, V(BYE));
    assert_int_equal(wire_read(&wire), 3);
    assert_int_equal(wire.messages[0].carrier, CARRIER_SCTP);
}

static void pieces_are_put_together_in_any_order(void **state)
{
    static const int orders[][3] = {
        {0, 1, 2},
        {2, 1, 0},
        {1, 2, 0},
        {0, 2, 1}
    };
    struct view all = V(BYE);
    const struct view parts[] = {view_head(all, 10), view_head(view_skip(all, 10), 20),
                                 view_skip(all, 30)};
    static const uint8_t flags[] = {FIRST, 0, LAST};
    (void)state;
    for (uint32_t i = 0; i < 4; i++)
        for (int k = 0; k < 3; k++) {
            int part = orders[i][k];
            chunk(1, UINT32_MAX - 4 + 3 * i + (uint32_t)part, flags[part],
                  parts[part]);                            /* it wraps */
            chunk(9, (uint32_t)part, flags[part], V("x")); /* somebody else's, in between */
        }
    assert_int_equal(wire_read(&wire), 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(wire.messages[i].text, BYE);
        assert_int_equal(wire.messages[i].frame, 6 * i + 5);
    }
}

static void a_piece_that_is_missing_keeps_no_other_back(void **state)
{
    (void)state;
    chunk(1, 1, FIRST, V("BYE sip:a "));
    chunk(1, 3, LAST, V("SIP/2.0\r\n\r\n"));
    chunk(1, 4, FIRST, V("BYE sip:bob@192.0.2.2 "));
    chunk(1, 5, LAST, V("SIP/2.0\r\nContent-Length: 0\r\n\r\n"));
    assert_int_equal(wire_read(&wire), 1);
    assert_string_equal(wire.messages[0].text, BYE);
}

/* Pieces of messages that never become whole are given up when there are too many. */
static void what_waits_is_bounded(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 3000; i++)
        chunk(1, 2 * i, FIRST, V("BYE"));
    assert_int_equal(wire_read(&wire), 0);
    assert_int_equal(wire.counts.given_up, 2048);
}

static void a_chunk_that_lies_about_its_length_is_counted(void **state)
{
    (void)state;
    chunk(1, 1, WHOLE, V(""));
    wire_ip(&wire, SCTP, V("\x13\xc4\x13\xc4tag_sum_\x00\x03\x00\x03"));
    wire_ip(&wire, SCTP, V("\x13\xc4\x13\xc4tag_sum_\x00\x03\xff\xff"));
    wire_ip(&wire, SCTP, V("\x13\xc4\x13\xc4tag_sum_\x00\x03\x00\x08numb"));
    wire_ip(&wire, SCTP, V("\x13\xc4"));
    assert_int_equal(wire_read(&wire), 0);
    assert_int_equal(wire.counts.broken_packets, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_chunk_that_is_sent_again_counts_once),
        TEST(pieces_are_put_together_in_any_order),
        TEST(a_piece_that_is_missing_keeps_no_other_back),
        TEST(what_waits_is_bounded),
        TEST(a_chunk_that_lies_about_its_length_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
