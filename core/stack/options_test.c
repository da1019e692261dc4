/* What the user may say of a request or a response, and what stands there when he says nothing. */
#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ALICE, BOB };

static void begin(struct pump *pump)
{
    pump_begin(pump);
    pump_add(pump, "alice", NULL);
    pump_add(pump, "bob", NULL);
}

static enum err send(struct pump *pump, const struct sip_request_options *options)
{
    struct handle request;
    enum err err = sip_request_send(pump->stacks[ALICE], pump->now_us, options, &request, NULL);
    pump_drain(pump);
    return err;
}

static struct view last_bytes(struct pump *pump)
{
    return blob_view(pump->sent[pump->sent_count - 1].bytes);
}

static void assert_text(struct view text, const char *expected)
{
    char room[2048];
    assert_true(text.len < sizeof room);
    memcpy(room, text.ptr, text.len);
    room[text.len] = '\0';
    assert_string_equal(room, expected);
}

static void a_plain_request_has_all_that_it_must_have(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump);
    struct sip_request_options options = {.method = V("MESSAGE"),
                                          .uri = V("sip:bob@192.0.2.2"),
                                          .body = V("hi"),
                                          .content_type = V("text/plain")};
    assert_int_equal(send(&pump, &options), ERR_OK);
    assert_text(
        last_bytes(&pump),
        "MESSAGE sip:bob@192.0.2.2 SIP/2.0\r\n"
        "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKalice-1-efac3266;rport\r\n"
        "Max-Forwards: 70\r\n"
        "From: <sip:alice@192.0.2.1:5060>;tag=alice-1-37c2951c\r\n"
        "To: <sip:bob@192.0.2.2>\r\n"
        "Call-ID: alice-1-ee5b8f1f\r\n"
        "CSeq: 1 MESSAGE\r\nSupported: 100rel, timer, replaces, join, norefersub, tdialog\r\n"
        "Content-Type: text/plain\r\n"
        "Content-Length: 2\r\n\r\nhi");
    pump_end(&pump);
}

/* RFC 3261 §25.1: "?" and ";" may stand in a user. */
static void to_is_the_target_without_transport_and_headers(void **state)
{
    (void)state;
    static const struct {
        struct view uri;
        const char *to;
    } rows[] = {
        {{"sip:bob@192.0.2.2;transport=udp;x?Subject=y", 43},   "To: <sip:bob@192.0.2.2;x>\r\n"},
        {{"sip:b?b;transport=tcp@192.0.2.2;transport=udp", 45},
         "To: <sip:b?b;transport=tcp@192.0.2.2>\r\n"                                           },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pump pump;
        begin(&pump);
        struct sip_request_options options = {.method = V("OPTIONS"), .uri = rows[i].uri};
        assert_int_equal(send(&pump, &options), ERR_OK);
        struct view sent = last_bytes(&pump);
        assert_true(view_find(sent, view_of(rows[i].to)) < sent.len);
        pump_end(&pump);
    }
}

static void what_the_user_says_stands_there_instead(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump);
    static const struct view routes[] = {
        {"<sip:192.0.2.2;lr>", 18},
        {"<sip:192.0.2.3;lr>", 18}
    };
    struct sip_request_options options = {.method = V("OPTIONS"),
                                          .uri = V("sip:carol@example.com"),
                                          .from = V("\"A\" <sip:a@example.com>"),
                                          .to = V("<sip:c@example.com>;x=y"),
                                          .from_tag = V("ft"),
                                          .to_tag = V("tt"),
                                          .branch = V("z9hG4bKmine"),
                                          .call_id = V("cid"),
                                          .cseq = 77,
                                          .max_forwards = 0,
                                          .has_max_forwards = true,
                                          .contact = V("<sip:here@192.0.2.1>"),
                                          .routes = routes,
                                          .route_count = 2};
    assert_int_equal(send(&pump, &options), ERR_OK);
    assert_text(last_bytes(&pump),
                "OPTIONS sip:carol@example.com SIP/2.0\r\n"
                "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKmine;rport\r\n"
                "Route: <sip:192.0.2.2;lr>\r\nRoute: <sip:192.0.2.3;lr>\r\n"
                "Max-Forwards: 0\r\n"
                "From: \"A\" <sip:a@example.com>;tag=ft\r\n"
                "To: <sip:c@example.com>;x=y;tag=tt\r\n"
                "Call-ID: cid\r\nCSeq: 77 OPTIONS\r\n"
                "Contact: <sip:here@192.0.2.1>\r\nSupported: 100rel, timer, replaces, join, "
                "norefersub, tdialog\r\nContent-Length: 0\r\n\r\n");
    assert_true(addr_equal(&pump.sent[0].remote, &pump.addrs[BOB]));
    pump_end(&pump);
}

