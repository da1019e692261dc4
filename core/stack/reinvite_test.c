#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ALICE, BOB };

struct up { /* a confirmed call */
    struct pump pump;
    struct handle call[2]; /* alice's, bob's */
};

static void begin(struct up *up, const struct sip_stack_options *alice,
                  const struct sip_stack_options *bob)
{
    pump_begin(&up->pump);
    pump_add(&up->pump, "alice", alice);
    pump_add(&up->pump, "bob", bob);
    pump_invite(&up->pump, ALICE, "sip:bob@192.0.2.2", &up->call[ALICE]);
    pump_run(&up->pump, 10 * US_PER_MS);
    struct pump_tell *invite = pump_take(&up->pump, BOB, SIP_TELL_REQUEST, "INVITE");
    up->call[BOB] = invite->tell.call;
    pump_respond(&up->pump, BOB, invite->tell.object, 200);
    pump_run(&up->pump, 20 * US_PER_MS);
    pump_take(&up->pump, ALICE, SIP_TELL_RESPONSE, "200 INVITE");
    assert_int_equal(pump_state(&up->pump, ALICE, up->call[ALICE]), SIP_CALL_CONFIRMED);
    assert_int_equal(pump_state(&up->pump, BOB, up->call[BOB]), SIP_CALL_CONFIRMED);
}

static enum err reinvite(struct up *up, int who, struct handle *out)
{
    struct sip_request_options options = {
        .method = V("INVITE"), .call = up->call[who], .body = V("v=0\r\n")};
    return sip_request_send(up->pump.stacks[who], up->pump.now_us, &options, out, NULL);
}

static struct sip_call_info info_of(struct up *up, int who)
{
    struct sip_call_info info;
    assert_int_equal(sip_call_info(up->pump.stacks[who], up->call[who], &info), ERR_OK);
    return info;
}

static void either_side_may_reinvite(void **state)
{
    (void)state;
    static const int sides[] = {ALICE, BOB};
    for (size_t i = 0; i < 2; i++) {
        struct up up;
        struct handle request;
        int who = sides[i], other = 1 - who;
        begin(&up, NULL, NULL);
        assert_int_equal(reinvite(&up, who, &request), ERR_OK);
        pump_run(&up.pump, 30 * US_PER_MS);
        struct pump_tell *invite = pump_take(&up.pump, other, SIP_TELL_REQUEST, "INVITE");
        assert_true(handle_equal(invite->tell.call, up.call[other]));
        assert_true(handle_equal(info_of(&up, other).invite, invite->tell.object));
        pump_respond(&up.pump, other, invite->tell.object, 200);
        pump_run(&up.pump, 100 * US_PER_S);
        uint64_t times[4];
        assert_int_equal(pump_times(&up.pump, "200 INVITE", times, 4), 2);
        assert_int_equal(pump_times(&up.pump, "ACK", times, 4), 2);
        assert_int_equal(info_of(&up, who).state, SIP_CALL_CONFIRMED);
        assert_true(handle_none(info_of(&up, who).invite));
        assert_true(handle_none(info_of(&up, other).invite));
        pump_take(&up.pump, other, SIP_TELL_ACK, "ACK");
        pump_end(&up.pump);
    }
}

static bool lose_second_ack_once(void *ctx, struct pump *pump, struct pump_sent *sent)
{
    int *acks = ctx;
    (void)pump;
    return strcmp(sent->label, "ACK") == 0 && ++*acks == 2;
}

static void the_ack_of_a_reinvite_goes_again_for_each_copy(void **state)
{
    (void)state;
    struct up up;
    struct handle request;
    int acks = 0;
    begin(&up, NULL, NULL);
    up.pump.lose = lose_second_ack_once;
    up.pump.ctx = &acks;
    acks = 1;
    assert_int_equal(reinvite(&up, ALICE, &request), ERR_OK);
    pump_run(&up.pump, 30 * US_PER_MS);
    pump_respond(&up.pump, BOB, pump_take(&up.pump, BOB, SIP_TELL_REQUEST, "INVITE")->tell.object,
                 200);
    pump_run(&up.pump, 100 * US_PER_S);
    uint64_t times[4];
    assert_int_equal(pump_times(&up.pump, "ACK", times, 4), 3);
    assert_ptr_equal(pump_find(&up.pump, "ACK", 1)->bytes, pump_find(&up.pump, "ACK", 2)->bytes);
    assert_int_equal(pump_times(&up.pump, "200 INVITE", times, 4), 3);
    pump_end(&up.pump);
}

