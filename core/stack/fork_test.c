#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ALICE, BOB };

struct forked { /* an INVITE that has two legs at bob's, both ringing */
    struct pump pump;
    struct handle request, call, other;   /* alice's */
    struct handle leg[2], transaction[2]; /* bob's */
};

static void begin(struct forked *f, uint32_t manual)
{
    struct sip_stack_options options = {.manual = manual};
    pump_begin(&f->pump);
    pump_add(&f->pump, "alice", &options);
    pump_add(&f->pump, "bob", NULL);
    f->request = pump_invite(&f->pump, ALICE, "sip:bob@192.0.2.2", &f->call);
    pump_run(&f->pump, 10 * US_PER_MS);
    struct pump_tell *invite = pump_take(&f->pump, BOB, SIP_TELL_REQUEST, "INVITE");
    f->leg[0] = invite->tell.call;
    f->transaction[0] = invite->tell.object;
    assert_int_equal(sip_call_fork(f->pump.stacks[BOB], f->pump.now_us, f->leg[0], &f->leg[1],
                                   &f->transaction[1]),
                     ERR_OK);
    pump_respond(&f->pump, BOB, f->transaction[0], 180);
    pump_respond(&f->pump, BOB, f->transaction[1], 183);
    pump_run(&f->pump, 20 * US_PER_MS);
    f->other = pump_take(&f->pump, ALICE, SIP_TELL_FORK, NULL)->tell.call;
}

static void two_tags_make_two_early_dialogs(void **state)
{
    (void)state;
    struct forked f;
    struct sip_call_info a, b;
    begin(&f, 0);
    assert_int_equal(sip_call_info(f.pump.stacks[ALICE], f.call, &a), ERR_OK);
    assert_int_equal(sip_call_info(f.pump.stacks[ALICE], f.other, &b), ERR_OK);
    assert_int_equal(a.state, SIP_CALL_EARLY);
    assert_int_equal(b.state, SIP_CALL_EARLY);
    assert_true(view_equal(a.call_id, b.call_id));
    assert_true(view_equal(a.local_tag, b.local_tag));
    assert_false(view_equal(a.remote_tag, b.remote_tag));
    assert_int_equal(b.local_seq, 1); /* RFC 3261 §12.1.2: the INVITE's */
    struct pump_tell *second = pump_take(&f.pump, ALICE, SIP_TELL_RESPONSE, "183 INVITE");
    assert_true(handle_equal(second->tell.call, f.other));
    assert_true(handle_equal(second->tell.object, f.request));
    pump_end(&f.pump);
}

/* RFC 3261 §13.2.2.4: each 2xx is ACKed; of a call that is not wanted, BYE follows. */
static void the_second_200_is_acked_and_ended(void **state)
{
    (void)state;
    struct forked f;
    char room[400];
    begin(&f, 0);
    pump_respond(&f.pump, BOB, f.transaction[0], 200);
    pump_run(&f.pump, 30 * US_PER_MS);
    pump_respond(&f.pump, BOB, f.transaction[1], 200);
    pump_run(&f.pump, 200 * US_PER_S);
    assert_string_equal(pump_labels(&f.pump, ALICE, room, sizeof room), "INVITE, ACK, ACK, BYE");
    assert_string_equal(pump_labels(&f.pump, BOB, room, sizeof room),
                        "180 INVITE, 183 INVITE, 200 INVITE, 200 INVITE, 200 BYE");
    assert_int_equal(pump_state(&f.pump, ALICE, f.call), SIP_CALL_CONFIRMED);
    assert_int_equal(pump_state(&f.pump, BOB, f.leg[0]), SIP_CALL_CONFIRMED);
    assert_int_equal(pump_state(&f.pump, ALICE, f.other), SIP_CALL_TERMINATED);
    assert_int_equal(pump_state(&f.pump, BOB, f.leg[1]), SIP_CALL_TERMINATED);
    pump_end(&f.pump);
}

static void both_stay_where_the_user_wants_them(void **state)
{
    (void)state;
    struct forked f;
    begin(&f, SIP_MANUAL_FORK);
    pump_respond(&f.pump, BOB, f.transaction[1], 200);
    pump_run(&f.pump, 30 * US_PER_MS);
    pump_respond(&f.pump, BOB, f.transaction[0], 200);
    pump_run(&f.pump, 200 * US_PER_S);
    assert_null(pump_find(&f.pump, "BYE", 0));
    assert_int_equal(pump_state(&f.pump, ALICE, f.call), SIP_CALL_CONFIRMED);
    assert_int_equal(pump_state(&f.pump, ALICE, f.other), SIP_CALL_CONFIRMED);
    pump_request(&f.pump, ALICE, "BYE", NULL, f.other);
    pump_run(&f.pump, 201 * US_PER_S);
    assert_int_equal(pump_state(&f.pump, BOB, f.leg[1]), SIP_CALL_TERMINATED);
    assert_int_equal(pump_state(&f.pump, BOB, f.leg[0]), SIP_CALL_CONFIRMED);
    pump_end(&f.pump);
}

