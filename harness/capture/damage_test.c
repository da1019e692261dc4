/* B69: a capture that was cut off or changed anywhere, read and judged: nothing crashes, and it
 * ends with what is true of it. */
#include "harness/capture/corpus_fixture.h"
#include "harness/capture/wire_fixture.h"
#include "harness/monitor/monitor.h"

#include <fcntl.h>
#include <fts.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define VIA(transport) "Via: SIP/2.0/" transport " 192.0.2.1;rport;branch=z9hG4bKa\r\n"
#define HEAD "From: \"A\" <sip:a@192.0.2.1>;tag=a\r\nTo: <sip:b@192.0.2.2>\r\nCall-ID: 1\r\n"
#define CONTACT "Contact: <sip:a@192.0.2.1>\r\n"
#define SDP                                                                                        \
    "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"                    \
    "m=audio 4000 RTP/AVP 0\r\n"
#define INVITE                                                                                     \
    "INVITE sip:b@192.0.2.2 SIP/2.0\r\n" VIA("UDP") HEAD                                           \
        "CSeq: 1 INVITE\r\n" CONTACT                                                               \
        "Content-Type: application/sdp\r\nContent-Length: 87\r\n\r\n" SDP
#define ANSWER                                                                                     \
    "SIP/2.0 200 OK\r\n" VIA("UDP") HEAD                                                           \
        "CSeq: 1 INVITE\r\n" CONTACT                                                               \
        "Content-Type: application/sdp\r\nContent-Length: 87\r\n\r\n" SDP
#define BYE                                                                                        \
    "BYE sip:b@192.0.2.2 SIP/2.0\r\n" VIA("TCP") HEAD "CSeq: 2 BYE\r\nContent-Length: 0\r\n\r\n"
#define FRAMED                                                                                     \
    "\x81\x7e\x00\x1f"                                                                             \
    "BYE sip:b@192.0.2.2 SIP/2.0\r\n\r\n"

static void fill(struct wire_file *wire)
{
    static const char tunnel[] =
        "\x45\x00\x00\x00\x00\x00\x00\x00\x40\x04\x00\x00\xc0\x00\x02\x01\xc0\x00\x02\x02";
    static const char sctp[] = "\x13\xc4\x13\xc4\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00\x2b"
                               "\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00"
                               "BYE sip:b SIP/2.0\r\nv: z\r\n\r\n ";
    struct view invite = udp_payload(5060, 5070, V(INVITE));
    struct view bye = V(BYE), head = V("GET / HTTP/1.1\r\n\r\n");
    wire_fragment(wire, 7, 64, false, view_skip(invite, 64));
    wire_fragment(wire, 7, 0, true, view_head(invite, 64));
    wire_udp(wire, 5070, 5060, V(ANSWER));
    wire_udp(wire, 5070, 5060, V(ANSWER));
    wire_ip(wire, 4, (struct view){tunnel, sizeof tunnel - 1});
    wire_ip(wire, 132, (struct view){sctp, sizeof sctp - 1});
    wire_tcp(wire, 40000, 0, WIRE_SYN, (struct view){0});
    wire_tcp(wire, 40000, 1, WIRE_ACK, view_head(bye, 50));
    wire_tcp(wire, 40000, 101, WIRE_ACK, view_skip(bye, 100));
    wire_tcp(wire, 40000, 41, WIRE_ACK, view_head(view_skip(bye, 40), 60));
    wire_tcp(wire, 33333, 0, WIRE_SYN, (struct view){0});
    wire_tcp(wire, 33333, 1, WIRE_ACK, head);
    wire_tcp(wire, 33333, 1 + (uint32_t)head.len, WIRE_ACK | WIRE_FIN, V(FRAMED));
}

static void message_judge(struct monitor *monitor, const struct captured *message)
{
    struct sip_msg *msg;
    struct finding finding;
    bool stream = message->carrier == CARRIER_TCP;
    if (sip_msg_parse(message->bytes, stream ? SIP_FRAMING_STREAM : SIP_FRAMING_DATAGRAM, &msg) !=
        ERR_OK)
        return;
    struct seen seen = {.seq = message->frame,
                        .time_us = message->time_ns / 1000,
                        .source = message->source,
                        .target = message->target,
                        .proto = stream ? PROTO_TCP : PROTO_UDP,
                        .sent = true,
                        .given = true,
                        .msg = msg};
    assert_int_equal(monitor_see(monitor, &seen), ERR_OK);
    sip_msg_unref(msg);
    while (monitor_next(monitor, &finding))
        assert_true(finding.sentence.len > 0);
}

