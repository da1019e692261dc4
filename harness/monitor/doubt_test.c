/* What only looks like a breach: nobody is blamed for what cannot be told. */
#include "harness/monitor/monitor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
    ALICE = 1,
    BOB,
    PROXY,
    SCRIPT = 16 /* it made the message */,
    LOST = 32,
    LATE = 64 /* 64*T1 later than the others */
};
enum { LENGTH_MAX = 8 };

#define REQUEST(method, branch, cseq)                                                              \
    method " sip:bob@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK" branch     \
           "\r\nMax-Forwards: 70\r\nFrom: <sip:alice@10.0.0.1>;tag=a\r\nCall-ID: 1\r\n"            \
           "CSeq: " cseq " " method "\r\nAllow: INVITE\r\nSupported: timer\r\n"
#define RESPONSE(status, method, branch, cseq)                                                     \
    "SIP/2.0 " status " X\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK" branch                 \
    "\r\nFrom: <sip:alice@10.0.0.1>;tag=a\r\nCall-ID: 1\r\nCSeq: " cseq " " method "\r\n"
#define TO "To: <sip:bob@10.0.0.2>\r\n"
#define TO_TAG "To: <sip:bob@10.0.0.2>;tag=b\r\n"
#define CONTACT "Contact: <sip:bob@10.0.0.2>\r\n" /* both have it */
#define END "Content-Length: 0\r\n\r\n"
#define SDP(id, version, media)                                                                    \
    "Content-Type: application/sdp\r\n\r\nv=0\r\no=x " id " " version                              \
    " IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n" media
#define AUDIO "m=audio 4000 RTP/AVP 0\r\n"
#define VIDEO "m=video 4002 RTP/AVP 31\r\n"
#define BELOW(branch) "\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK" branch
#define OK(name) RESPONSE("200", "INVITE", name, "1") TO_TAG CONTACT
#define DIGEST(name) name ": Digest username=\"a\", nonce=\"n\", qop=auth, nc=00000001\r\n"

struct line {
    uint32_t from;
    const char *text;
};

struct play {
    const char *ids; /* of the MUSTs that are broken */
    struct line lines[LENGTH_MAX];
};

static void findings_add(struct monitor *monitor, char *ids, size_t size)
{
    struct finding finding;
    while (monitor_next(monitor, &finding)) {
        size_t len = strlen(ids);
        if (finding.rule->level == RULE_MUST)
            snprintf(ids + len, size - len, "%s%s", len > 0 ? " " : "", finding.rule->id);
    }
}

static struct addr addr_of(uint32_t party)
{
    uint8_t host = party == PROXY ? ALICE : (uint8_t)party; /* as its Via says */
    return (struct addr){
        .family = 4, .ip = {10, 0, 0, host},
             .port = 5060
    };
}

