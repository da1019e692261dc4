/* Responses that do not fit their requests, copies, ACK and CANCEL. */
#include "harness/monitor/monitor_fixture.h"

static void again(struct watched *w, const struct step *flow, int at, uint32_t after_ms)
{
    w->now_us += after_ms * US_PER_MS - US_PER_S - US_PER_MS; /* from when it was seen last */
    flow_see(w, flow, at, at);
}

static void invite_hurried(struct watched *w)
{
    flow_see(w, flow_call, INVITE, INVITE);
    again(w, flow_call, INVITE, 500);
    again(w, flow_call, INVITE, 500);
}

static void bye_hurried(struct watched *w)
{
    flow_see(w, flow_call, BYE, BYE);
    again(w, flow_call, BYE, 500);
    again(w, flow_call, BYE, 1000);
    again(w, flow_call, BYE, 500);
}

static void request_over_tcp(struct watched *w)
{
    for (int i = 0; i < 2; i++)
        watched_see(w, ALICE, text_changed(view_of(flow_ping[0].text), "/UDP", "/TCP"));
}

static void copy_of_another_length(struct watched *w)
{
    flow_see(w, flow_ping, 0, 0);
    flow_see_changed(w, flow_ping, 0, HOPS, "Max-Forwards: 69\r\n");
}

static void invite_behind_ringing(struct watched *w)
{
    flow_see(w, flow_cancelled, 0, 1);
    flow_see(w, flow_cancelled, 0, 0);
}

static void request_behind_its_answer(struct watched *w)
{
    flow_see(w, flow_ping, 0, 1);
    flow_see(w, flow_ping, 0, 0);
}

static void branch_reused(struct watched *w)
{
    flow_see(w, flow_ping, 0, 1);
    flow_see_changed(w, flow_ping, 0, "CSeq: 1", "CSeq: 2");
}

static void busy_without_ack(struct watched *w)
{
    flow_see(w, flow_cancelled, 0, 4);
}

static void cancel_at_once(struct watched *w)
{
    flow_see(w, flow_cancelled, 0, 0);
    flow_see(w, flow_cancelled, 2, 5);
}

static void cancel_at_last(struct watched *w)
{
    flow_see(w, flow_cancelled, 0, 1);
    flow_see_changed(w, flow_cancelled, 4, "487 Request Terminated", "486 Busy Here");
    flow_see(w, flow_cancelled, 5, 5);
    flow_see(w, flow_cancelled, 2, 3);
}

static void hundred_at_once(struct watched *w)
{
    flow_see(w, flow_ping, 0, 0);
    flow_see_changed(w, flow_ping, 1, "200 OK", "100 Trying");
    flow_see(w, flow_ping, 1, 1);
}

static void two_answers(struct watched *w)
{
    flow_see(w, flow_ping, 0, 1);
    flow_see_changed(w, flow_ping, 1, "200 OK", "486 Busy Here");
}

static void ack_answered(struct watched *w)
{
    flow_see(w, flow_call, INVITE, ACK);
    watched_see(w, BOB, V("SIP/2.0 200 OK\r\n" VIA_A("3") IDS_A TO_B "CSeq: 1 ACK\r\n" EMPTY));
}

static void responses_again(struct watched *w, const struct step *flow, int at)
{
    flow_see(w, flow, at, at);
    again(w, flow, at, 500);
    again(w, flow, at, 500);
}

static void answer_hurried(struct watched *w)
{
    flow_see(w, flow_late, 0, 0);
    responses_again(w, flow_late, 1);
    flow_see(w, flow_late, 2, 2);
}

static void refusal_hurried(struct watched *w)
{
    flow_see(w, flow_cancelled, 0, 3);
    responses_again(w, flow_cancelled, 4);
    flow_see(w, flow_cancelled, 5, 5);
}

static void reliable_hurried(struct watched *w)
{
    flow_see(w, flow_call, INVITE, INVITE);
    responses_again(w, flow_call, RINGING);
    flow_see(w, flow_call, PRACK, ENDED);
}

static void answer_unasked(struct watched *w)
{
    flow_see(w, flow_ping, 0, 1);
    flow_see(w, flow_ping, 1, 1);
}

static void answer_behind_its_ack(struct watched *w)
{
    flow_see(w, flow_late, 0, 2);
    flow_see(w, flow_late, 1, 1);
}

static void refusal_behind_its_ack(struct watched *w)
{
    flow_see(w, flow_cancelled, 0, 5);
    flow_see(w, flow_cancelled, 4, 4);
}

static void reliable_behind_its_prack(struct watched *w)
{
    flow_see(w, flow_call, INVITE, PRACKED);
    flow_see(w, flow_call, RINGING, RINGING);
}

static void options_cancelled(struct watched *w)
{
    flow_see(w, flow_ping, 0, 0);
    watched_see(w, ALICE,
                V("CANCEL sip:bob@192.0.2.2 SIP/2.0\r\n" VIA_A("1") HOPS IDS_A
                  "To: <sip:bob@192.0.2.2>\r\nCSeq: 1 CANCEL\r\n" EMPTY));
}