/* Rows replace what would stand there, in its place; the others keep their order behind. */
static void rows_of_the_users_replace_the_stacks(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump);
    const struct sip_row rows[] = {
        {.name = V("X-Two"),        .value = V("2")                },
        {.name = V("max-forwards"), .value = V("nonsense")         },
        {.name = V("X-One"),        .value = V("1")                },
        {.name = V("X-One"),        .value = V("one")              },
        {.name = V("User-Agent"),   .value = {0}                   },
        {.name = V("Allow"),        .value = V("INVITE")           },
        {.name = V("l"),            .value = V("99")               },
        {.name = V("Supported"),    .value = {0}                   },
        {.name = V("m"),            .value = V("<sip:a@192.0.2.1>")},
        {.name = V("m"),            .value = V("<sip:b@192.0.2.1>")},
    };
    struct sip_request_options options = {.method = V("INVITE"),
                                          .uri = V("sip:bob@192.0.2.99"),
                                          .branch = V("b"),
                                          .from_tag = V("t"),
                                          .call_id = V("c"),
                                          .rows = rows,
                                          .row_count = sizeof rows / sizeof rows[0]};
    assert_int_equal(send(&pump, &options), ERR_OK);
    assert_text(last_bytes(&pump),
                "INVITE sip:bob@192.0.2.99 SIP/2.0\r\n"
                "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=b;rport\r\n"
                "max-forwards: nonsense\r\n"
                "From: <sip:alice@192.0.2.1:5060>;tag=t\r\n"
                "To: <sip:bob@192.0.2.99>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n"
                "m: <sip:a@192.0.2.1>\r\nm: <sip:b@192.0.2.1>\r\nAllow: INVITE\r\n"
                "X-Two: 2\r\nX-One: 1\r\nX-One: one\r\n"
                "l: 99\r\n\r\n");
    pump_end(&pump);
}

/* Where rows say who we are, the call is that of the message that went out. */
static void a_call_takes_its_identity_from_what_went_out(void **state)
{
    (void)state;
    struct pump pump;
    struct handle request, call;
    struct sip_call_info info;
    begin(&pump);
    const struct sip_row rows[] = {
        {.name = V("Call-ID"), .value = V("mine")                                        },
        {.name = V("From"),    .value = V("Me <sip:me@192.0.2.1>;tag=metag")             },
        {.name = V("CSeq"),    .value = V("9 INVITE")                                    },
        {.name = V("Via"),     .value = V("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKown")},
    };
    struct sip_request_options options = {.method = V("INVITE"),
                                          .uri = V("sip:bob@192.0.2.2"),
                                          .rows = rows,
                                          .row_count = sizeof rows / sizeof rows[0]};
    assert_int_equal(sip_request_send(pump.stacks[ALICE], 0, &options, &request, &call), ERR_OK);
    pump_run(&pump, 10 * US_PER_MS);
    pump_respond(&pump, BOB, pump_take(&pump, BOB, SIP_TELL_REQUEST, "INVITE")->tell.object, 200);
    pump_run(&pump, 20 * US_PER_MS);
    assert_int_equal(sip_call_info(pump.stacks[ALICE], call, &info), ERR_OK);
    assert_int_equal(info.state, SIP_CALL_CONFIRMED);
    assert_text(info.call_id, "mine");
    assert_text(info.local_tag, "metag");
    assert_int_equal(info.local_seq, 9);
    pump_request(&pump, ALICE, "BYE", NULL, call);
    pump_run(&pump, 30 * US_PER_MS);
    pump_take(&pump, ALICE, SIP_TELL_RESPONSE, "200 BYE");
    pump_end(&pump);
}

