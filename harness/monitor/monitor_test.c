#include "harness/monitor/monitor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* A call that breaks no rule, message by message; then the same with one thing changed in one of
 * them, and the one rule that this breaks. */

enum { ALICE = 1, BOB = 2 };
enum { INVITE, RINGING, PRACK, PRACKED, ANSWERED, ACK, BYE, ENDED, CALL_LENGTH };

#define SDP(user, ip, port)                                                                        \
    "v=0\r\no=" user " 1 1 IN IP4 " ip "\r\ns=-\r\nc=IN IP4 " ip "\r\nt=0 0\r\nm=audio " port      \
    " RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n"
#define HEAD "From: Alice <sip:alice@192.0.2.1>;tag=a\r\nCall-ID: 1@192.0.2.1\r\n"
#define TO_BOB "To: <sip:bob@192.0.2.2>;tag=b\r\n"
#define VIA(branch) "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK" branch "\r\n"
#define CONTACT_A "Contact: <sip:alice@192.0.2.1:5060>\r\n"
#define CONTACT_B "Contact: <sip:bob@192.0.2.2:5060>\r\n"
#define BODY "Content-Type: application/sdp\r\nContent-Length: 126\r\n\r\n"
#define EMPTY "Content-Length: 0\r\n\r\n"

static const struct {
    const char *text;
    uint32_t from;
} call[CALL_LENGTH] = {
    [INVITE] = {"INVITE sip:bob@192.0.2.2 SIP/2.0\r\n" VIA(
                    "1") "Max-Forwards: 70\r\n" HEAD
                         "To: <sip:bob@192.0.2.2>\r\nCSeq: 1 INVITE\r\n" CONTACT_A
                         "Allow: INVITE, ACK, BYE, CANCEL, PRACK\r\nSupported: 100rel\r\n" BODY SDP(
                             "alice", "192.0.2.1",                                        "40000"),
                ALICE},
    [RINGING] = {"SIP/2.0 180 Ringing\r\n" VIA("1") HEAD TO_BOB
                 "CSeq: 1 INVITE\r\n" CONTACT_B "Require: 100rel\r\nRSeq: 7\r\n" EMPTY,
                BOB                                                                                 },
    [PRACK] = {"PRACK sip:bob@192.0.2.2:5060 SIP/2.0\r\n" VIA(
                   "2") "Max-Forwards: 70\r\n" HEAD TO_BOB
                        "CSeq: 2 PRACK\r\nRAck: 7 1 INVITE\r\n" EMPTY,
                ALICE  },
    [PRACKED] = {"SIP/2.0 200 OK\r\n" VIA("2") HEAD TO_BOB "CSeq: 2 PRACK\r\n" EMPTY,                                BOB                                                                               },
    [ANSWERED] = {"SIP/2.0 200 OK\r\n" VIA("1") HEAD TO_BOB
                  "CSeq: 1 INVITE\r\n" CONTACT_B BODY SDP("bobby",  "192.0.2.2","40002"),
                BOB},
    [ACK] = {"ACK sip:bob@192.0.2.2:5060 SIP/2.0\r\n" VIA("3") "Max-Forwards: 70\r\n" HEAD TO_BOB
                                                               "CSeq: 1 ACK\r\n" EMPTY,
                ALICE                                                                                             },
    [BYE] = {"BYE sip:bob@192.0.2.2:5060 SIP/2.0\r\n" VIA("4") "Max-Forwards: 70\r\n" HEAD TO_BOB
                                                               "CSeq: 3 BYE\r\n" EMPTY,
                ALICE},
    [ENDED] = {"SIP/2.0 200 OK\r\n" VIA("4") HEAD TO_BOB "CSeq: 3 BYE\r\n" EMPTY,                                    BOB},
};

struct watched {
    struct monitor *monitor;
    uint64_t now_us, seq;
    uint8_t net;     /* 192.0.net.1 and 192.0.net.2 are the ends */
    bool capture;    /* which has addresses, and no parties */
    bool lost;       /* what is sent does not come */
    char ids[512];   /* of the findings, with blanks between */
    uint32_t offset; /* of the last one */
};

static void watch(struct watched *w, bool capture)
{
    *w = (struct watched){.net = 2, .capture = capture};
    assert_int_equal(monitor_create(&(struct monitor_options){.capture = capture}, &w->monitor),
                     ERR_OK);
}

