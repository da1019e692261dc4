#include "reports/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static char folder[200], path[300];

struct record { /* of a capture */
    uint32_t time_s, time_ns, len;
    const unsigned char *bytes;
};

static uint32_t word(const char *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static void capture_read(const struct report_case *one, struct buf *out)
{
    assert_int_equal(report_pcap_write(one, path), ERR_OK);
    file_read(path, out);
    assert_true(out->len >= 24);
    assert_int_equal(word(out->ptr), 0xa1b23c4d); /* nanoseconds */
    assert_int_equal(word(out->ptr + 20), 101);   /* raw IP */
}

/* The nth record, from 0; false at the end. */
static bool record_at(const struct buf *capture, size_t n, struct record *out)
{
    const char *at = capture->ptr + 24, *end = capture->ptr + capture->len;
    for (; at < end; n--) {
        *out =
            (struct record){word(at), word(at + 4), word(at + 8), (const unsigned char *)at + 16};
        assert_int_equal(word(at + 8), word(at + 12)); /* nothing was cut */
        if (n == 0)
            return true;
        at += 16 + out->len;
    }
    assert_ptr_equal(at, end);
    return false;
}

static size_t record_count(const struct buf *capture)
{
    struct record record = {0};
    size_t count = 0;
    while (record_at(capture, count, &record))
        count++;
    return count;
}

static uint32_t sum16(const unsigned char *bytes, size_t len, uint32_t sum)
{
    for (size_t i = 0; i + 1 < len; i += 2)
        sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
    if (len % 2 == 1)
        sum += (uint32_t)bytes[len - 1] << 8;
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

/* RFC 1071 §1: summed with its checksum, what is right gives all ones. */
static void checksums_hold(const struct record *record)
{
    bool four = record->bytes[0] >> 4 == 4;
    size_t head = four ? 20 : 40, udp_len = record->len - head;
    const unsigned char *udp = record->bytes + head;
    uint32_t pseudo = four ? sum16(record->bytes + 12, 8, 0) : sum16(record->bytes + 8, 32, 0);
    if (four)
        assert_int_equal(sum16(record->bytes, 20, 0), 0xffff);
    assert_int_equal(udp[4] << 8 | udp[5], udp_len);
    assert_int_equal(sum16(udp, udp_len, pseudo + 17 + (uint32_t)udp_len), 0xffff);
    assert_true((udp[6] | udp[7]) != 0);
}

static void every_checksum_holds(void **state)
{
    struct run_fixture *fixture = *state;
    for (size_t i = 0; i < RUN_CASES; i++) {
        struct buf capture = {0};
        struct record record;
        capture_read(&fixture->cases[i], &capture);
        for (size_t n = 0; record_at(&capture, n, &record); n++)
            checksums_hold(&record);
        buf_deinit(&capture);
    }
}

static void each_datagram_is_there_once(void **state)
{
    struct run_fixture *fixture = *state;
    static const struct {
        size_t index, count;
    } rows[] = {
        {RUN_CALL,    6},
        {RUN_BUSY,    4},
        {RUN_COPIES,  7},
        {RUN_CROSSED, 8}, /* swallowed: no; lost, refused, stray, to itself: yes; copied: once */
        {RUN_DEVICE,  4},
        {RUN_SKIPPED, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf capture = {0};
        capture_read(&fixture->cases[rows[i].index], &capture);
        assert_int_equal(record_count(&capture), rows[i].count);
        buf_deinit(&capture);
    }
}

static void equal_instants_follow_by_a_nanosecond(void **state)
{
    struct run_fixture *fixture = *state;
    struct buf capture = {0};
    struct record record = {0};
    capture_read(&fixture->cases[RUN_DEVICE], &capture);
    assert_true(record_at(&capture, 1, &record));
    assert_int_equal(record.time_s, 1767225600); /* as BEGIN says */
    assert_int_equal(record.time_ns, 2500000);
    assert_true(record_at(&capture, 3, &record));
    assert_int_equal(record.time_ns, 2500002);
    buf_clear(&capture);
    capture_read(&fixture->cases[RUN_COPIES], &capture);
    assert_true(record_at(&capture, 6, &record));
    assert_int_equal(record.time_s, 31);
    assert_int_equal(record.time_ns, 500000000);
    buf_deinit(&capture);
}

static void case_of(struct trace_event *events, size_t count, struct buf *encoded,
                    struct report_case *out)
{
    for (size_t i = 0; i < count; i++) {
        events[i].seq = i + 1;
        trace_encode(encoded, &events[i]);
    }
    *out = (struct report_case){.events = buf_view(encoded)};
}

static void the_largest_and_the_emptiest_datagram_fit(void **state)
{
    struct trace_event events[3] = {
        {.kind = TRACE_BYTES}, {.kind = TRACE_BYTES}, {.kind = TRACE_BYTES}};
    struct buf encoded = {0}, capture = {0};
    struct report_case one;
    struct record record = {0};
    char *bytes = mem_zalloc(65536);
    (void)state;
    events[0].u.wire.bytes = (struct view){bytes, 65507};
    events[1].u.wire.bytes = (struct view){bytes, 65536}; /* more than IP can carry */
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(addr_parse(V("192.0.2.1:5060"), &events[i].u.wire.source), ERR_OK);
    case_of(events, 3, &encoded, &one);
    capture_read(&one, &capture);
    for (size_t n = 0; n < 3; n++) {
        assert_true(record_at(&capture, n, &record));
        assert_int_equal(record.len, n < 2 ? 65535 : 28);
        checksums_hold(&record);
    }
    mem_free(bytes);
    buf_deinit(&encoded);
    buf_deinit(&capture);
}

static void a_stream_has_a_handshake_and_then_each_byte_once(void **state)
{
    static const uint32_t lens[] = {0, 0, 0, 1460, 1460, 80, 5, 1};
    struct trace_event events[3] = {
        {.kind = TRACE_BYTES}, {.kind = TRACE_BYTES}, {.kind = TRACE_BYTES}};
    struct buf encoded = {0}, capture = {0};
    struct report_case one;
    struct record record = {0};
    char bytes[3000] = {0};
    struct addr ends[2];
    (void)state;
    assert_int_equal(addr_parse(V("192.0.2.1:40000"), &ends[0]), ERR_OK);
    assert_int_equal(addr_parse(V("192.0.2.2:5060"), &ends[1]), ERR_OK);
    for (size_t i = 0; i < 3; i++) {
        events[i].u.wire.proto = PROTO_TCP;
        events[i].u.wire.source = ends[i == 1];
        events[i].u.wire.target = ends[i != 1];
        events[i].u.wire.bytes = (struct view){bytes, i == 0 ? 3000 : i == 1 ? 5 : 1};
    }
    case_of(events, 3, &encoded, &one);
    capture_read(&one, &capture);
    for (size_t n = 0; n < 8; n++) {
        assert_true(record_at(&capture, n, &record));
        assert_int_equal(record.len, 40 + lens[n]);
        assert_int_equal(record.bytes[9], 6);
        uint32_t pseudo = sum16(record.bytes + 12, 8, 6 + 20 + lens[n]);
        assert_int_equal(sum16(record.bytes + 20, record.len - 20, pseudo), 0xffff);
    }
    assert_int_equal(record.bytes[26] << 8 | record.bytes[27], 3001); /* its sequence number */
    assert_int_equal(record.bytes[30] << 8 | record.bytes[31], 6);    /* what it has of the other */
    assert_int_equal(record_count(&capture), 8);
    buf_deinit(&encoded);
    buf_deinit(&capture);
}

/* What a wire wrote is there where it left it: the messages that were found in it are not. */
static void what_was_found_in_a_wires_bytes_is_not_there_again(void **state)
{
    struct trace_event event = {.kind = TRACE_MESSAGE};
    struct buf encoded = {0}, capture = {0};
    struct report_case one;
    (void)state;
    event.u.wire =
        (struct trace_wire){.side = SIDE_IN, .proto = PROTO_TCP, .intended = true, .bytes = V("x")};
    case_of(&event, 1, &encoded, &one);
    capture_read(&one, &capture);
    assert_int_equal(record_count(&capture), 0);
    buf_deinit(&encoded);
    buf_deinit(&capture);
}

/* Skips, saying so, where tshark is not installed. */
static void tshark_finds_no_fault(void **state)
{
    struct run_fixture *fixture = *state;
    char command[600];
    if (!program_found("tshark")) {
        print_message("skipped: tshark is not installed\n");
        skip();
    }
    for (size_t i = RUN_CALL; i <= RUN_DEVICE; i++) {
        struct buf out = {0};
        assert_int_equal(report_pcap_write(&fixture->cases[i], path), ERR_OK);
        snprintf(command, sizeof command,
                 "tshark -o udp.check_checksum:TRUE -o ip.check_checksum:TRUE -r '%s' -Y "
                 "'_ws.malformed || udp.checksum.status == \"Bad\" || ip.checksum.status == "
                 "\"Bad\"' 2>/dev/null",
                 path);
        assert_int_equal(program_run(command, &out), 0);
        assert_int_equal(out.len, 0);
        snprintf(command, sizeof command,
                 "tshark -r '%s' -Y sip -T fields -e sip.Method 2>/dev/null", path);
        assert_int_equal(program_run(command, &out), 0);
        assert_true(view_starts(buf_view(&out), V("OPTIONS\n")));
        buf_deinit(&out);
    }
}

static void a_capture_that_cannot_be_written_says_so(void **state)
{
    struct run_fixture *fixture = *state;
    assert_int_equal(report_pcap_write(&fixture->cases[RUN_CALL], "/dev/full"), ERR_IO);
    snprintf(path, sizeof path, "%s/below/a.pcap/x", folder);
    assert_int_equal(report_pcap_write(&fixture->cases[RUN_CALL], path), ERR_OK);
    snprintf(path, sizeof path, "%s/below/a.pcap", folder); /* a folder now */
    assert_int_equal(report_pcap_write(&fixture->cases[RUN_CALL], path), ERR_IO);
    snprintf(path, sizeof path, "%s/oom.pcap", folder);
    for (uint64_t nth = 1; nth <= 4; nth++) {
        mem_fail_at(nth, false);
        assert_int_equal(report_pcap_write(&fixture->cases[RUN_CALL], path), ERR_MEMORY);
        mem_fail_at(0, false);
        assert_int_not_equal(remove(path), 0); /* it is not there */
    }
}

int main(void)
{
    struct run_fixture *fixture = run_fixture_create();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(every_checksum_holds, fixture),
        cmocka_unit_test_prestate(each_datagram_is_there_once, fixture),
        cmocka_unit_test_prestate(equal_instants_follow_by_a_nanosecond, fixture),
        cmocka_unit_test(the_largest_and_the_emptiest_datagram_fit),
        cmocka_unit_test(a_stream_has_a_handshake_and_then_each_byte_once),
        cmocka_unit_test(what_was_found_in_a_wires_bytes_is_not_there_again),
        cmocka_unit_test_prestate(tshark_finds_no_fault, fixture),
        cmocka_unit_test_prestate(a_capture_that_cannot_be_written_says_so, fixture),
    };
    scratch_make(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/one.pcap", folder);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    scratch_remove(folder);
    run_fixture_destroy(fixture);
    return failed;
}
