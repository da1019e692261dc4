#include "core/flow/driver_fixture.h"

#include "core/base/oom_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define MESSAGE "OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n"
static const struct handle none;
static struct hand hand;

static int close_hand(void **state)
{
    (void)state;
    hand_close(&hand);
    return 0;
}

static int open_hand(void **state)
{
    (void)state;
    hand_open(&hand, NULL);
    return 0;
}

static void expect_log(const char *expected)
{
    assert_string_equal(hand_log(&hand), expected);
}

static void a_message_waits_for_its_connection(void **state)
{
    (void)state;
    hand_send(&hand, V("one"));
    hand_send(&hand, V("two"));
    expect_log("(opening) open ");
    hand_opened(&hand);
    expect_log("(open) ready ready write write ");
    hand_send(&hand, V("three"));
    expect_log("ready write ");
    assert_true(view_equal(buf_view(&hand.written), V("onetwothree")));
    assert_int_equal(flows_count(hand.flows), 1);
}

/* CVE-2020-15260: what TLS has proved to one name is not used for another at the same address. */
static void another_domain_has_a_connection_of_its_own(void **state)
{
    (void)state;
    hand_send_by(&hand, none, V("a.example"), V("one"));
    hand_opened(&hand);
    hand_send_by(&hand, none, V("b.example"), V("two"));
    hand_send_by(&hand, none, V("A.Example"), V("three"));
    assert_int_equal(flows_count(hand.flows), 2);
    expect_log("(opening) open (open) ready write (opening) open ready write ");
}

static void all_that_waits_fails_with_the_connection(void **state)
{
    (void)state;
    hand_send(&hand, V("one"));
    hand_send(&hand, V("two"));
    hand_failed(&hand, none, NET_REFUSED);
    expect_log("(opening) open unsent(refused) unsent(refused) (gone) ");
    hand_send(&hand, V("three"));
    expect_log("(opening) open ");
    hand_until(&hand, hand.now_us + 10 * US_PER_S);
    expect_log("reset unsent(timed out) (gone) ");
}

static void a_copy_of_what_waits_is_not_added(void **state)
{
    (void)state;
    hand_send(&hand, V("one"));
    hand.next_key = 0;
    hand_send(&hand, V("one"));
    hand_opened(&hand);
    expect_log("(opening) open (open) ready write ");
}

/* RFC 3261 §18.2.2 */
static void an_answer_goes_by_the_connection_of_its_request(void **state)
{
    (void)state;
    struct handle link = hand_accepted(&hand);
    hand_bytes(&hand, link, V(MESSAGE));
    struct handle flow = hand.flow;
    expect_log("(open) got ");
    hand_send_by(&hand, flow, (struct view){0}, V("answer"));
    expect_log("ready write ");
    hand_failed(&hand, link, NET_RESET);
    expect_log("(gone) ");
    hand_send_by(&hand, flow, (struct view){0}, V("late answer"));
    expect_log("(opening) open ");
}

static void who_takes_no_bytes_is_not_waited_for(void **state)
{
    struct flow_options options = {.write_limit = 10, .write_us = US_PER_S};
    (void)state;
    hand_open(&hand, &options);
    hand_send(&hand, V("12345678"));
    struct handle link = hand_opened(&hand);
    hand_send(&hand, V("12345678"));
    expect_log("(opening) open (open) ready write ready limit ");
    hand_packet(&hand, &(struct packet){.kind = PACKET_WROTE, .link = link, .wrote = 8});
    hand_send(&hand, V("12345678"));
    expect_log("ready write ");
    hand_until(&hand, hand.now_us + US_PER_S);
    expect_log("reset (gone) ");
}

static void too_much_that_waits_for_a_connection_fails(void **state)
{
    struct flow_options options = {.waiting_limit = 1};
    (void)state;
    hand_open(&hand, &options);
    hand_send(&hand, V("one"));
    hand_send(&hand, V("two"));
    expect_log("(opening) open unsent(a limit was reached) ");
}

/* B36, AST-2016-005: idle connections must not keep others out; busy ones are not touched. */
static void the_one_that_was_idle_for_longest_makes_room(void **state)
{
    struct flow_options options = {.flow_limit = 2};
    (void)state;
    hand_open(&hand, &options);
    hand_accepted(&hand);
    struct handle first = hand.flow;
    hand_accepted(&hand);
    struct handle second = hand.flow;
    flows_owe(hand.flows, hand.now_us, first, 1);
    hand_log(&hand);
    hand_accepted(&hand);
    expect_log("reset (gone) (open) ");
    struct flow_info info;
    assert_int_equal(flows_info(hand.flows, first, &info), ERR_OK);
    assert_int_equal(flows_info(hand.flows, second, &info), ERR_GONE);
    flows_owe(hand.flows, hand.now_us, hand.flow, 1);
    hand_accepted(&hand);
    expect_log("reset ");
}

