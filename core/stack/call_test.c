#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ALICE, BOB, CAROL };
static const struct handle none = {0};

static void begin(struct pump *pump)
{
    pump_begin(pump);
    pump_add(pump, "alice", NULL);
    pump_add(pump, "bob", NULL);
}

static void options_are_answered_with_what_we_can(void **state)
{
    (void)state;
    struct pump pump;
    char room[400];
    begin(&pump);
    pump_request(&pump, ALICE, "OPTIONS", "sip:bob@192.0.2.2", none);
    pump_run(&pump, 60 * US_PER_S);
    assert_string_equal(pump_labels(&pump, -1, room, sizeof room), "OPTIONS, 200 OPTIONS");
    struct sip_msg *msg = pump_take(&pump, ALICE, SIP_TELL_RESPONSE, "200 OPTIONS")->msg;
    assert_non_null(sip_msg_find(msg, SIP_HEADER_ALLOW, 0));
    assert_non_null(sip_msg_find(msg, SIP_HEADER_ACCEPT, 0));
    assert_non_null(sip_msg_find(msg, SIP_HEADER_SUPPORTED, 0));
    pump_take(&pump, BOB, SIP_TELL_ANSWERED, "OPTIONS");
    pump_take(&pump, ALICE, SIP_TELL_DONE, NULL);
    struct sip_stack_counts counts;
    sip_stack_counts(pump.stacks[BOB], &counts);
    assert_int_equal(counts.server_transactions + counts.timers, 0);
    pump_end(&pump);
}

static void a_call_is_set_up_and_ended(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    char room[400];
    begin(&pump);
    pump_invite(&pump, ALICE, "sip:bob@192.0.2.2", &call);
    pump_run(&pump, 10 * US_PER_MS);
    struct pump_tell *invite = pump_take(&pump, BOB, SIP_TELL_REQUEST, "INVITE");
    struct handle leg = invite->tell.call;
    pump_respond(&pump, BOB, invite->tell.object, 180);
    pump_run(&pump, 20 * US_PER_MS);
    assert_int_equal(pump_state(&pump, ALICE, call), SIP_CALL_EARLY);
    assert_int_equal(pump_state(&pump, BOB, leg), SIP_CALL_EARLY);
    pump_respond(&pump, BOB, invite->tell.object, 200);
    pump_run(&pump, 30 * US_PER_MS);
    assert_int_equal(pump_state(&pump, ALICE, call), SIP_CALL_CONFIRMED);
    assert_int_equal(pump_state(&pump, BOB, leg), SIP_CALL_CONFIRMED);
    pump_take(&pump, BOB, SIP_TELL_ACK, "ACK");
    pump_request(&pump, BOB, "BYE", NULL, leg);
    pump_run(&pump, 40 * US_PER_MS);
    assert_int_equal(pump_state(&pump, ALICE, call), SIP_CALL_TERMINATED);
    assert_int_equal(pump_state(&pump, BOB, leg), SIP_CALL_TERMINATED);
    pump_run(&pump, 200 * US_PER_S);
    assert_string_equal(pump_labels(&pump, -1, room, sizeof room),
                        "INVITE, 180 INVITE, 200 INVITE, ACK, BYE, 200 BYE");
    struct sip_stack_counts counts;
    for (int i = 0; i < 2; i++) {
        sip_stack_counts(pump.stacks[i], &counts);
        assert_int_equal(counts.server_transactions + counts.client_transactions + counts.calls +
                             counts.dialogs + counts.timers,
                         0);
    }
    assert_int_equal(pump.failed, ERR_OK);
    pump_end(&pump);
}

/* Alice calls; gives what bob has to answer. */
static struct pump_tell *call_bob(struct pump *pump, struct handle *out_call)
{
    pump_invite(pump, ALICE, "sip:bob@192.0.2.2", out_call);
    pump_run(pump, pump->now_us + 10 * US_PER_MS);
    return pump_take(pump, BOB, SIP_TELL_REQUEST, "INVITE");
}

static struct sip_call_info info_of(struct pump *pump, int stack, struct handle call)
{
    struct sip_call_info info;
    assert_int_equal(sip_call_info(pump->stacks[stack], call, &info), ERR_OK);
    return info;
}

