/* Each rule that the stack can be told to break, it breaks, and that one only. */
#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ALICE, BOB };

static void begin(struct pump *pump, uint32_t mutants)
{
    struct sip_stack_options options = {.mutants = mutants};
    pump_begin(pump);
    pump_add(pump, "alice", &options);
    pump_add(pump, "bob", NULL);
}

static struct sip_msg *sent_msg(struct pump *pump, const char *label, size_t n)
{
    struct sip_msg *msg;
    struct pump_sent *sent = pump_find(pump, label, n);
    assert_non_null(sent);
    assert_int_equal(sip_msg_parse(sent->bytes, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    return msg;
}

static struct handle call_up(struct pump *pump)
{
    struct handle call;
    pump_invite(pump, ALICE, "sip:bob@192.0.2.2", &call);
    pump_run(pump, 10 * US_PER_MS);
    pump_respond(pump, BOB, pump_take(pump, BOB, SIP_TELL_REQUEST, "INVITE")->tell.object, 200);
    pump_run(pump, 20 * US_PER_MS);
    return call;
}

static void timer_a_can_be_capped(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    uint64_t times[32];
    begin(&pump, SIP_MUTANT_TIMER_A_CAPPED);
    pump_invite(&pump, ALICE, "sip:bob@192.0.2.99", &call);
    pump_run(&pump, 100 * US_PER_S);
    assert_int_equal(pump_times(&pump, "INVITE", times, 32), 11);
    assert_int_equal(times[5] - times[4], 4 * US_PER_S);
    pump_end(&pump);
}

static void the_ack_can_be_forgotten(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump, SIP_MUTANT_NO_ACK);
    struct handle call = call_up(&pump);
    assert_int_equal(pump_state(&pump, ALICE, call), SIP_CALL_CONFIRMED); /* it believes so */
    pump_run(&pump, 10 * US_PER_S);
    assert_null(pump_find(&pump, "ACK", 0));
    assert_non_null(pump_find(&pump, "200 INVITE", 4));
    pump_end(&pump);
}

static void each_copy_can_have_a_branch_of_its_own(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    begin(&pump, SIP_MUTANT_BRANCH_PER_COPY);
    pump_invite(&pump, ALICE, "sip:bob@192.0.2.99", &call);
    pump_run(&pump, 4 * US_PER_S);
    struct sip_msg *msgs[4];
    for (size_t i = 0; i < 4; i++)
        msgs[i] = sent_msg(&pump, "INVITE", i);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(sip_msg_raw(msgs[i]).len, sip_msg_raw(msgs[0]).len);
        for (size_t k = 0; k < i; k++)
            assert_false(
                view_equal(sip_msg_via(msgs[i], 0)->branch, sip_msg_via(msgs[k], 0)->branch));
    }
    for (size_t i = 0; i < 4; i++)
        sip_msg_unref(msgs[i]);
    pump_end(&pump);
}

static void the_number_of_a_dialog_can_stand_still(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump, SIP_MUTANT_CSEQ_FROZEN);
    struct handle call = call_up(&pump);
    pump_request(&pump, ALICE, "INFO", NULL, call);
    pump_request(&pump, ALICE, "BYE", NULL, call);
    pump_drain(&pump);
    struct sip_msg *info = sent_msg(&pump, "INFO", 0), *bye = sent_msg(&pump, "BYE", 0);
    assert_int_equal(sip_msg_cseq(info)->number, 1);
    assert_int_equal(sip_msg_cseq(bye)->number, 1);
    sip_msg_unref(info);
    sip_msg_unref(bye);
    pump_end(&pump);
}

static void content_length_can_be_one_too_large(void **state)
{
    (void)state;
    struct pump pump;
    struct handle call;
    begin(&pump, SIP_MUTANT_LENGTH_OFF_BY_ONE);
    pump_invite(&pump, ALICE, "sip:bob@192.0.2.2", &call);
    pump_run(&pump, 10 * US_PER_MS);
    struct sip_msg *invite = sent_msg(&pump, "INVITE", 0);
    assert_true(view_equal(sip_msg_find(invite, SIP_HEADER_CONTENT_LENGTH, 0)->value, V("6")));
    assert_non_null(pump_find(&pump, "400 INVITE", 0)); /* RFC 3261 §18.3 */
    sip_msg_unref(invite);
    pump_end(&pump);
}

static void a_response_can_lack_its_tag(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump, SIP_MUTANT_NO_TAG);
    pump_request(&pump, BOB, "OPTIONS", "sip:alice@192.0.2.1", (struct handle){0});
    pump_run(&pump, 10 * US_PER_MS);
    struct sip_msg *ok = sent_msg(&pump, "200 OPTIONS", 0);
    assert_null(sip_msg_to(ok)->tag.ptr);
    sip_msg_unref(ok);
    pump_end(&pump);
}

static void a_branch_can_be_used_again(void **state)
{
    (void)state;
    struct pump pump;
    begin(&pump, SIP_MUTANT_BRANCH_REUSED);
    pump_request(&pump, ALICE, "OPTIONS", "sip:bob@192.0.2.99", (struct handle){0});
    pump_request(&pump, ALICE, "MESSAGE", "sip:bob@192.0.2.99", (struct handle){0});
    pump_drain(&pump);
    struct sip_msg *first = sent_msg(&pump, "OPTIONS", 0), *second = sent_msg(&pump, "MESSAGE", 0);
    assert_true(view_equal(sip_msg_via(first, 0)->branch, sip_msg_via(second, 0)->branch));
    sip_msg_unref(first);
    sip_msg_unref(second);
    pump_end(&pump);
}

static void a_request_can_be_answered_twice(void **state)
{
    (void)state;
    struct pump pump;
    char room[400];
    begin(&pump, SIP_MUTANT_ANSWERS_TWICE);
    pump_request(&pump, BOB, "OPTIONS", "sip:alice@192.0.2.1", (struct handle){0});
    pump_run(&pump, 10 * US_PER_MS);
    assert_string_equal(pump_labels(&pump, ALICE, room, sizeof room), "200 OPTIONS, 500 OPTIONS");
    assert_int_equal(pump_tell_count(&pump, BOB, SIP_TELL_RESPONSE, NULL), 1);
    pump_end(&pump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timer_a_can_be_capped),
        cmocka_unit_test(the_ack_can_be_forgotten),
        cmocka_unit_test(each_copy_can_have_a_branch_of_its_own),
        cmocka_unit_test(the_number_of_a_dialog_can_stand_still),
        cmocka_unit_test(content_length_can_be_one_too_large),
        cmocka_unit_test(a_response_can_lack_its_tag),
        cmocka_unit_test(a_branch_can_be_used_again),
        cmocka_unit_test(a_request_can_be_answered_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
