#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ALICE, BOB };

struct ring { /* a call that rings at bob's */
    struct pump pump;
    struct handle request, call, leg, invite;
};

static void begin(struct ring *ring, uint16_t status)
{
    pump_begin(&ring->pump);
    pump_add(&ring->pump, "alice", NULL);
    pump_add(&ring->pump, "bob", NULL);
    ring->request = pump_invite(&ring->pump, ALICE, "sip:bob@192.0.2.2", &ring->call);
    pump_run(&ring->pump, 10 * US_PER_MS);
    struct pump_tell *told = pump_take(&ring->pump, BOB, SIP_TELL_REQUEST, "INVITE");
    ring->leg = told->tell.call;
    ring->invite = told->tell.object;
    if (status != 0)
        pump_respond(&ring->pump, BOB, ring->invite, status);
    pump_run(&ring->pump, 20 * US_PER_MS);
}

static struct handle cancel(struct ring *ring)
{
    struct handle request;
    assert_int_equal(sip_request_cancel(ring->pump.stacks[ALICE], ring->pump.now_us, ring->request,
                                        NULL, &request),
                     ERR_OK);
    return request;
}

static struct sip_call_info info_of(struct ring *ring, int stack)
{
    struct sip_call_info info;
    struct handle call = stack == ALICE ? ring->call : ring->leg;
    assert_int_equal(sip_call_info(ring->pump.stacks[stack], call, &info), ERR_OK);
    return info;
}

