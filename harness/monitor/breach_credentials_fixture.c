/* Registrations and digest credentials. */
#include "harness/monitor/monitor_fixture.h"

static void again_with_its_number(struct watched *w)
{
    flow_see(w, flow_ping, 0, 0);
    flow_see_changed(w, flow_ping, 1, "200 OK\r\n",
                     "401 Unauthorized\r\n"
                     "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n");
    struct view again = text_changed(view_of(flow_ping[0].text), "z9hG4bK1", "z9hG4bK2");
    watched_see(w, ALICE,
                text_changed(again, "Accept",
                             "Authorization: Digest username=\"alice\", realm=\"r\", "
                             "nonce=\"n\", uri=\"sip:bob@192.0.2.2\", "
                             "response=\"0123456789abcdef0123456789abcdef\", "
                             "cnonce=\"c\", qop=auth, nc=00000001\r\nAccept"));
}

#define PROVEN                                                                                     \
    "Proxy-Authorization: Digest username=\"alice\", realm=\"r\", nonce=\"n\", "                   \
    "uri=\"sip:bob@192.0.2.2\", response=\"0123456789abcdef0123456789abcdef\"\r\nContact"

static void ack_without_credentials(struct watched *w)
{
    flow_see_changed(w, flow_late, 0, "Contact", PROVEN);
    flow_see(w, flow_late, 1, 4);
}

/* clang-format off */
const struct breach breaches_of_credentials[] = {
    {.id = "REG-002", .flow = flow_register, .changes = {{4, "CSeq: 3", "CSeq: 2"},
        {5, "CSeq: 3", "CSeq: 2"}}},
    BREACH("AUT-003b", flow_register, 2, "uri=\"sip:192.0.2.2\"", "uri=\"sip:192.0.2.3\""),
    BREACH("AUT-005b", flow_register, 2, "nc=00000001", "nc=1"),
    BREACH("AUT-005", flow_register, 4, "nc=00000002", "nc=00000001"),
    {.id = "AUT-004b", .flow = flow_register, .changes = {{2, ", cnonce=\"c\"", ""},
        {2, ", qop=auth, nc=00000001", ""}}},
    {.id = "UAC-014", .play = again_with_its_number},
    BREACH("AUT-019", flow_register, 2, "opaque=\"o\"", "opaque=o"),
    BREACH("AUT-019b", flow_register, 2, "qop=auth", "qop=\"auth\""),
    BREACH("AUT-019c", flow_register, 1, "opaque=\"o\"", "opaque=o"),
    BREACH("AUT-019d", flow_register, 1, "algorithm=MD5", "algorithm=\"MD5\""),
    BREACH("AUT-014", flow_register, 2, "08d2ba44", "08D2BA44"),
    {.id = "MON-004", .flow = flow_register, .changes = {{2, "08d2ba44", "18d2ba44"}},
        .password = "secret"},
    {.id = "AUT-010", .play = ack_without_credentials},
    /* near, and right */
    BREACH("", flow_register, 4, "nc=00000002", "nc=0000000a"),
    {.id = "", .flow = flow_register, .password = "secret"},
    {0},
};
/* clang-format on */