static void findings_take(struct watched *w)
{
    struct finding finding;
    while (monitor_next(w->monitor, &finding)) {
        size_t len = strlen(w->ids);
        snprintf(w->ids + len, sizeof w->ids - len, "%s%s", len > 0 ? " " : "", finding.rule->id);
        assert_true(finding.sentence.len > 0);
        assert_true(w->capture || finding.blamed == ALICE || finding.blamed == BOB);
        w->offset = finding.offset;
    }
}

/* Sent, and a millisecond later there. */
static void see(struct watched *w, uint32_t from, struct view text)
{
    struct sip_msg *msg;
    struct blob *bytes = blob_create(text);
    assert_int_equal(sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    struct addr ends[3] = {
        {0            },
        { .family = 4, .ip = {192, 0, w->net, 1}, .port = 5060},
        { .family = 4, .ip = {192, 0, w->net, 2}, .port = 5060}
    };
    struct seen seen = {.seq = ++w->seq,
                        .time_us = w->now_us,
                        .from = w->capture ? 0 : from,
                        .to = w->capture ? 0 : 3 - from,
                        .source = ends[from],
                        .target = ends[3 - from],
                        .proto = PROTO_UDP,
                        .sent = true,
                        .msg = msg};
    assert_int_equal(monitor_see(w->monitor, &seen), ERR_OK);
    seen.sent = false;
    seen.given = true;
    seen.time_us = w->now_us += US_PER_MS;
    if (!w->lost)
        assert_int_equal(monitor_see(w->monitor, &seen), ERR_OK);
    w->now_us += US_PER_S;
    sip_msg_unref(msg);
    blob_unref(bytes);
    findings_take(w);
}

static void over(struct watched *w)
{
    monitor_end(w->monitor, w->now_us);
    findings_take(w);
    monitor_destroy(w->monitor);
}

/* The text with one place of it replaced; `what` must be there. */
static struct view changed(const char *text, const char *what, const char *with)
{
    static char room[4096];
    const char *at = strstr(text, what);
    assert_non_null(at);
    int len =
        snprintf(room, sizeof room, "%.*s%s%s", (int)(at - text), text, with, at + strlen(what));
    return (struct view){room, (size_t)len};
}

static void a_call_by_the_rules_has_no_finding(void **state)
{
    (void)state;
    struct watched w;
    watch(&w, false);
    for (int i = 0; i < CALL_LENGTH; i++)
        see(&w, call[i].from, view_of(call[i].text));
    over(&w);
    assert_string_equal(w.ids, "");
}

static const struct {
    int at;
    const char *what, *with, *ids;
} breaches[] = {
    {INVITE,   "Max-Forwards: 70\r\n",                       "",                                                "MSG-017b"                 },
    {INVITE,   "To: <sip:bob@192.0.2.2>",                    "To: <sip:bob@192.0%2.2>",                         "FMT-017"                  },
    {INVITE,   "<sip:alice@192.0.2.1:5060>",                 "sip:alice@192.0.2.1?a=b",                         "MSG-019"                  },
    {INVITE,   "Max-Forwards: 70",                           "Max-Forwards: 10",                                "MAT-008"                  },
    {INVITE,   "z9hG4bK1",                                   "1",                                               "MAT-003"                  },
    {INVITE,   "UDP 192.0.2.1:5060;",                        "TCP 192.0.2.1:5060;",                             "TRP-002b UAS-010 UAS-010" },
    {INVITE,   ";tag=a",                                     "",                                                "UAC-003 UAS-010c UAS-010c"},
    {INVITE,   CONTACT_A,                                    "",                                                "UAC-005"                  },
    {INVITE,   CONTACT_A,                                    CONTACT_A CONTACT_A,                               "UAC-005b"                 },
    {INVITE,   "Allow: INVITE, ACK, BYE, CANCEL, PRACK\r\n", "",                                                "UAC-015"                  },
    {INVITE,   "Supported: 100rel\r\n",                      "",                                                "UAC-015b PRK-002"         },
    {INVITE,   "Content-Length: 126",                        "Content-Length: 999",                             "MSG-013c"                 },
    {INVITE,   "CSeq: 1 INVITE",                             "CSeq: 1 BYE",                                     "MSG-016 UAS-010e UAS-010e"},
    {INVITE,   "Content-Type: application/sdp\r\n",          "",                                                "MSG-011 INV-012c"         },
    {INVITE,   "t=0 0",                                      "t=1 1",                                           "SDP-N31"                  },
    {INVITE,   "v=0",                                        "v=9",                                             "SDP-N02"                  },
    {INVITE,   "m=audio 40000",                              "m=audio 00000",                                   "SDP-007"                  },
    {INVITE,   "a=sendrecv",                                 "a=sendonly",                                      "SDP-003"                  },
    {INVITE,   "Supported",                                  "Session-Expires: 90\r\nMin-SE: 180\r\nSupported", "STM-003b"                 },
    {INVITE,   "Supported",                                  "Transfer-Encoding: chunked\r\nSupported",         "MSG-012"                  },
    {INVITE,   "branch=z9hG4bK1",                            "branch=z9hG4bK1;rport=5060",                      "TRP-011"                  },
    {INVITE,   "Supported",
     "Replaces: 1;to-tag=a;from-tag=b\r\nReplaces: 2;to-tag=a;from-tag=b\r\nSupported",                         "MSG-018"                  },
    {RINGING,  "RSeq: 7\r\n",                                "",                                                "PRK-001c"                 },
    {RINGING,  "Require: 100rel\r\n",                        "",                                                "PRK-001c"                 },
    {RINGING,  "RSeq: 7",                                    "RSeq: 4000000000",                                "PRK-003 PRK-009b"         },
    {RINGING,  "180 Ringing",                                "100 Trying",                                      "PRK-002b DLG-008b"        },
    {RINGING,  CONTACT_B,                                    "",                                                "DLG-002"                  },
    {RINGING,  ";tag=b",                                     "",                                                "UAS-010b DLG-008b PRK-009"},
    {PRACK,    "RAck: 7 1 INVITE",                           "RAck: 8 1 INVITE",                                "PRK-009b"                 },
    {PRACK,    "RAck: 7 1 INVITE\r\n",                       "",                                                "PRK-009c PRK-009"         },
    {PRACK,    "CSeq: 2",                                    "CSeq: 1",                                         "DLG-008 UAS-010e DLG-008b"},
    {PRACK,    "CSeq: 2",                                    "CSeq: 9",                                         "DLG-008b UAS-010e DLG-008"},
    {PRACKED,  "200 OK",                                     "180 OK",                                          "STN-005"                  },
    {PRACKED,  "200 OK",                                     "408 Timeout",                                     "STN-008"                  },
    {ANSWERED, CONTACT_B,                                    "",                                                "DLG-002"                  },
    {ANSWERED, "SIP/2.0/UDP 192.0.2.1",                      "SIP/2.0/UDP 192.0.2.9",
     ""                                                                                                                                    }, /* nobody's response: not judged */
    {ANSWERED, "1@192.0.2.1",                                "2@192.0.2.1",                                     ""                         },
    {ANSWERED, "sip:alice@",                                 "sip:carol@",                                      "UAS-010c"                 },
    {ANSWERED, "sip:bob@192.0.2.2>;tag",                     "sip:dave@192.0.2.2>;tag",                         "UAS-012"                  },
    {ANSWERED, "m=audio 40002 RTP/AVP 0",                    "m=video 40002 RTP/AVP 0",                         "SDP-001b"                 },
    {ANSWERED, "a=rtpmap:0 PCMU/8000",                       "m=audio 12 RTP/AVP 0",                            "SDP-001"                  },
    {ANSWERED, "RTP/AVP 0\r\na=rtpmap:0 PCMU/8000",          "RTP/AVP 8\r\na=rtpmap:8 PCMA/8000",               "SDP-004"                  },
    {ANSWERED, BODY,                                         "Content-Length: 0\r\n\r\n",                       "INV-N01"                  },
    {ANSWERED, "200 OK",                                     "422 Too Small",                                   "STM-002b CTI-008"         },
    {ANSWERED, "200 OK",                                     "401 Unauthorized",                                "AUT-002 CTI-008"          },
    {ANSWERED, "200 OK",                                     "407 Unauthorized",                                "AUT-002b CTI-008"         },
    {ANSWERED, "200 OK",                                     "405 Not Allowed",                                 "UAS-001 CTI-008"          },
    {ANSWERED, "200 OK",                                     "420 Bad Extension",                               "UAS-005 CTI-008"          },
    {ANSWERED, "200 OK",                                     "415 What",                                        "UAS-007 CTI-008"          },
    {ANSWERED, "200 OK",                                     "423 Too Brief",                                   "REG-013b CTI-008"         },
    {ANSWERED, CONTACT_B,                                    CONTACT_B "Session-Expires: 90\r\n",               "STM-004"                  },
    {ANSWERED, CONTACT_B,                                    CONTACT_B "Session-Expires: 90;refresher=uac\r\n", "STM-004b"                 },
    {ACK,      "z9hG4bK3",                                   "z9hG4bK1",                                        "UAC-018d"                 },
    {BYE,      "sip:bob@192.0.2.2:5060 SIP",                 "sip:bob@192.0.2.9:5060 SIP",                      "DLG-006"                  },
    {BYE,      "sip:alice@",                                 "sip:carol@",                                      "DLG-N03 UAS-010c"         },
    {BYE,      "z9hG4bK4",                                   "z9hG4bK2",                                        ""                         }, /* another method: another transaction */
    {ENDED,    "CSeq: 3 BYE",                                "CSeq: 4 BYE",                                     "UAS-010e"                 },
    {ENDED,    ";branch=z9hG4bK4",                           ";branch=z9hG4bK4;maddr=192.0.2.7",                "UAS-010"                  },
};

static void each_breach_is_found_and_nothing_else(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t row = 0; row < sizeof breaches / sizeof *breaches; row++) {
        struct watched w;
        watch(&w, false);
        for (int i = 0; i < CALL_LENGTH; i++)
            see(&w, call[i].from,
                i == breaches[row].at
                    ? changed(call[i].text, breaches[row].what, breaches[row].with)
                    : view_of(call[i].text));
        over(&w);
        if (strcmp(w.ids, breaches[row].ids) == 0)
            continue;
        wrong++;
        print_message("row %zu, \"%s\" for \"%s\": \"%s\" instead of \"%s\"\n", row,
                      breaches[row].with, breaches[row].what, w.ids, breaches[row].ids);
    }
    assert_int_equal(wrong, 0);
}

