/* Flows that keep every rule. */
#include "harness/monitor/monitor_fixture.h"

/* clang-format off */
#define REQUEST_A(method, uri, branch, number, to)                                                 \
    method " " uri " SIP/2.0\r\n" VIA_A(branch) HOPS IDS_A to "CSeq: " number " " method "\r\n"
#define REQUEST_B(method, branch, number)                                                          \
    method " sip:alice@192.0.2.1:5060 SIP/2.0\r\n" VIA_B(branch) HOPS IDS_B                        \
    "CSeq: " number " " method "\r\n"
#define RESPONSE_B(status, branch, number, method, to)                                             \
    "SIP/2.0 " status "\r\n" VIA_A(branch) IDS_A to "CSeq: " number " " method "\r\n"
#define RESPONSE_A(status, branch, number, method)                                                 \
    "SIP/2.0 " status "\r\n" VIA_B(branch) IDS_B "CSeq: " number " " method "\r\n"
#define TO_NEW "To: <sip:bob@192.0.2.2>\r\n"
#define BOB_URI "sip:bob@192.0.2.2"
#define BOB_TARGET "sip:bob@192.0.2.2:5060"

const struct step flow_call[FLOW_MOST] = {
    {ALICE, REQUEST_A("INVITE", BOB_URI, "1", "1", TO_NEW) CONTACT_A ABILITIES BODY(SDP_A)},
    {BOB, RESPONSE_B("180 Ringing", "1", "1", "INVITE", TO_B) CONTACT_B
        "Require: 100rel\r\nRSeq: 7\r\n" EMPTY},
    {ALICE, REQUEST_A("PRACK", BOB_TARGET, "2", "2", TO_B) "RAck: 7 1 INVITE\r\n" EMPTY},
    {BOB, RESPONSE_B("200 OK", "2", "2", "PRACK", TO_B) EMPTY},
    {BOB, RESPONSE_B("200 OK", "1", "1", "INVITE", TO_B) CONTACT_B ABILITIES BODY(SDP_B)},
    {ALICE, REQUEST_A("ACK", BOB_TARGET, "3", "1", TO_B) EMPTY},
    {ALICE, REQUEST_A("BYE", BOB_TARGET, "4", "3", TO_B) EMPTY},
    {BOB, RESPONSE_B("200 OK", "4", "3", "BYE", TO_B) EMPTY},
    {0, NULL},
};

#define RECORDED "Record-Route: <sip:p.example;lr>, <sip:q.example;lr>\r\n"
#define ROUTED_A "Route: <sip:q.example;lr>, <sip:p.example;lr>\r\n"
#define ROUTED_B "Route: <sip:p.example;lr>, <sip:q.example;lr>\r\n"

const struct step flow_changed[FLOW_MOST] = {
    {ALICE, REQUEST_A("INVITE", BOB_URI, "1", "1", TO_NEW) CONTACT_A ABILITIES RECORDED
        "Session-Expires: 1800\r\nMin-SE: 90\r\n" BODY(SDP_A)},
    {BOB, RESPONSE_B("180 Ringing", "1", "1", "INVITE", TO_B) CONTACT_B RECORDED EMPTY},
    {BOB, RESPONSE_B("200 OK", "1", "1", "INVITE", TO_B) CONTACT_B ABILITIES RECORDED
        "Session-Expires: 1800;refresher=uac\r\nRequire: timer\r\n" BODY(SDP_B)},
    {ALICE, REQUEST_A("ACK", BOB_TARGET, "2", "1", TO_B) ROUTED_A EMPTY},
    {ALICE, REQUEST_A("INVITE", BOB_TARGET, "3", "2", TO_B) CONTACT_A ABILITIES ROUTED_A
        BODY(SDP("alice", "2", "192.0.2.1", "40006"))},
    {BOB, RESPONSE_B("200 OK", "3", "2", "INVITE", TO_B) CONTACT_B ABILITIES BODY(SDP_B)},
    {ALICE, REQUEST_A("ACK", BOB_TARGET, "4", "2", TO_B) ROUTED_A EMPTY},
    {ALICE, REQUEST_A("UPDATE", BOB_TARGET, "5", "3", TO_B) CONTACT_A ABILITIES ROUTED_A
        BODY(SDP("alice", "3", "192.0.2.1", "40008"))},
    {BOB, RESPONSE_B("200 OK", "5", "3", "UPDATE", TO_B) CONTACT_B BODY(SDP_B)},
    {BOB, REQUEST_B("BYE", "6", "1") ROUTED_B EMPTY},
    {ALICE, RESPONSE_A("200 OK", "6", "1", "BYE") EMPTY},
    {0, NULL},
};

