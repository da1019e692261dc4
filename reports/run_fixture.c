#include "reports/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static struct addr addr(const char *text)
{
    struct addr out = {0};
    assert_int_equal(addr_parse(view_of(text), &out), ERR_OK);
    return out;
}

static void party(struct trace *trace, uint32_t number, const char *name, const char *address)
{
    struct trace_event event = {.kind = TRACE_PARTY, .party = number};
    event.u.note.name = view_of(name);
    event.u.note.addr = addr(address);
    assert_int_not_equal(trace_append(trace, &event), 0);
}

/* Parties 1, 2, 3 … live at 192.0.2.1, .2, .3 … */
static struct addr home(uint32_t number)
{
    struct addr out = addr("192.0.2.0:5060");
    out.ip[3] = (uint8_t)number;
    return out;
}

static struct trace_event message(uint64_t time_us, uint32_t from, uint32_t to, const char *label)
{
    static const char bytes[] = "OPTIONS sip:bob@192.0.2.2 SIP/2.0\r\n"
                                "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-alice-1\r\n"
                                "Max-Forwards: 70\r\n"
                                "From: <sip:alice@192.0.2.1>;tag=alice-1\r\n"
                                "To: <sip:bob@192.0.2.2>\r\n"
                                "Call-ID: alice-1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
    struct trace_event event = {.time_us = time_us, .kind = TRACE_MESSAGE, .party = from};
    event.u.wire.from = from;
    event.u.wire.to = to;
    event.u.wire.source = home(from);
    event.u.wire.target = home(to);
    event.u.wire.label = view_of(label);
    event.u.wire.bytes = (struct view){bytes, sizeof bytes - 1};
    event.u.wire.call_id = V("alice-1");
    event.u.wire.branch = V("z9hG4bK-alice-1");
    event.u.wire.cseq = V("1 INVITE");
    return event;
}

static uint64_t out(struct trace *trace, uint64_t time_us, uint32_t from, uint32_t to,
                    const char *label, uint64_t copy_of)
{
    struct trace_event event = message(time_us, from, to, label);
    event.u.wire.copy_of = copy_of;
    return trace_append(trace, &event);
}

static uint64_t arrive(struct trace *trace, uint64_t time_us, uint64_t out_seq,
                       enum trace_fate fate)
{
    struct trace_event sent;
    assert_true(trace_get(trace, out_seq, &sent));
    struct trace_event event = {.time_us = time_us, .kind = sent.kind, .cause = out_seq};
    event.party = sent.u.wire.to;
    event.u.wire = sent.u.wire;
    event.u.wire.side = SIDE_IN;
    event.u.wire.fate = fate;
    event.u.wire.was_out = out_seq;
    event.u.wire.copy_of = 0;
    return trace_append(trace, &event);
}

/* What the network did to it: seen by the loop, between the two. */
static void befall(struct trace *trace, uint64_t time_us, uint64_t out_seq, enum trace_fate fate,
                   const char *why)
{
    struct trace_event sent;
    assert_true(trace_get(trace, out_seq, &sent));
    struct trace_event event = {.time_us = time_us, .kind = sent.kind, .cause = out_seq};
    event.u.wire = sent.u.wire;
    event.u.wire.side = SIDE_SEEN;
    event.u.wire.fate = fate;
    event.u.wire.why = view_of(why);
    event.u.wire.was_out = out_seq;
    trace_append(trace, &event);
}

static uint64_t pass(struct trace *trace, uint64_t time_us, uint32_t from, uint32_t to,
                     const char *label)
{
    uint64_t seq = out(trace, time_us, from, to, label, 0);
    return arrive(trace, time_us + 1000, seq, FATE_NONE);
}