static void repeat(struct watched *w, const uint32_t *gaps_ms, size_t count, const char *text)
{
    uint64_t at_us = w->now_us;
    see(w, ALICE, view_of(text));
    for (size_t i = 0; i < count; i++) {
        at_us += gaps_ms[i] * US_PER_MS;
        w->now_us = at_us;
        see(w, ALICE, view_of(text));
    }
}

static void copies_come_when_they_should(void **state)
{
    (void)state;
    static const struct {
        int at;
        uint32_t gaps_ms[6];
        const char *ids;
    } rows[] = {
        {INVITE, {500, 1000, 2000, 4000, 8000, 16000}, ""                                       },
        {INVITE, {100, 200, 400, 800, 1600, 3200},     ""                                       }, /* another T1 */
        {INVITE, {500, 1000, 2000, 4000, 4000, 4000},  "CTI-001 CTI-001"                        },
        {INVITE, {500, 500, 500, 500, 500, 500},       "CTI-001 CTI-001 CTI-001 CTI-001 CTI-001"},
        {BYE,    {500, 1000, 2000, 4000, 4000, 4000},  ""                                       },
        {BYE,    {500, 1000, 2000, 1000, 4000, 4000},  "CTN-001b"                               },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watched w;
        watch(&w, false);
        repeat(&w, rows[i].gaps_ms, 6, call[rows[i].at].text);
        over(&w);
        assert_string_equal(w.ids, rows[i].ids);
    }
}

