/* Requests whose target is a name: RFC 3263 §4 and §5, from the stack's side. */
#include "core/base/oom_fixture.h"
#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { ALICE, BOB, CAROL };

static struct pump pump;

static void srv(const char *name, uint16_t priority, uint16_t port, const char *target)
{
    struct zone_name *entry = (struct zone_name *)zone_find(&pump.zone, view_of(name));
    struct dns_record record = {
        .type = DNS_SRV, .a = priority, .port = port, .name = view_of(target)};
    if (entry == NULL)
        assert_int_equal(zone_name_add(&pump.zone, view_of(name), &entry), ERR_OK);
    assert_int_equal(zone_record_add(entry, &record), ERR_OK);
}

static void host(const char *name, int stack)
{
    struct zone_name *entry;
    struct dns_record record = {.type = DNS_A};
    memcpy(record.ip, pump.addrs[stack].ip, 4);
    assert_int_equal(zone_name_add(&pump.zone, view_of(name), &entry), ERR_OK);
    assert_int_equal(zone_record_add(entry, &record), ERR_OK);
}

/* bob first, then carol. */
static void begin(void)
{
    pump_begin(&pump);
    sip_stack_resolves(pump_add(&pump, "alice", NULL));
    sip_stack_resolves(pump_add(&pump, "bob", NULL));
    (void)pump_add(&pump, "carol", NULL);
    srv("_sip._udp.example.com", 1, 5060, "bob.example.com");
    srv("_sip._udp.example.com", 2, 5060, "carol.example.com");
    host("bob.example.com", BOB);
    host("carol.example.com", CAROL);
}