static void call_fill(struct report_case *one, struct trace *trace)
{
    struct trace_event timer = {
        .time_us = 1000, .kind = TRACE_TIMER, .party = 1, .object = {4, 1}
    };
    struct trace_event held = {.time_us = 3005000, .kind = TRACE_EXPECT, .party = 0};
    trace_source_set(trace, (struct trace_source){V("scenarios/basic.lua"), 4, 1});
    party(trace, 1, "alice", "192.0.2.1:5060");
    party(trace, 2, "bob", "192.0.2.2:5060");
    pass(trace, 0, 1, 2, "INVITE");
    timer.u.timer.name = V("A");
    timer.u.timer.due_us = 500000;
    trace_append(trace, &timer);
    pass(trace, 1000, 2, 1, "180 INVITE");
    pass(trace, 2000, 2, 1, "200 INVITE");
    pass(trace, 3000, 1, 2, "ACK");
    pass(trace, 3003000, 2, 1, "BYE");
    pass(trace, 3004000, 1, 2, "200 BYE");
    held.u.expect.what = V("call.state");
    held.u.expect.actual = V("terminated");
    held.u.expect.ok = true;
    trace_append(trace, &held);
    *one = (struct report_case){
        .id = V("scenarios/basic.lua: a call is set up and the callee hangs up"),
        .file = V("scenarios/basic.lua"),
        .name = V("a call is set up and the callee hangs up"),
        .line = 1,
        .net = V("sim"),
        .tags = V("basic call"),
        .covers = V("UAC-001 UAS-002"),
        .pcap = V("out/trace/scenarios-basic_a-call-is-set-up.pcap"),
        .rerun = V("sipwright run scenarios/basic.lua:1 --seed 7"),
        .wall_us = 1234,
        .virtual_us = 3005000,
    };
}

static void busy_fill(struct report_case *one, struct trace *trace)
{
    party(trace, 1, "alice", "192.0.2.1:5060");
    party(trace, 2, "dut", "192.0.2.2:5060");
    pass(trace, 0, 1, 2, "INVITE");
    pass(trace, 4000, 2, 1, "100 INVITE");
    pass(trace, 12000, 2, 1, "486 INVITE");
    struct trace_event failed = {.time_us = 2000000, .kind = TRACE_EXPECT};
    failed.u.expect.what = V("expected 180 from dut within 2 s, got 486 Busy Here at 0.012 s");
    trace_append(trace, &failed);
    pass(trace, 2000000, 1, 2, "BYE");
    *one = (struct report_case){
        .id = V("scenarios/busy.lua: busy callee answers 486"),
        .file = V("scenarios/busy.lua"),
        .name = V("busy callee answers 486"),
        .line = 1,
        .net = V("sim"),
        .verdict = VERDICT_FAIL,
        .reason = V("expected 180 from dut within 2 s, got 486 Busy Here at 0.012 s"),
        .detail = V("{\"file\":\"scenarios/busy.lua\",\"line\":4,\"expected\":\"180\","
                    "\"actual\":\"486 Busy Here\",\"section\":\"RFC 3261 §13.3.1.1\","
                    "\"message\":8,\"ghost\":\"dut->>alice: 180 INVITE\","
                    "\"hint\":\"make it optional with call:maybe(180)\",\"excerpt\":["
                    "{\"line\":3,\"text\":\"  local call = alice:invite(t.target)\"},"
                    "{\"line\":4,\"text\":\"  call:expect(180, { within = \\\"2s\\\" })\"},"
                    "{\"line\":5,\"text\":\"\"}],\"caret\":[3,11]}"),
        .rerun = V("sipwright run scenarios/busy.lua:1 --seed 7"),
        .pcap = V("out/trace/scenarios-busy_busy-callee-answers-486.pcap"),
        .wall_us = 12345,
        .virtual_us = 2000000,
    };
}