/* How many messages there are. */
static size_t judge(const char *path)
{
    struct capture *capture;
    struct monitor *monitor;
    struct captured message;
    struct buf complaint = {0};
    size_t count = 0;
    enum err err = capture_open(path, NULL, &capture, &complaint);
    assert_true((err == ERR_OK) == (complaint.len == 0));
    buf_deinit(&complaint);
    if (err != ERR_OK)
        return 0;
    assert_int_equal(monitor_create(&(struct monitor_options){.capture = true}, &monitor), ERR_OK);
    while (capture_next(capture, &message)) {
        count++;
        message_judge(monitor, &message);
    }
    err = capture_failure(capture, NULL);
    assert_true(err == ERR_OK || err == ERR_SYNTAX);
    monitor_end(monitor, UINT64_MAX - 1);
    monitor_destroy(monitor);
    capture_close(capture);
    return count;
}

static struct wire_file wire;
static int file;

static int setup(void **state)
{
    (void)state;
    wire_open(&wire, LINK_ETHERNET_FILE);
    fill(&wire);
    file = open(wire.path, O_WRONLY);
    return write(file, wire.bytes.ptr, wire.bytes.len) == (ssize_t)wire.bytes.len ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    close(file);
    wire_close(&wire);
    return 0;
}

static void whole_it_has_all_its_messages(void **state)
{
    (void)state;
    assert_int_equal(judge(wire.path), 6);
}

static void it_may_be_cut_anywhere(void **state)
{
    (void)state;
    for (size_t len = wire.bytes.len; len-- > 0;) {
        assert_int_equal(ftruncate(file, (off_t)len), 0);
        assert_true(judge(wire.path) <= 6);
    }
}

static void each_byte_may_be_another_one(void **state)
{
    static const char masks[] = {'\x01', '\x80', '\xff'};
    (void)state;
    for (size_t at = 0; at < wire.bytes.len; at++) {
        const char *byte = wire.bytes.ptr + at;
        for (size_t i = 0; i < sizeof masks; i++) {
            char other = (char)(*byte ^ masks[i]);
            assert_int_equal(pwrite(file, &other, 1, (off_t)at), 1);
            judge(wire.path);
        }
        assert_int_equal(pwrite(file, byte, 1, (off_t)at), 1);
    }
}

/* The captures that others made: each is cut at 500 places, and has 2,000 bytes of it changed,
 * first one by one and then, at last, all of them. */
enum { CUTS = 500, CHANGES = 2000, ROUNDS = 20, FILE_MOST = 2 << 20 };

static size_t file_read(const char *path, char *room)
{
    int fd = open(path, O_RDONLY);
    ssize_t len = fd < 0 ? -1 : read(fd, room, FILE_MOST);
    if (fd >= 0)
        close(fd);
    return len < 0 ? 0 : (size_t)len;
}

static void cut_at_many_places(const char *room, size_t len)
{
    assert_int_equal(ftruncate(file, 0), 0);
    assert_int_equal(pwrite(file, room, len, 0), len);
    size_t before = judge(wire.path);
    for (size_t i = 0; i < CUTS; i++) {
        size_t at = len - len * (i + 1) / CUTS;
        assert_int_equal(ftruncate(file, (off_t)at), 0);
        size_t count = judge(wire.path);
        assert_true(count <= before + 1); /* at its end what is not whole is given, too */
        before = count > before ? count : before;
    }
}

static void change_bytes(const char *room, size_t len, uint64_t seed)
{
    assert_int_equal(pwrite(file, room, len, 0), len);
    for (uint64_t i = 0; i < CHANGES; i++) {
        uint64_t draw = rng_mix(seed ^ rng_mix(i + 1));
        char other = (char)(draw >> 56);
        assert_int_equal(pwrite(file, &other, 1, (off_t)(draw % len)), 1);
        if (i % (CHANGES / ROUNDS) == CHANGES / ROUNDS - 1)
            judge(wire.path);
    }
}

static void captures_of_others_may_be_damaged(void **state)
{
    (void)state;
    char folder[512];
    snprintf(folder, sizeof folder, "%s/pcap", corpus_folder_or_skip());
    char *room = mem_alloc(FILE_MOST);
    char *roots[] = {folder, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    assert_true(room != NULL && tree != NULL);
    for (FTSENT *entry; (entry = fts_read(tree)) != NULL;) {
        size_t len = entry->fts_info == FTS_F ? file_read(entry->fts_path, room) : 0;
        if (len == 0)
            continue;
        cut_at_many_places(room, len);
        change_bytes(room, len, view_hash(view_of(entry->fts_name)));
    }
    fts_close(tree);
    mem_free(room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(whole_it_has_all_its_messages, setup, teardown),
        cmocka_unit_test_setup_teardown(it_may_be_cut_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(each_byte_may_be_another_one, setup, teardown),
        cmocka_unit_test_setup_teardown(captures_of_others_may_be_damaged, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