const struct step flow_late[FLOW_MOST] = {
    {ALICE, REQUEST_A("INVITE", BOB_URI, "1", "1", TO_NEW) CONTACT_A ABILITIES EMPTY},
    {BOB, RESPONSE_B("200 OK", "1", "1", "INVITE", TO_B) CONTACT_B ABILITIES BODY(SDP_B)},
    {ALICE, REQUEST_A("ACK", BOB_TARGET, "2", "1", TO_B) BODY(SDP_A)},
    {BOB, REQUEST_B("BYE", "3", "1") EMPTY},
    {ALICE, RESPONSE_A("200 OK", "3", "1", "BYE") EMPTY},
    {0, NULL},
};

#define BY_ROUTE "Route: <sip:192.0.2.2;lr>\r\n"

const struct step flow_cancelled[FLOW_MOST] = {
    {ALICE, REQUEST_A("INVITE", BOB_URI, "1", "1",
        TO_NEW) BY_ROUTE CONTACT_A ABILITIES BODY(SDP_A)},
    {BOB, RESPONSE_B("180 Ringing", "1", "1", "INVITE", TO_B) CONTACT_B EMPTY},
    {ALICE, REQUEST_A("CANCEL", BOB_URI, "1", "1", TO_NEW) BY_ROUTE EMPTY},
    {BOB, RESPONSE_B("200 OK", "1", "1", "CANCEL", TO_B) EMPTY},
    {BOB, RESPONSE_B("487 Request Terminated", "1", "1", "INVITE", TO_B) EMPTY},
    {ALICE, REQUEST_A("ACK", BOB_URI, "1", "1", TO_B) BY_ROUTE EMPTY},
    {0, NULL},
};

const struct step flow_ping[FLOW_MOST] = {
    {ALICE, REQUEST_A("OPTIONS", BOB_URI, "1", "1", TO_NEW) CONTACT_A "Accept: application/sdp\r\n"
        EMPTY},
    {BOB, RESPONSE_B("200 OK", "1", "1", "OPTIONS", TO_B) ABILITIES EMPTY},
    {0, NULL},
};

/* The password is "secret". */
#define CHALLENGE                                                                                  \
    "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", algorithm=MD5, opaque=\"o\", qop=\"auth\"\r\n"
#define CREDENTIALS(nc, response)                                                                  \
    "Authorization: Digest username=\"alice\", realm=\"r\", nonce=\"n1\", uri=\"sip:192.0.2.2\", " \
    "response=\"" response "\", algorithm=MD5, cnonce=\"c\", opaque=\"o\", qop=auth, nc=" nc "\r\n"
#define TO_SELF "To: <sip:alice@192.0.2.1>\r\n"
#define BINDING CONTACT_A "Expires: 600\r\nSupported: path\r\nPath: <sip:192.0.2.2:5060;lr>\r\n"
#define BOUND "Contact: <sip:alice@192.0.2.1:5060>;expires=600\r\nPath: <sip:192.0.2.2:5060;lr>\r\n"
#define TO_SELF_B "To: <sip:alice@192.0.2.1>;tag=b\r\n"

