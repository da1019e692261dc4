#include "harness/flow/flow_fixture.h"

#define INVITES "0 alice>bob INVITE\n500ms alice>bob INVITE copy=1\n1.5s alice>bob INVITE copy=1\n"

/* Twice the longest gap, at least 2*T1. */
static void waits_for_another_copy(void **state)
{
    (void)state;
    test_waits("alice->>bob: INVITE x3", INVITES, "now=3.499999s");
    test_matches("alice->>bob: INVITE x3", INVITES, "now=3.5s");
    test_waits("alice->>bob: INVITE x1", "1s alice>bob INVITE", "now=1.999999s");
    test_matches("alice->>bob: INVITE x1", "1s alice>bob INVITE", "now=2s");
    test_waits("alice->>bob: INVITE x1\nbob->>alice: 200",
               "0 alice>bob INVITE\n900ms bob>alice 200/INVITE", "");
    test_matches("alice->>bob: INVITE x1\nbob->>alice: 200",
                 "0 alice>bob INVITE\n1s bob>alice 200/INVITE", "");
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, INVITES);
    assert_int_equal(test_flow_parse(&t, "alice->>bob: INVITE x3"), ERR_OK);
    assert_int_equal(test_flow_match(&t, ""), FLOW_WAITING);
    assert_int_equal(t.answer.ask_again_us, test_time("3.5s"));
    test_flow_end(&t);
}

#define PAIR_AT(time) "1s alice>bob INVITE\n" time " bob>alice 180/INVITE"

/* Retransmissions count from when their timer was due: a machine that was busy then is not the
 * stack's fault. A device has no such excuse. */
static void what_our_loop_is_late_by_does_not_count(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>alice: 180 @ 500ms";
    static const char copies[] = "alice->>bob: INVITE x3 @ 0, 500ms, 1.5s";
    test_matches(flow, "1s alice>bob INVITE\n1.6s bob>alice 180/INVITE late=100ms", "real");
    test_matches(flow, "1s alice>bob INVITE late=60ms\n1.44s bob>alice 180/INVITE", "real");
    test_matches(copies,
                 "0 alice>bob INVITE\n560ms alice>bob INVITE copy=1 late=60ms\n"
                 "1.5s alice>bob INVITE copy=1",
                 "real now=4s");
    test_fails(flow, "1s alice>bob INVITE\n1.6s bob>alice 180/INVITE late=60ms", "real", 2,
               "bob->>alice: 180 INVITE at 1.6 s (message 3), but it came 600 ms after the line "
               "before it, "
               "not 475 ms to 525 ms");
    test_fails("alice->>dut: INVITE\ndut->>alice: 180 @ 500ms",
               "1s alice>dut INVITE late=60ms flying\n1.44s dut>alice 180/INVITE theirs",
               "real unseen=dut", 2,
               "dut->>alice: 180 INVITE at 1.44 s (message 2), but it came 440 ms after the line "
               "before it, not 475 ms to 525 ms");
}

static void measures_times(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>alice: 180 @ 500ms";
    static const char within[] = "alice->>bob: INVITE\nbob->>alice: 180 @ 500ms ± 10ms";
    static const char range[] = "alice->>bob: INVITE\nbob->>alice: 180 @ 2.1s..4s";
    static const char most[] = "alice->>bob: INVITE\nbob->>alice: 180 @ ..200ms";
    static const char least[] = "alice->>bob: INVITE\nbob->>alice: 180 @ 32s..";
    test_matches(flow, PAIR_AT("1.5s"), "");
    test_fails(
        flow, PAIR_AT("1.500001s"), "", 2,
        "bob->>alice: 180 INVITE at 1.500001 s (message 3), but it came 500.001 ms after the line "
        "before it, not 500 ms");
    test_fails(
        flow, PAIR_AT("1.499999s"), "", 2,
        "bob->>alice: 180 INVITE at 1.499999 s (message 3), but it came 499.999 ms after the line "
        "before it, not 500 ms");
    test_matches(flow, PAIR_AT("1.475s"), "real");
    test_matches(flow, PAIR_AT("1.525s"), "real");
    test_fails(
        flow, PAIR_AT("1.525001s"), "real", 2,
        "bob->>alice: 180 INVITE at 1.525001 s (message 3), but it came 525.001 ms after the line "
        "before it, not 475 ms to 525 ms");
    test_matches("alice->>bob: INVITE\nbob->>alice: 180 @ 100ms", PAIR_AT("1.08s"), "real");
    test_matches(within, PAIR_AT("1.49s"), "");
    test_matches(within, PAIR_AT("1.51s"), "");
    test_fails(
        within, PAIR_AT("1.510001s"), "real", 2,
        "bob->>alice: 180 INVITE at 1.510001 s (message 3), but it came 510.001 ms after the line "
        "before it, not 490 ms to 510 ms");
    test_matches(range, PAIR_AT("3.1s"), "");
    test_matches(range, PAIR_AT("5s"), "");
    test_fails(
        range, PAIR_AT("5.000001s"), "real", 2,
        "bob->>alice: 180 INVITE at 5.000001 s (message 3), but it came 4.000001 s after the line "
        "before it, not 2.1 s to 4 s");
    test_fails(
        range, PAIR_AT("3.099999s"), "", 2,
        "bob->>alice: 180 INVITE at 3.099999 s (message 3), but it came 2.099999 s after the line "
        "before it, not 2.1 s to 4 s");
    test_matches(most, PAIR_AT("1s"), "");
    test_matches(most, PAIR_AT("1.2s"), "");
    test_fails(
        most, PAIR_AT("1.200001s"), "", 2,
        "bob->>alice: 180 INVITE at 1.200001 s (message 3), but it came 200.001 ms after the line "
        "before it, not within 200 ms");
    test_matches(least, PAIR_AT("33s"), "");
    test_matches(least, PAIR_AT("90s"), "");
    test_fails(
        least, PAIR_AT("32.999999s"), "", 2,
        "bob->>alice: 180 INVITE at 32.999999 s (message 3), but it came 31.999999 s after the "
        "line before it, not after 32 s");
    test_fails(
        "alice->>bob: INVITE @ 1s", "1s alice>bob INVITE", "", 1,
        "alice->>bob: INVITE at 1 s (message 1), but there is no line before it to count its time "
        "from");
    /* Since the last copy of the line before. */
    test_matches("alice->>bob: INVITE x3\nbob->>alice: 180 @ 100ms",
                 INVITES "1.6s bob>alice 180/INVITE", "late");
    test_matches("alice->>bob: INVITE+\nbob->>alice: 180 @ 100ms",
                 INVITES "1.6s bob>alice 180/INVITE", "");
    test_matches("alice->>bob: INVITE\nbob->>alice: 100?\nbob->>alice: 180 @ 500ms",
                 "1s alice>bob INVITE\n1.2s bob>alice 100/INVITE\n1.7s bob>alice 180/INVITE", "");
    test_matches("alice->>bob: INVITE\nbob->>alice: 100?\nbob->>alice: 180 @ 500ms",
                 PAIR_AT("1.5s"), "");
}

