/* Frames that lie: B71 (link layers), B72 (tags, headers, fragments) and B73 (TCP) of the bad-input
 * rows. None costs more than itself, and what is good behind it is read. */
#include "harness/capture/wire_fixture.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define BYE "BYE sip:b SIP/2.0\r\nv: SIP/2.0/UDP 192.0.2.1\r\nl: 0\r\n\r\n"

#define BYTES(literal)                                                                             \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

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

/* The IPv4 packet of a datagram, as wire_udp has it in a frame. */
static struct view packet(void)
{
    static char room[2048];
    struct wire_file made;
    wire_open(&made, LINK_ETHERNET_FILE);
    wire_udp(&made, 5060, 5070, V(BYE));
    struct view bytes = view_skip(buf_view(&made.bytes), 24 + 16 + 14);
    memcpy(room, bytes.ptr, bytes.len);
    wire_close(&made);
    return (struct view){room, bytes.len};
}

static void frame_put(struct view head, struct view rest)
{
    struct buf frame = {0};
    buf_add(&frame, head);
    buf_add(&frame, rest);
    wire_frame(&wire, buf_view(&frame), 0);
    buf_deinit(&frame);
}

/* B71 */
static void each_link_layer_that_carries_ip_is_undone(void **state)
{
    /* clang-format off */
    static const struct {
        uint32_t type;
        struct view head;
    } rows[] = {
        {0,   BYTES("\x02\x00\x00\x00")}, /* BSD null, AF_INET */
        {0,   BYTES("\x00\x00\x00\x02")},
        {1,   BYTES("\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00")},
        {9,   BYTES("\xff\x03\x00\x21")}, /* PPP */
        {9,   BYTES("\x21")},
        {101, BYTES("")},
        {108, BYTES("\x00\x00\x00\x02")}, /* loop */
        {113, BYTES("\x00\x00\x00\x01\x00\x06\x02\x00\x00\x00\x00\x01\x00\x00\x08\x00")}, /* cooked */
        {228, BYTES("")},
        {276, BYTES("\x08\x00\x00\x00\x00\x00\x00\x01\x00\x01\x00\x06\x02\x00\x00\x00\x00\x01"
                "\x00\x00")},
    };
    /* clang-format on */
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wire_close(&wire);
        wire_open(&wire, rows[i].type);
        frame_put(rows[i].head, packet());
        for (size_t len = 0; len < rows[i].head.len; len++)
            frame_put(view_head(rows[i].head, len), (struct view){0}); /* and cut off */
        assert_int_equal(wire_read(&wire), 1);
        assert_int_equal(wire.messages[0].source_port, 5060);
    }
}

/* B71 */
static void a_link_layer_without_ip_is_named(void **state)
{
    static const struct {
        uint32_t type;
        const char *name;
    } rows[] = {
        {105, "802.11"    },
        {147, "an unknown"},
        {195, "802.15.4"  },
        {300, "not one"   },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct capture *capture;
        struct buf complaint = {0};
        wire_close(&wire);
        wire_open(&wire, rows[i].type);
        int fd = open(wire.path, O_WRONLY | O_TRUNC);
        assert_int_equal(write(fd, wire.bytes.ptr, wire.bytes.len), wire.bytes.len);
        close(fd);
        assert_int_equal(capture_open(wire.path, NULL, &capture, &complaint), ERR_UNSUPPORTED);
        struct view said = buf_view(&complaint);
        if (view_find(said, view_of(rows[i].name)) == said.len)
            fail_msg("%u: \"%.*s\"", rows[i].type, VIEW_ARG(said));
        buf_deinit(&complaint);
    }
}

/* B72 */
static void a_hundred_tags_are_passed_over(void **state)
{
    (void)state;
    for (int count = 0; count <= 100; count++) {
        struct buf head = {0};
        buf_add(&head, V("\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01"));
        for (int i = 0; i < count; i++)
            buf_add(&head, V("\x81\x00\x00\x07"));
        buf_add(&head, V("\x08\x00"));
        frame_put(buf_view(&head), packet());
        buf_deinit(&head);
    }
    assert_int_equal(wire_read(&wire), 5); /* none to four: nobody has more */
    assert_int_equal(wire.counts.frames, 101);
    assert_int_equal(wire.counts.unknown_frames, 96);
}

/* B72: each extension header names itself as the next one. */
static void extension_headers_end(void **state)
{
    static const char kinds[] = {0, 43, 44, 51, 60};
    (void)state;
    for (size_t i = 0; i < sizeof kinds; i++) {
        struct buf frame = {0};
        char ip[40] = {0x60, 0, 0, 0, 0x40, 0, 0, 64};
        char extension[8] = {0};
        ip[6] = kinds[i];
        extension[0] = kinds[i];
        buf_add(&frame, V("\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x86\xdd"));
        buf_add(&frame, (struct view){ip, sizeof ip});
        for (int k = 0; k < 2048; k++)
            buf_add(&frame, (struct view){extension, sizeof extension});
        wire_frame(&wire, buf_view(&frame), 0);
        buf_deinit(&frame);
    }
    wire_udp(&wire, 1, 2, V(BYE));
    assert_int_equal(wire_read(&wire), 1);
    assert_int_equal(wire.counts.frames, 6);
}

