/* What a driver promises: streams. */
#include "mock/stream_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { LARGE_LEN = 300000, BLOCK_LEN = 65536 };

static struct view large_bytes(void)
{
    static char large[LARGE_LEN];
    for (size_t i = 0; i < sizeof large; i++)
        large[i] = (char)(i * i >> 7);
    return (struct view){large, sizeof large};
}

static void there_and_back(uint8_t family)
{
    struct line line;
    line_open(&line, family);
    line_write(&line.alice, V("hello"));
    expect_stream_bytes(&line, &line.bob, V("hello"));
    line_write(&line.bob, V("and you"));
    expect_stream_bytes(&line, &line.alice, V("and you"));
    expect_quiet(&line);
    assert_int_equal(line.alice.wrote, 5);
    assert_int_equal(line.bob.wrote, 7);
}

static void bytes_go_there_and_back(void)
{
    there_and_back(4);
}

static void ipv6_streams_do_too(void)
{
    there_and_back(6);
}

static void many_writes_come_in_order_and_all_are_counted(void)
{
    struct line line;
    struct view large = large_bytes();
    line_open(&line, 4);
    for (size_t at = 0; at < large.len; at += 1000)
        line_write(&line.alice, view_head(view_skip(large, at), 1000));
    line_write(&line.bob, large);
    size_t got_alice = 0, got_bob = 0;
    while (got_alice + got_bob < 2 * large.len) {
        uint32_t party;
        struct packet packet = next_packet(&line, &party);
        size_t *got = party == ALICE ? &got_alice : &got_bob;
        struct view bytes = blob_view(packet.bytes);
        assert_int_equal(packet.kind, PACKET_BYTES);
        assert_true(view_equal(bytes, view_head(view_skip(large, *got), bytes.len)));
        *got += bytes.len;
        blob_unref(packet.bytes);
    }
    expect_quiet(&line);
    assert_int_equal(got_alice, got_bob);
    assert_int_equal(line.alice.wrote, large.len);
    assert_int_equal(line.bob.wrote, large.len);
}

static void nobody_listening_refuses(uint8_t family)
{
    struct addr gone = addr_any(family);
    driver->ops->unbind(driver, listening(BOB, &gone));
    open_to(ALICE, &gone, 3);
    expect_open_failed(ALICE, 3, NET_REFUSED);
    expect_quiet(NULL);
}

static void an_open_may_be_refused(void)
{
    nobody_listening_refuses(4);
}

static void an_ipv6_open_may_be_refused(void)
{
    nobody_listening_refuses(6);
}

static void each_open_is_answered_by_its_number(void)
{
    struct addr there = addr_any(4), gone = addr_any(4);
    listening(BOB, &there);
    driver->ops->unbind(driver, listening(BOB, &gone));
    open_to(ALICE, &gone, 1);
    open_to(ALICE, &there, 2);
    open_to(ALICE, &gone, 3);
    bool seen[4] = {false};
    for (int i = 0; i < 4; i++) {
        uint32_t party;
        struct packet packet = next_packet(NULL, &party);
        if (packet.kind != PACKET_ACCEPTED)
            assert_int_equal(packet.kind, packet.query == 2 ? PACKET_OPENED : PACKET_FAILED);
        assert_false(seen[packet.query]);
        seen[packet.query] = true;
    }
    assert_true(seen[0] && seen[1] && seen[2] && seen[3]);
}

static void an_open_can_be_given_up(void)
{
    struct addr gone = addr_any(4);
    struct effect give_up = {.kind = DO_RESET, .query = 3};
    driver->ops->unbind(driver, listening(BOB, &gone));
    open_to(ALICE, &gone, 3);
    driver->ops->perform(driver, BOB, &give_up); /* not his: nothing happens */
    driver->ops->perform(driver, ALICE, &give_up);
    expect_quiet(NULL);
}