/* B55, RFC 3261 §14.2 */
static void crossing_reinvites_are_both_answered_491(void **state)
{
    (void)state;
    struct up up;
    struct handle request;
    char room[400];
    begin(&up, NULL, NULL);
    pump_forget(&up.pump);
    assert_int_equal(reinvite(&up, ALICE, &request), ERR_OK);
    assert_int_equal(reinvite(&up, BOB, &request), ERR_OK);
    pump_run(&up.pump, 100 * US_PER_S);
    assert_string_equal(pump_labels(&up.pump, ALICE, room, sizeof room), "INVITE, 491 INVITE, ACK");
    assert_string_equal(pump_labels(&up.pump, BOB, room, sizeof room), "INVITE, 491 INVITE, ACK");
    assert_int_equal(info_of(&up, ALICE).state, SIP_CALL_CONFIRMED);
    assert_int_equal(reinvite(&up, BOB, &request), ERR_OK); /* the way is free again */
    pump_end(&up.pump);
}

/* RFC 3261 §14.1: T in units of 10 ms, by who owns the Call-ID. */
static void the_wait_after_491_depends_on_who_owns_the_call_id(void **state)
{
    (void)state;
    struct up up;
    begin(&up, NULL, NULL);
    for (size_t i = 0; i < 200; i++) {
        uint64_t owner_us, other_us;
        assert_int_equal(sip_glare_wait(up.pump.stacks[ALICE], up.call[ALICE], &owner_us), ERR_OK);
        assert_int_equal(sip_glare_wait(up.pump.stacks[BOB], up.call[BOB], &other_us), ERR_OK);
        assert_in_range(owner_us, 2100 * US_PER_MS, 4000 * US_PER_MS);
        assert_in_range(other_us, 0, 2000 * US_PER_MS);
        assert_int_equal(owner_us % (10 * US_PER_MS) + other_us % (10 * US_PER_MS), 0);
    }
    pump_end(&up.pump);
}

static void a_second_invite_before_the_answer_gets_500_and_retry_after(void **state)
{
    (void)state;
    struct up up;
    struct handle request;
    begin(&up, NULL, NULL);
    assert_int_equal(reinvite(&up, ALICE, &request), ERR_OK);
    pump_run(&up.pump, 30 * US_PER_MS);
    assert_int_equal(reinvite(&up, ALICE, &request), ERR_STATE); /* §14.1: not by itself */
    struct sip_request_options options = {
        .method = V("INVITE"), .call = up.call[ALICE], .force = true};
    assert_int_equal(
        sip_request_send(up.pump.stacks[ALICE], up.pump.now_us, &options, &request, NULL), ERR_OK);
    pump_run(&up.pump, 40 * US_PER_MS);
    struct sip_msg *msg = pump_take(&up.pump, ALICE, SIP_TELL_RESPONSE, "500 INVITE")->msg;
    const struct sip_retry_after *retry = sip_msg_get(msg, SIP_HEADER_RETRY_AFTER, 0);
    assert_non_null(retry);
    assert_in_range(retry->seconds, 0, 10);
    pump_end(&up.pump);
}

static void a_rejected_reinvite_leaves_the_call_as_it_was(void **state)
{
    (void)state;
    struct up up;
    struct handle request;
    begin(&up, NULL, NULL);
    struct sip_request_options options = {
        .method = V("INVITE"), .call = up.call[ALICE], .contact = V("<sip:alice@192.0.2.77>")};
    assert_int_equal(
        sip_request_send(up.pump.stacks[ALICE], up.pump.now_us, &options, &request, NULL), ERR_OK);
    pump_run(&up.pump, 30 * US_PER_MS);
    pump_respond(&up.pump, BOB, pump_take(&up.pump, BOB, SIP_TELL_REQUEST, "INVITE")->tell.object,
                 488);
    pump_run(&up.pump, 60 * US_PER_S);
    assert_int_equal(info_of(&up, ALICE).state, SIP_CALL_CONFIRMED);
    struct view target = info_of(&up, BOB).remote_target;
    assert_true(view_equal(target, V("sip:alice@192.0.2.1:5060"))); /* RFC 6141 §4.6 */
    pump_end(&up.pump);
}

/* RFC 3261 §12.2.1.2, §12.2.2, RFC 6141 §4.6 */
static void an_accepted_reinvite_moves_the_target_and_not_the_route(void **state)
{
    (void)state;
    struct up up;
    struct handle request;
    begin(&up, NULL, NULL);
    struct sip_row route = {.name = V("Record-Route"), .value = V("<sip:192.0.2.3;lr>")};
    struct sip_request_options options = {.method = V("INVITE"),
                                          .call = up.call[ALICE],
                                          .contact = V("<sip:alice2@192.0.2.1>"),
                                          .rows = &route,
                                          .row_count = 1};
    assert_int_equal(
        sip_request_send(up.pump.stacks[ALICE], up.pump.now_us, &options, &request, NULL), ERR_OK);
    pump_run(&up.pump, 30 * US_PER_MS);
    struct sip_response_options yes = {.status = 200, .contact = V("<sip:bob2@192.0.2.2>")};
    struct handle tx = pump_take(&up.pump, BOB, SIP_TELL_REQUEST, "INVITE")->tell.object;
    assert_int_equal(sip_respond(up.pump.stacks[BOB], up.pump.now_us, tx, &yes), ERR_OK);
    pump_run(&up.pump, 60 * US_PER_MS);
    assert_true(view_equal(info_of(&up, BOB).remote_target, V("sip:alice2@192.0.2.1")));
    assert_true(view_equal(info_of(&up, ALICE).remote_target, V("sip:bob2@192.0.2.2")));
    assert_int_equal(info_of(&up, BOB).route_count, 0);
    assert_int_equal(info_of(&up, ALICE).route_count, 0);
    pump_end(&up.pump);
}