/* In a capture the response may have been lost behind the tap: then the copy was right. */
static void what_a_capture_cannot_know_is_not_judged(void **state)
{
    (void)state;
    for (int capture = 0; capture < 2; capture++) {
        struct watched w;
        struct monitor_counts counts;
        watch(&w, capture != 0);
        see(&w, ALICE, view_of(call[INVITE].text));
        see(&w, BOB, view_of(call[RINGING].text));
        see(&w, ALICE, view_of(call[INVITE].text));
        monitor_counts(w.monitor, &counts);
        over(&w);
        assert_string_equal(w.ids, capture != 0 ? "" : "CTI-006");
        assert_int_equal(counts.not_judged, capture);
    }
}

/* The 200 was lost behind the tap: the gap is from copy to copy, whatever came between. */
static void a_response_does_not_count_as_a_copy(void **state)
{
    (void)state;
    struct watched w;
    watch(&w, true);
    repeat(&w, (const uint32_t[]){500, 1000}, 2, call[INVITE].text);
    uint64_t copied_us = w.now_us - US_PER_S - US_PER_MS;
    w.now_us = copied_us + 1500 * US_PER_MS;
    see(&w, BOB, view_of(call[ANSWERED].text));
    w.now_us = copied_us + 2000 * US_PER_MS;
    see(&w, ALICE, view_of(call[INVITE].text));
    over(&w);
    assert_string_equal(w.ids, "");
}