/* Some answers never come, so that those who wait for one could fill the table. */
static void who_has_been_owed_for_long_makes_room_too(void **state)
{
    struct flow_options options = {.flow_limit = 1, .owed_us = 5 * US_PER_S};
    (void)state;
    hand_open(&hand, &options);
    hand_bytes(&hand, hand_accepted(&hand), V(MESSAGE));
    flows_owe(hand.flows, hand.now_us, hand.flow, 1);
    expect_log("(open) got ");
    hand_until(&hand, hand.now_us + 4 * US_PER_S);
    hand_accepted(&hand);
    expect_log("reset ");
    hand_until(&hand, hand.now_us + US_PER_S);
    hand_accepted(&hand);
    expect_log("reset (gone) (open) ");
}

static void a_peer_has_so_much_time_and_no_more(void **state)
{
    struct flow_options options = {
        .silent_us = US_PER_S, .slow_us = 2 * US_PER_S, .idle_us = 5 * US_PER_S};
    (void)state;
    hand_open(&hand, &options);
    hand_accepted(&hand); /* says nothing */
    hand_until(&hand, hand.now_us + US_PER_S);
    expect_log("(open) reset (gone) ");
    struct handle link = hand_accepted(&hand); /* dribbles */
    for (int i = 0; i < 3; i++) {
        hand_bytes(&hand, link, V("O"));
        hand_until(&hand, hand.now_us + 900 * US_PER_MS);
    }
    expect_log("(open) reset (gone) ");
    link = hand_accepted(&hand); /* has nothing more to say */
    hand_bytes(&hand, link, V(MESSAGE));
    hand_until(&hand, hand.now_us + 5 * US_PER_S);
    expect_log("(open) got close (closing) ");
    hand_until(&hand, hand.now_us + 4 * US_PER_S); /* nor a FIN */
    expect_log("reset (gone) ");
}

/* B38 */
static void after_a_fin_what_is_owed_is_still_written(void **state)
{
    (void)state;
    struct handle link = hand_accepted(&hand);
    hand_bytes(&hand, link, V(MESSAGE));
    struct handle flow = hand.flow;
    flows_owe(hand.flows, hand.now_us, flow, 1);
    hand_failed(&hand, link, NET_EOF);
    hand_until(&hand, hand.now_us + US_PER_S);
    expect_log("(open) got ended ");
    hand_send_by(&hand, flow, (struct view){0}, V("answer"));
    flows_owe(hand.flows, hand.now_us, flow, -1);
    hand_until(&hand, hand.now_us);
    expect_log("ready write close (gone) ");
}

/* B31 */
static void nothing_is_read_behind_a_broken_message(void **state)
{
    (void)state;
    struct handle link = hand_accepted(&hand);
    hand_bytes(&hand, link, V(MESSAGE "OPTIONS sip:b SIP/2.0\r\n\r\n" MESSAGE));
    hand_bytes(&hand, link, V(MESSAGE));
    expect_log("(open) got malformed ");
    hand_until(&hand, hand.now_us);
    expect_log("close (closing) ");
    hand_failed(&hand, link, NET_EOF);
    expect_log("ended (gone) ");
}

static void nor_behind_one_that_the_loop_stops_at(void **state)
{
    struct flow_news news;
    (void)state;
    struct handle link = hand_accepted(&hand);
    struct packet packet = {
        .kind = PACKET_BYTES, .link = link, .bytes = blob_create(V(MESSAGE MESSAGE))};
    assert_int_equal(flows_receive(hand.flows, hand.now_us, &packet), ERR_OK);
    assert_true(flows_next(hand.flows, &news));
    assert_int_equal(news.kind, FLOW_GOT);
    flows_stop(hand.flows, hand.now_us, news.flow);
    assert_false(flows_next(hand.flows, &news));
    blob_unref(news.bytes);
    blob_unref(packet.bytes);
}

/* B35: who sends a gibibyte of them and takes no pong is let go, and memory stays flat. */
static void a_flood_of_pings_costs_its_connection(void **state)
{
    static char pings[1 << 16];
    (void)state;
    for (size_t i = 0; i < sizeof pings; i++)
        pings[i] = i % 2 == 0 ? '\r' : '\n';
    struct handle link = hand_accepted(&hand);
    hand_log(&hand);
    uint64_t live = mem_live();
    for (int i = 0; i < 1 << 14; i++) {
        hand_bytes(&hand, link, (struct view){pings, sizeof pings});
        buf_clear(&hand.log);
        buf_clear(&hand.written);
        assert_true(mem_live() <= live + (4 << 20));
    }
    hand_until(&hand, hand.now_us + 60 * US_PER_S);
    assert_int_equal(flows_count(hand.flows), 0);
    hand_log(&hand);
    hand_bytes(&hand, hand_accepted(&hand), V(MESSAGE));
    expect_log("(open) got ");
}