static void a_busy_callee_is_acknowledged_hop_by_hop(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    char room[400];
    begin(&pump);
    struct pump_tell *invite = call_bob(&pump, &call);
    pump_respond(&pump, BOB, invite->tell.object, 486);
    pump_run(&pump, 20 * US_PER_S);
    assert_string_equal(pump_labels(&pump, -1, room, sizeof room), "INVITE, 486 INVITE, ACK");
    assert_int_equal(info_of(&pump, ALICE, call).ended, SIP_ENDED_REJECTED);
    assert_int_equal(info_of(&pump, ALICE, call).ended_status, 486);
    assert_int_equal(info_of(&pump, BOB, invite->tell.call).ended, SIP_ENDED_REJECTED);
    assert_int_equal(pump_tell_count(&pump, BOB, SIP_TELL_ACK, NULL), 0); /* the transaction's */
    pump_end(&pump);
}

static void a_redirection_shows_its_contact(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    begin(&pump);
    struct pump_tell *invite = call_bob(&pump, &call);
    struct sip_response_options moved = {
        .status = 302, .contact = V("<sip:bob@192.0.2.3>"), .reason = V("Over There")};
    assert_int_equal(sip_respond(pump.stacks[BOB], pump.now_us, invite->tell.object, &moved),
                     ERR_OK);
    pump_run(&pump, 20 * US_PER_MS);
    struct sip_msg *msg = pump_take(&pump, ALICE, SIP_TELL_RESPONSE, "302 INVITE")->msg;
    assert_true(view_equal(sip_msg_contact(msg, 0)->uri.text, V("sip:bob@192.0.2.3")));
    assert_true(view_equal(sip_msg_reason(msg), V("Over There")));
    pump_end(&pump);
}

static bool lose_first(void *ctx, struct pump *pump, struct pump_sent *sent)
{
    const char *label = ctx;
    return strcmp(sent->label, label) == 0 && pump_find(pump, label, 0) == sent;
}

/* RFC 3261 §13.2.2.4: the same ACK again for each copy of the 2xx, and one call all the same. */
static void a_lost_ack_is_sent_again(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    char room[400];
    begin(&pump);
    pump.lose = lose_first;
    pump.ctx = (void *)"ACK";
    struct pump_tell *invite = call_bob(&pump, &call);
    pump_respond(&pump, BOB, invite->tell.object, 200);
    pump_run(&pump, 20 * US_PER_S);
    assert_string_equal(pump_labels(&pump, -1, room, sizeof room),
                        "INVITE, 200 INVITE, ACK, 200 INVITE, ACK");
    assert_ptr_equal(pump_find(&pump, "ACK", 0)->bytes, pump_find(&pump, "ACK", 1)->bytes);
    assert_int_equal(pump_tell_count(&pump, BOB, SIP_TELL_ACK, NULL), 1);
    assert_int_equal(pump_tell_count(&pump, ALICE, SIP_TELL_RESPONSE, "200 INVITE"), 1);
    assert_int_equal(info_of(&pump, BOB, invite->tell.call).state, SIP_CALL_CONFIRMED);
    pump_end(&pump);
}

static void a_lost_200_comes_again_half_a_second_later(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    uint64_t times[4];
    begin(&pump);
    pump.lose = lose_first;
    pump.ctx = (void *)"200 INVITE";
    struct pump_tell *invite = call_bob(&pump, &call);
    pump_respond(&pump, BOB, invite->tell.object, 180);
    pump_respond(&pump, BOB, invite->tell.object, 200);
    pump_run(&pump, 20 * US_PER_S);
    assert_int_equal(pump_times(&pump, "200 INVITE", times, 4), 2);
    assert_int_equal(times[1] - times[0], 500 * US_PER_MS);
    assert_int_equal(info_of(&pump, ALICE, call).state, SIP_CALL_CONFIRMED);
    pump_end(&pump);
}

/* RFC 3261 §13.2.2.4, §17.1.1.3: the ACK of a 2xx has a branch of its own and goes to the Contact.
 */