/* Over streams a proxy has many ports: on its user's host nothing but the Vias tells them apart. */
static void what_a_proxy_of_the_same_host_hands_on_is_its_makers(void **state)
{
    (void)state;
    struct watched w;
    char row[200], made[2000];
    watch(&w, true);
    for (int i = 0; i < CALL_LENGTH; i++) {
        snprintf(row, sizeof row,
                 "Authorization: Digest username=\"a\", realm=\"r\", nonce=\"n\", response=\"0\", "
                 "qop=auth, nc=%08x, cnonce=\"c\"\r\nFrom: ",
                 (unsigned)i + 1);
        struct view text =
            call[i].from == BOB ? view_of(call[i].text) : changed(call[i].text, "From: ", row);
        snprintf(made, sizeof made, "%.*s", VIEW_ARG(text));
        see(&w, call[i].from, view_of(made));
        snprintf(row, sizeof row, "Via: SIP/2.0/UDP 192.0.2.1:5061;branch=z9hG4bKp%d\r\nVia: ", i);
        if (call[i].from == ALICE)
            see(&w, ALICE, changed(made, "Via: ", row));
    }
    over(&w);
    assert_string_equal(w.ids, "");
}

#define PROXY "Via: SIP/2.0/UDP 192.0.2.1:5061;branch=z9hG4bKp\r\n"
#define REFUSED HEAD "Max-Forwards: 69\r\n"