/* B72 */
static void an_ip_header_that_lies_is_counted(void **state)
{
    (void)state;
    for (int length = 0; length < 5; length++) { /* in words; five are the least */
        struct view good = packet();
        char room[2048];
        memcpy(room, good.ptr, good.len);
        room[0] = (char)(0x40 | length);
        frame_put(V("\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00"),
                  (struct view){room, good.len});
    }
    char longer[2048];
    struct view good = packet();
    memcpy(longer, good.ptr, good.len);
    longer[2] = '\x7f'; /* more than was captured */
    frame_put(V("\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00"),
              (struct view){longer, good.len});
    wire_udp(&wire, 1, 2, V(BYE));
    size_t count = wire_read(&wire);
    assert_true(count == 1 || count == 2);
    assert_true(wire.counts.broken_packets >= 5);
    assert_memory_equal(wire.messages[count - 1].text, "BYE", 3);
}

/* B72: Teardrop, which ends before it begins; and the least that a fragment can have. */
static void fragments_that_overlap_and_tiny_ones_do_no_harm(void **state)
{
    struct view all = udp_payload(5060, 5070, V(BYE));
    (void)state;
    wire_fragment(&wire, 1, 0, true, view_head(all, 32));
    wire_fragment(&wire, 1, 24, false, V("4444")); /* within the first one */
    for (uint32_t i = 0; i < 10; i++)
        wire_fragment(&wire, 2, 8 * i, true, V(""));      /* of nothing */
    wire_fragment(&wire, 3, 8, false, view_skip(all, 8)); /* the first one never comes */
    for (uint32_t at = 0; at < all.len; at += 8)
        wire_fragment(&wire, 4, at, at + 8 < all.len, view_head(view_skip(all, at), 8));
    wire_fragment(&wire, 5, 65528, false, V("beyond the end of every datagram"));
    assert_int_equal(wire_read(&wire), 2);
    assert_true(wire.messages[0].cut); /* the datagram is longer than its last fragment says */
    assert_int_equal(wire.messages[1].len, sizeof BYE - 1);
    assert_false(wire.messages[1].cut);
}

/* B73: the first bytes that came count, whatever comes behind them. */
static void segments_that_contradict_each_other_have_one_meaning(void **state)
{
    struct view all = V(BYE);
    (void)state;
    wire_tcp(&wire, 40000, 999, WIRE_SYN, (struct view){0});
    wire_tcp(&wire, 40000, 1000, WIRE_ACK, view_head(all, 20));
    wire_tcp(&wire, 40000, 1000, WIRE_ACK, V("INVITE sip:other SIP/2.0\r\n\r\n"));
    wire_tcp(&wire, 40000, 1000 + 28, WIRE_ACK, view_skip(all, 28));
    wire_tcp(&wire, 40000, 1000, WIRE_ACK, V("0123456789"));
    assert_int_equal(wire_read(&wire), 1);
    assert_memory_equal(wire.messages[0].text, "BYE sip:b SIP/2.0\r\n", 19);
}

/* B73: a million flows, each of its own port or address; those that are followed are bounded. */
static void a_million_flows_have_bounded_memory(void **state)
{
    enum { FLOWS = 1000000, FOLLOWED = 1000 };
    (void)state;
    uint64_t before = mem_live();
    wire_tcp(&wire, 40000, 1, WIRE_ACK, V("half a line of nothing"));
    size_t frame = wire.bytes.len - 24;
    char *room = mem_alloc(frame);
    memcpy(room, wire.bytes.ptr + 24, frame);
    for (uint32_t i = 1; i < FLOWS; i++) {
        size_t source = 16 + 14 + 12, port = 16 + 14 + 20;
        room[source] = (char)(10 + (i >> 24));
        room[source + 1] = (char)(i >> 16);
        room[source + 2] = (char)(i >> 8);
        room[source + 3] = (char)i;
        room[port] = (char)(i % 200 + 1);
        buf_add(&wire.bytes, (struct view){room, frame});
    }
    mem_free(room);
    wire_udp(&wire, 1, 2, V(BYE));
    int fd = open(wire.path, O_WRONLY | O_TRUNC);
    assert_int_equal(write(fd, wire.bytes.ptr, wire.bytes.len), wire.bytes.len);
    close(fd);
    buf_deinit(&wire.bytes);

    struct capture *capture;
    struct captured message;
    struct buf complaint = {0};
    struct capture_options options = {.held_count = FOLLOWED};
    assert_int_equal(capture_open(wire.path, &options, &capture, &complaint), ERR_OK);
    assert_true(capture_next(capture, &message));
    assert_true(mem_live() - before < FOLLOWED * 8); /* blocks: a few for each of them */
    assert_false(capture_next(capture, &message));
    struct capture_counts counts;
    capture_counts(capture, &counts);
    assert_int_equal(counts.frames, FLOWS + 1);
    capture_close(capture);
    buf_deinit(&complaint);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_link_layer_that_carries_ip_is_undone, setup, teardown),
        cmocka_unit_test_setup_teardown(a_link_layer_without_ip_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(a_hundred_tags_are_passed_over, setup, teardown),
        cmocka_unit_test_setup_teardown(extension_headers_end, setup, teardown),
        cmocka_unit_test_setup_teardown(an_ip_header_that_lies_is_counted, setup, teardown),
        cmocka_unit_test_setup_teardown(fragments_that_overlap_and_tiny_ones_do_no_harm, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(segments_that_contradict_each_other_have_one_meaning, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_million_flows_have_bounded_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