static void one_may_still_write_to_who_closed(void)
{
    struct line line;
    line_open(&line, 4);
    line_write(&line.alice, V("last words"));
    line_do(&line.alice, DO_CLOSE);
    expect_stream_bytes(&line, &line.bob, V("last words"));
    expect_stream_failed(&line, &line.bob, NET_EOF);
    line_write(&line.alice, V("never"));
    line_write(&line.bob, V("an answer"));
    expect_stream_bytes(&line, &line.alice, V("an answer"));
    line_write(&line.bob, V("goodbye"));
    line_do(&line.bob, DO_CLOSE);
    expect_stream_bytes(&line, &line.alice, V("goodbye"));
    expect_stream_failed(&line, &line.alice, NET_EOF);
    line_write(&line.alice, V("never"));
    line_do(&line.bob, DO_RESET);
    expect_quiet(&line);
}

static void both_may_close_at_once(void)
{
    struct line line;
    line_open(&line, 4);
    line_do(&line.alice, DO_CLOSE);
    line_do(&line.bob, DO_CLOSE);
    bool seen[3] = {false};
    for (int i = 0; i < 2; i++) {
        uint32_t party;
        struct packet packet = next_packet(&line, &party);
        assert_int_equal(packet.kind, PACKET_FAILED);
        assert_int_equal(packet.error, NET_EOF);
        seen[party] = true;
    }
    assert_true(seen[ALICE] && seen[BOB]);
    expect_quiet(&line);
}

static void what_was_written_before_a_close_arrives(void)
{
    struct line line;
    line_open(&line, 4);
    line_write(&line.alice, large_bytes());
    line_do(&line.alice, DO_CLOSE);
    line_do(&line.alice, DO_CLOSE);
    expect_stream_bytes(&line, &line.bob, large_bytes());
    expect_stream_failed(&line, &line.bob, NET_EOF);
    line_do(&line.bob, DO_CLOSE);
    expect_stream_failed(&line, &line.alice, NET_EOF);
    expect_quiet(&line);
}

/* The name is gone with the second close, the bytes are not. */
static void who_closes_second_is_heard_to_the_end(void)
{
    struct line line;
    line_open(&line, 4);
    line_do(&line.alice, DO_CLOSE);
    expect_stream_failed(&line, &line.bob, NET_EOF);
    line_write(&line.bob, large_bytes());
    line_do(&line.bob, DO_CLOSE);
    line_do(&line.bob, DO_RESET);
    expect_stream_bytes(&line, &line.alice, large_bytes());
    expect_stream_failed(&line, &line.alice, NET_EOF);
    expect_quiet(&line);
}

static void a_reset_is_heard_by_the_other_side_only(void)
{
    struct line line;
    line_open(&line, 4);
    line_do(&line.alice, DO_RESET);
    line_write(&line.alice, V("never"));
    line_do(&line.alice, DO_RESET);
    expect_stream_failed(&line, &line.bob, NET_RESET);
    line_write(&line.bob, V("never"));
    expect_quiet(&line);
}

static void a_reset_drops_what_waits(void)
{
    struct line line;
    line_open(&line, 4);
    for (int i = 0; i < 8; i++)
        line_write(&line.alice, large_bytes());
    line_do(&line.alice, DO_RESET);
    uint32_t party;
    struct packet packet;
    do {
        packet = next_packet(&line, &party);
        assert_int_equal(party, BOB);
        blob_unref(packet.bytes);
    } while (packet.kind == PACKET_BYTES);
    assert_int_equal(packet.kind, PACKET_FAILED);
    assert_int_equal(packet.error, NET_RESET);
    expect_quiet(&line);
}

static void who_writes_on_and_on_fails(void)
{
    struct line line;
    line_open(&line, 4);
    struct view block = view_head(large_bytes(), BLOCK_LEN);
    for (int i = 0; i < 400; i++)
        line_write(&line.alice, block);
    bool alice = false, bob = false;
    while (!alice || !bob) {
        uint32_t party;
        struct packet packet = next_packet(&line, &party);
        assert_true(party == BOB || packet.kind == PACKET_FAILED);
        if (packet.kind == PACKET_FAILED)
            assert_int_equal(packet.error, party == ALICE ? NET_LIMIT : NET_RESET);
        alice |= packet.kind == PACKET_FAILED && party == ALICE;
        bob |= packet.kind == PACKET_FAILED && party == BOB;
        blob_unref(packet.bytes);
    }
    expect_quiet(&line);
}