/* RFC 3261 §8.1.1.6 and §8.1.1.8 are about user agents. */
static void a_proxy_makes_its_own_way_to_a_secure_callee(void **state)
{
    static const struct {
        uint32_t from;
        const char *text;
    } rows[] = {
        {ALICE, "INVITE sips:bob@192.0.2.2 SIP/2.0\r\n" PROXY VIA("9") REFUSED
         "To: <sip:bob@192.0.2.2>\r\nCSeq: 1 INVITE\r\n" CONTACT_A EMPTY          },
        {BOB,   "SIP/2.0 486 Busy Here\r\n" PROXY VIA("9") HEAD TO_BOB "CSeq: 1 INVITE\r\n" EMPTY},
        {ALICE, "ACK sips:bob@192.0.2.2 SIP/2.0\r\n" PROXY REFUSED TO_BOB "CSeq: 1 ACK\r\n" EMPTY},
    };
    (void)state;
    struct watched w;
    watch(&w, true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        see(&w, rows[i].from, view_of(rows[i].text));
    over(&w);
    assert_string_equal(w.ids, "");
}

/* A message of the call with one thing changed. */
static void see_changed(struct watched *w, int at, const char *what, const char *with)
{
    see(w, call[at].from, changed(call[at].text, what, with));
}

static void see_call(struct watched *w, int first, int last)
{
    for (int i = first; i <= last; i++)
        see(w, call[i].from, view_of(call[i].text));
}

static void a_bye_may_be_sent_again_with_credentials(void **state)
{
    (void)state;
    struct watched w;
    watch(&w, false);
    see_call(&w, INVITE, BYE);
    see(&w, BOB,
        V("SIP/2.0 407 Who\r\n" VIA("4") HEAD TO_BOB
          "CSeq: 3 BYE\r\nProxy-Authenticate: Digest "
          "realm=\"a\",nonce=\"n\",qop=\"auth\"\r\n" EMPTY));
    see(&w, ALICE,
        V("BYE sip:bob@192.0.2.2:5060 SIP/2.0\r\n" VIA("5") "Max-Forwards: 70\r\n" HEAD TO_BOB
                                                            "CSeq: 4 BYE\r\n" EMPTY));
    see(&w, BOB, V("SIP/2.0 200 OK\r\n" VIA("5") HEAD TO_BOB "CSeq: 4 BYE\r\n" EMPTY));
    see(&w, ALICE,
        V("BYE sip:bob@192.0.2.2:5060 SIP/2.0\r\n" VIA("6") "Max-Forwards: 70\r\n" HEAD TO_BOB
                                                            "CSeq: 5 BYE\r\n" EMPTY));
    over(&w);
    assert_string_equal(w.ids, "MON-003"); /* the third one */
}

/* RFC 3262 §3: it is repeated until its PRACK comes, whatever else was said meanwhile. */
static void a_reliable_response_may_come_again_behind_another_one(void **state)
{
    (void)state;
    struct watched w;
    watch(&w, false);
    see_call(&w, INVITE, RINGING);
    see_changed(&w, RINGING,
                "180 Ringing\r\n" VIA("1") HEAD TO_BOB "CSeq: 1 INVITE\r\n" CONTACT_B
                                                       "Require: 100rel\r\nRSeq: 7\r\n",
                "182 Queued\r\n" VIA("1") HEAD TO_BOB "CSeq: 1 INVITE\r\n" CONTACT_B);
    see_call(&w, RINGING, ENDED);
    over(&w);
    assert_string_equal(w.ids, "");
}

static void a_prack_has_a_second_to_come(void **state)
{
    (void)state;
    for (int late = 0; late < 2; late++) {
        struct watched w;
        watch(&w, false);
        see_call(&w, INVITE, RINGING);
        uint64_t rung_us = w.now_us - US_PER_S;
        w.now_us = rung_us + 100 * US_PER_MS;
        w.lost = true;
        see_call(&w, ANSWERED, ANSWERED);
        w.now_us = rung_us + (late ? 2000 : 200) * US_PER_MS;
        over(&w);
        assert_string_equal(w.ids, late ? "PRK-009" : "");
    }
}

/* Between the tap and the server a NAT may make the one address of the other. */
static void a_capture_does_not_know_the_source_that_the_server_saw(void **state)
{
    (void)state;
    for (int capture = 0; capture < 2; capture++) {
        struct watched w;
        struct monitor_counts counts;
        watch(&w, capture != 0);
        see_changed(&w, BYE, "192.0.2.1:5060", "192.0.2.9:5060");
        see_changed(&w, ENDED, "192.0.2.1:5060", "192.0.2.9:5060");
        monitor_counts(w.monitor, &counts);
        over(&w);
        assert_string_equal(w.ids, capture != 0 ? "" : "TRP-006");
        assert_int_equal(counts.not_judged, capture);
    }
    struct watched w;
    watch(&w, true);
    see_changed(&w, BYE, "192.0.2.1:5060", "a.example:5060");
    see_changed(&w, ENDED, "192.0.2.1:5060", "a.example:5060");
    over(&w);
    assert_string_equal(w.ids, "TRP-006"); /* a name is never the source */
}

/* The same messages on both sides of a NAT are two dialogs, and each knows all of its own. */
static void a_copy_on_another_link_teaches_the_dialog_there(void **state)
{
    (void)state;
    static const int order[] = {3, 2}; /* which link is first seen, at first; then the other one */
    static const char moved[] = "Contact: <sip:bob@192.0.2.2:5061>\r\n";
    struct watched w;
    watch(&w, true);
    for (int at = INVITE; at <= ANSWERED; at += ANSWERED - INVITE)
        for (int i = 0; i < 2; i++) {
            w.net = (uint8_t)order[i];
            see_call(&w, at, at);
        }
    for (int i = 1; i >= 0; i--) {
        w.net = (uint8_t)order[i];
        see(&w, ALICE,
            V("INVITE sip:bob@192.0.2.2:5060 SIP/2.0\r\n" VIA(
                "9") "Max-Forwards: 70\r\n" HEAD TO_BOB "CSeq: 2 INVITE\r\n" CONTACT_A EMPTY));
    }
    for (int i = 1; i >= 0; i--) {
        struct buf text = {0};
        w.net = (uint8_t)order[i];
        buf_printf(&text,
                   "SIP/2.0 200 OK\r\n" VIA("9") HEAD TO_BOB
                   "CSeq: 2 INVITE\r\n%s" BODY SDP("bobby", "192.0.2.2", "40002"),
                   moved);
        see(&w, BOB, buf_view(&text));
        buf_deinit(&text);
    }
    see_changed(&w, BYE, "bob@192.0.2.2:5060", "bob@192.0.2.2:5061");
    over(&w);
    assert_string_equal(w.ids, "");
}

/* Frames of two taps are not always in order. */
static void a_copy_from_the_past_has_no_interval(void **state)
{
    (void)state;
    static const uint32_t at_ms[] = {1000, 990, 1500, 2500};
    struct watched w;
    watch(&w, true);
    for (size_t i = 0; i < sizeof at_ms / sizeof *at_ms; i++) {
        w.now_us = at_ms[i] * US_PER_MS;
        see_call(&w, INVITE, INVITE);
    }
    over(&w);
    assert_string_equal(w.ids, "");
}

static void a_finding_points_at_the_line_that_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *what, *with, *line;
    } rows[] = {
        {"Max-Forwards: 70\r\n", "",                       "INVITE sip:bob" }, /* it is nowhere: the message is wrong */
        {"Allow: INVITE",        "Allow\r\nAllow: INVITE", "Allow\r\n"      },
        {"Max-Forwards: 70",     "Max-Forwards: x",        "Max-Forwards: x"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watched w;
        struct view text = changed(call[INVITE].text, rows[i].what, rows[i].with);
        watch(&w, true);
        see(&w, ALICE, text);
        over(&w);
        size_t line = view_find(text, view_of(rows[i].line));
        assert_true(w.offset >= line && w.offset <= line + strlen(rows[i].line));
    }
}