static void answer_from_another_port(struct watched *w)
{
    flow_see_changed(w, flow_ping, 0, ";branch", ";rport;branch");
    w->bob_port = 5999;
    flow_see_changed(w, flow_ping, 1, ";branch", ";rport=5060;received=192.0.2.1;branch");
}

static void hundred_without_timestamp(struct watched *w)
{
    flow_see_changed(w, flow_cancelled, 0, "Supported:", "Timestamp: 54\r\nSupported:");
    struct view hundred =
        text_changed(view_of(flow_cancelled[1].text), "180 Ringing", "100 Trying");
    watched_see(w, BOB, hundred);
}

static void copies_in_time(struct watched *w)
{
    static const uint32_t gaps_ms[] = {500, 1000, 2000, 4000, 4000, 4000};
    flow_see(w, flow_ping, 0, 0);
    for (size_t i = 0; i < sizeof gaps_ms / sizeof *gaps_ms; i++)
        again(w, flow_ping, 0, gaps_ms[i]);
}

/* A 2xx goes on until its ACK, with T2 as its longest interval. */
static void answers_in_time(struct watched *w)
{
    static const uint32_t gaps_ms[] = {500, 1000, 2000, 4000, 4000, 4000};
    flow_see(w, flow_late, 0, 1);
    for (size_t i = 0; i < sizeof gaps_ms / sizeof *gaps_ms; i++)
        again(w, flow_late, 1, gaps_ms[i]);
    flow_see(w, flow_late, 2, 2);
}

/* The refusal was lost, and comes again for each copy of the INVITE, too. */
static void answer_asked_again(struct watched *w)
{
    w->lost = true;
    flow_see(w, flow_cancelled, 0, 0);
    flow_see_changed(w, flow_cancelled, 4, "487 Request Terminated", "486 Busy Here");
    again(w, flow_cancelled, 0, 500);
    struct view busy =
        text_changed(view_of(flow_cancelled[4].text), "487 Request Terminated", "486 Busy Here");
    w->lost = false;
    w->now_us -= US_PER_S;
    watched_see(w, BOB, busy);
    flow_see(w, flow_cancelled, 5, 5);
}

static void hundred_in_time(struct watched *w)
{
    flow_see(w, flow_ping, 0, 0);
    w->now_us += 3 * US_PER_S;
    flow_see_changed(w, flow_ping, 1, "200 OK", "100 Trying");
    flow_see(w, flow_ping, 1, 1);
}

static void two_forks_answer(struct watched *w)
{
    flow_see(w, flow_late, 0, 2);
    flow_see_changed(w, flow_late, 1, ";tag=b", ";tag=c");
    struct view ack = text_changed(view_of(flow_late[2].text), ";tag=b", ";tag=c");
    watched_see(w, ALICE, text_changed(ack, "z9hG4bK2", "z9hG4bK9"));
}

