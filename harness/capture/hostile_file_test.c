/* Files that lie about themselves: B69 (pcap), B70 (pcapng) and B74 (times) of the bad-input rows.
 * Each ends with what was readable and a sentence on why there is no more. */
#include "harness/capture/wire_fixture.h"
#include "harness/monitor/monitor.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define SIP                                                                                        \
    "OPTIONS sip:b SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\nFrom: "                \
    "<sip:a@h>;tag=a\r\nTo: <sip:b@h>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: "          \
    "70\r\nContent-Length: 0\r\n\r\n"

static struct wire_file wire;
static bool big; /* byte order of what is written */

static void put(uint64_t value, size_t len)
{
    for (size_t i = 0; i < len; i++)
        buf_add_char(&wire.bytes, (char)(value >> 8 * (big ? len - 1 - i : i)));
}

/* One datagram of SIP over IPv4: what all frames here have. */
static struct view packet(void)
{
    static const char head[] = {
        2,    0, 0, 0, 0, 2, 2,    0, 0,  0,  0, 1, 8,      0, /* Ethernet */
        0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 17, 0, 0, '\xc0', 0, 2, 1, '\xc0', 0, 2, 2};
    static char room[1024];
    struct view udp = udp_payload(5060, 5060, V(SIP));
    size_t len = sizeof head + udp.len;
    memcpy(room, head, sizeof head);
    room[16] = (char)((len - 14) >> 8);
    room[17] = (char)(len - 14);
    memcpy(room + sizeof head, udp.ptr, udp.len);
    return (struct view){room, len};
}

static void file_begin(bool big_endian)
{
    wire_open(&wire, LINK_ETHERNET_FILE);
    buf_clear(&wire.bytes);
    big = big_endian;
}

static void head_put(uint32_t magic, uint32_t snaplen)
{
    put(magic, 4);
    put(2, 2);
    put(4, 2);
    put(0, 8);
    put(snaplen, 4);
    put(LINK_ETHERNET_FILE, 4);
}

static void record_put(uint32_t second, uint32_t cap_len, uint32_t len)
{
    struct view bytes = packet();
    put(second, 4);
    put(0, 4);
    put(cap_len, 4);
    put(len, 4);
    buf_add(&wire.bytes, bytes);
}

struct outcome {
    enum err opened, failure;
    size_t count;
    char why[200];
};

static struct outcome read_file(void)
{
    struct capture *capture;
    struct captured message;
    struct buf complaint = {0};
    struct view why = {0};
    struct outcome out = {0};
    int fd = open(wire.path, O_WRONLY | O_TRUNC);
    assert_int_equal(write(fd, wire.bytes.ptr, wire.bytes.len), wire.bytes.len);
    close(fd);
    out.opened = capture_open(wire.path, NULL, &capture, &complaint);
    if (out.opened == ERR_OK) {
        while (capture_next(capture, &message))
            out.count++;
        out.failure = capture_failure(capture, &why);
        capture_close(capture);
    } else
        why = buf_view(&complaint);
    snprintf(out.why, sizeof out.why, "%.*s", VIEW_ARG(why));
    buf_deinit(&complaint);
    wire_close(&wire);
    return out;
}

/* What was readable, and a sentence where it is less than all. */
static void ends_with(size_t count, enum err failure)
{
    struct outcome out = read_file();
    if (out.count != count || out.failure != failure)
        print_message("%zu messages, %s, \"%s\"\n", out.count, err_text(out.failure), out.why);
    assert_int_equal(out.opened, ERR_OK);
    assert_int_equal(out.count, count);
    assert_int_equal(out.failure, failure);
    assert_true(failure == ERR_OK || out.why[0] != '\0');
}

static void is_refused(enum err opened)
{
    struct outcome out = read_file();
    if (out.opened != opened)
        print_message("%s, \"%s\"\n", err_text(out.opened), out.why);
    assert_int_equal(out.opened, opened);
    assert_true(out.why[0] != '\0');
}

/* B69 */
static void each_magic_of_pcap_is_read(void **state)
{
    static const uint32_t magics[] = {0xa1b2c3d4, 0xa1b23c4d};
    (void)state;
    for (int order = 0; order < 2; order++)
        for (size_t i = 0; i < 2; i++) {
            file_begin(order != 0);
            head_put(magics[i], 65535);
            record_put(1, (uint32_t)packet().len, (uint32_t)packet().len);
            ends_with(1, ERR_OK);
        }
}