/* RFC 5626 §4.4.1 */
static void a_ping_gets_a_pong_and_wants_one(void **state)
{
    struct flow_options options = {.ping_us = 60 * US_PER_S};
    (void)state;
    hand_open(&hand, &options);
    struct handle link = hand_accepted(&hand);
    hand_bytes(&hand, link, V("\r\n\r\n"));
    expect_log("(open) raw raw write wrote ");
    hand_failed(&hand, link, NET_RESET);
    hand_send(&hand, V("x"));
    link = hand_opened(&hand);
    hand_packet(&hand, &(struct packet){.kind = PACKET_WROTE, .link = link, .wrote = 1});
    hand_log(&hand);
    hand_until(&hand, hand.now_us + 60 * US_PER_S);
    expect_log("write wrote ");
    hand_packet(&hand, &(struct packet){.kind = PACKET_WROTE, .link = link, .wrote = 4});
    hand_bytes(&hand, link, V("\r\n"));
    hand_until(&hand, hand.now_us + 60 * US_PER_S);
    expect_log("raw write wrote ");
    hand_packet(&hand, &(struct packet){.kind = PACKET_WROTE, .link = link, .wrote = 4});
    hand_until(&hand, hand.now_us + 10 * US_PER_S); /* no pong this time */
    expect_log("reset (gone) ");
}

static enum err no_filters(void *ctx, const struct filter_ask *ask,
                           struct filter *out[FLOW_FILTERS_MAX], size_t *out_count)
{
    (void)ctx;
    (void)ask;
    (void)out;
    *out_count = 0;
    return ERR_OK;
}

/* RFC 7118 §6: over WebSocket each is a message of its own. */
static void a_pong_may_come_in_a_frame(void **state)
{
    struct flow_options options = {
        .ping_us = 60 * US_PER_S, .maker = {no_filters, NULL}
    };
    (void)state;
    hand_open(&hand, &options);
    hand.proto = PROTO_WS;
    hand_send(&hand, V("x"));
    struct handle link = hand_opened(&hand);
    hand_packet(&hand, &(struct packet){.kind = PACKET_WROTE, .link = link, .wrote = 1});
    hand_log(&hand);
    hand_until(&hand, hand.now_us + 60 * US_PER_S);
    expect_log("write wrote ");
    hand_packet(&hand, &(struct packet){.kind = PACKET_WROTE, .link = link, .wrote = 4});
    hand_bytes(&hand, link, V("\r\n"));
    hand_until(&hand, hand.now_us + 60 * US_PER_S);
    expect_log("raw write wrote ");
}

/* RFC 5626 §4.4: by whom the flow is wanted alive says when. */
static void a_ping_that_is_asked_for_wants_its_pong(void **state)
{
    (void)state;
    hand_send(&hand, V("x"));
    struct handle flow = hand.flow, link;
    flows_ping(hand.flows, hand.now_us, flow); /* it is not open */
    link = hand_opened(&hand);
    hand_packet(&hand, &(struct packet){.kind = PACKET_WROTE, .link = link, .wrote = 1});
    hand_log(&hand);
    for (int i = 0; i < 2; i++) /* one at a time */
        flows_ping(hand.flows, hand.now_us, flow);
    hand_run(&hand);
    expect_log("write wrote ");
    hand_packet(&hand, &(struct packet){.kind = PACKET_WROTE, .link = link, .wrote = 4});
    hand_bytes(&hand, link, V("\r\n"));
    hand_until(&hand, hand.now_us + 9 * 60 * US_PER_S);
    expect_log("raw ");
    flows_ping(hand.flows, hand.now_us, flow); /* and it is not idle, for all that time */
    hand_run(&hand);
    hand_packet(&hand, &(struct packet){.kind = PACKET_WROTE, .link = link, .wrote = 4});
    hand_bytes(&hand, link, V("\r\n"));
    hand_until(&hand, hand.now_us + 9 * 60 * US_PER_S);
    expect_log("write wrote raw ");
    flows_ping(hand.flows, hand.now_us, flow);
    hand_until(&hand, hand.now_us + 10 * US_PER_S);
    expect_log("write wrote reset (gone) ");
    flows_ping(hand.flows, hand.now_us, flow);
    expect_log("");
}

static void a_crash_resets_all_of_them(void **state)
{
    (void)state;
    hand_accepted(&hand);
    hand_send(&hand, V("x"));
    hand_log(&hand);
    flows_drop(hand.flows, hand.now_us);
    hand_run(&hand);
    expect_log("reset (gone) reset unsent(reset) (gone) ");
    assert_int_equal(flows_count(hand.flows), 0);
    assert_int_equal(flows_deadline(hand.flows).at_us, NEVER);
}

