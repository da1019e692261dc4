#include "harness/capture/capture.h"

#include "harness/capture/wire_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define OPTIONS "OPTIONS sip:bob@192.0.2.2 SIP/2.0\r\nContent-Length: 4\r\n\r\nab\r\n"
#define BYE "BYE sip:bob@192.0.2.2 SIP/2.0\r\nContent-Length: 0\r\n\r\n"
#define OK "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"

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

static void a_datagram_is_sip_by_its_first_line_on_any_port(void **state)
{
    (void)state;
    wire_udp(&wire, 1111, 2222, V(OPTIONS));
    wire_udp(&wire, 5060, 5060, V("\r\n\r\n"));
    wire_udp(&wire, 5060, 5060, V("\x80\x00\x12\x34 this is no line of SIP\r\n"));
    wire_udp(&wire, 5060, 5060, V("GET / HTTP/1.1\r\n\r\n"));
    wire_udp(&wire, 2222, 1111, V("\r\n" OK));
    assert_int_equal(wire_read(&wire), 2);
    assert_int_equal(wire.messages[0].frame, 1);
    assert_int_equal(wire.messages[0].source_port, 1111);
    assert_int_equal(wire.messages[0].len, sizeof OPTIONS - 1);
    assert_int_equal(wire.messages[1].frame, 5);
    assert_memory_equal(wire.messages[1].text, "SIP/2.0 200", 11);
    assert_int_equal(wire.failure, ERR_OK);
    assert_int_equal(wire.counts.frames, 5);
}

/* 24 bytes of payload at 0, 24 and 48: in each order of the three, and with one twice. */
static void fragments_become_a_datagram_in_any_order(void **state)
{
    (void)state;
    static const int orders[][3] = {
        {0, 1, 2},
        {0, 2, 1},
        {1, 0, 2},
        {1, 2, 0},
        {2, 0, 1},
        {2, 1, 0}
    };
    for (size_t i = 0; i < 6; i++)
        for (size_t k = 0; k < 3; k++) {
            struct view all = udp_payload(5060, 5070, V(OPTIONS));
            uint32_t offset = (uint32_t)orders[i][k] * 24;
            bool more = offset != 48;
            struct view part = view_skip(all, offset);
            wire_fragment(&wire, (uint16_t)(100 + i), offset, more,
                          more ? view_head(part, 24) : part);
            if (k == 0)
                wire_fragment(&wire, (uint16_t)(100 + i), offset, more,
                              more ? view_head(part, 24) : part);
        }
    assert_int_equal(wire_read(&wire), 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(wire.messages[i].len, sizeof OPTIONS - 1);
        assert_memory_equal(wire.messages[i].text, OPTIONS, sizeof OPTIONS - 1);
        assert_int_equal(wire.messages[i].frame, 4 * i + 4);
    }
}

static void of_fragments_that_overlap_the_first_counts(void **state)
{
    (void)state;
    struct view all = udp_payload(5060, 5070, V(OPTIONS));
    wire_fragment(&wire, 7, 16, true, view_head(view_skip(all, 16), 16));
    wire_fragment(&wire, 7, 0, true, V("0123456789012345678901234567890123456789"));
    wire_fragment(&wire, 7, 0, true, view_head(all, 8));
    wire_fragment(&wire, 7, 40, false, view_skip(all, 40));
    assert_int_equal(wire_read(&wire),
                     0); /* its first bytes are those of the one that overlapped */
    assert_int_equal(wire.counts.lost_fragments, 0);
}

static void a_fragment_that_never_comes_is_counted(void **state)
{
    (void)state;
    struct view all = udp_payload(5060, 5070, V(OPTIONS));
    wire_fragment(&wire, 7, 0, true, view_head(all, 24));
    wire_udp(&wire, 1, 2, V(BYE));
    assert_int_equal(wire_read(&wire), 1);
    assert_int_equal(wire.counts.lost_fragments, 1);
}

static void segments_are_put_in_order(void **state)
{
    (void)state;
    struct view all = V(OPTIONS BYE);
    wire_tcp(&wire, 40000, 999, WIRE_SYN, (struct view){0});
    wire_tcp(&wire, 40000, 1000 + 20, WIRE_ACK, view_head(view_skip(all, 20), 20));
    wire_tcp(&wire, 40000, 1000 + 40, WIRE_ACK, view_skip(all, 40));
    wire_tcp(&wire, 40000, 1000 + 10, WIRE_ACK, view_head(view_skip(all, 10), 20)); /* overlaps */
    wire_tcp(&wire, 40000, 1000, WIRE_ACK, view_head(all, 10));
    wire_tcp(&wire, 40000, 1000, WIRE_ACK, view_head(all, 30)); /* a copy */
    assert_int_equal(wire_read(&wire), 2);
    assert_memory_equal(wire.messages[0].text, OPTIONS, sizeof OPTIONS - 1);
    assert_memory_equal(wire.messages[1].text, BYE, sizeof BYE - 1);
    assert_int_equal(wire.messages[0].frame, 5);
    assert_int_equal(wire.counts.stream_gaps, 0);
}