/* However long the capture is: the oldest records go. */
static void what_is_remembered_is_bounded(void **state)
{
    (void)state;
    struct watched w = {.net = 2};
    struct monitor_counts counts;
    assert_int_equal(monitor_create(&(struct monitor_options){.record_limit = 4}, &w.monitor),
                     ERR_OK);
    for (int i = 0; i <= 10; i++) {
        char call_id[] = "Call-ID: 0@";
        call_id[9] = (char)('a' + i % 10);
        see_changed(&w, BYE, "Call-ID: 1@", call_id);
        w.now_us += 300 * US_PER_S; /* the exchange is over */
    }
    monitor_counts(w.monitor, &counts);
    over(&w);
    assert_int_equal(counts.call_ids, 11); /* the first one was forgotten, and is new again */
}

static enum err message_judge(struct monitor *monitor, int at)
{
    struct sip_msg *msg = NULL;
    struct finding finding;
    struct blob *bytes = blob_create(view_of(call[at].text));
    enum err err = bytes == NULL ? ERR_MEMORY : sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &msg);
    struct seen seen = {.seq = (uint64_t)at, .sent = true, .given = true, .msg = msg};
    if (err == ERR_OK)
        err = monitor_see(monitor, &seen);
    while (monitor_next(monitor, &finding))
        continue;
    if (msg != NULL)
        sip_msg_unref(msg);
    blob_unref(bytes);
    return err;
}

static enum err call_judge(void)
{
    struct monitor *monitor;
    enum err err = monitor_create(&(struct monitor_options){.capture = true}, &monitor);
    if (err != ERR_OK)
        return err;
    for (int i = 0; err == ERR_OK && i < CALL_LENGTH; i++)
        err = message_judge(monitor, i);
    monitor_end(monitor, US_PER_S);
    monitor_destroy(monitor);
    sip_msg_pool_drop();
    return err;
}

/* RFC 3261 §8.2.6.2: what is wrong with them is their request's. */
static void a_response_has_the_faults_of_its_request(void **state)
{
    (void)state;
    for (int seen = 0; seen < 2; seen++) {
        struct watched w;
        watch(&w, true);
        if (seen)
            see_changed(&w, BYE, ";tag=a", ";tag=");
        see_changed(&w, ENDED, ";tag=a", ";tag=");
        over(&w);
        assert_string_equal(w.ids, seen ? "UAC-003b" : "");
    }
    struct watched w;
    watch(&w, true);
    see_call(&w, BYE, BYE);
    see_changed(&w, ENDED, "Alice <sip:alice@192.0.2.1>", "Alice (sip:alice@192.0.2.1)");
    over(&w);
    assert_string_equal(w.ids, "FMT-017"); /* its own */
}

