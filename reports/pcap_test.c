#include "reports/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static char folder[200], path[300];

enum { ETHER = 14, SECTION = 0x0a0d0d0a, INTERFACE = 1, NAMES = 4, PACKET = 6, COMMENT = 1 };

struct record { /* of a capture */
    uint32_t interface, time_s, time_ns, len;
    const unsigned char *bytes;
    struct view comment;
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
    buf_clear(out);
    file_read(path, out);
    assert_true(out->len >= 28);
    assert_int_equal(word(out->ptr), SECTION);
    assert_int_equal(word(out->ptr + 8), 0x1a2b3c4d);
}

/* The nth block of this type, from 0: what is in it; absent at the end. */
static struct view block_at(const struct buf *capture, uint32_t type, size_t n)
{
    struct view rest = buf_view(capture);
    while (rest.len > 0) {
        assert_true(rest.len >= 12);
        uint32_t len = word(rest.ptr + 4);
        assert_true(len % 4 == 0 && len >= 12 && len <= rest.len);
        assert_int_equal(word(rest.ptr + len - 4), len);
        if (word(rest.ptr) == type && n-- == 0)
            return (struct view){rest.ptr + 8, len - 12};
        rest = view_skip(rest, len);
    }
    return (struct view){0};
}

/* The first option of this code; absent: there is none. */
static struct view option_of(struct view options, uint16_t code)
{
    while (options.len >= 4) {
        uint32_t head = word(options.ptr);
        if ((head & 0xffff) == code)
            return view_head(view_skip(options, 4), head >> 16);
        options = view_skip(options, 4 + ((head >> 16) + 3) / 4 * 4);
    }
    return (struct view){0};
}

/* The nth packet, from 0; false at the end. */
static bool record_at(const struct buf *capture, size_t n, struct record *out)
{
    struct view block = block_at(capture, PACKET, n);
    if (block.ptr == NULL)
        return false;
    uint64_t time_ns = (uint64_t)word(block.ptr + 4) << 32 | word(block.ptr + 8);
    uint32_t len = word(block.ptr + 12);
    *out = (struct record){.interface = word(block.ptr),
                           .time_s = (uint32_t)(time_ns / 1000000000),
                           .time_ns = (uint32_t)(time_ns % 1000000000),
                           .len = len - ETHER,
                           .bytes = (const unsigned char *)block.ptr + 20 + ETHER};
    assert_int_equal(word(block.ptr + 16), len); /* nothing was cut */
    assert_int_equal(out->bytes[-2], out->bytes[0] >> 4 == 4 ? 0x08 : 0x86);
    out->comment = option_of(view_skip(block, 20 + (len + 3) / 4 * 4), COMMENT);
    return true;
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

static void option_tell(struct buf *out, const char *what, struct view options, uint16_t code)
{
    struct view value = option_of(options, code);
    if (value.ptr != NULL)
        buf_printf(out, "%s%.*s", what, VIEW_ARG(value));
}

/* All the words that are in a capture. */
static void words_tell(const struct buf *capture, struct buf *out)
{
    struct record record;
    struct view block;
    option_tell(out, "", view_skip(block_at(capture, SECTION, 0), 16), COMMENT);
    buf_add_char(out, '\n');
    for (size_t n = 0; (block = block_at(capture, INTERFACE, n)).ptr != NULL; n++) {
        option_tell(out, "  by ", view_skip(block, 8), 2);
        option_tell(out, ", ", view_skip(block, 8), 3);
        buf_add_char(out, '\n');
    }
    for (size_t n = 0; record_at(capture, n, &record); n++)
        if (record.comment.ptr != NULL)
            buf_printf(out, "  %zu %.*s\n", n + 1, VIEW_ARG(record.comment));
}

static void what_befell_a_packet_is_its_comment(void **state)
{
    struct run_fixture *fixture = *state;
    struct buf words = {0}, capture = {0};
    for (size_t i = 0; i < RUN_CASES; i++) {
        capture_read(&fixture->cases[i], &capture);
        words_tell(&capture, &words);
    }
    golden_check("captures.words", buf_view(&words));
    buf_deinit(&words);
    buf_deinit(&capture);
}

/* Also where it names the arrival: the packet is there as it left. */
static void what_was_found_about_a_message_stands_at_its_packet(void **state)
{
    static const uint64_t evidence[] = {2};
    struct trace_event events[3] = {
        {.kind = TRACE_MESSAGE}, {.kind = TRACE_MESSAGE}, {.kind = TRACE_FINDING}};
    struct buf encoded = {0}, capture = {0};
    struct report_case one;
    struct record record = {0};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct trace_wire *wire = &events[i].u.wire;
        *wire = (struct trace_wire){.bytes = V("x"), .label = V("ACK")};
        assert_int_equal(addr_parse(V("192.0.2.1:5060"), &wire->source), ERR_OK);
        assert_int_equal(addr_parse(V("192.0.2.2:5060"), &wire->target), ERR_OK);
    }
    events[1].u.wire.side = SIDE_IN;
    events[1].u.wire.was_out = 1;
    events[2].u.finding.rule = V("UAC-005");
    events[2].u.finding.sentence = V("alice: it has no Max-Forwards");
    events[2].u.finding.evidence = evidence;
    events[2].u.finding.evidence_count = 1;
    case_of(events, 3, &encoded, &one);
    capture_read(&one, &capture);
    assert_true(record_at(&capture, 0, &record));
    assert_true(
        view_equal(record.comment, V("192.0.2.1:5060->>192.0.2.2:5060: ACK; UAC-005: alice: "
                                     "it has no Max-Forwards")));
    buf_deinit(&encoded);
    buf_deinit(&capture);
}