/* Sequence numbers go round: RFC 9293 §3.4. */
static void sequence_numbers_wrap(void **state)
{
    (void)state;
    struct view all = V(OPTIONS BYE);
    wire_tcp(&wire, 40000, UINT32_MAX - 20, WIRE_SYN, (struct view){0});
    wire_tcp(&wire, 40000, 20, WIRE_ACK, view_skip(all, 40));
    wire_tcp(&wire, 40000, UINT32_MAX - 19, WIRE_ACK, view_head(all, 40));
    assert_int_equal(wire_read(&wire), 2);
}

/* 2**31 away is neither before nor behind. */
static void a_number_on_the_other_side_of_the_circle_is_passed_over(void **state)
{
    (void)state;
    wire_tcp(&wire, 40000, 0, WIRE_SYN, (struct view){0});
    wire_tcp(&wire, 40000, UINT32_C(0x80000001), WIRE_ACK, V(OPTIONS));
    wire_tcp(&wire, 40000, 1, WIRE_ACK, V(BYE));
    assert_int_equal(wire_read(&wire), 1);
    assert_memory_equal(wire.messages[0].text, "BYE", 3);
}

static void a_message_byte_by_byte_has_its_first_and_last_frame(void **state)
{
    (void)state;
    struct view all = V(OPTIONS);
    wire_tcp(&wire, 40000, 0, WIRE_SYN, (struct view){0});
    for (size_t i = 0; i < all.len; i++)
        wire_tcp(&wire, 40000, (uint32_t)(1 + i), WIRE_ACK, (struct view){all.ptr + i, 1});
    assert_int_equal(wire_read(&wire), 1);
    assert_int_equal(wire.messages[0].first_frame, 2);
    assert_int_equal(wire.messages[0].frame, 1 + all.len);
}

static void a_websocket_message_has_its_first_and_last_frame(void **state)
{
    (void)state;
    struct view head = V("GET / HTTP/1.1\r\n\r\n"), bye = V(BYE);
    char text[2] = {'\x81', (char)bye.len};
    uint32_t seq = 1 + (uint32_t)head.len;
    wire_tcp(&wire, 40000, 0, WIRE_SYN, (struct view){0});
    wire_tcp(&wire, 40000, 1, WIRE_ACK, head);
    wire_tcp(&wire, 40000, seq, WIRE_ACK, (struct view){text, 2});
    wire_tcp(&wire, 40000, seq + 2, WIRE_ACK, view_head(bye, 20));
    wire_tcp(&wire, 40000, seq + 22, WIRE_ACK, view_skip(bye, 20));
    wire_tcp(&wire, 40000, seq + 2 + (uint32_t)bye.len, WIRE_ACK, (struct view){text, 2});
    assert_int_equal(wire_read(&wire), 1);
    assert_int_equal(wire.messages[0].carrier, CARRIER_WS);
    assert_int_equal(wire.messages[0].first_frame, 3);
    assert_int_equal(wire.messages[0].frame, 5);
}

static void behind_a_gap_the_next_message_is_found(void **state)
{
    (void)state;
    struct view all = V(OPTIONS OPTIONS BYE OK);
    size_t hole = sizeof OPTIONS - 1 + 10;
    wire_tcp(&wire, 40000, 0, WIRE_SYN, (struct view){0});
    wire_tcp(&wire, 40000, 1, WIRE_ACK, view_head(all, hole));
    wire_tcp(&wire, 40000, (uint32_t)(1 + hole + 5), WIRE_ACK, view_skip(all, hole + 5));
    assert_int_equal(wire_read(&wire), 3); /* the second OPTIONS is the one with the hole */
    assert_memory_equal(wire.messages[1].text, "BYE", 3);
    assert_memory_equal(wire.messages[2].text, "SIP/2.0", 7);
    assert_int_equal(wire.counts.stream_gaps, 1);
}

/* A stream that was SIP is worth a search behind each of its gaps, and not behind the first ones
 * alone. */