static struct sip_msg *parsed(struct pump *pump, const char *label)
{
    struct sip_msg *msg;
    struct pump_sent *sent = pump_find(pump, label, 0);
    assert_non_null(sent);
    assert_int_equal(sip_msg_parse(sent->bytes, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    return msg;
}

static void assert_view(struct view a, struct view b)
{
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.ptr, b.ptr, a.len);
}

/* RFC 3261 §9.1, §9.2 */
static void a_ringing_call_is_cancelled(void **state)
{
    (void)state;
    struct ring ring;
    char room[400];
    begin(&ring, 180);
    cancel(&ring);
    pump_run(&ring.pump, 40 * US_PER_MS);
    assert_string_equal(pump_labels(&ring.pump, -1, room, sizeof room),
                        "INVITE, 180 INVITE, CANCEL, 200 CANCEL, 487 INVITE, ACK");
    assert_int_equal(info_of(&ring, ALICE).ended, SIP_ENDED_CANCELLED);
    assert_int_equal(info_of(&ring, BOB).ended, SIP_ENDED_CANCELLED);
    assert_int_equal(info_of(&ring, ALICE).ended_status, 487);
    pump_take(&ring.pump, BOB, SIP_TELL_CANCELLED, "CANCEL");
    pump_take(&ring.pump, ALICE, SIP_TELL_RESPONSE, "200 CANCEL");
    pump_take(&ring.pump, ALICE, SIP_TELL_RESPONSE, "487 INVITE");
    pump_run(&ring.pump, 200 * US_PER_S);
    struct sip_stack_counts counts;
    for (int i = 0; i < 2; i++) {
        sip_stack_counts(ring.pump.stacks[i], &counts);
        assert_int_equal(counts.client_transactions + counts.server_transactions + counts.calls +
                             counts.timers,
                         0);
    }
    pump_end(&ring.pump);
}

/* RFC 3261 §9.1: Request-URI, Call-ID, To, From, CSeq number and top Via of the INVITE; §17.1.1.3.
 */
static void cancel_and_ack_are_made_of_the_invite(void **state)
{
    (void)state;
    struct ring ring;
    begin(&ring, 180);
    cancel(&ring);
    pump_run(&ring.pump, 40 * US_PER_MS);
    struct sip_msg *invite = parsed(&ring.pump, "INVITE"), *sent = parsed(&ring.pump, "CANCEL");
    struct sip_msg *ack = parsed(&ring.pump, "ACK"), *final = parsed(&ring.pump, "487 INVITE");
    struct sip_msg *both[] = {sent, ack};
    for (size_t i = 0; i < 2; i++) {
        assert_view(sip_msg_request_uri_text(both[i]), sip_msg_request_uri_text(invite));
        assert_view(sip_msg_via(both[i], 0)->text, sip_msg_via(invite, 0)->text);
        assert_null(sip_msg_via(both[i], 1));
        assert_view(sip_msg_from(both[i])->text, sip_msg_from(invite)->text);
        assert_view(sip_msg_call_id(both[i]), sip_msg_call_id(invite));
        assert_int_equal(sip_msg_cseq(both[i])->number, 1);
        assert_int_equal(sip_msg_body(both[i]).len, 0);
    }
    assert_view(sip_msg_to(sent)->text, sip_msg_to(invite)->text);
    assert_view(sip_msg_to(ack)->text, sip_msg_to(final)->text);
    assert_int_equal(sip_msg_cseq(sent)->method, SIP_CANCEL);
    assert_int_equal(sip_msg_cseq(ack)->method, SIP_ACK);
    struct sip_msg *ok = parsed(&ring.pump, "200 CANCEL");
    assert_view(sip_msg_to(ok)->tag, sip_msg_to(final)->tag); /* §9.2 */
    struct sip_msg *all[] = {invite, sent, ack, final, ok};
    for (size_t i = 0; i < 5; i++)
        sip_msg_unref(all[i]);
    pump_end(&ring.pump);
}

/* B42 */
static void a_cancel_waits_for_a_provisional_response(void **state)
{
    (void)state;
    struct ring ring;
    char room[400];
    begin(&ring, 0);
    struct handle sent = cancel(&ring);
    assert_string_equal(sip_transaction_state(ring.pump.stacks[ALICE], sent), "waiting");
    pump_run(&ring.pump, 100 * US_PER_MS);
    assert_null(pump_find(&ring.pump, "CANCEL", 0));
    pump_run(&ring.pump, 300 * US_PER_MS); /* the 100 comes at 201 ms */
    assert_string_equal(pump_labels(&ring.pump, -1, room, sizeof room),
                        "INVITE, 100 INVITE, CANCEL, 200 CANCEL, 487 INVITE, ACK");
    pump_end(&ring.pump);
}

static void a_cancel_that_waited_too_long_is_never_sent(void **state)
{
    (void)state;
    struct ring ring;
    char room[400];
    begin(&ring, 0);
    struct handle sent = cancel(&ring);
    pump_respond(&ring.pump, BOB, ring.invite, 486);
    pump_run(&ring.pump, 300 * US_PER_MS);
    assert_string_equal(pump_labels(&ring.pump, -1, room, sizeof room), "INVITE, 486 INVITE, ACK");
    assert_string_equal(sip_transaction_state(ring.pump.stacks[ALICE], sent), "terminated");
    assert_int_equal(info_of(&ring, ALICE).ended, SIP_ENDED_REJECTED);
    struct pump_tell *done = pump_take(&ring.pump, ALICE, SIP_TELL_DONE, NULL);
    assert_true(handle_equal(done->tell.object, sent));
    pump_end(&ring.pump);
}

/* RFC 3261 §9.1: 64*T1 after the CANCEL the INVITE counts as cancelled. */
static void an_invite_that_never_ends_after_cancel_is_given_up(void **state)
{
    (void)state;
    struct ring ring;
    pump_begin(&ring.pump);
    struct sip_stack_options manual = {.manual = SIP_MANUAL_CANCEL};
    pump_add(&ring.pump, "alice", NULL);
    pump_add(&ring.pump, "bob", &manual);
    ring.request = pump_invite(&ring.pump, ALICE, "sip:bob@192.0.2.2", &ring.call);
    pump_run(&ring.pump, 300 * US_PER_MS);
    uint64_t sent_us = ring.pump.now_us;
    cancel(&ring);
    pump_run(&ring.pump, 400 * US_PER_MS);
    struct pump_tell *told = pump_take(&ring.pump, BOB, SIP_TELL_CANCELLED, "CANCEL");
    pump_respond(&ring.pump, BOB, told->tell.object, 200); /* and nothing to the INVITE */
    pump_run(&ring.pump, 100 * US_PER_S);
    struct pump_tell *end = pump_take(&ring.pump, ALICE, SIP_TELL_RESPONSE, "408 INVITE");
    assert_int_equal(end->at_us, sent_us + 32 * US_PER_S);
    assert_true(end->tell.generated);
    struct pump_tell *over = pump_take(&ring.pump, ALICE, SIP_TELL_CALL, NULL);
    assert_int_equal(over->tell.state, SIP_CALL_TERMINATED);
    pump_end(&ring.pump);
}

/* B42, RFC 3261 §9.2, §15: the call is up; what to do with it is the user's. */
static void a_cancel_that_crosses_a_200_leaves_the_call_up(void **state)
{
    (void)state;
    struct ring ring;
    char room[400];
    begin(&ring, 180);
    pump_respond(&ring.pump, BOB, ring.invite, 200);
    pump_drain(&ring.pump); /* the 200 is on its way */
    cancel(&ring);
    pump_run(&ring.pump, 100 * US_PER_S);
    assert_string_equal(pump_labels(&ring.pump, -1, room, sizeof room),
                        "INVITE, 180 INVITE, 200 INVITE, CANCEL, ACK, 200 CANCEL");
    assert_int_equal(info_of(&ring, ALICE).state, SIP_CALL_CONFIRMED);
    assert_int_equal(info_of(&ring, BOB).state, SIP_CALL_CONFIRMED);
    pump_end(&ring.pump);
}

static void a_cancel_after_the_final_response_is_refused_here(void **state)
{
    (void)state;
    struct ring ring;
    begin(&ring, 200);
    struct handle request;
    assert_int_equal(
        sip_request_cancel(ring.pump.stacks[ALICE], ring.pump.now_us, ring.request, NULL, &request),
        ERR_STATE);
    struct handle stale = {.index = 3, .gen = 9};
    assert_int_equal(
        sip_request_cancel(ring.pump.stacks[ALICE], ring.pump.now_us, stale, NULL, &request),
        ERR_GONE);
    pump_end(&ring.pump);
}

/* B42, RFC 3261 §9.2 */
static void a_cancel_of_nothing_is_answered_481(void **state)
{
    (void)state;
    struct ring ring;
    begin(&ring, 180);
    pump_inject(&ring.pump, BOB, "192.0.2.9:5060",
                "CANCEL sip:bob@192.0.2.2 SIP/2.0\r\n"
                "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKother\r\nMax-Forwards: 70\r\n"
                "From: <sip:x@192.0.2.9>;tag=1\r\nTo: <sip:bob@192.0.2.2>\r\nCall-ID: x\r\n"
                "CSeq: 1 CANCEL\r\nRequire: nothing\r\nContent-Length: 0\r\n\r\n");
    assert_non_null(
        pump_find(&ring.pump, "481 CANCEL", 0)); /* Require is not looked at, §8.2.2.3 */
    assert_null(pump_find(&ring.pump, "487 INVITE", 0));
    pump_end(&ring.pump);
}

static bool lose_200_cancel_once(void *ctx, struct pump *pump, struct pump_sent *sent)
{
    bool *lost = ctx;
    (void)pump;
    if (*lost || strcmp(sent->label, "200 CANCEL") != 0)
        return false;
    *lost = true;
    return true;
}

/* B42: a CANCEL is a transaction of its own: its copy is absorbed there. */
static void a_copy_of_a_cancel_is_answered_again_and_told_once(void **state)
{
    (void)state;
    struct ring ring;
    bool lost = false;
    begin(&ring, 180);
    ring.pump.lose = lose_200_cancel_once;
    ring.pump.ctx = &lost;
    cancel(&ring);
    pump_run(&ring.pump, US_PER_S);
    uint64_t times[4];
    assert_int_equal(pump_times(&ring.pump, "CANCEL", times, 4), 2);
    assert_int_equal(pump_times(&ring.pump, "200 CANCEL", times, 4), 2);
    assert_int_equal(pump_times(&ring.pump, "487 INVITE", times, 4), 1);
    assert_int_equal(pump_tell_count(&ring.pump, BOB, SIP_TELL_CANCELLED, NULL), 1);
    pump_end(&ring.pump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ringing_call_is_cancelled),
        cmocka_unit_test(cancel_and_ack_are_made_of_the_invite),
        cmocka_unit_test(a_cancel_waits_for_a_provisional_response),
        cmocka_unit_test(a_cancel_that_waited_too_long_is_never_sent),
        cmocka_unit_test(an_invite_that_never_ends_after_cancel_is_given_up),
        cmocka_unit_test(a_cancel_that_crosses_a_200_leaves_the_call_up),
        cmocka_unit_test(a_cancel_after_the_final_response_is_refused_here),
        cmocka_unit_test(a_cancel_of_nothing_is_answered_481),
        cmocka_unit_test(a_copy_of_a_cancel_is_answered_again_and_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