/* RFC 7403 §3.1: other numbers than 70 may be right. */
static void a_back_to_back_user_agent_hands_on_fewer_hops(void **state)
{
    static const struct {
        bool capture, given;
        const char *hops, *ids;
    } rows[] = {
        {true,  false, "Max-Forwards: 69", ""       },
        {true,  false, "Max-Forwards: 71", "MAT-008"},
        {false, false, "Max-Forwards: 69", "MAT-008"},
        {false, true,  "Max-Forwards: 69", ""       },
        {false, true,  "Max-Forwards: 71", "MAT-008"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct watched w;
        watch(&w, rows[i].capture);
        if (rows[i].given)
            see(&w, BOB,
                V("OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKo\r\n"
                  "Max-Forwards: 9\r\nFrom: <sip:b@h>;tag=b\r\nTo: <sip:a@h>\r\n"
                  "Call-ID: o\r\nCSeq: 1 OPTIONS\r\n" EMPTY));
        see_changed(&w, BYE, "Max-Forwards: 70", rows[i].hops);
        over(&w);
        assert_string_equal(w.ids, rows[i].ids);
    }
}

/* RFC 3264 §8 speaks of offers. */
static void only_an_offer_is_held_against_the_one_before(void **state)
{
    (void)state;
    struct watched w;
    watch(&w, false);
    see_call(&w, INVITE, PRACKED);
    see_call(&w, ANSWERED, ACK);
    see(&w, ALICE,
        V("INVITE sip:bob@192.0.2.2:5060 SIP/2.0\r\n" VIA(
            "9") "Max-Forwards: 70\r\n" HEAD TO_BOB
                 "CSeq: 3 INVITE\r\n" CONTACT_A BODY SDP("alice", "192.0.2.1", "40000")));
    see(&w, BOB,
        V("SIP/2.0 200 OK\r\n" VIA("9") HEAD TO_BOB
          "CSeq: 3 INVITE\r\n" CONTACT_B BODY SDP("rober", "192.0.2.2", "40002")));
    over(&w);
    assert_string_equal(w.ids, "");
}

static void without_memory_nothing_is_judged_in_silence(void **state)
{
    (void)state;
    bool failed = true;
    sip_msg_pool_drop(); /* of the tests before */
    for (uint64_t nth = 1; failed; nth++) {
        uint64_t live = mem_live(), count = mem_count();
        mem_fail_at(nth, false);
        enum err err = call_judge();
        mem_fail_at(0, false);
        failed = mem_count() - count >= nth;
        assert_int_equal(mem_live(), live);
        assert_int_equal(err, failed ? ERR_MEMORY : ERR_OK);
    }
}

static void what_a_script_made_so_is_blamed_on_nobody(void **state)
{
    (void)state;
    struct watched w;
    struct sip_msg *msg;
    struct blob *bytes = blob_create(V("OPTIONS sip:b SIP/2.0\r\n\r\n"));
    watch(&w, false);
    assert_int_equal(sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    struct seen seen = {
        .seq = 1, .from = ALICE, .to = BOB, .sent = true, .intended = true, .msg = msg};
    assert_int_equal(monitor_see(w.monitor, &seen), ERR_OK);
    sip_msg_unref(msg);
    blob_unref(bytes);
    over(&w);
    assert_string_equal(w.ids, "");
}

static void every_rule_has_its_own_words(void **state)
{
    (void)state;
    assert_true(rule_count() >= 100);
    assert_non_null(rule_find(V("CTI-001")));
    assert_non_null(rule_find(V("MSG-017b")));
    assert_null(rule_find(V("CTI-999")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_by_the_rules_has_no_finding),
        cmocka_unit_test(each_breach_is_found_and_nothing_else),
        cmocka_unit_test(copies_come_when_they_should),
        cmocka_unit_test(what_a_capture_cannot_know_is_not_judged),
        cmocka_unit_test(a_response_does_not_count_as_a_copy),
        cmocka_unit_test(what_a_proxy_of_the_same_host_hands_on_is_its_makers),
        cmocka_unit_test(a_proxy_makes_its_own_way_to_a_secure_callee),
        cmocka_unit_test(a_bye_may_be_sent_again_with_credentials),
        cmocka_unit_test(a_reliable_response_may_come_again_behind_another_one),
        cmocka_unit_test(a_prack_has_a_second_to_come),
        cmocka_unit_test(a_capture_does_not_know_the_source_that_the_server_saw),
        cmocka_unit_test(a_copy_on_another_link_teaches_the_dialog_there),
        cmocka_unit_test(a_copy_from_the_past_has_no_interval),
        cmocka_unit_test(a_finding_points_at_the_line_that_is_wrong),
        cmocka_unit_test(what_is_remembered_is_bounded),
        cmocka_unit_test(a_response_has_the_faults_of_its_request),
        cmocka_unit_test(a_back_to_back_user_agent_hands_on_fewer_hops),
        cmocka_unit_test(only_an_offer_is_held_against_the_one_before),
        cmocka_unit_test(without_memory_nothing_is_judged_in_silence),
        cmocka_unit_test(what_a_script_made_so_is_blamed_on_nobody),
        cmocka_unit_test(every_rule_has_its_own_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