static void a_response_is_made_of_its_request(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    begin(&pump);
    const struct sip_row rows[] = {
        {.name = V("Record-Route"), .value = V("<sip:192.0.2.3;lr>;a=b, <sip:192.0.2.4;lr>")},
        {.name = V("Timestamp"),    .value = V("54.5")                                      }
    };
    struct sip_request_options options = {.method = V("INVITE"),
                                          .uri = V("sip:bob@192.0.2.2"),
                                          .branch = V("z9hG4bKx"),
                                          .from_tag = V("t"),
                                          .call_id = V("c"),
                                          .rows = rows,
                                          .row_count = 2};
    struct handle request;
    assert_int_equal(sip_request_send(pump.stacks[ALICE], 0, &options, &request, &call), ERR_OK);
    pump_run(&pump, 250 * US_PER_MS);
    assert_text(
        blob_view(pump_find(&pump, "100 INVITE", 0)->bytes),
        "SIP/2.0 100 Trying\r\n"
        "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKx;rport=5060;received=192.0.2.1\r\n"
        "From: <sip:alice@192.0.2.1:5060>;tag=t\r\nTo: <sip:bob@192.0.2.2>\r\n"
        "Call-ID: c\r\nCSeq: 1 INVITE\r\nTimestamp: 54.5 0.200\r\nContent-Length: 0\r\n\r\n");
    const struct sip_row more = {.name = V("X-A"), .value = V("1")};
    struct sip_response_options yes = {.status = 200,
                                       .reason = V("Fine"),
                                       .to_tag = V("bt"),
                                       .rows = &more,
                                       .row_count = 1,
                                       .body = V("v=0\r\n")};
    struct pump_tell *told = pump_take(&pump, BOB, SIP_TELL_REQUEST, "INVITE");
    assert_int_equal(sip_respond(pump.stacks[BOB], pump.now_us, told->tell.object, &yes), ERR_OK);
    pump_drain(&pump);
    assert_text(last_bytes(&pump),
                "SIP/2.0 200 Fine\r\n"
                "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKx;rport=5060;received=192.0.2.1\r\n"
                "From: <sip:alice@192.0.2.1:5060>;tag=t\r\nTo: <sip:bob@192.0.2.2>;tag=bt\r\n"
                "Call-ID: c\r\nCSeq: 1 INVITE\r\n"
                "Record-Route: <sip:192.0.2.3;lr>;a=b, <sip:192.0.2.4;lr>\r\n"
                "Contact: <sip:bob@192.0.2.2:5060>\r\n"
                "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, MESSAGE, INFO, REFER, "
                "SUBSCRIBE, NOTIFY\r\n"
                "Supported: 100rel, timer, replaces, join, norefersub, tdialog\r\nX-A: 1\r\n"
                "Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n");
    struct sip_call_info info;
    assert_int_equal(sip_call_info(pump.stacks[BOB], told->tell.call, &info), ERR_OK);
    assert_text(info.local_tag, "bt");
    pump_end(&pump);
}