/* Whose address is somebody else's, too, has no name by it. */
static void an_address_has_a_name_where_it_is_one_partys(void **state)
{
    static const char *const addresses[] = {"192.0.2.1:5060", "[2001:db8::1]:5060",
                                            "192.0.2.1:5070"};
    static const char *const names[] = {"alice", "bob", "carol"};
    struct trace_event events[3] = {0};
    struct buf encoded = {0}, capture = {0};
    struct report_case one;
    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        events[i] = (struct trace_event){.kind = TRACE_PARTY, .party = i + 1};
        events[i].u.note.name = view_of(names[i]);
        assert_int_equal(addr_parse(view_of(addresses[i]), &events[i].u.note.addr), ERR_OK);
    }
    case_of(events, 3, &encoded, &one);
    capture_read(&one, &capture);
    struct view block = block_at(&capture, NAMES, 0);
    assert_int_equal(block.len, 4 + 20 + 4);
    assert_int_equal(word(block.ptr), 20 << 16 | 2); /* an IPv6 address, and behind it */
    assert_memory_equal(block.ptr + 4 + 16, "bob", 4);
    assert_int_equal(word(block.ptr + 24), 0);
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

/* B75: the disk is full, and others that nobody can write. */
static void a_capture_that_cannot_be_written_says_so(void **state)
{
    struct run_fixture *fixture = *state;
    assert_int_equal(report_pcap_write(&fixture->cases[RUN_CALL], "/dev/full"), ERR_IO);
    snprintf(path, sizeof path, "%s/below/a.pcap/x", folder);
    assert_int_equal(report_pcap_write(&fixture->cases[RUN_CALL], path), ERR_OK);
    snprintf(path, sizeof path, "%s/below/a.pcap", folder); /* a folder now */
    assert_int_equal(report_pcap_write(&fixture->cases[RUN_CALL], path), ERR_IO);
    snprintf(path, sizeof path, "%s/oom.pcap", folder);
    bool failed = true;
    for (uint64_t nth = 1; failed; nth++) {
        uint64_t live = mem_live(), count = mem_count();
        mem_fail_at(nth, false);
        enum err err = report_pcap_write(&fixture->cases[RUN_COPIES], path);
        mem_fail_at(0, false);
        failed = mem_count() - count >= nth;
        assert_int_equal(err, failed ? ERR_MEMORY : ERR_OK);
        assert_int_equal(remove(path) == 0, !failed); /* it is there whole, or not at all */
        assert_int_equal(mem_live(), live);
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
        cmocka_unit_test_prestate(what_befell_a_packet_is_its_comment, fixture),
        cmocka_unit_test(what_was_found_about_a_message_stands_at_its_packet),
        cmocka_unit_test(an_address_has_a_name_where_it_is_one_partys),
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
