/* What a stack that forwards makes of messages: RFC 3261 §16.6 and §16.7, byte for byte. */
#include "core/stack/forward/forward.h"

#include "core/base/oom_fixture.h"
#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { PROXY };

static const char invite[] = "INVITE sip:bob@example.com SIP/2.0\r\n"
                             "Via: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKa;rport\r\n"
                             "X-Unknown: \t left ,as\r\n  it is\r\n"
                             "Max-Forwards: 70\r\n"
                             "Route: <sip:192.0.2.1;lr>, <sip:192.0.2.8;lr>\r\n"
                             "f: Alice <sip:alice@example.com>;tag=a\r\n"
                             "t: <sip:bob@example.com>\r\n"
                             "i: one\r\n"
                             "CSeq: 7 INVITE\r\n"
                             "m: <sip:alice@192.0.2.9:5070>\r\n"
                             "l: 4\r\n"
                             "\r\n"
                             "body";

static void begin(struct pump *pump, enum sip_forwards forwards)
{
    struct sip_stack_options options = {.forwards = forwards};
    pump_begin(pump);
    pump_add(pump, "proxy", &options);
}

static void assert_sent(struct pump *pump, size_t index, const char *remote, const char *expected)
{
    assert_true(index < pump->sent_count);
    struct pump_sent *sent = &pump->sent[index];
    struct addr addr = pump_addr(remote);
    assert_true(addr_equal(&sent->remote, &addr));
    assert_int_equal(sent->bytes->len, strlen(expected));
    assert_memory_equal(sent->bytes->data, expected, strlen(expected));
}

static struct pump_tell *ask(struct pump *pump, const char *text)
{
    pump_inject(pump, PROXY, "192.0.2.9:5071", text);
    return pump_take(pump, PROXY, SIP_TELL_REQUEST, NULL);
}

static struct handle forward(struct pump *pump, const struct sip_forward_options *options)
{
    struct handle request;
    assert_int_equal(sip_forward(pump->stacks[PROXY], pump->now_us, options, &request), ERR_OK);
    pump_drain(pump);
    return request;
}

static void a_request_goes_on_as_it_came(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump, SIP_FORWARDS_STATEFUL);
    struct pump_tell *told = ask(&pump, invite);
    struct sip_forward_options options = {.transaction = told->tell.object,
                                          .request = told->msg,
                                          .uri = V("sip:bob@192.0.2.7;method=INVITE;x?a=b"),
                                          .route_skip = 1,
                                          .record_route = true,
                                          .branch = V("z9hG4bKnew")};
    forward(&pump, &options);
    assert_sent(&pump, 0, "192.0.2.8:5060",
                "INVITE sip:bob@192.0.2.7;x SIP/2.0\r\n"
                "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnew;rport\r\n"
                "Via: SIP/2.0/UDP "
                "192.0.2.9:5070;branch=z9hG4bKa;rport=5071;received=192.0.2.9\r\n"
                "Record-Route: <sip:192.0.2.1:5060;lr>\r\n"
                "X-Unknown: \t left ,as\r\n  it is\r\n"
                "Max-Forwards: 69\r\n"
                "Route: <sip:192.0.2.8;lr>\r\n"
                "f: Alice <sip:alice@example.com>;tag=a\r\n"
                "t: <sip:bob@example.com>\r\n"
                "i: one\r\n"
                "CSeq: 7 INVITE\r\n"
                "m: <sip:alice@192.0.2.9:5070>\r\n"
                "l: 4\r\n"
                "\r\n"
                "body");
    pump_end(&pump);
}

static struct handle send_long(struct pump *pump, enum sip_forwards forwards, enum sip_tell what,
                               struct view branch)
{
    struct buf text = {0};
    struct addr tcp;
    begin(pump, forwards);
    tcp = pump->addrs[PROXY];
    assert_int_equal(sip_stack_bound(pump->stacks[PROXY], (struct handle){9, 9}, PROTO_TCP, &tcp),
                     ERR_OK);
    buf_printf(
        &text,
        "MESSAGE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa\r\n"
        "From: <sip:a@h>;tag=a\r\nTo: <sip:b@h>\r\nCall-ID: one\r\nCSeq: 1 MESSAGE\r\n"
        "Max-Forwards: 70\r\n\r\n%1300d",
        1);
    buf_add_char(&text, '\0');
    pump_inject(pump, PROXY, "192.0.2.9:5060", text.ptr);
    buf_deinit(&text);
    struct pump_tell *told = pump_take(pump, PROXY, what, NULL);
    return forward(pump, &(struct sip_forward_options){.transaction = told->tell.object,
                                                       .request = told->msg,
                                                       .uri = V("sip:bob@192.0.2.7"),
                                                       .branch = branch,
                                                       .branch_tail = V("-loop")});
}

