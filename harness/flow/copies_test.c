#include "harness/flow/flow_fixture.h"

#define INVITES "0 alice>bob INVITE\n500ms alice>bob INVITE copy=1\n1.5s alice>bob INVITE copy=1\n"

static void folds_copies_on_request(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>alice: 200";
    test_matches(flow, INVITES "2s bob>alice 200/INVITE", "fold");
    test_matches(flow,
                 "0 alice>bob INVITE\n1s bob>alice 200/INVITE\n1.5s alice>bob INVITE copy=1\n1.5s "
                 "bob>alice "
                 "200/INVITE copy=2",
                 "fold");
    test_fails(
        "alice->>bob: INVITE x2\nbob->>alice: 200", INVITES "2s bob>alice 200/INVITE", "fold", 2,
        "expected bob->>alice: 200 INVITE, but alice->>bob: INVITE at 1.5 s (message 5, a copy of "
        "1) "
        "came");
    test_fails(flow, "0 alice>bob INVITE\n1s alice>bob INVITE", "fold", 2,
               "expected bob->>alice: 200 INVITE, but alice->>bob: INVITE at 1 s (message 3) came");
    /* The time of the next line counts from the last copy. */
    test_matches("alice->>bob: INVITE\nbob->>alice: 200 @ 500ms", INVITES "2s bob>alice 200/INVITE",
                 "fold");
}

static void folds_copies_that_timers_allow_on_the_real_network(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>alice: 200\nalice->>bob: ACK";
    static const char lost_ack[] =
        "0 alice>bob INVITE\n100ms bob>alice 200/INVITE\n110ms alice>bob ACK\n600ms bob>alice "
        "200/INVITE copy=2\n610ms alice>bob ACK copy=3\n1.6s bob>alice 200/INVITE copy=2\n1.61s "
        "alice>bob ACK copy=3\n";
    test_matches(flow, lost_ack, "real");
    test_fails(
        flow, lost_ack, "", 3,
        "bob->>alice: 200 INVITE at 600 ms (message 7, a copy of 3) came after the last line, and "
        "no line accounts "
        "for "
        "it");
    test_matches(flow, INVITES "2s bob>alice 200/INVITE\n2s alice>bob ACK", "real");
    /* Too early: Timer A has not fired. */
    test_fails(
        flow, "0 alice>bob INVITE\n400ms alice>bob INVITE copy=1", "real", 2,
        "expected bob->>alice: 200 INVITE, but alice->>bob: INVITE at 400 ms (message 3, a copy "
        "of 1) "
        "came");
    test_waits(flow, "0 alice>bob INVITE\n480ms alice>bob INVITE copy=1", "real");
    test_waits(flow,
               "0 alice>bob INVITE\n560ms alice>bob INVITE copy=1 late=60ms\n"
               "1.5s alice>bob INVITE copy=1",
               "real");
    /* The second gap must be twice the first. */
    test_fails(
        flow, "0 alice>bob INVITE\n500ms alice>bob INVITE copy=1\n1s alice>bob INVITE copy=1",
        "real", 2,
        "expected bob->>alice: 200 INVITE, but alice->>bob: INVITE at 1 s (message 5, a copy of "
        "1) came");
    /* An ACK is sent again for a 2xx that came again, and for nothing else. */
    test_fails(
        flow,
        "0 alice>bob INVITE\n100ms bob>alice 200/INVITE\n110ms alice>bob ACK\n2s alice>bob ACK "
        "copy=3",
        "real", 3,
        "alice->>bob: ACK at 2 s (message 7, a copy of 5) came after the last line, and no line "
        "accounts for it");
    /* A provisional response answers each copy of its request. */
    test_matches(
        "alice->>bob: INVITE\nbob->>alice: 180",
        "0 alice>bob INVITE\n490ms bob>alice 180/INVITE\n500ms alice>bob INVITE copy=1\n510ms "
        "bob>alice 180/INVITE copy=2",
        "real");
    test_fails(
        "alice->>bob: INVITE\nbob->>alice: 180",
        "0 alice>bob INVITE\n490ms bob>alice 180/INVITE\n510ms bob>alice 180/INVITE copy=2", "real",
        2,
        "bob->>alice: 180 INVITE at 510 ms (message 5, a copy of 3) came after the last line, and "
        "no line accounts "
        "for "
        "it");
    /* Lines with a count or times do not fold. */
    test_fails(
        "alice->>bob: INVITE x2", INVITES, "real late", 1,
        "alice->>bob: INVITE at 1.5 s (message 5, a copy of 1) came after the last line, and no "
        "line accounts for it");
    test_fails(
        "alice->>bob: OPTIONS\nalice->>bob: INVITE @ 1s",
        "0 alice>bob OPTIONS\n1s alice>bob INVITE\n1.5s alice>bob INVITE copy=2", "real late", 2,
        "alice->>bob: INVITE at 1.5 s (message 5, a copy of 3) came after the last line, and no "
        "line accounts for it");
}

/* A network that loses: what is drawn was sent, whatever came of it, and what is sent more often is
 * its doing. The times of one message's copies are its sender's all the same. */
static void takes_what_a_rough_network_makes_of_it(void **state)
{
    (void)state;
    test_matches("alice->>bob: INVITE\nbob->>alice: 200 @ 100ms",
                 "0 alice>bob INVITE lost\n500ms alice>bob INVITE copy=1\n700ms bob>alice "
                 "200/INVITE lost\n1.2s bob>alice 200/INVITE copy=3",
                 "rough");
    test_matches("alice->>bob: INVITE x2 @ 0, 500ms",
                 "0 alice>bob INVITE\n500ms alice>bob INVITE copy=1\n900ms alice>bob INVITE copy=1",
                 "rough late");
    test_fails("alice->>bob: INVITE x2 @ 0, 500ms\nbob->>alice: 200",
               "0 alice>bob INVITE\n400ms alice>bob INVITE copy=1\n900ms bob>alice 200/INVITE",
               "rough late", 1,
               "expected alice->>bob: INVITE, transmission 2 of 2, but bob->>alice: 200 INVITE at "
               "900 ms (message 5) came");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_copies_on_request),
        cmocka_unit_test(folds_copies_that_timers_allow_on_the_real_network),
        cmocka_unit_test(takes_what_a_rough_network_makes_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
