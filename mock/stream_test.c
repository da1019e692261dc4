/* What only a simulated network can do to a stream. */
#include "mock/stream_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void link_both(const struct net_link *link)
{
    driver->ops->link(driver, 0, 0, link);
}

static uint64_t now_us(void)
{
    return driver->ops->now(driver);
}

/* The next bytes that come, their number, and when. */
static size_t piece(struct line *line, uint64_t *out_at_us)
{
    uint32_t party;
    struct packet packet = next_packet(line, &party);
    assert_int_equal(packet.kind, PACKET_BYTES);
    size_t len = packet.bytes->len;
    *out_at_us = packet.at_us;
    blob_unref(packet.bytes);
    return len;
}

static void a_handshake_takes_its_time(void)
{
    struct net_link slow = {.latency_us = 10000};
    struct addr addr = addr_any(4);
    uint32_t party;
    link_both(&slow);
    listening(BOB, &addr);
    open_to(ALICE, &addr, 1);
    struct packet packet = next_packet(NULL, &party);
    assert_int_equal(packet.kind, PACKET_OPENED);
    assert_int_equal(packet.at_us, 20000);
    packet = next_packet(NULL, &party);
    assert_int_equal(packet.kind, PACKET_ACCEPTED);
    assert_int_equal(packet.at_us, 30000);
}

static void a_host_that_is_not_there_is_unreachable(void)
{
    struct addr nowhere;
    assert_int_equal(addr_parse(V("10.9.9.9:5060"), &nowhere), ERR_OK);
    open_to(ALICE, &nowhere, 5);
    expect_open_failed(ALICE, 5, NET_UNREACHABLE);
    assert_int_equal(now_us(), 2000);
}

static void segments_are_as_short_as_one_says(void)
{
    struct net_link link = {.latency_us = 1000, .segment = 1};
    struct line line;
    uint64_t at_us;
    line_open(&line, 4);
    link_both(&link);
    line_write(&line.alice, V("abc"));
    line_write(&line.alice, V("de"));
    for (int i = 0; i < 5; i++)
        assert_int_equal(piece(&line, &at_us), 1);
    expect_quiet(&line);
    assert_int_equal(line.alice.wrote, 5);
}

static void an_mtu_cuts_segments(void)
{
    struct net_link link = {.latency_us = 1000, .mtu = 576};
    struct line line;
    char text[1000] = {0};
    uint64_t at_us;
    line_open(&line, 4);
    link_both(&link);
    line_write(&line.alice, (struct view){text, sizeof text});
    assert_int_equal(piece(&line, &at_us), 536);
    assert_int_equal(piece(&line, &at_us), 464);
}

/* 8,000 bytes at 64 kbit/s are a second, with 8 headers of 40 bytes another 40 ms. */
static void a_slow_link_spreads_them(void)
{
    struct net_link link = {.latency_us = 1000, .mtu = 1040, .bandwidth_bps = 64000};
    struct line line;
    char text[8000] = {0};
    uint64_t at_us = 0;
    line_open(&line, 4);
    link_both(&link);
    uint64_t began_us = now_us();
    line_write(&line.alice, (struct view){text, sizeof text});
    for (int i = 1; i <= 8; i++) {
        assert_int_equal(piece(&line, &at_us), 1000);
        assert_int_equal(at_us, began_us + (uint64_t)i * 130000 + 1000);
    }
}

/* A quarter goes at once; the next one when the first was acknowledged, and so on. */
static void a_window_holds_back(void)
{
    struct net_link link = {.latency_us = 10000, .window = 2500};
    struct line line;
    char text[10000] = {0};
    uint64_t at_us = 0;
    line_open(&line, 4);
    link_both(&link);
    uint64_t began_us = now_us();
    line_write(&line.alice, (struct view){text, sizeof text});
    for (uint64_t i = 0; i < 4; i++) {
        assert_true(driver->ops->in_flight(driver) > 0);
        assert_int_equal(piece(&line, &at_us), 2500);
        assert_int_equal(at_us, began_us + 10000 + i * 20000);
        assert_int_equal(line.alice.wrote, (i + 1) * 2500);
    }
    assert_int_equal(driver->ops->in_flight(driver), 0);
}