static void the_ack_of_a_200_is_a_request_of_the_dialog(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    struct sip_msg *ack, *first;
    begin(&pump);
    struct pump_tell *invite = call_bob(&pump, &call);
    struct sip_response_options yes = {.status = 200,
                                       .contact = V("<sip:bob2@192.0.2.2:5060;x=y>;q=1")};
    assert_int_equal(sip_respond(pump.stacks[BOB], pump.now_us, invite->tell.object, &yes), ERR_OK);
    pump_run(&pump, 30 * US_PER_MS);
    assert_int_equal(sip_msg_parse(pump_find(&pump, "ACK", 0)->bytes, SIP_FRAMING_DATAGRAM, &ack),
                     ERR_OK);
    assert_int_equal(
        sip_msg_parse(pump_find(&pump, "INVITE", 0)->bytes, SIP_FRAMING_DATAGRAM, &first), ERR_OK);
    assert_true(view_equal(sip_msg_request_uri_text(ack), V("sip:bob2@192.0.2.2:5060;x=y")));
    assert_int_equal(sip_msg_cseq(ack)->number, sip_msg_cseq(first)->number);
    assert_false(view_equal(sip_msg_via(ack, 0)->branch, sip_msg_via(first, 0)->branch));
    assert_true(view_starts(sip_msg_via(ack, 0)->branch, V("z9hG4bK")));
    assert_non_null(sip_msg_to(ack)->tag.ptr);
    sip_msg_unref(ack);
    sip_msg_unref(first);
    pump_end(&pump);
}

/* RFC 3261 §15: the caller may, the callee may not before the ACK is there. */
static void bye_on_an_early_dialog_is_the_callers_only(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call, request;
    begin(&pump);
    struct pump_tell *invite = call_bob(&pump, &call);
    struct sip_request_options bye = {.method = V("BYE"), .call = call};
    assert_int_equal(sip_request_send(pump.stacks[ALICE], pump.now_us, &bye, &request, NULL),
                     ERR_STATE);
    pump_respond(&pump, BOB, invite->tell.object, 180);
    pump_run(&pump, 20 * US_PER_MS);
    bye.call = invite->tell.call;
    assert_int_equal(sip_request_send(pump.stacks[BOB], pump.now_us, &bye, &request, NULL),
                     ERR_STATE);
    bye.call = call;
    assert_int_equal(sip_request_send(pump.stacks[ALICE], pump.now_us, &bye, &request, NULL),
                     ERR_OK);
    pump_run(&pump, 100 * US_PER_MS);
    assert_non_null(pump_find(&pump, "200 BYE", 0));
    assert_non_null(pump_find(&pump, "487 INVITE", 0)); /* §15.1.2 */
    assert_int_equal(info_of(&pump, ALICE, call).ended, SIP_ENDED_BYE);
    assert_int_equal(info_of(&pump, BOB, invite->tell.call).ended, SIP_ENDED_REMOTE_BYE);
    pump_end(&pump);
}

/* RFC 3261 §15.1.1: unanswered or refused, a BYE ends the call. */
static void a_bye_whose_answer_was_lost_ends_the_call_all_the_same(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    begin(&pump);
    struct pump_tell *invite = call_bob(&pump, &call);
    pump_respond(&pump, BOB, invite->tell.object, 200);
    pump_run(&pump, 100 * US_PER_MS);
    pump_request(&pump, ALICE, "BYE", NULL, call);
    pump.lose = lose_first;
    pump.ctx = (void *)"200 BYE";
    pump_run(&pump, US_PER_S);
    uint64_t times[4];
    assert_int_equal(pump_times(&pump, "BYE", times, 4), 2);
    assert_int_equal(info_of(&pump, ALICE, call).ended, SIP_ENDED_BYE);
    assert_int_equal(pump_tell_count(&pump, BOB, SIP_TELL_ANSWERED, "BYE"), 1);
    pump_end(&pump);
}