static void measures_each_copy_since_the_first(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE x3 @ 0, 500ms, 1.5s";
    test_matches(flow,
                 "7s alice>bob INVITE\n7.5s alice>bob INVITE copy=1\n8.5s alice>bob INVITE copy=1",
                 "late");
    test_fails(
        flow,
        "7s alice>bob INVITE\n7.5s alice>bob INVITE copy=1\n8.500001s alice>bob INVITE copy=1",
        "late", 1,
        "alice->>bob: INVITE at 8.500001 s (message 5, a copy of 1), but it came 1.500001 s after "
        "the first copy, not 1.5 s");
    test_matches(flow,
                 "7s alice>bob INVITE\n7.51s alice>bob INVITE copy=1\n8.5s alice>bob INVITE copy=1",
                 "late real");
    test_matches("alice->>bob: INVITE x2 @ 0, 500ms..1s",
                 "7s alice>bob INVITE\n7.7s alice>bob INVITE copy=1", "late");
    test_matches("alice->>bob: INVITE\nalice->>bob: OPTIONS x2 @ 1s",
                 "7s alice>bob INVITE\n8s alice>bob OPTIONS\n8.5s alice>bob OPTIONS copy=2",
                 "late");
    test_waits(flow, "7s alice>bob INVITE\n7.5s alice>bob INVITE copy=1", "now=8.6s");
}

static void keeps_to_its_times(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>alice: 200";
    test_waits(flow, "1s alice>bob INVITE", "now=32.999999s");
    test_fails(flow, "1s alice>bob INVITE", "now=33s", 2,
               "bob->>alice: 200 INVITE never came; the last message was 1 at 1 s");
    test_waits(flow, "1s alice>bob INVITE", "now=33s began=10s");
    test_fails(flow, "1s alice>bob INVITE", "now=42s began=10s", 2,
               "bob->>alice: 200 INVITE never came; the last message was 1 at 1 s");
    test_waits(flow, "1s alice>bob INVITE", "now=4s within=5s");
    test_fails(flow, "1s alice>bob INVITE", "now=5s within=5s", 2,
               "bob->>alice: 200 INVITE never came; the last message was 1 at 1 s");
    test_fails(flow, "1s alice>bob INVITE", "end", 2,
               "bob->>alice: 200 INVITE never came; the last message was 1 at 1 s");
    /* A line that may come later than 64*T1 is waited for. */
    test_waits("alice->>bob: INVITE\nbob->>alice: 200 @ ..2m", "1s alice>bob INVITE", "now=120.9s");
    test_fails("alice->>bob: INVITE\nbob->>alice: 200 @ ..2m", "1s alice>bob INVITE", "now=121s", 2,
               "bob->>alice: 200 INVITE never came; the last message was 1 at 1 s");
    test_waits("alice->>bob: INVITE\nbob->>alice: 200 @ 2m..", "1s alice>bob INVITE", "now=152s");
    test_waits(flow, "1s alice>bob INVITE\n2s bob>alice 200/INVITE", "quiet=32s");
    test_waits(flow, "1s alice>bob INVITE\n2s bob>alice 200/INVITE", "quiet=32s now=33.999999s");
    test_matches(flow, "1s alice>bob INVITE\n2s bob>alice 200/INVITE", "quiet=32s now=34s");
    test_fails(
        flow, "1s alice>bob INVITE\n2s bob>alice 200/INVITE\n20s alice>bob ACK", "quiet=32s", 2,
        "alice->>bob: ACK at 20 s (message 5) came after the last line, and no line accounts for "
        "it");
    test_fails(flow, "1s alice>bob INVITE\n2s bob>alice 200/INVITE", "quiet=32s within=10s now=10s",
               2, "every line was met, but `within` ended before the silence that must follow");
    test_matches("participant alice\nparticipant bob", "", "");
    test_waits("participant alice\nparticipant bob", "", "quiet=5s");
    test_matches("participant alice\nparticipant bob", "", "quiet=5s now=5s");
    test_fails(
        "participant alice\nparticipant bob", "1s bob>alice BYE", "", 0,
        "bob->>alice: BYE at 1 s (message 1) came after the last line, and no line accounts for "
        "it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_for_another_copy),
        cmocka_unit_test(measures_times),
        cmocka_unit_test(what_our_loop_is_late_by_does_not_count),
        cmocka_unit_test(measures_each_copy_since_the_first),
        cmocka_unit_test(keeps_to_its_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