/* From alice to bob or back; the proxy speaks to bob, and bob to him in the lines behind that. */
static void line_see(struct monitor *monitor, const struct line *line, uint64_t at_us, bool unsure)
{
    struct sip_msg *msg;
    uint32_t from = line->from & 15;
    struct blob *bytes = blob_create(view_of(line->text));
    assert_int_equal(sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    struct seen seen = {.seq = at_us / US_PER_S,
                        .time_us = at_us,
                        .from = from,
                        .to = from == BOB ? ALICE : BOB,
                        .source = addr_of(from),
                        .target = addr_of(from == BOB ? ALICE : BOB),
                        .proto = PROTO_UDP,
                        .sent = true,
                        .intended = (line->from & SCRIPT) != 0,
                        .msg = msg};
    assert_int_equal(monitor_see(monitor, &seen), ERR_OK);
    seen.sent = false;
    seen.given = (line->from & LOST) == 0;
    seen.unsure = unsure;
    seen.time_us += US_PER_MS;
    if (seen.given)
        assert_int_equal(monitor_see(monitor, &seen), ERR_OK);
    sip_msg_unref(msg);
    blob_unref(bytes);
}

static void play_check(const struct play *play, bool unsure)
{
    struct monitor *monitor;
    char ids[300] = "";
    uint64_t now_us = 0;
    assert_int_equal(monitor_create(NULL, &monitor), ERR_OK);
    for (size_t i = 0; i < LENGTH_MAX && play->lines[i].text != NULL; i++)
        line_see(monitor, &play->lines[i],
                 now_us += (play->lines[i].from & LATE) != 0 ? 33 * US_PER_S : US_PER_S, unsure);
    monitor_end(monitor, now_us + 2 * US_PER_S);
    findings_add(monitor, ids, sizeof ids);
    monitor_destroy(monitor);
    if (strcmp(ids, play->ids) != 0)
        fail_msg("%s\nfound \"%s\" instead of \"%s\"", play->lines[0].text, ids, play->ids);
}

static void check(const struct play *plays, size_t count)
{
    for (size_t i = 0; i < count; i++)
        play_check(&plays[i], false);
}
#define CHECK(plays) check(plays, sizeof plays / sizeof *plays)

/* One nonce may stand in both challenges of one response: RFC 7616 §3.4 counts requests. */
static void a_nonce_that_is_used_twice_in_a_request_counts_once(void **state)
{
    static const struct play plays[] = {
        {"",
         {{ALICE, REQUEST("OPTIONS", "1", "1") TO DIGEST("Authorization")
                      DIGEST("Proxy-Authorization") END}}                            },
        {"AUT-005",
         {{ALICE, REQUEST("OPTIONS", "1", "1") TO DIGEST("Authorization") END},
          {ALICE, REQUEST("OPTIONS", "2", "2") TO DIGEST("Proxy-Authorization") END}}},
    };
    (void)state;
    CHECK(plays);
}

/* A damaged message of the torture folder (rfc4475/wsinv, seed 759257178): its Via is cut in two by
 * a comma, and what the second half is cannot be said. */
static void a_via_that_cannot_be_read_is_not_asked_back(void **state)
{
    static const struct play plays[] = {
        {"",
         {{ALICE | SCRIPT, REQUEST("OPTIONS", "1,.2;branch=390", "1") TO END},
          {BOB, RESPONSE("400", "OPTIONS", "1", "1") TO_TAG END}}},
        {"UAS-010",
         {{ALICE | SCRIPT, REQUEST("OPTIONS", "1" BELOW("2"), "1") TO END},
          {BOB, RESPONSE("400", "OPTIONS", "1", "1") TO_TAG END}}},
    };
    (void)state;
    CHECK(plays);
}

#define BYE_OF_BOB                                                                                 \
    "BYE sip:bob@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKb\r\nMax-Forwards: "  \
    "70\r\nFrom: <sip:bob@10.0.0.2>;tag=b\r\nTo: <sip:alice@10.0.0.1>;tag=a\r\nCall-ID: 1\r\n"     \
    "CSeq: 1 BYE\r\n" END

/* A proxy that does not stay in the way of the dialog sees the BYE of a callee, and no ACK. */
static void an_ack_may_come_by_another_way(void **state)
{
    const struct play plays[] = {
        {"DLG-022",
         {{ALICE, REQUEST("INVITE", "1", "1") TO CONTACT SDP("1", "1", AUDIO)},
          {BOB, OK("1") SDP("2", "1", AUDIO)},
          {BOB, BYE_OF_BOB}}},
        {"",
         {{ALICE, REQUEST("INVITE", "1", "1") TO CONTACT SDP("1", "1", AUDIO)},
          {BOB, OK("1") SDP("2", "1", AUDIO)},
          {PROXY, REQUEST("ACK", "2", "1") TO_TAG END},
          {BOB, BYE_OF_BOB}}},
    };
    (void)state;
    CHECK(plays);
}

/* 64*T1 of a callee began before we had his 200: what is 50 ms short of it is no proof. */
static void times_are_known_with_a_slack(void **state)
{
    static const struct {
        uint64_t slack_us;
        const char *ids;
    } rows[] = {
        {0,               "DLG-022"},
        {100 * US_PER_MS, ""       },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct monitor_options options = {.slack_us = rows[i].slack_us};
        struct monitor *monitor;
        char ids[300] = "";
        assert_int_equal(monitor_create(&options, &monitor), ERR_OK);
        line_see(monitor,
                 &(struct line){ALICE, REQUEST("INVITE", "1", "1") TO CONTACT SDP("1", "1", AUDIO)},
                 US_PER_S, false);
        line_see(monitor, &(struct line){BOB, OK("1") SDP("2", "1", AUDIO)}, 2 * US_PER_S, false);
        line_see(monitor, &(struct line){BOB, BYE_OF_BOB}, 34 * US_PER_S - 50 * US_PER_MS, false);
        findings_add(monitor, ids, sizeof ids);
        monitor_destroy(monitor);
        assert_string_equal(ids, rows[i].ids);
    }
}

static void of_two_requests_with_one_branch_either_may_have_been_answered(void **state)
{
    static const struct play plays[] = {
        {"",
         {{ALICE | SCRIPT, REQUEST("OPTIONS", "1", "1") TO END},
          {ALICE | SCRIPT, REQUEST("OPTIONS", "1", "2") TO END},
          {BOB, RESPONSE("400", "OPTIONS", "1", "1") TO_TAG END},
          {BOB, RESPONSE("400", "OPTIONS", "1", "2") TO_TAG END}}},
        {"MON-001",
         {{ALICE, REQUEST("OPTIONS", "1", "1") TO END},
          {BOB, RESPONSE("400", "OPTIONS", "1", "1") TO_TAG END},
          {BOB, RESPONSE("500", "OPTIONS", "1", "1") TO_TAG END}}},
    };
    (void)state;
    CHECK(plays);
}

/* RFC 3261 Figure 5: behind a 2xx no other final response is heard. */
static void of_two_final_responses_either_may_have_counted(void **state)
{
    static const struct play plays[] = {
        {"MON-001",
         {{ALICE, REQUEST("INVITE", "1", "1") TO CONTACT SDP("1", "1", AUDIO)},
          {BOB, OK("1") SDP("2", "1", AUDIO)},
          {BOB, RESPONSE("500", "INVITE", "1", "1") TO_TAG END}}},
        {"CTI-008",
         {{ALICE, REQUEST("INVITE", "1", "1") TO CONTACT SDP("1", "1", AUDIO)},
          {BOB, RESPONSE("500", "INVITE", "1", "1") TO_TAG END}}},
        {"CTI-009",
         {{ALICE, REQUEST("INVITE", "1", "1") TO CONTACT SDP("1", "1", AUDIO)},
          {BOB, RESPONSE("500", "INVITE", "1", "1") TO_TAG END},
          {ALICE, REQUEST("ACK", "1", "1") TO END}}             },
        {"",
         {{ALICE, REQUEST("INVITE", "1", "1") TO CONTACT SDP("1", "1", AUDIO)},
          {BOB | SCRIPT, RESPONSE("500", "INVITE", "1", "1") TO END},
          {BOB | SCRIPT, RESPONSE("500", "INVITE", "1", "1") TO_TAG END},
          {ALICE, REQUEST("ACK", "1", "1") TO_TAG END}}         },
    };
    (void)state;
    CHECK(plays);
}

/* A refused offer leaves the session as it was: RFC 3264 §8 is about what stands. But nothing takes
 * a version back. */
static void a_refused_offer_takes_no_stream_away(void **state)
{
#define AGAIN(branch, cseq, body)                                                                  \
    {                                                                                              \
        ALICE, REQUEST("UPDATE", branch, cseq) TO_TAG CONTACT body                                 \
    }
#define BEGIN                                                                                      \
    {ALICE, REQUEST("INVITE", "1", "1") TO CONTACT SDP("1", "1", AUDIO)},                          \
        {BOB, OK("1") SDP("2", "1", AUDIO)},                                                       \
    {                                                                                              \
        ALICE, REQUEST("ACK", "2", "1") TO_TAG END                                                 \
    }
    static const struct play plays[] = {
        {"SDP-006",
         {BEGIN,
          AGAIN("3", "2", SDP("1", "2", AUDIO VIDEO)),
          {BOB, RESPONSE("200", "UPDATE", "3", "2") TO_TAG CONTACT SDP("2", "2", AUDIO VIDEO)},
          AGAIN("4", "3", SDP("1", "3", AUDIO))}},
        {"",
         {BEGIN,
          AGAIN("3", "2", SDP("1", "2", AUDIO VIDEO)),
          {BOB, RESPONSE("488", "UPDATE", "3", "2") TO_TAG END},
          AGAIN("4", "3", SDP("1", "3", AUDIO))}},
        {"SDP-005b",
         {BEGIN,
          AGAIN("3", "2", SDP("1", "2", AUDIO VIDEO)),
          {BOB, RESPONSE("488", "UPDATE", "3", "2") TO_TAG END},
          AGAIN("4", "3", SDP("1", "2", AUDIO))}},
        {"",
         {BEGIN,
          {ALICE | SCRIPT, REQUEST("UPDATE", "3", "2") TO_TAG CONTACT SDP("9", "9", AUDIO)},
          {BOB, RESPONSE("488", "UPDATE", "3", "2") TO_TAG END},
          AGAIN("4", "3", SDP("1", "2", AUDIO))}},
    };
    (void)state;
    CHECK(plays);
}

/* RFC 3261 §16.11: it makes none of its own. */
static void a_proxy_without_state_hands_on_cancels_and_acks(void **state)
{
    static const struct play plays[] = {
        {"",
         {{PROXY, REQUEST("INVITE", "p" BELOW("1"), "1") TO CONTACT SDP("1", "1", AUDIO)},
          {PROXY, REQUEST("CANCEL", "p" BELOW("1"), "1") TO END},
          {PROXY, REQUEST("CANCEL", "p" BELOW("1"), "1") TO END},
          {PROXY, REQUEST("CANCEL", "p" BELOW("1"), "1") TO END},
          {BOB, RESPONSE("487", "INVITE", "p" BELOW("1"), "1") TO_TAG END},
          {PROXY, REQUEST("ACK", "p" BELOW("1"), "1") TO_TAG END}}         },
        {"",
         {{PROXY, REQUEST("INVITE", "p" BELOW("1"), "1") TO CONTACT SDP("1", "1", AUDIO)},
          {BOB, RESPONSE("487", "INVITE", "p" BELOW("1"), "1") TO_TAG END}}},
        {"CAN-003b",
         {{ALICE, REQUEST("INVITE", "1", "1") TO CONTACT SDP("1", "1", AUDIO)},
          {BOB, RESPONSE("100", "INVITE", "1", "1") TO END},
          {ALICE, REQUEST("CANCEL", "1" BELOW("2"), "1") TO END}}          },
    };
    (void)state;
    CHECK(plays);
}

/* What was sent to it may be lost on the way, or still be there. */
static void what_has_reached_a_device_nobody_can_tell(void **state)
{
    static const struct play plays[] = {
        {"CTN-N01",
         {{ALICE, REQUEST("OPTIONS", "1", "1") TO END},
          {BOB, RESPONSE("200", "OPTIONS", "1", "1") TO_TAG END},
          {ALICE, REQUEST("OPTIONS", "1", "1") TO END}}         },
        {"CTI-008",
         {{ALICE, REQUEST("INVITE", "1", "1") TO CONTACT SDP("1", "1", AUDIO)},
          {BOB, RESPONSE("500", "INVITE", "1", "1") TO_TAG END}}},
    };
    static const struct play early = {
        "CAN-002",
        {{ALICE, REQUEST("INVITE", "1", "1") TO CONTACT SDP("1", "1", AUDIO)},
          {ALICE, REQUEST("CANCEL", "1", "1") TO END}}
    };
    (void)state;
    CHECK(plays);
    for (size_t i = 0; i < 2; i++) {
        struct play unknown = plays[i];
        unknown.ids = "";
        play_check(&unknown, true);
    }
    play_check(&early, true); /* nothing was sent to it at all */
}

/* RFC 3261 §8.1.3.3. */
static void a_response_with_a_via_too_many_ends_nothing(void **state)
{
    static const struct play plays[] = {
        {"",
         {{ALICE, REQUEST("OPTIONS", "1", "1") TO END},
          {BOB | SCRIPT, RESPONSE("200", "OPTIONS", "1" BELOW("2"), "1") TO_TAG END},
          {ALICE, REQUEST("OPTIONS", "1", "1") TO END}}},
    };
    (void)state;
    CHECK(plays);
}

/* RFC 3261 §16.7 item 5. */
static void a_2xx_may_come_behind_a_refusal_through_a_proxy(void **state)
{
    static const struct play plays[] = {
        {"",
         {{ALICE, REQUEST("INVITE", "1", "1") TO CONTACT SDP("1", "1", AUDIO)},
          {BOB, RESPONSE("408", "INVITE", "1", "1") TO_TAG END},
          {ALICE, REQUEST("ACK", "1", "1") TO_TAG END},
          {BOB, OK("1") SDP("2", "1", AUDIO)}}},
    };
    (void)state;
    CHECK(plays);
}

static void an_ack_that_is_late_ends_no_later_invite(void **state)
{
    static const struct play plays[] = {
        {"",
         {{ALICE, REQUEST("INVITE", "1", "1") TO CONTACT SDP("1", "1", AUDIO)},
          {BOB, OK("1") SDP("2", "1", AUDIO)},
          {ALICE, REQUEST("INVITE", "3", "2") TO_TAG CONTACT SDP("1", "1", AUDIO)},
          {BOB, RESPONSE("200", "INVITE", "3", "2") TO_TAG CONTACT SDP("2", "1", AUDIO)},
          {ALICE, REQUEST("ACK", "2", "1") TO_TAG END},
          {BOB, RESPONSE("200", "INVITE", "3", "2") TO_TAG CONTACT SDP("2", "1", AUDIO)}}},
        {"INV-003",
         {{ALICE, REQUEST("INVITE", "1", "1") TO CONTACT SDP("1", "1", AUDIO)},
          {BOB, OK("1") SDP("2", "1", AUDIO)},
          {ALICE, REQUEST("ACK", "2", "1") TO_TAG END},
          {BOB, OK("1") SDP("2", "1", AUDIO)}}                                           },
    };
    (void)state;
    CHECK(plays);
}

/* RFC 3261 §18.3. */
static void a_response_that_is_cut_ends_nothing(void **state)
{
    static const struct play plays[] = {
        {"",
         {{ALICE, REQUEST("OPTIONS", "1", "1") TO END},
          {BOB | SCRIPT, RESPONSE("200", "OPTIONS", "1", "1") TO_TAG
           "Content-Type: text/plain\r\nContent-Length: 9\r\n\r\nhalf"},
          {ALICE, REQUEST("OPTIONS", "1", "1") TO END}}},
    };
    (void)state;
    CHECK(plays);
}

/* §17.2.1, §17.2.2: Timers H and J. */
static void what_comes_again_after_64_t1_is_another_request(void **state)
{
    static const struct play plays[] = {
        {"",
         {{ALICE | SCRIPT, REQUEST("BYE", "1", "1") TO_TAG END},
          {BOB, RESPONSE("200", "BYE", "1", "1") TO_TAG END},
          {ALICE | SCRIPT | LATE, REQUEST("BYE", "1", "1") TO_TAG END},
          {BOB, RESPONSE("481", "BYE", "1", "1") TO_TAG END}}},
        {"MON-001",
         {{ALICE | SCRIPT, REQUEST("BYE", "1", "1") TO_TAG END},
          {BOB, RESPONSE("200", "BYE", "1", "1") TO_TAG END},
          {ALICE | SCRIPT, REQUEST("BYE", "1", "1") TO_TAG END},
          {BOB, RESPONSE("481", "BYE", "1", "1") TO_TAG END}}},
    };
    (void)state;
    CHECK(plays);
}

static void a_prack_that_is_late_ends_no_final_response(void **state)
{
    static const struct play plays[] = {
        {"",
         {{ALICE, REQUEST("INVITE", "1", "1") TO CONTACT SDP("1", "1", AUDIO)},
          {BOB | SCRIPT, RESPONSE("180", "INVITE", "1", "1") TO_TAG CONTACT
           "Require: 100rel\r\nRSeq: 1\r\n" SDP("2", "1", AUDIO)},
          {ALICE, REQUEST("PRACK", "2", "2") TO_TAG "RAck: 1 1 INVITE\r\n" END},
          {BOB, RESPONSE("200", "PRACK", "2", "2") TO_TAG END},
          {BOB, OK("1") END},
          {ALICE | SCRIPT, REQUEST("PRACK", "2", "2") TO_TAG "RAck: 1 1 INVITE\r\n" END},
          {BOB, OK("1") END}}},
    };
    (void)state;
    CHECK(plays);
}

/* RFC 3311 §5.1: the INVITE is older than the UPDATE, though it is answered behind it. */
#define MOVED(to)                                                                                  \
    {ALICE,                                                                                        \
     REQUEST("INVITE", "1", "1") TO "Contact: <sip:alice@10.0.0.1>\r\n" SDP("1", "1", AUDIO)},     \
        {BOB, RESPONSE("180", "INVITE", "1", "1") TO_TAG CONTACT END},                             \
        {ALICE, REQUEST("UPDATE", "2", "2") TO_TAG "Contact: <sip:moved@10.0.0.1>\r\n" END},       \
        {BOB, RESPONSE("200", "UPDATE", "2", "2") TO_TAG CONTACT END},                             \
        {BOB, OK("1") SDP("2", "1", AUDIO)}, {ALICE, REQUEST("ACK", "3", "1") TO_TAG END},         \
    {                                                                                              \
        BOB, "BYE sip:" to                                                                         \
             "@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKb\r\n"             \
             "Max-Forwards: 70\r\nFrom: <sip:bob@10.0.0.2>;tag=b\r\nTo: "                          \
             "<sip:alice@10.0.0.1>;tag=a\r\n"                                                      \
             "Call-ID: 1\r\nCSeq: 9 BYE\r\n" END                                                   \
    }
static void an_update_moves_the_caller_whose_invite_is_answered_later(void **state)
{
    static const struct play plays[] = {
        {"",        {MOVED("moved")}},
        {"DLG-006", {MOVED("alice")}},
    };
    (void)state;
    CHECK(plays);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_via_that_cannot_be_read_is_not_asked_back),
        cmocka_unit_test(a_nonce_that_is_used_twice_in_a_request_counts_once),
        cmocka_unit_test(an_ack_may_come_by_another_way),
        cmocka_unit_test(times_are_known_with_a_slack),
        cmocka_unit_test(of_two_requests_with_one_branch_either_may_have_been_answered),
        cmocka_unit_test(of_two_final_responses_either_may_have_counted),
        cmocka_unit_test(a_refused_offer_takes_no_stream_away),
        cmocka_unit_test(a_proxy_without_state_hands_on_cancels_and_acks),
        cmocka_unit_test(what_has_reached_a_device_nobody_can_tell),
        cmocka_unit_test(a_response_with_a_via_too_many_ends_nothing),
        cmocka_unit_test(a_2xx_may_come_behind_a_refusal_through_a_proxy),
        cmocka_unit_test(an_ack_that_is_late_ends_no_later_invite),
        cmocka_unit_test(a_response_that_is_cut_ends_nothing),
        cmocka_unit_test(a_prack_that_is_late_ends_no_final_response),
        cmocka_unit_test(what_comes_again_after_64_t1_is_another_request),
        cmocka_unit_test(an_update_moves_the_caller_whose_invite_is_answered_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