/* RFC 3261 §12.3 */
static void a_failure_ends_all_early_dialogs(void **state)
{
    (void)state;
    struct forked f;
    char room[400];
    begin(&f, 0);
    pump_respond(&f.pump, BOB, f.transaction[0], 486);
    pump_run(&f.pump, 30 * US_PER_MS);
    assert_int_equal(pump_state(&f.pump, ALICE, f.call), SIP_CALL_TERMINATED);
    assert_int_equal(pump_state(&f.pump, ALICE, f.other), SIP_CALL_TERMINATED);
    assert_int_equal(pump_state(&f.pump, BOB, f.leg[1]), SIP_CALL_TERMINATED);
    assert_string_equal(pump_labels(&f.pump, -1, room, sizeof room),
                        "INVITE, 180 INVITE, 183 INVITE, 486 INVITE, ACK");
    pump_run(&f.pump, 100 * US_PER_S);
    assert_int_equal(f.pump.sent_count, 5);
    pump_end(&f.pump);
}

/* RFC 3261 §13.2.2.4: 64*T1 after the first 2xx nothing more is expected. */
static void an_early_dialog_ends_64_t1_after_anothers_200(void **state)
{
    (void)state;
    struct forked f;
    begin(&f, 0);
    pump_respond(&f.pump, BOB, f.transaction[0], 200);
    uint64_t answered_us = f.pump.now_us + US_PER_MS;
    pump_run(&f.pump, answered_us + 32 * US_PER_S - 1);
    assert_int_equal(pump_state(&f.pump, ALICE, f.other), SIP_CALL_EARLY);
    pump_run(&f.pump, answered_us + 32 * US_PER_S);
    assert_int_equal(pump_state(&f.pump, ALICE, f.other), SIP_CALL_TERMINATED);
    assert_int_equal(pump_state(&f.pump, ALICE, f.call), SIP_CALL_CONFIRMED);
    pump_end(&f.pump);
}

static void requests_go_by_the_dialog_of_their_leg(void **state)
{
    (void)state;
    struct forked f;
    begin(&f, 0);
    pump_request(&f.pump, ALICE, "INFO", NULL, f.other);
    pump_run(&f.pump, 30 * US_PER_MS);
    struct pump_tell *info = pump_take(&f.pump, BOB, SIP_TELL_REQUEST, "INFO");
    assert_true(handle_equal(info->tell.call, f.leg[1]));
    assert_int_equal(sip_msg_cseq(info->msg)->number, 2);
    pump_end(&f.pump);
}

/* The first leg's failure is acknowledged to it, that of another leg to that one. */
static void the_ack_of_a_failure_stops_the_leg_that_failed(void **state)
{
    (void)state;
    struct forked f;
    begin(&f, 0);
    pump_respond(&f.pump, BOB, f.transaction[1], 486);
    pump_run(&f.pump, 10 * US_PER_S);
    uint64_t times[20];
    assert_int_equal(pump_times(&f.pump, "486 INVITE", times, 20), 1);
    assert_string_equal(sip_transaction_state(f.pump.stacks[BOB], f.transaction[1]), "terminated");
    pump_end(&f.pump);
}

static void nothing_is_forked_that_has_been_answered(void **state)
{
    (void)state;
    struct forked f;
    struct handle leg, transaction;
    begin(&f, 0);
    pump_respond(&f.pump, BOB, f.transaction[0], 200);
    assert_int_equal(sip_call_fork(f.pump.stacks[BOB], 0, f.leg[0], &leg, &transaction), ERR_STATE);
    assert_int_equal(sip_call_fork(f.pump.stacks[ALICE], 0, f.call, &leg, &transaction), ERR_STATE);
    pump_end(&f.pump);
}

/* RFC 3261 §12.3: whoever it comes from, a failure is of the INVITE and makes no leg. */
static void a_failure_with_another_tag_makes_no_leg(void **state)
{
    (void)state;
    struct forked f;
    begin(&f, 0);
    struct sip_response_options busy = {.status = 486, .to_tag = V("stranger")};
    assert_int_equal(sip_respond(f.pump.stacks[BOB], f.pump.now_us, f.transaction[0], &busy),
                     ERR_OK);
    pump_run(&f.pump, 30 * US_PER_MS);
    assert_int_equal(pump_tell_count(&f.pump, ALICE, SIP_TELL_FORK, NULL), 1); /* as before */
    struct pump_tell *told = pump_take(&f.pump, ALICE, SIP_TELL_RESPONSE, "486 INVITE");
    assert_true(handle_equal(told->tell.call, f.call));
    assert_int_equal(pump_state(&f.pump, ALICE, f.call), SIP_CALL_TERMINATED);
    pump_end(&f.pump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_tags_make_two_early_dialogs),
        cmocka_unit_test(the_second_200_is_acked_and_ended),
        cmocka_unit_test(both_stay_where_the_user_wants_them),
        cmocka_unit_test(a_failure_ends_all_early_dialogs),
        cmocka_unit_test(an_early_dialog_ends_64_t1_after_anothers_200),
        cmocka_unit_test(requests_go_by_the_dialog_of_their_leg),
        cmocka_unit_test(the_ack_of_a_failure_stops_the_leg_that_failed),
        cmocka_unit_test(nothing_is_forked_that_has_been_answered),
        cmocka_unit_test(a_failure_with_another_tag_makes_no_leg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
