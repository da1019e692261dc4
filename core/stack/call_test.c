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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_answered_with_what_we_can),
        cmocka_unit_test(a_call_is_set_up_and_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