static void behind_a_gap_the_next_websocket_message_is_found(void **state)
{
    (void)state;
    struct view head = V("GET / HTTP/1.1\r\n\r\n");
    struct view frame = V("\x81\x16"
                          "SIP/2.0 200 OK\r\n\r\nbody");
    struct view masked = V(
        "\x81\x96\x01\x02\x03\x04"
        "\x52\x4b\x53\x2b\x33\x2c\x33\x24\x33\x32\x33\x24\x4e\x49\x0e\x0e\x0c\x08\x61\x6b\x65\x7b");
    uint32_t seq = 1 + (uint32_t)head.len;
    wire_tcp(&wire, 40000, 0, WIRE_SYN, (struct view){0});
    wire_tcp(&wire, 40000, 1, WIRE_ACK, head);
    wire_tcp(&wire, 40000, seq, WIRE_ACK, view_head(frame, 9));
    wire_tcp(&wire, 40000, seq += 100, WIRE_ACK, V("\x16SIP/2.0 200 OK\r\n\r\nrest")); /* of one */
    wire_tcp(&wire, 40000, seq += 23, WIRE_ACK, V("\x89\x01x"));                       /* a ping */
    wire_tcp(&wire, 40000, seq += 3, WIRE_ACK, masked);
    wire_tcp(&wire, 40000, seq += (uint32_t)masked.len, WIRE_ACK | WIRE_FIN, frame);
    assert_int_equal(wire_read(&wire), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(wire.messages[i].text, "SIP/2.0 200 OK\r\n\r\nbody");
        assert_int_equal(wire.messages[i].carrier, CARRIER_WS);
        assert_int_equal(wire.messages[i].frame, 6 + i);
        assert_int_equal(wire.messages[i].first_frame, 6 + i);
    }
}

/* What the other side has got will not come again: the capture missed it. */
static void a_gap_is_one_when_the_other_side_has_it_all(void **state)
{
    (void)state;
    uint32_t bye = sizeof BYE - 1;
    wire_tcp(&wire, 40000, 1, WIRE_ACK, V(BYE));
    wire_tcp(&wire, 40000, 1 + 2 * bye, WIRE_ACK, V(BYE)); /* the one between was not captured */
    wire_tcp_ack(&wire, 5060, 1, 1 + 3 * bye, V(""));
    for (int i = 0; i < 110; i++) /* a millisecond each */
        wire_udp(&wire, 1, 2, V("x"));
    wire_tcp_ack(&wire, 5060, 1, 1 + 3 * bye, V(OK));
    wire_udp(&wire, 1, 2, V(OPTIONS));
    assert_int_equal(wire_read(&wire), 4);
    assert_string_equal(wire.messages[1].text, OK);
    assert_string_equal(wire.messages[2].text, BYE);
    assert_int_equal(wire.messages[2].frame, 2); /* that it came in */
    assert_string_equal(wire.messages[3].text, OPTIONS);
    assert_int_equal(wire.counts.stream_gaps, 1);
}

/* Taps see the two ways one after the other. */
static void an_acknowledgement_before_its_bytes_makes_no_gap(void **state)
{
    (void)state;
    uint32_t bye = sizeof BYE - 1;
    wire_tcp(&wire, 40000, 1, WIRE_ACK, V(BYE));
    wire_tcp(&wire, 40000, 1 + 2 * bye, WIRE_ACK, V(BYE));
    wire_tcp_ack(&wire, 5060, 1, 1 + 3 * bye, V(OK));
    wire_tcp(&wire, 40000, 1 + bye, WIRE_ACK, V(BYE));
    assert_int_equal(wire_read(&wire), 4);
    assert_int_equal(wire.counts.stream_gaps, 0);
}

static void each_gap_has_its_own_search(void **state)
{
    (void)state;
    static char junk[60000];
    uint32_t seq = 1;
    memset(junk, 'x', sizeof junk);
    for (size_t i = 99; i < sizeof junk; i += 100)
        junk[i] = '\n';
    wire_tcp(&wire, 40000, 0, WIRE_SYN, (struct view){0});
    for (uint32_t i = 0; i < 3; i++) {
        wire_tcp(&wire, 40000, seq, WIRE_ACK, V(BYE));
        seq += sizeof BYE - 1 + 10; /* ten are missing */
        for (int k = 0; k < 3; k++, seq += sizeof junk)
            wire_tcp(&wire, 40000, seq, WIRE_ACK, (struct view){junk, sizeof junk});
    }
    assert_int_equal(wire_read(&wire), 3);
    assert_int_equal(wire.counts.stream_gaps, 3);
}

