#include "harness/flow/flow_fixture.h"

#define INVITES "0 alice>bob INVITE\n500ms alice>bob INVITE copy=1\n1.5s alice>bob INVITE copy=1\n"

static void shows_what_never_came(void **state)
{
    (void)state;
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, "0 alice>bob INVITE");
    assert_int_equal(test_flow_parse(&t, "alice->>bob: INVITE\nbob->>alice: 180 [Contact]"),
                     ERR_OK);
    assert_int_equal(test_flow_match(&t, "late"), FLOW_FAILED);
    assert_string_equal(t.answer.ghost, "bob->>alice: 180 INVITE");
    assert_string_equal(t.answer.expected, "bob->>alice: 180 INVITE");
    assert_string_equal(t.answer.actual, "");
    assert_int_equal(t.answer.seq, 0);
    test_log_add(&t, "1s bob>alice 200/INVITE");
    assert_int_equal(test_flow_match(&t, ""), FLOW_FAILED);
    assert_string_equal(t.answer.ghost, "");
    assert_string_equal(t.answer.actual, "bob->>alice: 200 INVITE at 1 s (message 3)");
    assert_int_equal(t.answer.seq, 3);
    test_flow_end(&t);
}

static void hints(const char *flow, const char *log, const char *options, const char *hint)
{
    struct test_flow t;
    test_asked(&t, flow, log, options, FLOW_FAILED);
    assert_string_equal(t.answer.hint, hint);
    test_flow_end(&t);
}

static void hints_at_what_would_cure_it(void **state)
{
    (void)state;
    hints("alice->>bob: INVITE\nbob->>alice: 200",
          "0 alice>bob INVITE\n1s bob>alice 100/INVITE\n2s bob>alice 200/INVITE", "",
          "where it may come: add \"bob->>alice: 100?\"");
    hints("alice->>bob: INVITE\nbob->>alice: 200",
          "0 alice>bob INVITE\n1s bob>alice 100/INVITE\n2s bob>alice 486/INVITE", "", "");
    hints("alice->>bob: INVITE\nbob->>alice: 200", INVITES "2s bob>alice 200/INVITE", "",
          "it is a retransmission: {fold = true} takes copies into the line of their original, x2 "
          "counts them");
    hints("alice->>bob: INVITE\nbob->>alice: 200", INVITES "2s bob>alice 486/INVITE", "", "");
    hints("alice->>bob: INVITE\nbob->>carol: INVITE\nbob->>alice: 100",
          "0 alice>bob INVITE\n1s bob>alice 100/INVITE\n1s bob>carol INVITE", "",
          "with {interleave = true}, which keeps the order within each pair only, it fits");
    hints("alice->>bob: INVITE\nbob->>carol: INVITE\nbob->>alice: 100",
          "0 alice>bob INVITE\n1s bob>alice 100/INVITE\n1s bob>carol BYE", "", "");
    hints("alice->>bob: INVITE\nbob->>alice: 180\nbob->>alice: 200", "0 alice>bob INVITE", "late",
          "");
    hints("alice->>bob: INVITE\nbob->>alice: 100", "0 alice>bob INVITE", "late",
          "where it may be missing: write \"bob->>alice: 100?\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_what_never_came),
        cmocka_unit_test(hints_at_what_would_cure_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