static struct view last_sent(const struct pump *pump)
{
    return blob_view(pump->sent[pump->sent_count - 1].bytes);
}

/* RFC 3261 §18.1.1; §16.11: who keeps no state would not hear that TCP is refused. */
static void what_is_too_long_goes_on_by_tcp(void **state)
{
    (void)state;
    struct pump pump;
    send_long(&pump, SIP_FORWARDS_STATEFUL, SIP_TELL_REQUEST, V("z9hG4bKnew"));
    struct view sent = last_sent(&pump);
    assert_true(view_find(sent, V("\r\nVia: SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bKnew\r\n")) <
                sent.len);
    assert_true(view_find(sent, V("\r\nContent-Length: 1300\r\n")) < sent.len);
    pump_end(&pump);
    send_long(&pump, SIP_FORWARDS_STATELESS, SIP_TELL_STRAY, V("z9hG4bKnew"));
    sent = last_sent(&pump);
    assert_true(view_find(sent, V("\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnew;")) <
                sent.len);
    pump_end(&pump);
}

/* By what stands behind its branch a loop is seen: RFC 3261 §16.6 item 8. */
static void it_goes_by_udp_after_all_and_is_known_again(void **state)
{
    (void)state;
    struct pump pump;
    struct handle request =
        send_long(&pump, SIP_FORWARDS_STATEFUL, SIP_TELL_REQUEST, (struct view){0});
    struct packet packet = {.kind = PACKET_FAILED,
                            .proto = PROTO_TCP,
                            .local = pump.addrs[PROXY],
                            .remote = pump_addr("192.0.2.7:5060"),
                            .error = NET_REFUSED,
                            .owner = request};
    assert_true(view_find(last_sent(&pump), V("-loop\r\n")) < last_sent(&pump).len);
    assert_int_equal(sip_stack_receive(pump.stacks[PROXY], pump.now_us, &packet), ERR_OK);
    pump_drain(&pump);
    assert_true(view_find(last_sent(&pump), V("\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=")) <
                last_sent(&pump).len);
    assert_true(view_find(last_sent(&pump), V("-loop;rport\r\nVia: SIP/2.0/UDP 192.0.2.9")) <
                last_sent(&pump).len);
    pump_end(&pump);
}

static void a_strict_router_gets_itself_in_the_request_uri(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump, SIP_FORWARDS_STATEFUL);
    struct pump_tell *told = ask(&pump, "OPTIONS sip:bob@192.0.2.7 SIP/2.0\r\n"
                                        "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa\r\n"
                                        "Route: <sip:192.0.2.1;lr>\r\n"
                                        "Route: <sip:192.0.2.8>, <sip:192.0.2.6;lr>\r\n"
                                        "From: <sip:a@b>;tag=a\r\n"
                                        "To: <sip:bob@example.com>\r\n"
                                        "Call-ID: one\r\n"
                                        "CSeq: 7 OPTIONS\r\n"
                                        "\r\n");
    struct sip_forward_options options = {.transaction = told->tell.object,
                                          .request = told->msg,
                                          .route_skip = 1,
                                          .branch = V("z9hG4bKnew")};
    forward(&pump, &options);
    assert_sent(&pump, 0, "192.0.2.8:5060",
                "OPTIONS sip:192.0.2.8 SIP/2.0\r\n"
                "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnew;rport\r\n"
                "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa\r\n"
                "Max-Forwards: 70\r\n"
                "Route: <sip:192.0.2.6;lr>\r\n"
                "Route: <sip:bob@192.0.2.7>\r\n"
                "From: <sip:a@b>;tag=a\r\n"
                "To: <sip:bob@example.com>\r\n"
                "Call-ID: one\r\n"
                "CSeq: 7 OPTIONS\r\n"
                "\r\n");
    pump_end(&pump);
}

#define OK_BELOW_VIA                                                                               \
    "X-Unknown: left\r\n"                                                                          \
    "f: Alice <sip:alice@example.com>;tag=a\r\n"                                                   \
    "t: <sip:bob@example.com>;tag=b\r\n"                                                           \
    "i: one\r\n"                                                                                   \
    "CSeq: 7 INVITE\r\n"                                                                           \
    "l: 4\r\n"                                                                                     \
    "\r\n"                                                                                         \
    "body"
static const char ok[] =
    "SIP/2.0 200 Fine\r\n"
    "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnew;rport=5060, "
    "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKa;rport=5071;received=192.0.2.9\r\n" OK_BELOW_VIA;
static const char ok_on[] =
    "SIP/2.0 200 Fine\r\n"
    "Via: SIP/2.0/UDP "
    "192.0.2.9:5070;branch=z9hG4bKa;rport=5071;received=192.0.2.9\r\n" OK_BELOW_VIA;