/* RFC 3261 §12.2.1.2 */
static void a_481_in_a_dialog_ends_the_call_with_bye(void **state)
{
    (void)state;
    static const uint16_t statuses[] = {481, 408};
    for (size_t i = 0; i < 2; i++) {
        struct up up;
        struct handle request;
        begin(&up, NULL, NULL);
        assert_int_equal(reinvite(&up, ALICE, &request), ERR_OK);
        pump_run(&up.pump, 30 * US_PER_MS);
        pump_respond(&up.pump, BOB,
                     pump_take(&up.pump, BOB, SIP_TELL_REQUEST, "INVITE")->tell.object,
                     statuses[i]);
        pump_run(&up.pump, 60 * US_PER_MS);
        assert_non_null(pump_find(&up.pump, "BYE", 0));
        assert_int_equal(info_of(&up, ALICE).state, SIP_CALL_TERMINATED);
        assert_int_equal(info_of(&up, ALICE).ended_status, statuses[i]);
        pump_end(&up.pump);
    }
}

static bool lose_infos(void *ctx, struct pump *pump, struct pump_sent *sent)
{
    (void)ctx;
    (void)pump;
    return strcmp(sent->label, "INFO") == 0;
}

static void no_answer_at_all_in_a_dialog_ends_it_too(void **state)
{
    (void)state;
    struct up up;
    begin(&up, NULL, NULL);
    up.pump.lose = lose_infos;
    uint64_t sent_us = up.pump.now_us;
    pump_request(&up.pump, BOB, "INFO", NULL, up.call[BOB]);
    pump_run(&up.pump, 40 * US_PER_S);
    assert_int_equal(pump_find(&up.pump, "BYE", 0)->at_us, sent_us + 32 * US_PER_S);
    assert_int_equal(info_of(&up, BOB).ended, SIP_ENDED_TIMEOUT);
    assert_int_equal(info_of(&up, ALICE).ended, SIP_ENDED_REMOTE_BYE);
    pump_end(&up.pump);
}

/* B55, RFC 3261 §15.1.2 */
static void a_bye_during_a_reinvite_answers_it_487(void **state)
{
    (void)state;
    struct up up;
    struct handle request;
    begin(&up, NULL, NULL);
    assert_int_equal(reinvite(&up, ALICE, &request), ERR_OK);
    pump_run(&up.pump, 30 * US_PER_MS);
    pump_request(&up.pump, ALICE, "BYE", NULL, up.call[ALICE]);
    pump_run(&up.pump, 10 * US_PER_S);
    assert_non_null(pump_find(&up.pump, "200 BYE", 0));
    assert_non_null(pump_find(&up.pump, "487 INVITE", 0));
    assert_int_equal(info_of(&up, ALICE).ended, SIP_ENDED_BYE);
    assert_int_equal(info_of(&up, BOB).ended, SIP_ENDED_REMOTE_BYE);
    pump_end(&up.pump);
}

/* B55 */
static void byes_that_cross_are_both_answered_200(void **state)
{
    (void)state;
    struct up up;
    uint64_t times[4];
    begin(&up, NULL, NULL);
    pump_request(&up.pump, ALICE, "BYE", NULL, up.call[ALICE]);
    pump_request(&up.pump, BOB, "BYE", NULL, up.call[BOB]);
    pump_run(&up.pump, 10 * US_PER_S);
    assert_int_equal(pump_times(&up.pump, "200 BYE", times, 4), 2);
    assert_int_equal(info_of(&up, ALICE).ended, SIP_ENDED_BYE);
    assert_int_equal(info_of(&up, BOB).ended, SIP_ENDED_BYE);
    pump_end(&up.pump);
}

/* B55: a request after our BYE finds no call any more; before its end nothing but BYE is let
 * through. */