/* B69 */
static void a_pcap_that_lies_about_its_lengths_ends_there(void **state)
{
    uint32_t len = (uint32_t)packet().len;
    const struct {
        uint32_t snaplen, cap_len, len;
        size_t count;
        enum err failure;
    } rows[] = {
        {0,          len,        len, 2, ERR_OK    }, /* as many write it who mean no limit */
        {0x80000000, len,        len, 2, ERR_OK    },
        {0xffffffff, len,        len, 2, ERR_OK    },
        {65535,      len,        10,  2, ERR_OK    }, /* more of it than there was */
        {65535,      1000000,    len, 1, ERR_SYNTAX}, /* more than is in the file */
        {65535,      0x7fffffff, len, 1, ERR_SYNTAX},
        {65535,      0xffffffff, len, 1, ERR_SYNTAX},
        {0xffffffff, 0xffffffff, len, 1, ERR_SYNTAX},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        file_begin(false);
        head_put(0xa1b2c3d4, rows[i].snaplen);
        record_put(1, len, len);
        record_put(2, rows[i].cap_len, rows[i].len);
        ends_with(rows[i].count, rows[i].failure);
    }
}

/* B69 */
static void a_pcap_may_end_anywhere(void **state)
{
    (void)state;
    file_begin(false);
    head_put(0xa1b2c3d4, 65535);
    ends_with(0, ERR_OK); /* no records */
    for (size_t len = 0; len < 24; len++) {
        file_begin(false);
        head_put(0xa1b2c3d4, 65535);
        wire.bytes.len = len;
        is_refused(ERR_SYNTAX);
    }
    for (size_t cut = 1; cut < 16; cut++) {
        file_begin(false);
        head_put(0xa1b2c3d4, 65535);
        record_put(1, (uint32_t)packet().len, (uint32_t)packet().len);
        size_t whole = wire.bytes.len;
        record_put(2, (uint32_t)packet().len, (uint32_t)packet().len);
        wire.bytes.len = whole + cut; /* within the head of the second record */
        ends_with(1, ERR_SYNTAX);
    }
}

/* A block of pcapng with its body between its two lengths. */
static size_t block_begin(uint32_t type)
{
    put(type, 4);
    put(0, 4);
    return wire.bytes.len;
}

static void u32_set(size_t at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++)
        wire.bytes.ptr[at + i] = (char)(value >> 8 * (big ? 3 - i : i));
}

static void block_end(size_t begin)
{
    while (wire.bytes.len % 4 != 0)
        put(0, 1);
    uint32_t len = (uint32_t)(wire.bytes.len - begin) + 12;
    put(len, 4);
    u32_set(begin - 4, len);
}

static void section_put(void)
{
    size_t begin = block_begin(0x0a0d0d0a);
    put(0x1a2b3c4d, 4);
    put(1, 2);
    put(0, 2);
    put(UINT64_MAX, 8); /* its length is not known */
    block_end(begin);
}

static void interface_put(uint8_t resolution)
{
    size_t begin = block_begin(1);
    put(LINK_ETHERNET_FILE, 2);
    put(0, 2);
    put(65535, 4);
    if (resolution != 0) {
        put(9, 2);
        put(1, 2);
        put(resolution, 1);
        put(0, 3);
        put(0, 4);
    }
    block_end(begin);
}

static size_t packet_put(uint32_t on_interface)
{
    struct view bytes = packet();
    size_t begin = block_begin(6);
    put(on_interface, 4);
    put(0, 4);
    put(1000000, 4);
    put(bytes.len, 4);
    put(bytes.len, 4);
    buf_add(&wire.bytes, bytes);
    block_end(begin);
    return begin;
}

static void pcapng_begin(bool big_endian)
{
    file_begin(big_endian);
    section_put();
    interface_put(0);
    packet_put(0);
}

/* B69 */
static void pcapng_is_read_in_both_byte_orders(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        pcapng_begin(order != 0);
        ends_with(1, ERR_OK);
    }
}

/* B70 */
static void a_block_that_lies_about_its_length_ends_the_file(void **state)
{
    static const uint32_t lengths[] = {0, 1, 11, 12, 13, 31, 0x7fffffff, 0xfffffffc, 0xffffffff};
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        pcapng_begin(false);
        size_t second = packet_put(0);
        u32_set(second - 4, lengths[i]);
        ends_with(1, ERR_SYNTAX);
    }
    pcapng_begin(false);
    packet_put(0);
    u32_set(wire.bytes.len - 4, 1000); /* the length behind it is another one */
    ends_with(1, ERR_SYNTAX);
}

