/* INFO packages, RFC 6086: what each side of a call says that it takes, and what it refuses. */
#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ALICE, BOB };

struct pair { /* a call that is up */
    struct pump pump;
    struct handle call, leg;
};

static void begin(struct pair *pair, struct view alice, struct view bob)
{
    struct sip_stack_options ours = {.info_packages = alice}, theirs = {.info_packages = bob};
    pump_begin(&pair->pump);
    pump_add(&pair->pump, "alice", &ours);
    pump_add(&pair->pump, "bob", &theirs);
    pump_invite(&pair->pump, ALICE, "sip:bob@192.0.2.2", &pair->call);
    pump_run(&pair->pump, 10 * US_PER_MS);
    struct pump_tell *told = pump_take(&pair->pump, BOB, SIP_TELL_REQUEST, "INVITE");
    pair->leg = told->tell.call;
    pump_respond(&pair->pump, BOB, told->tell.object, 200);
    pump_run(&pair->pump, 20 * US_PER_MS);
}

static void info(struct pair *pair, const char *package)
{
    struct sip_row row = {.name = V("Info-Package"), .value = view_of(package)};
    struct sip_request_options options = {
        .method = V("INFO"), .call = pair->call, .rows = &row, .row_count = 1};
    struct handle request;
    struct pump *pump = &pair->pump;
    assert_int_equal(sip_request_send(pump->stacks[ALICE], pump->now_us, &options, &request, NULL),
                     ERR_OK);
    pump_run(pump, pump->now_us + 10 * US_PER_MS);
}

static bool alice_may(struct pair *pair, const char *package)
{
    return sip_call_takes(pair->pump.stacks[ALICE], pair->call, view_of(package));
}

static void each_side_learns_what_the_other_takes(void **state)
{
    (void)state;
    struct pair pair;
    begin(&pair, V("P, R"), V("R, T;x=y"));
    assert_true(alice_may(&pair, "R"));
    assert_true(alice_may(&pair, "T"));
    assert_false(alice_may(&pair, "P"));
    assert_false(alice_may(&pair, "t"));
    assert_true(sip_call_takes(pair.pump.stacks[BOB], pair.leg, V("P")));
    assert_false(sip_call_takes(pair.pump.stacks[BOB], (struct handle){9, 9}, V("P")));
    pump_end(&pair.pump);
}

static void what_is_not_taken_is_a_469_with_what_is(void **state)
{
    (void)state;
    struct pair pair;
    begin(&pair, (struct view){0}, V("R, T"));
    info(&pair, "X");
    struct pump_tell *told = pump_take(&pair.pump, ALICE, SIP_TELL_RESPONSE, "469 INFO");
    const struct sip_line *line = sip_msg_find(told->msg, SIP_HEADER_RECV_INFO, 0);
    assert_non_null(line);
    assert_true(view_equal(line->value, V("R, T")));
    assert_int_equal(pump_tell_count(&pair.pump, BOB, SIP_TELL_REQUEST, "INFO"), 0);
    assert_int_equal(pump_state(&pair.pump, BOB, pair.leg), SIP_CALL_CONFIRMED);
    info(&pair, "T;a=b");
    pump_take(&pair.pump, BOB, SIP_TELL_REQUEST, "INFO");
    pump_request(&pair.pump, ALICE, "INFO", NULL, pair.call); /* an older use */
    pump_run(&pair.pump, pair.pump.now_us + 10 * US_PER_MS);
    pump_take(&pair.pump, BOB, SIP_TELL_REQUEST, "INFO");
    pump_end(&pair.pump);
}

/* RFC 6086 §5.2.3 */
static void nothing_is_said_where_nothing_was(void **state)
{
    (void)state;
    struct pair pair;
    begin(&pair, (struct view){0}, V("R"));
    struct pump_tell *told = pump_take(&pair.pump, ALICE, SIP_TELL_RESPONSE, "200 INVITE");
    assert_null(sip_msg_find(told->msg, SIP_HEADER_RECV_INFO, 0));
    assert_false(alice_may(&pair, "R"));
    pump_end(&pair.pump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_side_learns_what_the_other_takes),
        cmocka_unit_test(what_is_not_taken_is_a_469_with_what_is),
        cmocka_unit_test(nothing_is_said_where_nothing_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