/* clang-format off */
const struct breach breaches_of_exchanges[] = {
    BREACH("UAS-010", flow_ping, 1, ";branch=z9hG4bK1", ";branch=z9hG4bK1;maddr=192.0.2.7"),
    BREACH("UAS-010c", flow_ping, 1, "sip:alice@", "sip:carol@"),
    BREACH("UAS-012", flow_ping, 1, "sip:bob@", "sip:dave@"),
    BREACH("UAS-010d", flow_ping, 1, "Call-ID: 1@", "Call-ID: 2@"),
    BREACH("UAS-010e", flow_ping, 1, "CSeq: 1", "CSeq: 2"),
    BREACH("UAS-010b", flow_ping, 1, ";tag=b", ""),
    PLAYED("UAS-018", ack_answered),
    PLAYED("MON-001", two_answers),
    BREACH("STN-005", flow_ping, 1, "200 OK", "180 Ringing"),
    PLAYED("STN-006", hundred_at_once),
    BREACH("STN-008", flow_ping, 1, "200 OK", "408 Request Timeout"),
    BREACH("UAS-017", flow_cancelled, 3, "200 OK\r\n",
        "401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"),
    {.id = "DLG-002", .flow = flow_cancelled, .changes = {{1, CONTACT_B, ""}}},
    {.id = "DLG-001", .flow = flow_changed, .changes = {{1,
        "Record-Route: <sip:p.example;lr>, <sip:q.example;lr>\r\n", ""}}},
    {.id = "PRK-002", .flow = flow_call, .changes = {{INVITE, "100rel, ", ""}}},
    {.id = "PRK-001", .flow = flow_cancelled, .changes = {{0, "Supported:",
        "Require: 100rel\r\nSupported:"}}},
    BREACH("EVT-002b", flow_subscribe, 1, "Expires: 600", "Expires: 601"),
    BREACH("STM-005", flow_changed, 2, "Session-Expires: 1800", "Session-Expires: 1801"),
    BREACH("REG-024", flow_register, 5, "Path: <sip:192.0.2.2:5060;lr>\r\n", ""),
    {.id = "TRP-009", .flow = flow_ping, .changes = {{0, ";branch", ";rport;branch"},
        {1, ";branch", ";rport=5999;received=192.0.2.1;branch"}}},
    {.id = "TRP-006", .flow = flow_ping, .changes = {{0, "UDP 192.0.2.1", "UDP 192.0.2.9"},
        {1, "UDP 192.0.2.1", "UDP 192.0.2.9"}}},
    /* copies */
    PLAYED("MON-002", copy_of_another_length),
    {.id = "CTI-002", .play = request_over_tcp, .proto = PROTO_TCP},
    PLAYED("CTI-001", invite_hurried),
    PLAYED("CTN-001b", bye_hurried),
    PLAYED("CTI-006", invite_behind_ringing),
    PLAYED("CTN-N01", request_behind_its_answer),
    PLAYED("MAT-003b", branch_reused),
    PLAYED("INV-001", answer_hurried),
    PLAYED("STI-004", refusal_hurried),
    PLAYED("PRK-005", reliable_hurried),
    PLAYED("STN-004", answer_unasked),
    PLAYED("INV-003", answer_behind_its_ack),
    PLAYED("STI-008", refusal_behind_its_ack),
    PLAYED("PRK-N01", reliable_behind_its_prack),
    /* ACK */
    PLAYED("CTI-008", busy_without_ack),
    BREACH("CTI-009", flow_cancelled, 5, "ACK sip:bob@192.0.2.2", "ACK sip:bob@192.0.2.2:5060"),
    BREACH("CTI-009b", flow_cancelled, 5, "Max-Forwards",
        "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK9\r\nMax-Forwards"),
    BREACH("CTI-009c", flow_cancelled, 5, "CSeq: 1 ACK", "CSeq: 2 ACK"),
    BREACH("CTI-009d", flow_cancelled, 5, "Route: <sip:192.0.2.2;lr>\r\n", ""),
    BREACH("CTI-N03", flow_cancelled, 5, HOPS, HOPS "Require: 100rel\r\n"),
    BREACH("UAC-018d", flow_late, 2, "z9hG4bK2", "z9hG4bK1"),
    /* CANCEL */
    PLAYED("CAN-002", cancel_at_once),
    PLAYED("CAN-N02", cancel_at_last),
    BREACH("CAN-003", flow_cancelled, 2, "CANCEL sip:bob@192.0.2.2",
        "CANCEL sip:bob@192.0.2.2:5060"),
    {.id = "CAN-003b", .flow = flow_cancelled, .changes = {
        {2, "Max-Forwards", "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK9\r\nMax-Forwards"},
        {3, "From", "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK9\r\nFrom"}}},
    BREACH("CAN-003c", flow_cancelled, 2, "Route: <sip:192.0.2.2;lr>\r\n", ""),
    PLAYED("CAN-001", options_cancelled),
    /* the way back */
    {.id = "TRP-009b", .flow = flow_ping,
        .changes = {{0, ";branch", ";rport;branch"}, {1, ";branch", ";rport=5060;branch"}}},
    BREACH("TRP-007", flow_ping, 1, ";branch", ";received=192.0.2.7;branch"),
    {.id = "TRP-008", .flow = flow_ping,
        .changes = {{0, "192.0.2.1:5060;", "192.0.2.1:5999;"},
            {1, "192.0.2.1:5060;", "192.0.2.1:5999;"}}},
    PLAYED("TRP-010b", answer_from_another_port),
    BREACH("UAS-009", flow_ping, 1, "Allow:", "Require: path\r\nAllow:"),
    PLAYED("UAS-013", hundred_without_timestamp),
    {.id = "DLG-N02", .flow = flow_late,
        .changes = {{0, "INVITE sip:bob", "INVITE sips:bob"},
            {0, "Contact: <sip:", "Contact: <sips:"}, {3, "BYE sip:", "BYE sips:"}}},
    {.id = "STM-005b", .flow = flow_changed,
        .changes = {{0, "Min-SE: 90", "Min-SE: 120"},
            {2, "Session-Expires: 1800", "Session-Expires: 119"}}},
    /* near, and right */
    PLAYED("", copies_in_time),
    PLAYED("", answers_in_time),
    PLAYED("", answer_asked_again),
    PLAYED("", hundred_in_time),
    PLAYED("", two_forks_answer),
    {.id = "", .flow = flow_ping, .changes = {{0, ";branch", ";rport;branch"},
        {1, ";branch", ";rport=5060;received=192.0.2.1;branch"}}},
    {.id = "", .flow = flow_ping, .changes = {{0, "192.0.2.1:5060;", "a.example:5060;"},
        {1, "192.0.2.1:5060;", "a.example:5060;received=192.0.2.1;"}}},
    {.id = "", .flow = flow_ping, .changes = {{0, "Accept:", "Supported: path\r\nAccept:"},
        {1, "Allow:", "Require: path\r\nAllow:"}}},
    {0},
};
/* clang-format on */