static void an_ack_is_the_users_where_he_wants_it(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    struct sip_stack_options manual = {.manual = SIP_MANUAL_ACK};
    pump_begin(&pump);
    pump_add(&pump, "alice", &manual);
    pump_add(&pump, "bob", NULL);
    struct pump_tell *invite = call_bob(&pump, &call);
    assert_int_equal(sip_ack_send(pump.stacks[ALICE], pump.now_us, call, NULL), ERR_STATE);
    pump_respond(&pump, BOB, invite->tell.object, 200);
    pump_run(&pump, 2 * US_PER_S);
    assert_null(pump_find(&pump, "ACK", 0));
    assert_int_equal(info_of(&pump, ALICE, call).state, SIP_CALL_EARLY);
    struct sip_request_options options = {.body = V("v=0\r\n")};
    assert_int_equal(sip_ack_send(pump.stacks[ALICE], pump.now_us, call, &options), ERR_OK);
    assert_int_equal(info_of(&pump, ALICE, call).state, SIP_CALL_CONFIRMED);
    pump_run(&pump, 3 * US_PER_S);
    struct pump_tell *ack = pump_take(&pump, BOB, SIP_TELL_ACK, "ACK");
    assert_true(view_equal(sip_msg_body(ack->msg), V("v=0\r\n")));
    assert_int_equal(info_of(&pump, BOB, invite->tell.call).state, SIP_CALL_CONFIRMED);
    pump_end(&pump);
}

static void what_the_state_forbids_is_forbidden(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call, request;
    begin(&pump);
    struct pump_tell *invite = call_bob(&pump, &call);
    struct handle tx = invite->tell.object;
    struct sip_response_options ringing = {.status = 180}, busy = {.status = 486};
    assert_int_equal(sip_respond(pump.stacks[BOB], pump.now_us, tx, &busy), ERR_OK);
    assert_int_equal(sip_respond(pump.stacks[BOB], pump.now_us, tx, &ringing), ERR_STATE);
    ringing.force = true;
    assert_int_equal(sip_respond(pump.stacks[BOB], pump.now_us, tx, &ringing), ERR_OK);
    pump_drain(&pump);
    assert_non_null(pump_find(&pump, "180 INVITE", 0));
    struct sip_request_options info = {.method = V("INFO"), .call = call};
    assert_int_equal(sip_request_send(pump.stacks[ALICE], pump.now_us, &info, &request, NULL),
                     ERR_STATE);
    info.call = (struct handle){.index = 77, .gen = 1};
    assert_int_equal(sip_request_send(pump.stacks[ALICE], pump.now_us, &info, &request, NULL),
                     ERR_GONE);
    assert_int_equal(sip_respond(pump.stacks[BOB], pump.now_us, info.call, &busy), ERR_GONE);
    struct sip_request_options nowhere = {.method = V("OPTIONS"), .uri = V("sip:bob@example.com")};
    assert_int_equal(sip_request_send(pump.stacks[ALICE], pump.now_us, &nowhere, &request, NULL),
                     ERR_ABSENT);
    nowhere.uri = V("sip:bob@[2001:db8::1]"); /* no IPv6 address to send from */
    assert_int_equal(sip_request_send(pump.stacks[ALICE], pump.now_us, &nowhere, &request, NULL),
                     ERR_ABSENT);
    nowhere.uri = V("tel:+1234");
    assert_int_equal(sip_request_send(pump.stacks[ALICE], pump.now_us, &nowhere, &request, NULL),
                     ERR_ABSENT);
    pump_end(&pump);
}

/* Each telling stands behind what it is about. */
static void tellings_come_in_order(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    begin(&pump);
    struct pump_tell *invite = call_bob(&pump, &call);
    pump_respond(&pump, BOB, invite->tell.object, 180);
    pump_run(&pump, 20 * US_PER_MS);
    pump_respond(&pump, BOB, invite->tell.object, 200);
    pump_run(&pump, 30 * US_PER_MS);
    static const struct {
        int stack;
        enum sip_tell what;
        const char *label;
        int state;
    } expected[] = {
        {BOB,   SIP_TELL_REQUEST,  "INVITE",     0                 },
        {BOB,   SIP_TELL_CALL,     "",           SIP_CALL_EARLY    },
        {ALICE, SIP_TELL_RESPONSE, "180 INVITE", 0                 },
        {ALICE, SIP_TELL_CALL,     "",           SIP_CALL_EARLY    },
        {ALICE, SIP_TELL_RESPONSE, "200 INVITE", 0                 },
        {ALICE, SIP_TELL_CALL,     "",           SIP_CALL_CONFIRMED},
        {BOB,   SIP_TELL_ACK,      "ACK",        0                 },
        {BOB,   SIP_TELL_CALL,     "",           SIP_CALL_CONFIRMED},
    };
    assert_int_equal(pump.tell_count, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(pump.tells[i].stack, expected[i].stack);
        assert_int_equal(pump.tells[i].tell.what, expected[i].what);
        assert_string_equal(pump.tells[i].label, expected[i].label);
        assert_int_equal(pump.tells[i].tell.state, expected[i].state);
    }
    pump_end(&pump);
}