static void respond(struct pump *pump, struct handle transaction)
{
    struct pump_tell *told = pump_take(pump, PROXY, SIP_TELL_RESPONSE, "200 INVITE");
    assert_int_equal(
        sip_forward_response(pump->stacks[PROXY], pump->now_us, transaction, told->msg, NULL, 0),
        ERR_OK);
    pump_drain(pump);
}

static void a_response_loses_its_top_via_and_copies_of_it_are_copies(void **state)
{
    (void)state;
    struct pump pump;
    struct handle owner = {.index = 3, .gen = 8};
    begin(&pump, SIP_FORWARDS_STATEFUL);
    struct pump_tell *told = ask(&pump, invite);
    struct handle transaction = told->tell.object;
    struct sip_forward_options options = {.transaction = transaction,
                                          .request = told->msg,
                                          .route_skip = 1,
                                          .branch = V("z9hG4bKnew"),
                                          .owner = owner};
    forward(&pump, &options);
    for (size_t i = 1; i <= 2; i++) {
        pump_inject(&pump, PROXY, "192.0.2.8:5060", ok);
        respond(&pump, transaction);
        assert_sent(&pump, i, "192.0.2.9:5071", ok_on);
        assert_int_equal(pump.sent[i].copy_of, i - 1);
    }
    assert_true(handle_equal(pump.tells[1].tell.owner, owner));
    pump_end(&pump);
}

static void a_response_that_nobody_waits_for_goes_on_by_its_via(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump, SIP_FORWARDS_STATEFUL);
    pump_inject(&pump, PROXY, "192.0.2.8:5060", ok);
    struct pump_tell *told = pump_take(&pump, PROXY, SIP_TELL_STRAY, "200 INVITE");
    assert_int_equal(
        sip_forward_response(pump.stacks[PROXY], 0, (struct handle){0}, told->msg, NULL, 0),
        ERR_OK);
    pump_drain(&pump);
    assert_sent(&pump, 0, "192.0.2.9:5071", ok_on);
    pump_end(&pump);
}

static void statelessly_every_request_is_a_stray(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump, SIP_FORWARDS_STATELESS);
    for (int i = 0; i < 2; i++) {
        pump_inject(&pump, PROXY, "192.0.2.9:5071", invite);
        struct pump_tell *told = pump_take(&pump, PROXY, SIP_TELL_STRAY, "INVITE");
        struct sip_forward_options options = {.request = told->msg,
                                              .source = told->tell.source,
                                              .route_skip = 1,
                                              .branch = V("z9hG4bKhash")};
        forward(&pump, &options);
        assert_int_equal(pump.sent[i].copy_key, pump.sent[0].copy_key);
    }
    pump_run(&pump, 40 * US_PER_S);
    assert_int_equal(pump.sent_count, 2); /* no transaction, no retransmission */
    pump_end(&pump);
}

static void a_stray_can_be_answered_after_all(void **state)
{
    (void)state;
    struct pump pump;
    struct handle transaction;
    begin(&pump, SIP_FORWARDS_STATELESS);
    pump_inject(&pump, PROXY, "192.0.2.9:5071", invite);
    struct pump_tell *told = pump_take(&pump, PROXY, SIP_TELL_STRAY, "INVITE");
    assert_int_equal(sip_admit(pump.stacks[PROXY], 0, told->msg, &told->tell.source, &transaction),
                     ERR_OK);
    pump_respond(&pump, PROXY, transaction, 483);
    pump_inject(&pump, PROXY, "192.0.2.9:5071", invite); /* a copy: absorbed */
    assert_int_equal(pump_tell_count(&pump, PROXY, SIP_TELL_STRAY, NULL), 1);
    assert_int_equal(pump.sent_count, 2);
    pump_end(&pump);
}

static void what_is_abandoned_says_nothing_more(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump, SIP_FORWARDS_STATEFUL);
    struct pump_tell *told = ask(&pump, invite);
    assert_int_equal(sip_abandon(pump.stacks[PROXY], 0, told->tell.object), ERR_OK);
    pump_run(&pump, 40 * US_PER_S);
    assert_int_equal(pump.sent_count, 0);
    assert_int_equal(pump_tell_count(&pump, PROXY, SIP_TELL_DONE, NULL), 1);
    pump_end(&pump);
}