static void who_stops_closes_what_is_open(void **state)
{
    (void)state;
    hand_accepted(&hand);
    struct handle link = hand_accepted(&hand);
    hand_failed(&hand, link, NET_EOF); /* its FIN is here already */
    hand_send(&hand, V("x"));
    hand_log(&hand);
    flows_quit(hand.flows, hand.now_us);
    hand_run(&hand);
    expect_log("close (closing) (gone) close (gone) reset unsent(reset) (gone) ");
    assert_int_equal(flows_count(hand.flows), 0);
    assert_int_equal(flows_deadline(hand.flows).at_us, NEVER);
}

static void packets_of_nobody_do_nothing(void **state)
{
    (void)state;
    hand_bytes(&hand, (struct handle){7, 7}, V(MESSAGE));
    hand_failed(&hand, (struct handle){7, 7}, NET_RESET);
    hand.query = 9;
    hand_opened(&hand);
    expect_log("");
}

static enum err first(enum err a, enum err b)
{
    return a != ERR_OK ? a : b;
}

static void drop_news(struct flows *flows)
{
    struct flow_news news;
    uint64_t end;
    while (flows_next(flows, &news)) {
        if (news.kind == FLOW_READY)
            (void)!flows_write(flows, 1, news.flow, news.effect.bytes, &end);
        effect_deinit(&news.effect);
        blob_unref(news.bytes);
    }
}

static enum err send_and_receive(void *ctx)
{
    struct order order = {0};
    struct flow_options options = {.order = &order};
    struct flows *flows;
    struct packet packet = {
        .kind = PACKET_OPENED, .link = {1, 1},
             .query = 1, .proto = PROTO_TCP
    };
    enum err err = flows_create(&options, &flows);
    if (err != ERR_OK)
        return err;
    struct effect effect = {.kind = DO_DATAGRAM, .proto = PROTO_TCP, .bytes = blob_ref(ctx)};
    err = flows_send(flows, 1, &effect);
    drop_news(flows);
    err = first(err, flows_receive(flows, 1, &packet));
    drop_news(flows);
    packet.kind = PACKET_BYTES;
    packet.bytes = ctx;
    err = first(err, flows_receive(flows, 1, &packet));
    drop_news(flows);
    flows_destroy(flows);
    return err;
}

/* Most of it is known at once; what a later call could not do, the flow's end tells. */
static void without_memory_nothing_leaks(void **state)
{
    struct blob *bytes = blob_create(V(MESSAGE));
    (void)state;
    for (uint64_t nth = 1; nth < 60; nth++) {
        uint64_t live = mem_live();
        mem_fail_at(nth, nth % 2 == 0);
        (void)!send_and_receive(bytes);
        mem_fail_at(0, false);
        assert_int_equal(mem_live(), live);
    }
    assert_int_equal(send_and_receive(bytes), ERR_OK);
    blob_unref(bytes);
}

int main(void)
{
#define WITH_HAND(test) cmocka_unit_test_setup_teardown(test, open_hand, close_hand)
#define WITH_OPTIONS(test) cmocka_unit_test_teardown(test, close_hand) /* it opens its own */
    const struct CMUnitTest tests[] = {
        WITH_HAND(a_message_waits_for_its_connection),
        WITH_HAND(another_domain_has_a_connection_of_its_own),
        WITH_HAND(all_that_waits_fails_with_the_connection),
        WITH_HAND(a_copy_of_what_waits_is_not_added),
        WITH_HAND(an_answer_goes_by_the_connection_of_its_request),
        WITH_OPTIONS(who_takes_no_bytes_is_not_waited_for),
        WITH_OPTIONS(too_much_that_waits_for_a_connection_fails),
        WITH_OPTIONS(the_one_that_was_idle_for_longest_makes_room),
        WITH_OPTIONS(who_has_been_owed_for_long_makes_room_too),
        WITH_OPTIONS(a_peer_has_so_much_time_and_no_more),
        WITH_HAND(after_a_fin_what_is_owed_is_still_written),
        WITH_HAND(nothing_is_read_behind_a_broken_message),
        WITH_HAND(nor_behind_one_that_the_loop_stops_at),
        WITH_HAND(a_flood_of_pings_costs_its_connection),
        WITH_OPTIONS(a_ping_gets_a_pong_and_wants_one),
        WITH_OPTIONS(a_pong_may_come_in_a_frame),
        WITH_HAND(a_ping_that_is_asked_for_wants_its_pong),
        WITH_HAND(a_crash_resets_all_of_them),
        WITH_HAND(who_stops_closes_what_is_open),
        WITH_HAND(packets_of_nobody_do_nothing),
        cmocka_unit_test(without_memory_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
