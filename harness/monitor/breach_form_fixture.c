/* Messages whose form is wrong, in one place each. */
#include "harness/monitor/monitor_fixture.h"

#define ON_PING(name, ...) BREACH(name, flow_ping, __VA_ARGS__)
#define ACCEPT "Accept: application/sdp\r\n"
#define LINE(text) ACCEPT, text "\r\n" ACCEPT
#define CONTACT(text) CONTACT_A, "Contact: " text "\r\n"

/* clang-format off */
const struct breach breaches_of_form[] = {
    /* start lines */
    ON_PING("FMT-001", 1, "200 OK", "200"),
    ON_PING("MSG-N02", 0, "OPTIONS sip:", "OPTIONS  sip:"),
    ON_PING("MSG-014", 0, "sip:bob@192.0.2.2 SIP", "sip:bob@192.0.2%2 SIP"),
    ON_PING("MSG-014", 0, "sip:bob@192.0.2.2 SIP", "<sip:bob@192.0.2.2> SIP"),
    ON_PING("MSG-014", 0, "sip:bob@192.0.2.2 SIP", "sip:bob;x y@192.0.2.2 SIP"),
    ON_PING("MSG-N09", 0, "sip:bob@192.0.2.2 SIP", "sip:bob@192.0.2.2?Subject=x SIP"),
    ON_PING("MSG-015", 0, "SIP/2.0\r\n", "sip/2.0\r\n"),
    ON_PING("MSG-025", 1, "200 OK", "700 OK"),
    /* rows */
    ON_PING("MSG-010", 0, ACCEPT, "Accept: application/sdp\n"),
    ON_PING("MSG-010b", 1, "Content-Length: 0\r\n\r\n", "Content-Length: 0\r\n"),
    ON_PING("FMT-002", 0, LINE("Subject")),
    ON_PING("FMT-003", 0, LINE("Subject: a\001b")),
    ON_PING("MSG-017", 1, "CSeq: 1 OPTIONS\r\n", ""),
    ON_PING("MSG-018", 0, HOPS, HOPS HOPS),
    /* values */
    ON_PING("FMT-004", 0, LINE("Require: a,,b")),
    ON_PING("FMT-005", 0, "Max-Forwards: 70", "Max-Forwards: 70 x"),
    ON_PING("FMT-006", 0, LINE("Require: @")),
    ON_PING("FMT-007", 0, CONTACT("<sip:alice@192.0.2.1>;=x")),
    ON_PING("FMT-008", 0, CONTACT("<sip:alice@192.0.2.1>;;q=1")),
    ON_PING("MSG-006", 0, CONTACT("<sip:alice@192.0.2.1>;q=1;q=1")),
    ON_PING("FMT-009", 0, CONTACT("<sip:alice@192.0.2.1>;q=7")),
    ON_PING("FMT-010", 0, CONTACT("<sip:alice@192.0.2.1>;x=")),
    ON_PING("MSG-020", 0, CONTACT("\"A <sip:alice@192.0.2.1>")),
    ON_PING("FMT-011", 0, LINE("Expires: x")),
    ON_PING("FMT-012", 0, "Max-Forwards: 70", "Max-Forwards: 256"),
    ON_PING("FMT-013", 0, ACCEPT, "Accept: application\r\n"),
    ON_PING("FMT-014", 0, CONTACT("<sip:alice@>")),
    ON_PING("IP6-007b", 0, CONTACT("<sip:alice@[2001:::1]>")),
    ON_PING("FMT-015", 0, CONTACT("<sip:alice@192.0.2.1:65536>")),
    ON_PING("FMT-016", 0, CONTACT("<sip:alice@192.0.2.1:0>")),
    ON_PING("FMT-017", 0, CONTACT("<sip:alice@192.0.2.1")),
    ON_PING("FMT-018", 0, CONTACT("<alice>")),
    ON_PING("MSG-N08", 0, CONTACT("<sip:al%zzice@192.0.2.1>")),
    ON_PING("MSG-N08", 0, CONTACT("<sip:*21#@192.0.2.1>")),
    ON_PING("MSG-019", 0, CONTACT("sip:alice@192.0.2.1?Subject=x")),
    ON_PING("FMT-019", 0, CONTACT("<sip:alice@192.0.2.1 >")),
    ON_PING("FMT-020", 0, CONTACT("A@B <sip:alice@192.0.2.1>")),
    ON_PING("FMT-021", 0, LINE("Retry-After: 5 (soon")),
    ON_PING("REG-018b", 0, LINE("Date: yesterday")),
    ON_PING("FMT-022", 0, LINE("Date: Mon, 13 Nov 2010 23:29:00 GMT")),
    {.id = "DLG-029b", .flow = flow_call,
     .changes = {{INVITE, "Allow:", "Replaces: x;from-tag=a\r\nAllow:"}}},
    ON_PING("FMT-023", 0, LINE("Max-Breadth:")),
    ON_PING("FMT-024", 1, "Via: SIP/2.0/UDP", "Via: SIP/3.0/UDP"),
    /* one message */
    {.id = "MAT-004", .flow = flow_ping, .changes = {{0, "z9hG4bK1", "z9hG4bK"},
        {1, "z9hG4bK1", "z9hG4bK"}}},
    {.id = "UAC-003", .flow = flow_ping, .changes = {{0, ";tag=a", ""}, {1, ";tag=a", ""}}},
    {.id = "UAC-003b", .flow = flow_ping, .changes = {{0, ";tag=a", ";tag="},
        {1, ";tag=a", ";tag="}}},
    ON_PING("IP6-004b", 1, "branch=", "received=[192.0.2.1];branch="),
    ON_PING("MSG-017b", 0, HOPS, ""),
    {.id = "MSG-016", .flow = flow_ping, .changes = {{0, "CSeq: 1 OPTIONS", "CSeq: 1 INFO"},
        {1, "", NULL}}},
    {.id = "DLG-020", .flow = flow_ping, .changes = {{0, "CSeq: 1", "CSeq: 2147483648"},
        {1, "CSeq: 1", "CSeq: 2147483648"}}},
    {.id = "UAC-005", .flow = flow_refer, .changes = {{0, CONTACT_A, ""}}},
    {.id = "REG-N03", .flow = flow_register, .changes = {{0, CONTACT_A, "Contact: *\r\n"}}},
    /* bodies */
    ON_PING("MSG-013", 0, "Content-Length: 0", "Content-Length: zero"),
    {.id = "MSG-013c", .flow = flow_message, .changes = {{0, "Content-Length: 2",
        "Content-Length: 3"}}},
    ON_PING("MSG-013d", 0, "Content-Length: 0", "Content-Length: 0\r\nContent-Length: 1"),
    {.id = "TRP-018", .flow = flow_ping, .proto = PROTO_TCP,
     .changes = {{0, "/UDP", "/TCP"}, {1, "/UDP", "/TCP"}, {0, "Content-Length: 0\r\n", ""}}},
    {.id = "MSG-011", .flow = flow_message, .changes = {{0, "Content-Type: text/plain\r\n", ""}}},
    {0},
};
/* clang-format on */