static void a_connection_seen_from_the_middle_is_read_from_its_next_message(void **state)
{
    (void)state;
    wire_tcp(&wire, 40000, 5000, WIRE_ACK, V("the end of a body\r\n" BYE OK));
    assert_int_equal(wire_read(&wire), 2);
    assert_int_equal(wire.messages[0].carrier, CARRIER_TCP);
}

static void a_port_that_is_used_again_is_another_connection(void **state)
{
    (void)state;
    wire_tcp(&wire, 40000, 0, WIRE_SYN, (struct view){0});
    wire_tcp(&wire, 40000, 1, WIRE_ACK, V("OPTIONS sip:a SIP/2.0\r\nContent-Length: 9000\r\n\r\n"));
    wire_tcp(&wire, 40000, 1, WIRE_RST, (struct view){0});
    wire_tcp(&wire, 40000, 777000, WIRE_SYN, (struct view){0});
    wire_tcp(&wire, 40000, 777001, WIRE_ACK, V(BYE));
    assert_int_equal(wire_read(&wire), 1);
    assert_memory_equal(wire.messages[0].text, "BYE", 3);
}

static void both_ways_of_a_connection_have_its_number(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t seq = i * 777000;
        wire_tcp(&wire, 40000, seq, WIRE_SYN, (struct view){0});
        wire_tcp(&wire, 5060, seq + 5000, WIRE_SYN | WIRE_ACK, (struct view){0});
        wire_tcp(&wire, 40000, seq + 1, WIRE_ACK, V(BYE));
        wire_tcp(&wire, 5060, seq + 5001, WIRE_ACK, V(OK));
    }
    assert_int_equal(wire_read(&wire), 6);
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(wire.messages[i].stream, i / 2 + 1);
}

/* B72, B73: none of these may cost more than itself. */
static void lengths_that_lie_are_counted(void **state)
{
    (void)state;
    wire_frame(&wire, V("\x02"), 0);
    wire_frame(&wire, V("\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00\x4f\x00"), 0);
    wire_ip(&wire, 17, V("\x13\xc4\x13\xc4\x00\x02\x00\x00 too short for itself"));
    wire_ip(&wire, 6, V("\x13\xc4\x13\xc4\x00\x00\x00\x00\x00\x00\x00\x00\x10\x00"));
    wire_ip(&wire, 132, V("\x13\xc4\x13\xc4\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\xff\xff"));
    wire_ip(&wire, 4, V(""));
    wire_fragment(&wire, 9, 65528, true, V("0123456789abcdef"));
    wire_udp(&wire, 1, 2, V(BYE));
    assert_int_equal(wire_read(&wire), 1);
    assert_true(wire.counts.broken_packets >= 5);
    assert_int_equal(wire.failure, ERR_OK);
}

/* IP in IP in IP … ends at the depth that nobody needs. */
static void tunnels_are_not_followed_for_ever(void **state)
{
    (void)state;
    struct buf packet = {0};
    static const char head[] =
        "\x45\x00\x00\x00\x00\x00\x00\x00\x40\x04\x00\x00\xc0\x00\x02\x01\xc0\x00\x02\x02";
    for (int i = 0; i < 2000; i++)
        buf_add(&packet, (struct view){head, 20});
    wire_ip(&wire, 4, buf_view(&packet));
    assert_int_equal(wire_read(&wire), 0);
    assert_int_equal(wire.counts.unknown_frames, 1);
    buf_deinit(&packet);
}

static void what_waits_for_its_missing_piece_is_bounded(void **state)
{
    (void)state;
    struct capture_options options = {.held_limit = 64 << 10};
    char block[1000];
    memset(block, 'x', sizeof block);
    for (uint16_t i = 0; i < 500; i++)
        wire_fragment(&wire, i, 8, true, (struct view){block, sizeof block});
    for (uint32_t i = 0; i < 500; i++)
        wire_tcp(&wire, 40000, 5000 + 2000 * i, WIRE_ACK, (struct view){block, sizeof block});
    wire_udp(&wire, 1, 2, V(BYE));
    assert_int_equal(wire_read_with(&wire, &options), 1);
    assert_true(wire.counts.given_up > 400);
}

static void a_file_that_is_cut_off_gives_what_it_has_and_says_so(void **state)
{
    (void)state;
    wire_udp(&wire, 1, 2, V(OPTIONS));
    wire_udp(&wire, 1, 2, V(BYE));
    wire.bytes.len -= 3;
    assert_int_equal(wire_read(&wire), 1);
    assert_int_equal(wire.failure, ERR_SYNTAX);
}