/* Both sides of one call in one stack: the same Call-ID, the tags the other way round. */
static void one_can_call_oneself(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    begin(&pump);
    pump_invite(&pump, ALICE, "sip:alice@192.0.2.1", &call);
    pump_run(&pump, 10 * US_PER_MS);
    struct pump_tell *invite = pump_take(&pump, ALICE, SIP_TELL_REQUEST, "INVITE");
    pump_respond(&pump, ALICE, invite->tell.object, 200);
    pump_run(&pump, 20 * US_PER_MS);
    assert_int_equal(pump_state(&pump, ALICE, call), SIP_CALL_CONFIRMED);
    assert_int_equal(pump_state(&pump, ALICE, invite->tell.call), SIP_CALL_CONFIRMED);
    pump_request(&pump, ALICE, "BYE", NULL, invite->tell.call);
    pump_run(&pump, 30 * US_PER_MS);
    assert_int_equal(pump_state(&pump, ALICE, call), SIP_CALL_TERMINATED);
    assert_int_equal(pump_state(&pump, ALICE, invite->tell.call), SIP_CALL_TERMINATED);
    pump_end(&pump);
}

/* By force a second final response goes out, past the transaction, which repeats its own. */
static void a_second_final_response_takes_force(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    uint64_t times[32];
    begin(&pump);
    pump.lose = lose_first;
    pump.ctx = (void *)"ACK";
    struct pump_tell *invite = call_bob(&pump, &call);
    struct handle tx = invite->tell.object;
    pump_respond(&pump, BOB, tx, 486);
    struct sip_response_options yes = {.status = 200};
    assert_int_equal(sip_respond(pump.stacks[BOB], pump.now_us, tx, &yes), ERR_STATE);
    yes.force = true;
    assert_int_equal(sip_respond(pump.stacks[BOB], pump.now_us, tx, &yes), ERR_OK);
    struct view sent = blob_view(sip_transaction_sent(pump.stacks[BOB], tx));
    assert_true(view_starts(sent, V("SIP/2.0 200 OK\r\n")));
    pump_run(&pump, 20 * US_PER_S);
    assert_int_equal(pump_times(&pump, "486 INVITE", times, 32), 2);
    assert_int_equal(pump_times(&pump, "200 INVITE", times, 32), 1);
    assert_int_equal(info_of(&pump, ALICE, call).ended, SIP_ENDED_REJECTED); /* §13.2.2.3 */
    pump_end(&pump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_answered_with_what_we_can),
        cmocka_unit_test(a_call_is_set_up_and_ended),
        cmocka_unit_test(a_busy_callee_is_acknowledged_hop_by_hop),
        cmocka_unit_test(a_redirection_shows_its_contact),
        cmocka_unit_test(a_lost_ack_is_sent_again),
        cmocka_unit_test(a_lost_200_comes_again_half_a_second_later),
        cmocka_unit_test(the_ack_of_a_200_is_a_request_of_the_dialog),
        cmocka_unit_test(bye_on_an_early_dialog_is_the_callers_only),
        cmocka_unit_test(a_bye_whose_answer_was_lost_ends_the_call_all_the_same),
        cmocka_unit_test(an_ack_is_the_users_where_he_wants_it),
        cmocka_unit_test(what_the_state_forbids_is_forbidden),
        cmocka_unit_test(tellings_come_in_order),
        cmocka_unit_test(one_can_call_oneself),
        cmocka_unit_test(a_second_final_response_takes_force),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
