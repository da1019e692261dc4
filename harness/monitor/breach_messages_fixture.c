/* Requests and responses that lack what they must have, or have what they must not. */
#include "harness/monitor/monitor_fixture.h"

#define ON_INVITE(id, what, with) BREACH(id, flow_call, INVITE, what, with)
#define D10 "0123456789"
#define D100 D10 D10 D10 D10 D10 D10 D10 D10 D10 D10
#define D1000 D100 D100 D100 D100 D100 D100 D100 D100 D100 D100
#define STATUS(id, status) BREACH(id, flow_ping, 1, "200 OK", status)

static void too_small_again(struct watched *w)
{
    flow_see_changed(w, flow_cancelled, 0, "Supported:", "Session-Expires: 90\r\nSupported:");
    flow_see_changed(w, flow_cancelled, 4, "487 Request Terminated\r\n",
                     "422 Session Interval Too Small\r\nMin-SE: 120\r\n");
    flow_see(w, flow_cancelled, 5, 5);
    struct view again = text_changed(view_of(flow_late[0].text), "z9hG4bK1", "z9hG4bK9");
    watched_see(w, ALICE, text_changed(again, "CSeq: 1", "CSeq: 2"));
}

/* clang-format off */
const struct breach breaches_of_messages[] = {
    /* requests */
    {.id = "MAT-003", .flow = flow_ping, .changes = {{0, "z9hG4bK1", "1"}, {1, "z9hG4bK1", "1"}}},
    ON_INVITE("MSG-012", "Allow:", "Transfer-Encoding: chunked\r\nAllow:"),
    BREACH("MSG-005", flow_register, 1, "qop=\"auth\"",
        "qop=\"auth\", Digest realm=\"s\", nonce=\"m\", qop=\"auth\""),
    BREACH("MSG-N11", flow_ping, 1, "Content-Length: 0\r\n", ""),
    BREACH("MAT-008", flow_call, BYE, "Max-Forwards: 70", "Max-Forwards: 69"),
    {.id = "TRP-002b", .flow = flow_ping, .changes = {{0, "/UDP", "/TCP"}, {1, "/UDP", "/TCP"}}},
    {.id = "TRP-011", .flow = flow_ping, .changes = {{0, ";branch", ";rport=5060;branch"}}},
    BREACH("TRP-002", flow_message, 0, "hi", D1000 D100 D100 D100),
    ON_INVITE("UAC-005b", CONTACT_A, CONTACT_A CONTACT_A),
    BREACH("UAC-006", flow_refer, 0, "REFER sip:bob", "REFER sips:bob"),
    BREACH("UAC-002", flow_register, 0, "To: <sip:alice@192.0.2.1>",
        "To: <sip:alice@192.0.2.1>;tag=b"),
    ON_INVITE("UAC-015", "Allow: INVITE, ACK, BYE, CANCEL, PRACK, UPDATE\r\n", ""),
    BREACH("UAC-015b", flow_late, 0, "Supported: 100rel, timer\r\n", ""),
    BREACH("REG-001", flow_register, 0, "REGISTER sip:192.0.2.2", "REGISTER sip:alice@192.0.2.2"),
    BREACH("OPT-004", flow_message, 0, HOPS, HOPS CONTACT_A),
    BREACH("REF-010", flow_refer, 0, "Refer-To: <sip:carol@192.0.2.3>\r\n", ""),
    BREACH("EVT-012", flow_subscribe, 0, "Event: presence\r\n", ""),
    BREACH("EVT-004", flow_subscribe, 2, "Subscription-State: active;expires=600\r\n", ""),
    BREACH("EVT-004b", flow_subscribe, 2, "active;expires=600", "active"),
    BREACH("CAN-003d", flow_cancelled, 2, HOPS, HOPS "Require: x\r\n"),
    BREACH("PRK-009c", flow_call, PRACK, "RAck: 7 1 INVITE\r\n", ""),
    {.id = "STM-003b", .flow = flow_changed,
        .changes = {{0, "Min-SE: 90", "Min-SE: 1801"},
            {2, "Session-Expires: 1800;refresher=uac\r\nRequire: timer\r\n", ""}}},
    PLAYED("STM-003", too_small_again),
    BREACH("DLG-025c", flow_ping, 0, HOPS, HOPS "Replaces: x;to-tag=a;from-tag=b\r\n"),
    /* responses */
    BREACH("REG-013b", flow_register, 5, "200 OK", "423 Interval Too Brief"),
    BREACH("STM-002b", flow_ping, 1, "200 OK", "422 Session Interval Too Small"),
    BREACH("UAS-001", flow_message, 1, "200 OK", "405 Method Not Allowed"),
    STATUS("UAS-005", "420 Bad Extension"),
    STATUS("UAS-007", "415 Unsupported Media Type"),
    STATUS("AUT-002", "401 Unauthorized"),
    STATUS("AUT-002b", "407 Proxy Authentication Required"),
    BREACH("AUT-001", flow_register, 1,
        "Digest realm=\"r\", nonce=\"n1\", algorithm=MD5, opaque=\"o\", qop=\"auth\"",
        "Basic realm=\"r\""),
    BREACH("AUT-004", flow_register, 1, ", qop=\"auth\"", ""),
    STATUS("UAS-021", "302 Moved Temporarily"),
    BREACH("PRK-002b", flow_cancelled, 1, "180 Ringing",
        "100 Trying\r\nRequire: 100rel\r\nRSeq: 1"),
    BREACH("PRK-001c", flow_call, RINGING, "Require: 100rel\r\n", ""),
    BREACH("EVT-016b", flow_publish, 1, "SIP-ETag: e\r\n", ""),
    BREACH("EVT-002", flow_subscribe, 1, "Expires: 600\r\n", ""),
    BREACH("EVT-N03", flow_subscribe, 1, "200 OK", "202 Accepted"),
    BREACH("REF-002", flow_refer, 1, "200 OK", "202 Accepted"),
    BREACH("OPT-N01", flow_message, 1, EMPTY,
        "Content-Type: text/plain\r\nContent-Length: 1\r\n\r\nx"),
    BREACH("REG-N02", flow_register, 5, "200 OK", "603 Decline"),
    BREACH("REG-007", flow_register, 5, ";expires=600", ""),
    BREACH("REG-015", flow_register, 5, "Path:", "Record-Route: <sip:192.0.2.2:5060;lr>\r\nPath:"),
    BREACH("STM-004", flow_changed, 2, ";refresher=uac", ""),
    BREACH("STM-004b", flow_changed, 2, "Require: timer\r\n", ""),
    /* near, and right */
    BREACH("", flow_ping, 0, "Max-Forwards: 70", "Max-Forwards: 0"),
    BREACH("", flow_message, 0, "hi", D1000),
    BREACH("", flow_changed, 0, "Min-SE: 90", "Min-SE: 1800"),
    BREACH("", flow_refer, 0, "Refer-To:", "r:"),
    BREACH("", flow_subscribe, 0, "Event:", "o:"),
    BREACH("", flow_register, 1, "algorithm=MD5", "algorithm=SHA-256"),
    BREACH("", flow_register, 5, ";expires=600", ";expires=600\r\nExpires: 600"),
    {.id = "", .flow = flow_register, .changes = {{5, ";expires=600", "\r\nExpires: 600"}}},
    {.id = "", .flow = flow_cancelled, .changes = {{1, "180 Ringing", "100 Trying"},
        {1, CONTACT_B, ""}}},
    {0},
};
/* clang-format on */