/* B70 */
static void what_is_not_known_of_a_pcapng_is_passed_over(void **state)
{
    (void)state;
    pcapng_begin(false);
    size_t begin = block_begin(0x00000bad); /* reserved */
    put(7, 4);
    block_end(begin);
    begin = block_begin(0x80000001); /* of somebody's own */
    put(7, 8);
    block_end(begin);
    begin = block_begin(6); /* with options that do not end */
    struct view bytes = packet();
    put(0, 8);
    put(0, 4);
    put(bytes.len, 4);
    put(bytes.len, 4);
    buf_add(&wire.bytes, bytes);
    while (wire.bytes.len % 4 != 0)
        put(0, 1);
    put(1, 2);
    put(60000, 2);
    block_end(begin);
    ends_with(2, ERR_OK);
}

/* B70 */
static void a_resolution_of_times_may_be_absurd(void **state)
{
    static const uint8_t absurd[] = {255, 128, 127, 64, 20, 19};
    (void)state;
    for (size_t i = 0; i < sizeof absurd; i++) {
        file_begin(false);
        section_put();
        interface_put(absurd[i]);
        packet_put(0);
        struct outcome out = read_file();
        assert_true(out.count <= 1);
        assert_true(out.count == 1 || out.why[0] != '\0');
    }
}

/* B70 */
static void a_packet_of_an_interface_that_is_not_there_ends_the_file(void **state)
{
    (void)state;
    pcapng_begin(false);
    packet_put(1);
    ends_with(1, ERR_SYNTAX);
}

/* B70 */
static void a_million_interfaces_are_no_harm(void **state)
{
    (void)state;
    file_begin(false);
    section_put();
    size_t first = wire.bytes.len;
    interface_put(0);
    size_t len = wire.bytes.len - first;
    char block[64];
    memcpy(block, wire.bytes.ptr + first, len);
    for (uint32_t i = 1; i < 1000000; i++)
        buf_add(&wire.bytes, (struct view){block, len});
    packet_put(999999);
    ends_with(1, ERR_OK);
}

static void judge_times(const uint64_t *seconds, size_t count)
{
    struct capture *capture;
    struct captured message;
    struct monitor *monitor;
    struct monitor_counts counts;
    struct buf complaint = {0};
    size_t seen = 0;
    file_begin(false);
    head_put(0xa1b2c3d4, 65535);
    for (size_t i = 0; i < count; i++)
        record_put((uint32_t)seconds[i], (uint32_t)packet().len, (uint32_t)packet().len);
    int fd = open(wire.path, O_WRONLY | O_TRUNC);
    assert_int_equal(write(fd, wire.bytes.ptr, wire.bytes.len), wire.bytes.len);
    close(fd);
    assert_int_equal(capture_open(wire.path, NULL, &capture, &complaint), ERR_OK);
    assert_int_equal(monitor_create(&(struct monitor_options){.capture = true}, &monitor), ERR_OK);
    while (capture_next(capture, &message)) {
        struct sip_msg *msg;
        assert_int_equal(message.time_ns / 1000000000u, seconds[seen]);
        seen++;
        assert_int_equal(sip_msg_parse(message.bytes, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
        struct seen one = {.seq = seen,
                           .time_us = message.time_ns / 1000,
                           .source = message.source,
                           .target = message.target,
                           .sent = true,
                           .given = true,
                           .msg = msg};
        assert_int_equal(monitor_see(monitor, &one), ERR_OK);
        sip_msg_unref(msg);
    }
    monitor_end(monitor, 0);
    monitor_counts(monitor, &counts);
    assert_int_equal(seen, count);
    assert_int_equal(counts.messages, count);
    assert_int_equal(counts.findings, 0);
    monitor_destroy(monitor);
    capture_close(capture);
    buf_deinit(&complaint);
    wire_close(&wire);
}

/* B74 */
static void times_may_go_back_stand_still_and_leap(void **state)
{
    static const uint64_t back[] = {1000000, 999999, 5, 1000000, 0},
                          ends[] = {0, 1, 4294967295u, 0, 4294967295u},
                          year[] = {1000000, 32536000, 64072000};
    (void)state;
    judge_times(back, 5);
    judge_times(ends, 5); /* 1970 and 2106 */
    judge_times(year, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_magic_of_pcap_is_read),
        cmocka_unit_test(a_pcap_that_lies_about_its_lengths_ends_there),
        cmocka_unit_test(a_pcap_may_end_anywhere),
        cmocka_unit_test(pcapng_is_read_in_both_byte_orders),
        cmocka_unit_test(a_block_that_lies_about_its_length_ends_the_file),
        cmocka_unit_test(what_is_not_known_of_a_pcapng_is_passed_over),
        cmocka_unit_test(a_resolution_of_times_may_be_absurd),
        cmocka_unit_test(a_packet_of_an_interface_that_is_not_there_ends_the_file),
        cmocka_unit_test(a_million_interfaces_are_no_harm),
        cmocka_unit_test(times_may_go_back_stand_still_and_leap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
