/* Session descriptions, and answers that do not fit their offers. */
#include "harness/monitor/monitor_fixture.h"

#define STREAM "a=rtpmap:0 PCMU/8000\r\n"
#define SECOND "m=audio 40010 RTP/AVP 0\r\n"

/* The offer is in the 183. */
static void prack_without_answer(struct watched *w)
{
    flow_see(w, flow_late, 0, 0);
    flow_see_changed(w, flow_call, ANSWERED, "200 OK\r\n",
                     "183 Session Progress\r\nRequire: 100rel\r\nRSeq: 7\r\n");
    flow_see(w, flow_call, PRACK, PRACKED);
}

static void two_updates(struct watched *w)
{
    flow_see(w, flow_changed, 0, 7);
    struct view again = text_changed(view_of(flow_changed[7].text), "z9hG4bK5", "z9hG4bK9");
    again = text_changed(again, "CSeq: 3", "CSeq: 4");
    watched_see(w, ALICE, text_changed(again, "o=alice 1 3", "o=alice 1 4"));
}

/* clang-format off */
const struct breach breaches_of_offers[] = {
    BREACH("SDP-N02", flow_late, 1, "v=0", "v=9"),
    BREACH("SDP-001", flow_call, ANSWERED, STREAM, STREAM SECOND),
    BREACH("SDP-001b", flow_call, ANSWERED, "m=audio", "m=video"),
    BREACH("SDP-007", flow_call, INVITE, "m=audio 40000", "m=audio 0"),
    BREACH("SDP-003", flow_call, INVITE, "a=sendrecv", "a=sendonly"),
    BREACH("SDP-004", flow_call, ANSWERED, "RTP/AVP 0\r\na=rtpmap:0 PCMU",
        "RTP/AVP 8\r\na=rtpmap:8 PCMA"),
    BREACH("SDP-N31", flow_call, ANSWERED, "t=0 0", "t=1 1"),
    BREACH("INV-N01", flow_call, ANSWERED,
        "Content-Type: application/sdp\r\nContent-Length: 126\r\n\r\n" SDP_B, EMPTY),
    BREACH("INV-011", flow_late, 1, "Content-Type: application/sdp\r\nContent-Length: 126\r\n\r\n"
        SDP_B, EMPTY),
    BREACH("INV-012c", flow_late, 2, "Content-Type: application/sdp\r\nContent-Length: 126\r\n\r\n"
        SDP_A, EMPTY),
    {.id = "SDP-006", .flow = flow_changed, .changes = {{0, STREAM, STREAM SECOND}, {2, STREAM,
        STREAM SECOND}}},
    {.id = "SDP-005", .flow = flow_changed, .changes = {{4, "o=alice", "o=carol"},
        {7, "o=alice", "o=carol"}}},
    BREACH("SDP-005b", flow_changed, 4, "o=alice 1 2", "o=alice 1 1"),
    BREACH("UPD-N01", flow_changed, 8,
        "Content-Type: application/sdp\r\nContent-Length: 126\r\n\r\n" SDP_B, EMPTY),
    {.id = "PRK-N03", .flow = flow_call,
        .changes = {{PRACK, EMPTY, BODY(SDP("alice", "2", "192.0.2.1", "40000"))}}},
    PLAYED("PRK-013", prack_without_answer),
    PLAYED("SDP-009", two_updates),
    /* near, and right */
    {.id = "", .flow = flow_call, .changes = {{INVITE, "a=sendrecv", "a=sendonly"},
        {ANSWERED, "a=sendrecv", "a=recvonly"}}},
    {.id = "", .flow = flow_call, .changes = {{INVITE, "a=sendrecv", "a=sendonly"},
        {ANSWERED, "a=sendrecv", "a=inactive"}}},
    {.id = "", .flow = flow_call, .changes = {{ANSWERED, "m=audio 40002", "m=audio 0"}}},
    {.id = "", .flow = flow_call, .changes = {{INVITE, "RTP/AVP 0\r\n", "RTP/AVP 8 0\r\n"}}},
    {.id = "", .flow = flow_changed, .changes = {{4, "o=alice 1 2", "o=alice 1 1"},
        {4, "m=audio 40006", "m=audio 40000"}}},
    {0},
};
/* clang-format on */