static void complains(const char *path, enum err wanted, const char *sentence)
{
    struct capture *capture = NULL;
    struct buf complaint = {0};
    assert_int_equal(capture_open(path, NULL, &capture, &complaint), wanted);
    struct view said = buf_view(&complaint);
    if (view_find(said, view_of(sentence)) == said.len)
        fail_msg("expected \"%s\" in \"%.*s\"", sentence, VIEW_ARG(said));
    buf_deinit(&complaint);
}

static void what_is_no_capture_is_called_what_it_is(void **state)
{
    (void)state;
    complains("/nowhere/at/all.pcap", ERR_IO, "No such file");
    complains(wire.path, ERR_SYNTAX, "it is empty");
    complains("README.md", ERR_SYNTAX, "neither pcap nor pcapng");
    struct wire_file usb;
    wire_open(&usb, 189);
    assert_int_equal(truncate(usb.path, 0), 0);
    FILE *file = fopen(usb.path, "wb");
    assert_int_equal(fwrite(usb.bytes.ptr, 1, usb.bytes.len, file), usb.bytes.len);
    fclose(file);
    complains(usb.path, ERR_UNSUPPORTED, "USB");
    wire_close(&usb);
}

static enum err read_and_drop(const char *path)
{
    struct capture *capture;
    struct captured message;
    struct buf complaint = {0};
    enum err err = capture_open(path, NULL, &capture, &complaint);
    buf_deinit(&complaint);
    if (err != ERR_OK)
        return err;
    while (capture_next(capture, &message))
        continue;
    err = capture_failure(capture, NULL);
    capture_close(capture);
    return err;
}

static void without_memory_nothing_is_lost_in_silence(void **state)
{
    (void)state;
    struct view all = udp_payload(5060, 5070, V(OPTIONS)), broken = V("BYE sip:b SIP/2.0\r\nx\r\n");
    wire_fragment(&wire, 7, 24, false, view_skip(all, 24));
    wire_fragment(&wire, 7, 0, true, view_head(all, 24));
    wire_tcp(&wire, 40000, 1, WIRE_ACK, V("of before\r\n" BYE));
    wire_tcp(&wire, 5060, 1, WIRE_ACK, broken);
    wire_tcp(&wire, 5060, 1 + (uint32_t)broken.len, WIRE_ACK, V("\r\n" OK));
    wire_tcp(&wire, 5060, 1000, WIRE_ACK, V("lost\r\n" OK));
    wire_tcp(&wire, 33333, 0, WIRE_SYN, (struct view){0});
    wire_tcp(&wire, 33333, 1, WIRE_ACK,
             V("GET / HTTP/1.1\r\n\r\n\x01\x03"
               "BYE\x80\x0e sip:b SIP/2.0"));
    wire_tcp(&wire, 5060, 2000, WIRE_ACK | WIRE_FIN, V(BYE));
    assert_int_equal(wire_read(&wire), 7);
    bool failed = true;
    for (uint64_t nth = 1; failed; nth++) {
        uint64_t live = mem_live(), count = mem_count();
        mem_fail_at(nth, false);
        enum err err = read_and_drop(wire.path);
        mem_fail_at(0, false);
        failed = mem_count() - count >= nth;
        assert_int_equal(mem_live(), live);
        assert_int_equal(err, failed ? ERR_MEMORY : ERR_OK);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_datagram_is_sip_by_its_first_line_on_any_port),
        TEST(fragments_become_a_datagram_in_any_order),
        TEST(of_fragments_that_overlap_the_first_counts),
        TEST(a_fragment_that_never_comes_is_counted),
        TEST(segments_are_put_in_order),
        TEST(sequence_numbers_wrap),
        TEST(a_number_on_the_other_side_of_the_circle_is_passed_over),
        TEST(a_message_byte_by_byte_has_its_first_and_last_frame),
        TEST(a_websocket_message_has_its_first_and_last_frame),
        TEST(behind_a_gap_the_next_message_is_found),
        TEST(behind_a_gap_the_next_websocket_message_is_found),
        TEST(a_gap_is_one_when_the_other_side_has_it_all),
        TEST(an_acknowledgement_before_its_bytes_makes_no_gap),
        TEST(each_gap_has_its_own_search),
        TEST(a_connection_seen_from_the_middle_is_read_from_its_next_message),
        TEST(a_port_that_is_used_again_is_another_connection),
        TEST(both_ways_of_a_connection_have_its_number),
        TEST(lengths_that_lie_are_counted),
        TEST(tunnels_are_not_followed_for_ever),
        TEST(what_waits_for_its_missing_piece_is_bounded),
        TEST(a_file_that_is_cut_off_gives_what_it_has_and_says_so),
        TEST(what_is_no_capture_is_called_what_it_is),
        TEST(without_memory_nothing_is_lost_in_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