static void copies_fill(struct report_case *one, struct trace *trace)
{
    static const uint64_t times_ms[] = {0, 500, 1500, 3500, 7500, 15500, 31500};
    uint64_t first = 0;
    party(trace, 1, "alice", "192.0.2.1:5060");
    party(trace, 2, "bob", "192.0.2.2:5060");
    for (size_t i = 0; i < 7; i++) {
        struct trace_event event = message(times_ms[i] * 1000, 1, 2, "INVITE");
        event.u.wire.copy_of = first;
        uint64_t seq = trace_append(trace, &event);
        befall(trace, times_ms[i] * 1000, seq, FATE_LOST, "partition alice, bob");
        first = first == 0 ? seq : first;
    }
    *one = (struct report_case){
        .id = V("scenarios/lost.lua: everything is lost"),
        .file = V("scenarios/lost.lua"),
        .name = V("everything is lost"),
        .line = 9,
        .net = V("sim"),
        .verdict = VERDICT_FAIL,
        .reason = V("bob: expected INVITE within 32 s, nothing came"),
        .detail = V("{\"line\":13,\"file\":\"scenarios/lost.lua\","
                    "\"expected\":\"INVITE\\n  From.tag = a\","
                    "\"actual\":\"nothing\",\"more\":[{\"reason\":\"alice: a task still runs\","
                    "\"file\":\"scenarios/lost.lua\",\"line\":15}]}"),
        .rerun = V("sipwright run scenarios/lost.lua:9 --seed 7"),
        .wall_us = 2500,
        .virtual_us = 32000000,
    };
}

static void crossed_fill(struct report_case *one, struct trace *trace)
{
    party(trace, 1, "alice", "192.0.2.1:5060");
    party(trace, 2, "proxy", "192.0.2.2:5060");
    party(trace, 3, "bob", "192.0.2.3:5060");
    party(trace, 4, "carol", "192.0.2.4:5060"); /* says nothing: has no lane */
    pass(trace, 0, 1, 2, "INVITE");
    uint64_t invite = out(trace, 1250, 2, 3, "INVITE", 0);
    befall(trace, 1250, invite, FATE_COPIED, "net proxy>bob duplicate 1");
    arrive(trace, 2250, invite, FATE_NONE);
    arrive(trace, 2300, invite, FATE_NONE);
    befall(trace, 2400, invite, FATE_LOST, "a third of them");
    uint64_t cancel = out(trace, 5000, 1, 3, "CANCEL", 0);
    uint64_t answer = out(trace, 5500, 3, 1, "200 INVITE", 0);
    arrive(trace, 6000, cancel, FATE_NONE);
    arrive(trace, 6500, answer, FATE_CHANGED);
    struct trace_event event = message(7000, 1, 3, "ACK");
    event.u.wire.fate = FATE_SWALLOWED;
    event.u.wire.intended = true;
    trace_append(trace, &event);
    befall(trace, 8500, out(trace, 8000, 3, 1, "BYE", 0), FATE_REFUSED, "refuse");
    befall(trace, 8600, out(trace, 8600, 1, 3, "BYE", 0), FATE_CORRUPTED,
           "net alice>bob corrupt 1");
    event = message(9000, 1, 2, "not SIP");
    event.kind = TRACE_BYTES;
    event.u.wire.bytes = V("\r\n\r\n");
    trace_append(trace, &event);
    out(trace, 9500, 3, 3, "OPTIONS", 0);
    *one = (struct report_case){
        .id = V("scenarios/lost.lua: forks: the two cross"),
        .file = V("scenarios/lost.lua"),
        .name = V("forks: the two cross"),
        .line = 30,
        .net = V("sim"),
        .wall_us = 900,
        .virtual_us = 9500,
    };
}

static void device_fill(struct report_case *one, struct trace *trace)
{
    struct trace_event event = {.kind = TRACE_BEGIN};
    event.u.note.text = V("{\"epoch\":1767225600}");
    trace_append(trace, &event);
    event = message(1234, 1, 2, "OPTIONS");
    party(trace, 1, "alice", "[2001:db8::1]:5060");
    party(trace, 2, "dut", "[2001:db8::2]:5060");
    event.u.wire.source = addr("[2001:db8::1]:5060");
    event.u.wire.target = addr("[2001:db8::2]:5060");
    event.late_us = 55;
    trace_append(trace, &event);
    event = message(2500, 2, 1, "200 OPTIONS");
    event.u.wire.source = addr("[2001:db8::2]:5060");
    event.u.wire.target = addr("[2001:db8::1]:5060");
    event.u.wire.side = SIDE_IN;
    trace_append(trace, &event);
    event.u.wire.side = SIDE_SEEN; /* our own faults act on what a device sent, too */
    event.u.wire.fate = FATE_COPIED;
    trace_append(trace, &event);
    event.u.wire.fate = FATE_LOST;
    event.u.wire.why = V("drop");
    trace_append(trace, &event);
    event = message(2500, 0, 1, "REGISTER");
    event.u.wire.source = addr("[2001:db8::77]:40000");
    event.u.wire.target = addr("[2001:db8::1]:5060");
    event.u.wire.side = SIDE_IN;
    trace_append(trace, &event);
    *one = (struct report_case){
        .id = V("scenarios/options.lua: a device answers OPTIONS[udp6]"),
        .file = V("scenarios/options.lua"),
        .name = V("a device answers OPTIONS[udp6]"),
        .line = 3,
        .net = V("real"),
        .wall_us = 3210,
        .virtual_us = 3000,
    };
}

