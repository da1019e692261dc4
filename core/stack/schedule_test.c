/* The retransmission table, to the microsecond, by letting the timers of a stack run out one by
 * one. */
#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ALICE, BOB };
enum { MOST = 32 };
static const struct handle none = {0};
static const char *const nobody = "sip:bob@192.0.2.99";

static void expect_times(struct pump *pump, const char *label, const uint64_t *ms, size_t count)
{
    uint64_t times[MOST];
    size_t sent = pump_times(pump, label, times, MOST);
    assert_int_equal(sent, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(times[i] - times[0], ms[i] * US_PER_MS);
    for (size_t i = 0; i < count; i++) { /* copies are the same bytes, and say so */
        struct pump_sent *copy = pump_find(pump, label, i);
        assert_ptr_equal(copy->bytes, pump_find(pump, label, 0)->bytes);
        assert_int_equal(copy->copy_of, i);
        assert_int_equal(copy->copy_key, pump_find(pump, label, 0)->copy_key);
    }
}
#define EXPECT_TIMES(pump, label, ...)                                                             \
    expect_times(pump, label, (const uint64_t[]){__VA_ARGS__},                                     \
                 sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

static bool lose_acks(void *ctx, struct pump *pump, struct pump_sent *sent)
{
    (void)ctx;
    (void)pump;
    return strcmp(sent->label, "ACK") == 0;
}

static void begin(struct pump *pump)
{
    pump_begin(pump);
    pump_add(pump, "alice", NULL);
    pump_add(pump, "bob", NULL);
}

/* RFC 3261 §17.1.1.2: Timer A doubles without a cap; Timer B ends it at 64*T1. */
static void an_unanswered_invite_is_sent_seven_times(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    begin(&pump);
    pump.now_us = 123456;
    pump_invite(&pump, ALICE, nobody, &call);
    pump_run(&pump, 100 * US_PER_S);
    EXPECT_TIMES(&pump, "INVITE", 0, 500, 1500, 3500, 7500, 15500, 31500);
    struct pump_tell *timeout = pump_take(&pump, ALICE, SIP_TELL_RESPONSE, "408 INVITE");
    assert_int_equal(timeout->at_us, 123456 + 32 * US_PER_S);
    assert_true(timeout->tell.generated);
    assert_int_equal(pump.sent_count, 7); /* no ACK and no CANCEL */
    struct pump_tell *ended = pump_take(&pump, ALICE, SIP_TELL_CALL, NULL);
    assert_int_equal(ended->tell.state, SIP_CALL_TERMINATED);
    assert_int_equal(ended->tell.status, 408);
    pump_end(&pump);
}

/* RFC 3261 §17.1.2.2: Timer E doubles up to T2; Timer F ends it. */
static void an_unanswered_options_is_sent_eleven_times(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump);
    pump_request(&pump, ALICE, "OPTIONS", nobody, none);
    pump_run(&pump, 100 * US_PER_S);
    EXPECT_TIMES(&pump, "OPTIONS", 0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500,
                 31500);
    assert_int_equal(pump_take(&pump, ALICE, SIP_TELL_RESPONSE, "408 OPTIONS")->at_us,
                     32 * US_PER_S);
    pump_end(&pump);
}

/* A 100 to what was sent last, as a device would answer. */
static void answer_100(struct pump *pump, const char *method)
{
    struct sip_msg *msg;
    struct buf buf = {0};
    struct pump_sent *sent = &pump->sent[pump->sent_count - 1];
    assert_int_equal(sip_msg_parse(sent->bytes, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    buf_printf(&buf, "SIP/2.0 100 Trying\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=%.*s\r\n",
               VIEW_ARG(sip_msg_via(msg, 0)->branch));
    buf_printf(&buf, "From: <sip:alice@192.0.2.1>;tag=%.*s\r\nTo: <sip:bob@192.0.2.99>\r\n",
               VIEW_ARG(sip_msg_from(msg)->tag));
    buf_printf(&buf, "Call-ID: %.*s\r\nCSeq: 1 %s\r\nContent-Length: 0\r\n\r\n",
               VIEW_ARG(sip_msg_call_id(msg)), method);
    buf_add_char(&buf, '\0');
    pump_inject(pump, ALICE, "192.0.2.99:5060", buf.ptr);
    buf_deinit(&buf);
    sip_msg_unref(msg);
}

/* RFC 3261 §17.1.2.2: after a 1xx the running Timer E fires as it was set, and then every T2. */
static void after_a_100_options_is_sent_every_four_seconds(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump);
    pump_request(&pump, ALICE, "OPTIONS", nobody, none);
    pump_run(&pump, 200 * US_PER_MS);
    answer_100(&pump, "OPTIONS");
    pump_run(&pump, 100 * US_PER_S);
    EXPECT_TIMES(&pump, "OPTIONS", 0, 500, 4500, 8500, 12500, 16500, 20500, 24500, 28500);
    assert_int_equal(pump_take(&pump, ALICE, SIP_TELL_RESPONSE, "408 OPTIONS")->at_us,
                     32 * US_PER_S);
    pump_end(&pump);
}

/* RFC 3261 §17.1.1.2: a provisional response ends the retransmissions, and the wait is the user's.
 */
static void after_a_100_an_invite_is_not_sent_again_and_not_timed_out(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    begin(&pump);
    pump_invite(&pump, ALICE, nobody, &call);
    pump_run(&pump, 700 * US_PER_MS);
    answer_100(&pump, "INVITE");
    pump_run(&pump, 600 * US_PER_S);
    EXPECT_TIMES(&pump, "INVITE", 0, 500);
    assert_int_equal(pump_state(&pump, ALICE, call), SIP_CALL_CALLING);
    pump_end(&pump);
}

/* RFC 3261 §17.2.1: Timer G, capped, until Timer H. */
static void a_486_without_ack_is_sent_eleven_times(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    begin(&pump);
    pump.lose = lose_acks;
    pump_invite(&pump, ALICE, "sip:bob@192.0.2.2", &call);
    pump_run(&pump, 10 * US_PER_MS);
    pump_respond(&pump, BOB, pump_take(&pump, BOB, SIP_TELL_REQUEST, "INVITE")->tell.object, 486);
    pump_run(&pump, 100 * US_PER_S);
    EXPECT_TIMES(&pump, "486 INVITE", 0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500,
                 31500);
    EXPECT_TIMES(&pump, "ACK", 0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500);
    assert_int_equal(pump_tell_count(&pump, ALICE, SIP_TELL_RESPONSE, "486 INVITE"), 1);
    pump_end(&pump);
}

/* B44, RFC 3261 §13.3.1.4: the UAS core, by the same intervals, and BYE after 64*T1. */
static void a_200_without_ack_is_sent_eleven_times_and_then_bye(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    begin(&pump);
    pump.lose = lose_acks;
    pump_invite(&pump, ALICE, "sip:bob@192.0.2.2", &call);
    pump_run(&pump, 10 * US_PER_MS);
    struct pump_tell *invite = pump_take(&pump, BOB, SIP_TELL_REQUEST, "INVITE");
    pump_respond(&pump, BOB, invite->tell.object, 200);
    pump_run(&pump, 100 * US_PER_S);
    EXPECT_TIMES(&pump, "200 INVITE", 0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500,
                 31500);
    EXPECT_TIMES(&pump, "ACK", 0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500);
    EXPECT_TIMES(&pump, "BYE", 0);
    assert_int_equal(pump_find(&pump, "BYE", 0)->at_us,
                     pump_find(&pump, "200 INVITE", 0)->at_us + 32 * US_PER_S);
    assert_int_equal(pump_find(&pump, "BYE", 0)->from, BOB);
    assert_int_equal(pump_tell_count(&pump, ALICE, SIP_TELL_RESPONSE, "200 INVITE"), 1);
    pump_end(&pump);
}

static bool lose_pracks(void *ctx, struct pump *pump, struct pump_sent *sent)
{
    (void)ctx;
    (void)pump;
    return strcmp(sent->label, "PRACK") == 0;
}

/* RFC 3262 §3: from T1, doubled without a ceiling, and a 5xx after 64*T1. */
static void a_reliable_183_without_prack_is_sent_seven_times_and_then_500(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    begin(&pump);
    pump.lose = lose_pracks;
    pump_invite(&pump, ALICE, "sip:bob@192.0.2.2", &call);
    pump_run(&pump, 10 * US_PER_MS);
    struct pump_tell *invite = pump_take(&pump, BOB, SIP_TELL_REQUEST, "INVITE");
    struct sip_response_options ringing = {.status = 183, .reliable = true};
    assert_int_equal(sip_respond(pump.stacks[BOB], pump.now_us, invite->tell.object, &ringing),
                     ERR_OK);
    pump_run(&pump, 100 * US_PER_S);
    EXPECT_TIMES(&pump, "183 INVITE", 0, 500, 1500, 3500, 7500, 15500, 31500);
    EXPECT_TIMES(&pump, "500 INVITE", 0);
    assert_int_equal(pump_find(&pump, "500 INVITE", 0)->at_us,
                     pump_find(&pump, "183 INVITE", 0)->at_us + 32 * US_PER_S);
    /* The copies are no news: one PRACK, by its own Timer E, for one response. */
    EXPECT_TIMES(&pump, "PRACK", 0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500,
                 31500);
    assert_int_equal(pump_tell_count(&pump, ALICE, SIP_TELL_RESPONSE, "183 INVITE"), 1);
    pump_end(&pump);
}

/* RFC 3261 §17.2.1: 100 unless the user answers within 200 ms. */
static void a_100_comes_after_200_ms_and_only_then(void **state)
{
    (void)state;
    static const struct {
        uint64_t answer_ms;
        size_t hundreds;
    } rows[] = {
        {100, 0},
        {300, 1}
    };
    for (size_t i = 0; i < 2; i++) {
        struct pump pump;
        struct handle call;
        begin(&pump);
        pump_invite(&pump, ALICE, "sip:bob@192.0.2.2", &call);
        pump_run(&pump, rows[i].answer_ms * US_PER_MS);
        pump_respond(&pump, BOB, pump_take(&pump, BOB, SIP_TELL_REQUEST, "INVITE")->tell.object,
                     180);
        pump_run(&pump, US_PER_S);
        uint64_t times[MOST];
        assert_int_equal(pump_times(&pump, "100 INVITE", times, MOST), rows[i].hundreds);
        if (rows[i].hundreds == 1)
            assert_int_equal(times[0], US_PER_MS + 200 * US_PER_MS); /* after its arrival */
        pump_end(&pump);
    }
}

/* RFC 4320 §4.1: over UDP not before 3.5 s, and then it must. */
static void a_slow_message_gets_its_100_at_three_and_a_half_seconds(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump);
    pump_request(&pump, ALICE, "MESSAGE", "sip:bob@192.0.2.2", none);
    pump_run(&pump, 10 * US_PER_S);
    uint64_t times[MOST];
    assert_true(pump_times(&pump, "100 MESSAGE", times, MOST) >= 1);
    assert_int_equal(times[0], US_PER_MS + 3500 * US_PER_MS);
    struct handle tx = pump_take(&pump, BOB, SIP_TELL_REQUEST, "MESSAGE")->tell.object;
    static const uint16_t forbidden[] = {100, 180, 183, 408}; /* §4.1, §4.2 */
    for (size_t i = 0; i < 4; i++) {
        struct sip_response_options options = {.status = forbidden[i]};
        assert_int_equal(sip_respond(pump.stacks[BOB], pump.now_us, tx, &options), ERR_STATE);
    }
    pump_respond(&pump, BOB, tx, 200);
    pump_run(&pump, 11 * US_PER_S);
    pump_take(&pump, ALICE, SIP_TELL_RESPONSE, "200 MESSAGE");
    pump_end(&pump);
}

/* Intervals count from when the timer was due, however late the loop came to it. */
static void lateness_does_not_add_up(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    begin(&pump);
    pump_invite(&pump, ALICE, nobody, &call);
    pump_drain(&pump);
    static const uint64_t due_ms[] = {500, 1500, 3500, 7500, 15500, 31500};
    for (size_t i = 0; i < 6; i++) {
        struct moment due = sip_stack_deadline(pump.stacks[ALICE]);
        assert_int_equal(due.at_us, due_ms[i] * US_PER_MS);
        sip_stack_expire(pump.stacks[ALICE], due.at_us + 3 * US_PER_MS); /* 3 ms late each time */
        pump_drain(&pump);
    }
    assert_int_equal(sip_stack_deadline(pump.stacks[ALICE]).at_us, 32 * US_PER_S);
    pump_end(&pump);
}

static void expire_fires_only_what_is_due(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump);
    pump_request(&pump, ALICE, "OPTIONS", nobody, none);
    pump_drain(&pump);
    sip_stack_expire(pump.stacks[ALICE], 499999);
    pump_drain(&pump);
    assert_int_equal(pump.sent_count, 1);
    sip_stack_expire(pump.stacks[ALICE], 500000);
    pump_drain(&pump);
    assert_int_equal(pump.sent_count, 2);
    pump_end(&pump);
}