static void no_byte_overtakes_another(void)
{
    struct net_link slow = {.latency_us = 50000}, fast = {.latency_us = 1000};
    struct line line;
    line_open(&line, 4);
    link_both(&slow);
    line_write(&line.alice, V("first, "));
    link_both(&fast);
    line_write(&line.alice, V("second"));
    line_do(&line.alice, DO_CLOSE);
    expect_stream_bytes(&line, &line.bob, V("first, second"));
    expect_stream_failed(&line, &line.bob, NET_EOF);
}

static void a_link_breaks_streams_at_a_byte(void)
{
    struct net_link link = {.latency_us = 1000, .reset_at = 5};
    struct line line;
    line_open(&line, 4);
    link_both(&link);
    line_write(&line.alice, V("abc"));
    expect_stream_bytes(&line, &line.bob, V("abc"));
    line_write(&line.alice, V("defgh"));
    expect_stream_failed(&line, &line.alice, NET_RESET);
    expect_stream_bytes(&line, &line.bob, V("de"));
    expect_stream_failed(&line, &line.bob, NET_RESET);
    expect_quiet(&line);
}

static void what_is_under_way_is_counted(void)
{
    struct line line;
    line_open(&line, 4);
    assert_int_equal(driver->ops->in_flight(driver), 0);
    line_write(&line.alice, V("abc"));
    assert_int_equal(driver->ops->in_flight(driver), 2); /* and what WROTE says */
    expect_stream_bytes(&line, &line.bob, V("abc"));
    assert_int_equal(driver->ops->in_flight(driver), 0);
    line_do(&line.alice, DO_CLOSE);
    assert_int_equal(driver->ops->in_flight(driver), 1);
}

static void who_listens_no_more_accepts_nobody(void)
{
    struct addr addr = addr_any(4);
    uint32_t party;
    struct handle listener = listening(BOB, &addr);
    open_to(ALICE, &addr, 1);
    struct packet packet = next_packet(NULL, &party);
    assert_int_equal(packet.kind, PACKET_OPENED);
    driver->ops->unbind(driver, listener);
    packet = next_packet(NULL, &party);
    assert_int_equal(packet.kind, PACKET_FAILED);
    assert_int_equal(packet.error, NET_RESET);
    assert_int_equal(party, ALICE);
    expect_quiet(NULL);
}

static void an_open_is_given_up_in_each_of_its_steps(void)
{
    struct effect give_up = {.kind = DO_RESET, .query = 1};
    struct addr addr = addr_any(4);
    listening(BOB, &addr);
    for (uint64_t step_us = 0; step_us < 2000; step_us += 500) {
        uint64_t now;
        uint32_t party;
        struct packet packet;
        open_to(ALICE, &addr, 1);
        struct moment until = {now_us() + step_us, UINT64_MAX};
        assert_false(driver->ops->wait(driver, until, &now, &party, &packet));
        driver->ops->perform(driver, ALICE, &give_up);
        expect_quiet(NULL);
    }
}

static void a_thousand_streams_leave_nothing(void)
{
    struct line line;
    line_open(&line, 4);
    uint64_t live = mem_live();
    for (int i = 0; i < 1000; i++) {
        struct line other = line;
        line_again(&other);
        line_write(&other.alice, V("hello"));
        line_do(&other.alice, DO_CLOSE);
        expect_stream_bytes(&other, &other.bob, V("hello"));
        expect_stream_failed(&other, &other.bob, NET_EOF);
        line_do(&other.bob, DO_CLOSE);
        expect_stream_failed(&other, &other.alice, NET_EOF);
        expect_quiet(&other);
    }
    assert_true(mem_live() < live + 16);
}

int main(void)
{
    static const struct promise promises[] = {
        PROMISE(a_handshake_takes_its_time),
        PROMISE(a_host_that_is_not_there_is_unreachable),
        PROMISE(segments_are_as_short_as_one_says),
        PROMISE(an_mtu_cuts_segments),
        PROMISE(a_slow_link_spreads_them),
        PROMISE(a_window_holds_back),
        PROMISE(no_byte_overtakes_another),
        PROMISE(a_link_breaks_streams_at_a_byte),
        PROMISE(what_is_under_way_is_counted),
        PROMISE(who_listens_no_more_accepts_nobody),
        PROMISE(an_open_is_given_up_in_each_of_its_steps),
        PROMISE(a_thousand_streams_leave_nothing),
    };
    return contract_run_simulated(promises, sizeof promises / sizeof *promises);
}