static void streams_outlive_their_listener(void)
{
    struct line line;
    line_open(&line, 4);
    driver->ops->unbind(driver, line.listener);
    line_write(&line.alice, V("hello"));
    expect_stream_bytes(&line, &line.bob, V("hello"));
    open_to(ALICE, &line.to, 9);
    expect_open_failed(ALICE, 9, NET_REFUSED);
    struct addr again = line.to;
    line.listener = listening(BOB, &again);
    line_again(&line);
    line_write(&line.bob, V("hello"));
    expect_stream_bytes(&line, &line.alice, V("hello"));
}

static void streams_have_one_set_of_ports(void)
{
    struct addr tcp = addr_any(4), tls;
    struct handle link;
    listening(BOB, &tcp);
    tls = tcp;
    assert_int_equal(driver->ops->bind(driver, BOB, PROTO_TLS, &tls, &link), ERR_CONFLICT);
    tls = addr_any(4);
    assert_int_equal(driver->ops->bind(driver, BOB, PROTO_TLS, &tls, &link), ERR_OK);
    struct addr udp = tls;
    bound(BOB, &udp);
    struct effect effect = {.kind = DO_OPEN, .proto = PROTO_WSS, .remote = tls, .query = 1};
    driver->ops->perform(driver, ALICE, &effect);
    for (int i = 0; i < 2; i++) {
        uint32_t party;
        struct packet packet = next_packet(NULL, &party);
        assert_int_equal(packet.proto, party == ALICE ? PROTO_WSS : PROTO_TLS);
    }
}

static void streams_do_not_mix(void)
{
    enum { COUNT = 50 };
    static struct line lines[COUNT];
    line_open(&lines[0], 4);
    for (int i = 1; i < COUNT; i++) {
        lines[i] = lines[0];
        line_again(&lines[i]);
    }
    for (int i = 0; i < COUNT; i++) {
        char text[] = {(char)('0' + i), '!'};
        line_write(&lines[i].alice, (struct view){text, sizeof text});
    }
    size_t got[COUNT] = {0};
    for (size_t all = 0; all < 2 * COUNT;) {
        uint32_t party;
        struct packet packet = next_packet(NULL, &party);
        int i = 0;
        while (i < COUNT && !handle_equal(lines[i].bob.link, packet.link))
            i++;
        assert_true(i < COUNT && got[i] < 2);
        assert_int_equal(packet.bytes->data[0], got[i] == 0 ? '0' + i : '!');
        got[i] += packet.bytes->len;
        all += packet.bytes->len;
        blob_unref(packet.bytes);
    }
    expect_quiet(NULL);
}

static void one_may_call_oneself(void)
{
    struct addr addr = addr_any(4);
    listening(ALICE, &addr);
    open_to(ALICE, &addr, 1);
    for (int i = 0; i < 2; i++) {
        uint32_t party;
        struct packet packet = next_packet(NULL, &party);
        assert_int_equal(party, ALICE);
        assert_int_equal(packet.peer, ALICE);
    }
}

static void what_is_open_when_it_ends_is_freed(void)
{
    struct line line;
    line_open(&line, 4);
    line_write(&line.alice, large_bytes());
    line_write(&line.bob, large_bytes());
    open_to(ALICE, &line.to, 9);
}

int main(void)
{
    static const struct promise promises[] = {
        PROMISE(bytes_go_there_and_back),
        PROMISE(ipv6_streams_do_too),
        PROMISE(many_writes_come_in_order_and_all_are_counted),
        PROMISE(an_open_may_be_refused),
        PROMISE(an_ipv6_open_may_be_refused),
        PROMISE(each_open_is_answered_by_its_number),
        PROMISE(an_open_can_be_given_up),
        PROMISE(one_may_still_write_to_who_closed),
        PROMISE(both_may_close_at_once),
        PROMISE(what_was_written_before_a_close_arrives),
        PROMISE(who_closes_second_is_heard_to_the_end),
        PROMISE(a_reset_is_heard_by_the_other_side_only),
        PROMISE(a_reset_drops_what_waits),
        PROMISE(who_writes_on_and_on_fails),
        PROMISE(streams_outlive_their_listener),
        PROMISE(streams_have_one_set_of_ports),
        PROMISE(streams_do_not_mix),
        PROMISE(one_may_call_oneself),
        PROMISE(what_is_open_when_it_ends_is_freed),
    };
    return contract_run(promises, sizeof promises / sizeof *promises);
}