static void t1_and_t2_are_options(void **state)
{
    (void)state;
    struct pump pump;
    struct sip_stack_options options = {
        .timers = {.t1_us = 100 * US_PER_MS,
                   .t2_us = 400 * US_PER_MS,
                   .t4_us = 5 * US_PER_S,
                   .d_us = 32 * US_PER_S,
                   .hundred_us = 200 * US_PER_MS}
    };
    pump_begin(&pump);
    pump_add(&pump, "alice", &options);
    pump_request(&pump, ALICE, "OPTIONS", nobody, none);
    pump_run(&pump, 2 * US_PER_S);
    EXPECT_TIMES(&pump, "OPTIONS", 0, 100, 300, 700, 1100, 1500, 1900);
    pump_run(&pump, 100 * US_PER_S);
    assert_int_equal(pump_take(&pump, ALICE, SIP_TELL_RESPONSE, "408 OPTIONS")->at_us,
                     6400 * US_PER_MS);
    pump_end(&pump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unanswered_invite_is_sent_seven_times),
        cmocka_unit_test(an_unanswered_options_is_sent_eleven_times),
        cmocka_unit_test(after_a_100_options_is_sent_every_four_seconds),
        cmocka_unit_test(after_a_100_an_invite_is_not_sent_again_and_not_timed_out),
        cmocka_unit_test(a_486_without_ack_is_sent_eleven_times),
        cmocka_unit_test(a_200_without_ack_is_sent_eleven_times_and_then_bye),
        cmocka_unit_test(a_reliable_183_without_prack_is_sent_seven_times_and_then_500),
        cmocka_unit_test(a_100_comes_after_200_ms_and_only_then),
        cmocka_unit_test(a_slow_message_gets_its_100_at_three_and_a_half_seconds),
        cmocka_unit_test(lateness_does_not_add_up),
        cmocka_unit_test(expire_fires_only_what_is_due),
        cmocka_unit_test(t1_and_t2_are_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