static void options_of_the_stack_are_its_defaults(void **state)
{
    (void)state;
    struct pump pump;
    pump_begin(&pump);
    struct sip_stack_options options = {.identity = V("\"Al\" <sip:al@example.com>"),
                                        .contact = V("<sip:al@192.0.2.1;x=1>"),
                                        .user_agent = V("phone/1"),
                                        .allow = V("INVITE, ACK, FOO"),
                                        .supported = V("replaces, 199")};
    pump_add(&pump, "alice", &options);
    struct sip_request_options invite = {.method = V("INVITE"),
                                         .uri = V("sip:bob@192.0.2.99"),
                                         .branch = V("b"),
                                         .from_tag = V("t"),
                                         .call_id = V("c")};
    assert_int_equal(send(&pump, &invite), ERR_OK);
    assert_text(last_bytes(&pump), "INVITE sip:bob@192.0.2.99 SIP/2.0\r\n"
                                   "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=b;rport\r\n"
                                   "Max-Forwards: 70\r\n"
                                   "From: \"Al\" <sip:al@example.com>;tag=t\r\n"
                                   "To: <sip:bob@192.0.2.99>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n"
                                   "Contact: <sip:al@192.0.2.1;x=1>\r\nAllow: INVITE, ACK, FOO\r\n"
                                   "Supported: replaces, 199\r\nUser-Agent: phone/1\r\n"
                                   "Content-Length: 0\r\n\r\n");
    pump_end(&pump);
}

/* RFC 3261 §19.3, §8.1.1.4, §8.1.1.7 */
static void no_identifier_is_used_twice(void **state)
{
    (void)state;
    enum { CALLS = 60 };
    struct pump pump;
    struct sip_msg *msgs[CALLS];
    begin(&pump);
    for (size_t i = 0; i < CALLS; i++) {
        struct sip_request_options options = {.method = V("OPTIONS"),
                                              .uri = V("sip:bob@192.0.2.99")};
        assert_int_equal(send(&pump, &options), ERR_OK);
        assert_int_equal(sip_msg_parse(pump.sent[i].bytes, SIP_FRAMING_DATAGRAM, &msgs[i]), ERR_OK);
        for (size_t k = 0; k < i; k++) {
            assert_false(
                view_equal(sip_msg_via(msgs[i], 0)->branch, sip_msg_via(msgs[k], 0)->branch));
            assert_false(view_equal(sip_msg_call_id(msgs[i]), sip_msg_call_id(msgs[k])));
            assert_false(view_equal(sip_msg_from(msgs[i])->tag, sip_msg_from(msgs[k])->tag));
        }
    }
    for (size_t i = 0; i < CALLS; i++)
        sip_msg_unref(msgs[i]);
    pump_end(&pump);
}

/* RFC 3261 §13.2.2.4: the ACK has the credentials of its INVITE. */
static void the_ack_has_the_invites_credentials(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump);
    const struct sip_row row = {.name = V("Authorization"), .value = V("Digest username=\"a\"")};
    struct sip_request_options options = {
        .method = V("INVITE"), .uri = V("sip:bob@192.0.2.2"), .rows = &row, .row_count = 1};
    assert_int_equal(send(&pump, &options), ERR_OK);
    pump_run(&pump, 10 * US_PER_MS);
    pump_respond(&pump, BOB, pump_take(&pump, BOB, SIP_TELL_REQUEST, "INVITE")->tell.object, 200);
    pump_run(&pump, 20 * US_PER_MS);
    struct view ack = blob_view(pump_find(&pump, "ACK", 0)->bytes);
    assert_true(view_find(ack, V("\r\nAuthorization: Digest username=\"a\"\r\n")) < ack.len);
    pump_end(&pump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_request_has_all_that_it_must_have),
        cmocka_unit_test(to_is_the_target_without_transport_and_headers),
        cmocka_unit_test(what_the_user_says_stands_there_instead),
        cmocka_unit_test(rows_of_the_users_replace_the_stacks),
        cmocka_unit_test(a_call_takes_its_identity_from_what_went_out),
        cmocka_unit_test(a_response_is_made_of_its_request),
        cmocka_unit_test(options_of_the_stack_are_its_defaults),
        cmocka_unit_test(no_identifier_is_used_twice),
        cmocka_unit_test(the_ack_has_the_invites_credentials),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