/* Each byte twice: as itself between letters, then a few sequences that are made to do harm. */
static void hostile_fill(struct report_case *one, struct trace *trace, char *bytes)
{
    struct view all = {bytes, 3 * 256};
    struct trace_event event = {.kind = TRACE_LOG};
    for (size_t i = 0; i < 256; i++)
        memcpy(bytes + 3 * i, (char[]){'<', (char)i, '>'}, 3);
    party(trace, 1, "al\033[31mice", "192.0.2.1:5060");
    party(trace, 2, "bob]]>\xe2\x80\xae\xc2\x9b", "192.0.2.2:5060");
    event.u.note.text = all;
    trace_append(trace, &event);
    event = message(0, 1, 2, "");
    event.u.wire.label = (struct view){bytes, 300};
    event.u.wire.bytes = all;
    event.u.wire.call_id = all;
    event.u.wire.why = all;
    event.u.wire.fate = FATE_LOST;
    trace_append(trace, &event);
    *one = (struct report_case){
        .id = all,
        .file = V("scenarios/\033]0;owned\a<&\"'>.lua"),
        .name = all,
        .line = 2,
        .net = V("sim"),
        .verdict = VERDICT_FAIL,
        .reason = all,
        .detail = V("{\"hint\":\"\\u001b[2J\\u202e\\u0000]]>\",\"expected\":\"a\\u0000b\\u001b\","
                    "\"actual\":\"\\n\\u001b[1A\\r\\n\\u009b\",\"file\":\"\\u0007\",\"line\":1}"),
        .rerun = all,
        .pcap = all,
        .tags = all,
    };
}

static void script_fill(struct report_case *one, struct trace *trace)
{
    struct trace_event event = {.kind = TRACE_FINDING, .time_us = 10};
    static const uint64_t evidence[] = {1, 2};
    event.u.finding.rule = V("MSG-013");
    event.u.finding.section = V("RFC 3261 §8.1.1.6");
    event.u.finding.sentence = V("Max-Forwards is missing");
    event.u.finding.blamed = 2;
    event.u.finding.evidence = evidence;
    event.u.finding.evidence_count = 2;
    trace_append(trace, &event);
    struct trace_event choice = {.kind = TRACE_CHOICE, .time_us = 11};
    choice.u.choice.choice = (struct choice){UINT64_C(0xfedcba9876543210), 1000000, 50000};
    choice.u.choice.key = V("net alice>bob loss");
    trace_append(trace, &choice);
    *one = (struct report_case){
        .id = V("scenarios/script.lua: a method is misspelt"),
        .file = V("scenarios/script.lua"),
        .name = V("a method is misspelt"),
        .line = 7,
        .net = V("sim"),
        .verdict = VERDICT_ERROR,
        .reason = V("an agent has no method \"invtie\": did you mean \"invite\"?"),
        .detail = V("{\"file\":\"scenarios/script.lua\",\"line\":10,\"excerpt\":["
                    "{\"line\":9,\"text\":\"function dial(alice)\"},"
                    "{\"line\":10,\"text\":\"\\tlocal grüße = alice:invtie(bob)\"},"
                    "{\"line\":11,\"text\":\"end\"}],\"caret\":[18,12],"
                    "\"traceback\":\"scenarios/script.lua:10: in dial\\n"
                    "scenarios/script.lua:14: in the scenario\"}"),
        .rerun = V("sipwright run scenarios/script.lua:7 --seed 7"),
        .wall_us = 400,
        .virtual_us = 0,
    };
}