static struct sip_msg *parsed(const struct pump_sent *sent)
{
    struct sip_msg *msg;
    assert_non_null(sent);
    assert_int_equal(sip_msg_parse(sent->bytes, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    return msg;
}

/* "identical to the previous, but has a different value of the Via branch ID" */
static void expect_same_but_branch(const struct pump_sent *one, const struct pump_sent *two)
{
    struct sip_msg *a = parsed(one), *b = parsed(two);
    assert_false(view_equal(sip_msg_via(a, 0)->branch, sip_msg_via(b, 0)->branch));
    assert_true(view_equal(sip_msg_call_id(a), sip_msg_call_id(b)));
    assert_true(view_equal(sip_msg_from(a)->tag, sip_msg_from(b)->tag));
    assert_int_equal(sip_msg_cseq(a)->number, sip_msg_cseq(b)->number);
    assert_true(view_equal(sip_msg_request_uri_text(a), sip_msg_request_uri_text(b)));
    assert_true(view_equal(sip_msg_body(a), sip_msg_body(b)));
    sip_msg_unref(a);
    sip_msg_unref(b);
}

static void a_503_leads_to_the_next_target(void **state)
{
    (void)state;
    begin();
    struct handle call;
    pump_invite(&pump, ALICE, "sip:x@example.com", &call);
    pump_run(&pump, pump.now_us + 100000);
    struct pump_tell *asked = pump_take(&pump, BOB, SIP_TELL_REQUEST, "INVITE");
    pump_respond(&pump, BOB, asked->tell.object, 503);
    pump_run(&pump, pump.now_us + 100000);
    asked = pump_take(&pump, CAROL, SIP_TELL_REQUEST, "INVITE");
    pump_respond(&pump, CAROL, asked->tell.object, 486);
    pump_run(&pump, pump.now_us + 100000);
    expect_same_but_branch(pump_find(&pump, "INVITE", 0), pump_find(&pump, "INVITE", 1));
    assert_int_equal(pump_find(&pump, "ACK", 0)->to, BOB);
    assert_int_equal(pump_find(&pump, "ACK", 1)->to, CAROL);
    assert_true(pump_take(&pump, ALICE, SIP_TELL_RESPONSE, "503 INVITE")->tell.again);
    (void)pump_take(&pump, ALICE, SIP_TELL_AGAIN, NULL);
    assert_false(pump_take(&pump, ALICE, SIP_TELL_RESPONSE, "486 INVITE")->tell.again);
    pump_end(&pump);
}

static bool lose_to_bob(void *ctx, struct pump *from, struct pump_sent *sent)
{
    (void)ctx;
    (void)from;
    return sent->to == BOB;
}

static void silence_leads_there_after_64_t1(void **state)
{
    (void)state;
    begin();
    pump.lose = lose_to_bob;
    pump_request(&pump, ALICE, "OPTIONS", "sip:x@example.com", (struct handle){0});
    pump_run(&pump, 33 * US_PER_S);
    struct pump_sent *last = pump_find(&pump, "OPTIONS", 11);
    assert_non_null(last);
    assert_int_equal(last->to, CAROL);
    assert_int_equal(last->at_us, 32 * US_PER_S);
    (void)pump_take(&pump, ALICE, SIP_TELL_RESPONSE, "200 OPTIONS");
    pump_end(&pump);
}

static void refused(int stack, const struct addr *remote)
{
    struct packet packet = {.kind = PACKET_FAILED,
                            .proto = PROTO_UDP,
                            .local = pump.addrs[stack],
                            .remote = *remote,
                            .error = NET_REFUSED};
    assert_int_equal(sip_stack_receive(pump.stacks[stack], pump.now_us, &packet), ERR_OK);
    pump_drain(&pump);
}

static void a_transport_error_leads_there_and_the_last_one_is_told(void **state)
{
    (void)state;
    begin();
    pump_request(&pump, ALICE, "OPTIONS", "sip:x@example.com", (struct handle){0});
    pump_drain(&pump);
    refused(ALICE, &pump.addrs[BOB]);
    assert_int_equal(pump_find(&pump, "OPTIONS", 1)->to, CAROL);
    refused(ALICE, &pump.addrs[CAROL]);
    assert_true(pump_take(&pump, ALICE, SIP_TELL_RESPONSE, "503 OPTIONS")->tell.again);
    assert_false(pump_take(&pump, ALICE, SIP_TELL_RESPONSE, "503 OPTIONS")->tell.again);
    (void)pump_take(&pump, ALICE, SIP_TELL_DONE, NULL);
    pump_end(&pump);
}

static void a_provisional_response_binds_it_to_its_server(void **state)
{
    (void)state;
    begin();
    pump_invite(&pump, ALICE, "sip:x@example.com", NULL);
    pump_run(&pump, pump.now_us + 100000);
    struct pump_tell *asked = pump_take(&pump, BOB, SIP_TELL_REQUEST, "INVITE");
    pump_respond(&pump, BOB, asked->tell.object, 180);
    pump_run(&pump, pump.now_us + 100000);
    refused(ALICE, &pump.addrs[BOB]);
    assert_int_equal(pump_tell_count(&pump, CAROL, SIP_TELL_REQUEST, NULL), 0);
    pump_end(&pump);
}

/* RFC 3263 §5: the sent-by of the Via is a name. */
static void a_response_finds_its_way_by_sent_by(void **state)
{
    (void)state;
    begin();
    pump_inject(&pump, BOB, "192.0.2.77:5099",
                "OPTIONS sip:bob@192.0.2.2 SIP/2.0\r\n"
                "Via: SIP/2.0/UDP carol.example.com:5060;branch=z9hG4bKx;rport\r\n"
                "From: <sip:x@example.com>;tag=1\r\nTo: <sip:bob@192.0.2.2>\r\n"
                "Call-ID: 1@x\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n");
    pump_drain(&pump);
    struct addr source = pump_addr("192.0.2.77:5099");
    assert_true(addr_equal(&pump_find(&pump, "200 OPTIONS", 0)->remote, &source));
    refused(BOB, &source);
    assert_int_equal(pump_find(&pump, "200 OPTIONS", 1)->to, CAROL);
    refused(BOB, &pump.addrs[CAROL]);
    assert_null(pump_find(&pump, "200 OPTIONS", 2));
    pump_end(&pump);
}

static void an_invite_is_answered_by_sent_by(void **state)
{
    (void)state;
    begin();
    host("down.example.com", ALICE);
    srv("_sip._udp.caller.example.com", 1, 5060, "down.example.com");
    srv("_sip._udp.caller.example.com", 2, 5060, "carol.example.com");
    pump_inject(&pump, BOB, "192.0.2.77:5099",
                "INVITE sip:bob@192.0.2.2 SIP/2.0\r\n"
                "Via: SIP/2.0/UDP caller.example.com;branch=z9hG4bKx;rport\r\n"
                "From: <sip:x@example.com>;tag=1\r\nTo: <sip:bob@192.0.2.2>\r\n"
                "Contact: <sip:x@192.0.2.77>\r\n"
                "Call-ID: 1@x\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n");
    pump_drain(&pump);
    struct pump_tell *asked = pump_take(&pump, BOB, SIP_TELL_REQUEST, "INVITE");
    struct addr source = pump_addr("192.0.2.77:5099");
    pump_respond(&pump, BOB, asked->tell.object, 486);
    pump_drain(&pump);
    refused(BOB, &source);
    assert_int_equal(pump_find(&pump, "486 INVITE", 1)->to, ALICE);
    refused(BOB, &pump.addrs[ALICE]);
    assert_int_equal(pump_find(&pump, "486 INVITE", 2)->to, CAROL);
    refused(BOB, &pump.addrs[CAROL]);
    assert_null(pump_find(&pump, "486 INVITE", 3));
    pump_end(&pump);
}

static void names_are_none_of_a_stack_that_cannot_ask(void **state)
{
    (void)state;
    begin();
    struct handle request;
    struct sip_request_options options = {.method = V("OPTIONS"), .uri = V("sip:x@example.com")};
    assert_int_equal(sip_request_send(pump.stacks[CAROL], 0, &options, &request, NULL), ERR_ABSENT);
    pump_end(&pump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_503_leads_to_the_next_target),
        cmocka_unit_test(silence_leads_there_after_64_t1),
        cmocka_unit_test(a_transport_error_leads_there_and_the_last_one_is_told),
        cmocka_unit_test(a_provisional_response_binds_it_to_its_server),
        cmocka_unit_test(a_response_finds_its_way_by_sent_by),
        cmocka_unit_test(an_invite_is_answered_by_sent_by),
        cmocka_unit_test(names_are_none_of_a_stack_that_cannot_ask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