static void malformed_rows_of_others_are_not_our_business(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump, SIP_FORWARDS_STATEFUL);
    ask(&pump, "FROBNICATE sip:bob@192.0.2.7 SIP/2.0\r\n"
               "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa\r\n"
               "From: <sip:a@b>;tag=a\r\nTo: <sip:bob@example.com>\r\n"
               "Contact: *, \"\r\nDate: yesterday\r\nRequire: nobody-knows\r\n"
               "Call-ID: one\r\nCSeq: 7 FROBNICATE\r\n\r\n");
    assert_int_equal(pump.sent_count, 0);
    pump_inject(&pump, PROXY, "192.0.2.9:5060",
                "FROBNICATE sip:bob@192.0.2.7 SIP/2.0\r\n"
                "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKb\r\n"
                "From: <sip:a@b>;tag=a\r\nTo: <sip:bob@example.com>\r\n"
                "Call-ID: one\r\nCSeq: 7 FROBNICATE\r\nMax-Forwards: many\r\n\r\n");
    assert_non_null(pump_find(&pump, "400 FROBNICATE", 0));
    pump_end(&pump);
}

static void its_addresses_are_known(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump, SIP_FORWARDS_STATEFUL);
    struct sip_stack *stack = pump.stacks[PROXY];
    assert_true(sip_stack_is(stack, V("192.0.2.1"), 0));
    assert_true(sip_stack_is(stack, V("192.0.2.1"), 5060));
    assert_false(sip_stack_is(stack, V("192.0.2.1"), 5061));
    assert_false(sip_stack_is(stack, V("192.0.2.2"), 0));
    assert_false(sip_stack_is(stack, V("example.com"), 0));
    pump_end(&pump);
}

struct hop_by_hop { /* one request that comes and goes on */
    struct sip_stack *stack;
    struct blob *bytes;
    enum err err;
};

/* What goes out is whole, or nothing is. */
static void drain_whole(struct hop_by_hop *way)
{
    struct effect effect;
    while (sip_stack_next(way->stack, &effect)) {
        struct sip_forward_options options = {.transaction = effect.tell.object,
                                              .request = effect.tell.msg,
                                              .uri = V("sip:bob@192.0.2.7"),
                                              .record_route = true,
                                              .branch_tail = V("-loop")};
        struct handle request;
        if (effect.kind == TELL && effect.tell.what == SIP_TELL_REQUEST)
            way->err = sip_forward(way->stack, 0, &options, &request);
        if (effect.kind == DO_DATAGRAM && view_starts(blob_view(effect.bytes), V("INVITE"))) {
            static const struct view rows[] = {
                {"INVITE sip:bob@192.0.2.7 SIP/2.0\r\n",              34},
                {"Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKp-1", 49},
                {"-loop;rport\r\n",                                   13},
                {";received=192.0.2.9\r\n",                           21},
                {"Record-Route: <sip:192.0.2.1:5060;lr>\r\n",         39},
                {"Max-Forwards: 69\r\n",                              18},
            };
            for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
                assert_true(view_find(blob_view(effect.bytes), rows[i]) < effect.bytes->len);
        }
        effect_deinit(&effect);
    }
}

static enum err come_and_go(void *ctx)
{
    (void)ctx;
    struct order order = {0};
    struct sip_stack_options options = {
        .order = &order, .name = V("p"), .forwards = SIP_FORWARDS_STATEFUL};
    struct hop_by_hop way = {0};
    struct addr own = pump_addr("192.0.2.1:5060"), other = pump_addr("192.0.2.9:5071");
    enum err err = sip_stack_create(&options, &way.stack);
    if (err == ERR_OK)
        err = sip_stack_bound(way.stack, (struct handle){0, 1}, PROTO_UDP, &own);
    if (err == ERR_OK && (way.bytes = blob_create(view_of(invite))) == NULL)
        err = ERR_MEMORY;
    struct packet packet = {
        .kind = PACKET_DATAGRAM, .link = {0, 1},
             .local = own, .remote = other, .bytes = way.bytes
    };
    if (err == ERR_OK)
        err = sip_stack_receive(way.stack, 0, &packet);
    if (way.bytes != NULL)
        drain_whole(&way);
    sip_stack_destroy(way.stack);
    blob_unref(way.bytes);
    sip_msg_pool_drop();
    return err != ERR_OK ? err : way.err;
}

static void memory_may_end_at_any_point(void **state)
{
    (void)state;
    test_each_oom(come_and_go, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_goes_on_as_it_came),
        cmocka_unit_test(what_is_too_long_goes_on_by_tcp),
        cmocka_unit_test(it_goes_by_udp_after_all_and_is_known_again),
        cmocka_unit_test(a_strict_router_gets_itself_in_the_request_uri),
        cmocka_unit_test(a_response_loses_its_top_via_and_copies_of_it_are_copies),
        cmocka_unit_test(a_response_that_nobody_waits_for_goes_on_by_its_via),
        cmocka_unit_test(statelessly_every_request_is_a_stray),
        cmocka_unit_test(a_stray_can_be_answered_after_all),
        cmocka_unit_test(what_is_abandoned_says_nothing_more),
        cmocka_unit_test(malformed_rows_of_others_are_not_our_business),
        cmocka_unit_test(its_addresses_are_known),
        cmocka_unit_test(memory_may_end_at_any_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