const struct step flow_register[FLOW_MOST] = {
    {ALICE, REQUEST_A("REGISTER", "sip:192.0.2.2", "1", "1", TO_SELF) BINDING EMPTY},
    {BOB, RESPONSE_B("401 Unauthorized", "1", "1", "REGISTER", TO_SELF_B) CHALLENGE EMPTY},
    {ALICE, REQUEST_A("REGISTER", "sip:192.0.2.2", "2", "2", TO_SELF)
        CREDENTIALS("00000001", "08d2ba44da7a993e0d03f6f985a90220") BINDING EMPTY},
    {BOB, RESPONSE_B("200 OK", "2", "2", "REGISTER", TO_SELF_B) BOUND EMPTY},
    {ALICE, REQUEST_A("REGISTER", "sip:192.0.2.2", "3", "3", TO_SELF)
        CREDENTIALS("00000002", "359cf4b581b172356d643aadcd5f2792") BINDING EMPTY},
    {BOB, RESPONSE_B("200 OK", "3", "3", "REGISTER", TO_SELF_B) BOUND EMPTY},
    {0, NULL},
};

const struct step flow_subscribe[FLOW_MOST] = {
    {ALICE, REQUEST_A("SUBSCRIBE", BOB_URI, "1", "1", TO_NEW) CONTACT_A
        "Event: presence\r\nExpires: 600\r\n" EMPTY},
    {BOB, RESPONSE_B("200 OK", "1", "1", "SUBSCRIBE", TO_B) CONTACT_B "Expires: 600\r\n" EMPTY},
    {BOB, REQUEST_B("NOTIFY", "2", "1") CONTACT_B
        "Event: presence\r\nSubscription-State: active;expires=600\r\n" EMPTY},
    {ALICE, RESPONSE_A("200 OK", "2", "1", "NOTIFY") EMPTY},
    {BOB, REQUEST_B("NOTIFY", "3", "2") CONTACT_B
        "Event: presence\r\nSubscription-State: terminated;reason=timeout\r\n" EMPTY},
    {ALICE, RESPONSE_A("200 OK", "3", "2", "NOTIFY") EMPTY},
    {0, NULL},
};

const struct step flow_refer[FLOW_MOST] = {
    {ALICE, REQUEST_A("REFER", BOB_URI, "1", "1", TO_NEW) CONTACT_A
        "Refer-To: <sip:carol@192.0.2.3>\r\n" EMPTY},
    {BOB, RESPONSE_B("200 OK", "1", "1", "REFER", TO_B) CONTACT_B EMPTY},
    {BOB, REQUEST_B("NOTIFY", "2", "1") CONTACT_B
        "Event: refer\r\nSubscription-State: active;expires=60\r\n"
        "Content-Type: message/sipfrag\r\nContent-Length: 20\r\n\r\nSIP/2.0 100 Trying\r\n"},
    {ALICE, RESPONSE_A("200 OK", "2", "1", "NOTIFY") EMPTY},
    {BOB, REQUEST_B("NOTIFY", "3", "2") CONTACT_B
        "Event: refer\r\nSubscription-State: terminated;reason=noresource\r\n"
        "Content-Type: message/sipfrag\r\nContent-Length: 16\r\n\r\nSIP/2.0 200 OK\r\n"},
    {ALICE, RESPONSE_A("200 OK", "3", "2", "NOTIFY") EMPTY},
    {0, NULL},
};

const struct step flow_message[FLOW_MOST] = {
    {ALICE, REQUEST_A("MESSAGE", BOB_URI, "1", "1", TO_NEW)
        "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi"},
    {BOB, RESPONSE_B("200 OK", "1", "1", "MESSAGE", TO_B) EMPTY},
    {0, NULL},
};

const struct step flow_publish[FLOW_MOST] = {
    {ALICE, REQUEST_A("PUBLISH", BOB_URI, "1", "1", TO_NEW) "Event: presence\r\nExpires: 600\r\n"
        "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi"},
    {BOB, RESPONSE_B("200 OK", "1", "1", "PUBLISH", TO_B) "Expires: 600\r\nSIP-ETag: e\r\n" EMPTY},
    {0, NULL},
};
/* clang-format on */