static void others_fill(struct report_case *cases)
{
    cases[RUN_SKIPPED] = (struct report_case){
        .id = V("scenarios/tls.lua: a call over TLS"),
        .file = V("scenarios/tls.lua"),
        .name = V("a call over TLS"),
        .line = 1,
        .net = V("sim"),
        .verdict = VERDICT_SKIP,
        .reason = V("target desk_phone does not claim \"tls\""),
    };
    cases[RUN_UNSURE] = (struct report_case){
        .id = V("scenarios/tls.lua: nobody is registered"),
        .file = V("scenarios/tls.lua"),
        .name = V("nobody is registered"),
        .line = 20,
        .net = V("sim"),
        .verdict = VERDICT_INCONCLUSIVE,
        .reason = V("nothing was asserted"),
        .virtual_us = 1500000,
        .wall_us = 77,
    };
    cases[RUN_FLAKY] = (struct report_case){
        .id = V("scenarios/zeal.lua: it works in the end"),
        .file = V("scenarios/zeal.lua"),
        .name = V("it works in the end"),
        .line = 1,
        .net = V("real"),
        .tries = 3,
        .flaky = true,
        .earlier = &cases[RUN_COPIES],
        .wall_us = 1999999,
    };
}

static void events_take(struct run_fixture *fixture, size_t index)
{
    struct buf *buf = &fixture->events[index];
    for (struct view run; (run = trace_unsent(fixture->traces[index])).len > 0;)
        buf_add(buf, run);
    assert_int_equal(buf->failed, ERR_OK);
    assert_false(trace_cut(fixture->traces[index]));
    fixture->cases[index].events = buf_view(buf);
    if (fixture->cases[index].tries == 0)
        fixture->cases[index].tries = 1;
    fixture->cases[index].seed = 7 + index;
}

struct run_fixture *run_fixture_create(void)
{
    struct run_fixture *fixture = mem_zalloc(sizeof *fixture);
    assert_non_null(fixture);
    for (size_t i = 0; i < RUN_CASES; i++)
        assert_int_equal(trace_create(NULL, &fixture->traces[i]), ERR_OK);
    call_fill(&fixture->cases[RUN_CALL], fixture->traces[RUN_CALL]);
    busy_fill(&fixture->cases[RUN_BUSY], fixture->traces[RUN_BUSY]);
    copies_fill(&fixture->cases[RUN_COPIES], fixture->traces[RUN_COPIES]);
    crossed_fill(&fixture->cases[RUN_CROSSED], fixture->traces[RUN_CROSSED]);
    device_fill(&fixture->cases[RUN_DEVICE], fixture->traces[RUN_DEVICE]);
    hostile_fill(&fixture->cases[RUN_HOSTILE], fixture->traces[RUN_HOSTILE], fixture->hostile);
    script_fill(&fixture->cases[RUN_SCRIPT], fixture->traces[RUN_SCRIPT]);
    others_fill(fixture->cases);
    for (size_t i = 0; i < RUN_CASES; i++)
        events_take(fixture, i);
    fixture->run = (struct report_run){.cases = fixture->cases,
                                       .case_count = RUN_CASES,
                                       .seed = 7,
                                       .started_s = 1767225600,
                                       .wall_us = 1234567,
                                       .command_line = V("sipwright run scenarios --seed 7"),
                                       .version = V("0.1.0"),
                                       .net = V("sim"),
                                       .exit_code = 1};
    return fixture;
}

struct report_run run_part(const struct run_fixture *fixture, size_t from, size_t count)
{
    struct report_run run = fixture->run;
    run.cases = fixture->cases + from;
    run.case_count = count;
    return run;
}

void run_fixture_destroy(struct run_fixture *fixture)
{
    for (size_t i = 0; i < RUN_CASES; i++) {
        trace_destroy(fixture->traces[i]);
        buf_deinit(&fixture->events[i]);
    }
    mem_free(fixture);
}