static void what_comes_after_our_bye_is_answered_481(void **state)
{
    (void)state;
    struct up up;
    struct handle request;
    begin(&up, NULL, NULL);
    pump_request(&up.pump, ALICE, "BYE", NULL, up.call[ALICE]);
    assert_int_equal(reinvite(&up, BOB, &request), ERR_OK);
    pump_run(&up.pump, 30 * US_PER_S);
    assert_non_null(pump_find(&up.pump, "481 INVITE", 0));
    assert_int_equal(info_of(&up, BOB).ended, SIP_ENDED_REMOTE_BYE);
    assert_int_equal(reinvite(&up, ALICE, &request), ERR_STATE);
    struct sip_request_options bye = {.method = V("BYE"), .call = up.call[ALICE], .force = true};
    assert_int_equal(sip_request_send(up.pump.stacks[ALICE], up.pump.now_us, &bye, &request, NULL),
                     ERR_OK);
    pump_run(&up.pump, 31 * US_PER_S);
    assert_non_null(pump_find(&up.pump, "481 BYE", 0));
    pump_end(&up.pump);
}

/* B52, RFC 3261 §12.2.2: lower is out of order, higher by more than one is not. */
static void numbers_may_jump_and_not_go_back(void **state)
{
    (void)state;
    struct up up;
    begin(&up, NULL, NULL);
    static const struct {
        uint32_t seq;
        const char *label;
    } rows[] = {
        {900,        "200 INFO"},
        {899,        "500 INFO"},
        {901,        "200 INFO"},
        {2147483647, "200 INFO"},
        {5,          "500 INFO"}
    };
    for (size_t i = 0; i < 5; i++) {
        struct sip_request_options options = {
            .method = V("INFO"), .call = up.call[ALICE], .cseq = rows[i].seq};
        struct handle request;
        assert_int_equal(
            sip_request_send(up.pump.stacks[ALICE], up.pump.now_us, &options, &request, NULL),
            ERR_OK);
        pump_run(&up.pump, up.pump.now_us + 10 * US_PER_MS);
        if (strcmp(rows[i].label, "200 INFO") == 0)
            pump_respond(&up.pump, BOB,
                         pump_take(&up.pump, BOB, SIP_TELL_REQUEST, "INFO")->tell.object, 200);
        pump_run(&up.pump, up.pump.now_us + 10 * US_PER_MS);
        pump_take(&up.pump, ALICE, SIP_TELL_RESPONSE, rows[i].label);
    }
    assert_int_equal(info_of(&up, ALICE).local_seq, 2147483647);
    assert_int_equal(info_of(&up, BOB).remote_seq, 2147483647);
    assert_int_equal(info_of(&up, BOB).state, SIP_CALL_CONFIRMED);
    pump_end(&up.pump);
}

static void a_bye_is_the_users_where_he_wants_it(void **state)
{
    (void)state;
    struct up up;
    struct sip_stack_options manual = {.manual = SIP_MANUAL_BYE | SIP_MANUAL_OPTIONS |
                                                 SIP_MANUAL_REINVITE};
    begin(&up, NULL, &manual);
    pump_request(&up.pump, ALICE, "BYE", NULL, up.call[ALICE]);
    pump_run(&up.pump, 30 * US_PER_MS);
    assert_int_equal(info_of(&up, BOB).state, SIP_CALL_CONFIRMED);
    pump_respond(&up.pump, BOB, pump_take(&up.pump, BOB, SIP_TELL_REQUEST, "BYE")->tell.object,
                 200);
    pump_run(&up.pump, 60 * US_PER_MS);
    assert_int_equal(info_of(&up, BOB).ended, SIP_ENDED_REMOTE_BYE);
    assert_int_equal(info_of(&up, ALICE).ended, SIP_ENDED_BYE);
    pump_end(&up.pump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(either_side_may_reinvite),
        cmocka_unit_test(the_ack_of_a_reinvite_goes_again_for_each_copy),
        cmocka_unit_test(crossing_reinvites_are_both_answered_491),
        cmocka_unit_test(the_wait_after_491_depends_on_who_owns_the_call_id),
        cmocka_unit_test(a_second_invite_before_the_answer_gets_500_and_retry_after),
        cmocka_unit_test(a_rejected_reinvite_leaves_the_call_as_it_was),
        cmocka_unit_test(an_accepted_reinvite_moves_the_target_and_not_the_route),
        cmocka_unit_test(a_481_in_a_dialog_ends_the_call_with_bye),
        cmocka_unit_test(no_answer_at_all_in_a_dialog_ends_it_too),
        cmocka_unit_test(a_bye_during_a_reinvite_answers_it_487),
        cmocka_unit_test(byes_that_cross_are_both_answered_200),
        cmocka_unit_test(what_comes_after_our_bye_is_answered_481),
        cmocka_unit_test(numbers_may_jump_and_not_go_back),
        cmocka_unit_test(a_bye_is_the_users_where_he_wants_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
