#include "harness/flow/flow_fixture.h"

#define CALL                                                                                       \
    "alice->>bob: INVITE\nbob->>alice: 100?\nbob->>alice: 180\nbob->>alice: 200 INVITE\n"          \
    "alice->>bob: ACK\nNote over alice,bob: talk\nbob->>alice: BYE\nalice->>bob: 200 BYE"
#define CALL_LOG                                                                                   \
    "0 alice>bob INVITE\n1ms bob>alice 180/INVITE\n2ms bob>alice 200/INVITE\n"                     \
    "3ms alice>bob ACK\n3s bob>alice BYE\n3.001s alice>bob 200/BYE\n"

static void reads_a_call(void **state)
{
    (void)state;
    test_matches(CALL, CALL_LOG, "");
    test_matches("sequenceDiagram\nautonumber\nparticipant bob as the callee\n%% a comment; with "
                 "#\n\n" CALL,
                 CALL_LOG, "");
    test_matches(
        CALL,
        "0 alice>bob INVITE\n1ms bob>alice 100/INVITE\n2ms bob>alice 180/INVITE\n"
        "3ms bob>alice 200/INVITE\n4ms alice>bob ACK\n3s bob>alice BYE\n3.1s alice>bob 200/BYE\n",
        "");
    test_fails(
        CALL, "0 alice>bob INVITE\n1ms bob>alice 486/INVITE\n", "", 3,
        "expected bob->>alice: 180 INVITE, but bob->>alice: 486 INVITE at 1 ms (message 3) came");
    test_waits(CALL, "0 alice>bob INVITE\n1ms bob>alice 180/INVITE\n", "");
    test_fails(CALL, "0 alice>bob INVITE\n1ms bob>alice 180/INVITE\n", "late", 4,
               "bob->>alice: 200 INVITE never came; the last message was 3 at 1 ms");
    test_waits(CALL, "", "");
    test_fails(CALL, "", "late", 1, "alice->>bob: INVITE never came; there was no message at all");
    test_fails(
        CALL, CALL_LOG "4s alice>bob OPTIONS\n", "", 8,
        "alice->>bob: OPTIONS at 4 s (message 13) came after the last line, and no line accounts "
        "for it");
    test_matches(CALL, CALL_LOG "4s alice>carol OPTIONS\n4s carol>bob OPTIONS\n", "");
}

static void knows_arrows(void **state)
{
    (void)state;
    test_matches("alice->>bob: INVITE", "0 alice>bob INVITE", "");
    test_matches("alice-->>bob: INVITE", "0 alice>bob INVITE", "");
    test_matches("alice ->> bob : INVITE", "0 alice>bob INVITE", "");
    test_fails("alice->>bob: INVITE", "0 bob>alice INVITE", "", 1,
               "expected alice->>bob: INVITE, but bob->>alice: INVITE at 0 s (message 1) came");
    test_fails("alice->>bob: INVITE", "0 alice>bob INVITE lost", "", 1,
               "alice->>bob: INVITE at 0 s (message 1), but it was lost: -x is the arrow of a lost "
               "message");
    test_matches("alice-xbob: INVITE", "0 alice>bob INVITE lost", "");
    test_matches("alice--xbob: INVITE", "0 alice>bob INVITE lost", "");
    test_fails("alice-xbob: INVITE", "0 alice>bob INVITE", "", 1,
               "alice->>bob: INVITE at 0 s (message 1), but it was not lost: it arrived");
    test_matches("alice-)bob: INVITE", "0 alice>bob INVITE lost", "");
    test_matches("alice--)bob: INVITE", "0 alice>bob INVITE", "");
    test_matches("alice-)bob: INVITE", "0 alice>bob INVITE flying", "");
    test_waits("alice->>bob: INVITE", "0 alice>bob INVITE flying", "");
    test_waits("alice->>bob: INVITE", "0 alice>bob INVITE flying", "late");
    test_waits("alice-xbob: INVITE", "0 alice>bob INVITE flying", "");
    test_fails("alice->>bob: INVITE", "0 alice>bob INVITE flying", "end", 1,
               "alice->>bob: INVITE at 0 s (message 1) has not arrived");
    test_matches("alice->>bob: INVITE", "0 alice>bob INVITE flying", "unseen=bob");
    test_matches("alice->>dut: INVITE", "0 alice>dut INVITE flying", "real unseen=dut");
    test_fails("alice->>bob: INVITE", "0 alice>bob INVITE flying", "real late", 1,
               "alice->>bob: INVITE at 0 s (message 1) has not arrived");
    test_matches("alice->>bob: INVITE", "0 alice>bob OPTIONS swallowed\n1s alice>bob INVITE", "");
    test_fails("alice->>bob: INVITE", "0 alice>bob INVITE swallowed", "late", 1,
               "alice->>bob: INVITE never came; there was no message at all");
    test_matches("dut->>other: INVITE", "0 dut>other INVITE", "");
    test_waits("dut->>other: INVITE", "0 dut>alice INVITE", "");
}

static void finds_the_request_that_a_response_answers(void **state)
{
    (void)state;
    test_matches("alice->>bob: INVITE\nbob->>alice: 200",
                 "0 alice>bob INVITE\n1s bob>alice 200/INVITE", "");
    test_fails(
        "alice->>bob: INVITE\nbob->>alice: 200", "0 alice>bob INVITE\n1s bob>alice 200/BYE", "", 2,
        "expected bob->>alice: 200 INVITE, but bob->>alice: 200 BYE at 1 s (message 3) came");
    /* The nearest unanswered one above: the CANCEL's, then the INVITE's. */
    test_matches("alice->>bob: INVITE\nalice->>bob: CANCEL\nbob->>alice: 200\nbob->>alice: 487",
                 "0 alice>bob INVITE\n1s alice>bob CANCEL\n2s bob>alice 200/CANCEL\n2s bob>alice "
                 "487/INVITE",
                 "");
    test_fails(
        "alice->>bob: INVITE\nalice->>bob: CANCEL\nbob->>alice: 200\nbob->>alice: 487",
        "0 alice>bob INVITE\n1s alice>bob CANCEL\n2s bob>alice 200/INVITE", "", 3,
        "expected bob->>alice: 200 CANCEL, but bob->>alice: 200 INVITE at 2 s (message 5) came");
    /* A provisional one leaves it unanswered; an ACK is never answered. */
    test_matches(
        "alice->>bob: INVITE\nbob->>alice: 180\nbob->>alice: 200\nalice->>bob: ACK\n"
        "alice->>bob: BYE\nbob->>alice: 200",
        "0 alice>bob INVITE\n1s bob>alice 180/INVITE\n2s bob>alice 200/INVITE\n2s alice>bob ACK\n"
        "3s alice>bob BYE\n3s bob>alice 200/BYE",
        "");
    /* Of the other pair. */
    test_matches("alice->>bob: INVITE\nbob->>carol: OPTIONS\nbob->>alice: 200\ncarol->>bob: 200",
                 "0 alice>bob INVITE\n1s bob>carol OPTIONS\n2s bob>alice 200/INVITE\n3s carol>bob "
                 "200/OPTIONS",
                 "");
    /* None above: any method will do. */
    test_matches("bob->>alice: 200", "0 bob>alice 200/MESSAGE", "");
    /* A branch that answers leaves the request open where another does not. */
    test_matches(
        "alice->>bob: INVITE\nopt\nbob->>alice: 200\nend\nalice->>bob: OPTIONS\nbob->>alice: 405\n"
        "bob->>alice: 486?",
        "0 alice>bob INVITE\n1s alice>bob OPTIONS\n2s bob>alice 405/OPTIONS\n3s bob>alice "
        "486/INVITE",
        "");
    test_matches(
        "alice->>bob: MESSAGE\nalice->>bob: INVITE\nalt\nbob->>alice: 200\nelse\nbob->>alice: "
        "486\n"
        "end\nbob->>alice: 200",
        "0 alice>bob MESSAGE\n0 alice>bob INVITE\n1s bob>alice 486/INVITE\n2s bob>alice "
        "200/MESSAGE",
        "");
    test_fails(
        "alice->>bob: MESSAGE\nalice->>bob: INVITE\nalt\nbob->>alice: 200\nelse\nbob->>alice: "
        "486\n"
        "end\nbob->>alice: 200",
        "0 alice>bob MESSAGE\n0 alice>bob INVITE\n1s bob>alice 486/INVITE\n2s bob>alice "
        "200/INVITE",
        "", 8,
        "expected bob->>alice: 200 MESSAGE, but bob->>alice: 200 INVITE at 2 s (message 7) came");
}

#define INVITES "0 alice>bob INVITE\n500ms alice>bob INVITE copy=1\n1.5s alice>bob INVITE copy=1\n"

static void counts(void **state)
{
    (void)state;
    test_matches("alice->>bob: INVITE?", "0 alice>bob INVITE", "");
    test_matches("alice->>bob: INVITE?", "", "");
    test_fails(
        "alice->>bob: INVITE?", "0 alice>bob INVITE\n1s alice>bob INVITE", "", 1,
        "alice->>bob: INVITE at 1 s (message 3) came after the last line, and no line accounts "
        "for it");
    test_matches("alice->>bob: INVITE*", "", "");
    test_matches("alice->>bob: INVITE*", INVITES "2s alice>bob INVITE", "");
    test_matches("alice->>bob: INVITE *\nbob->>alice: 200", INVITES "2s bob>alice 200/INVITE", "");
    test_waits("alice->>bob: INVITE+", "", "");
    test_fails("alice->>bob: INVITE+", "", "late", 1,
               "alice->>bob: INVITE never came; there was no message at all");
    test_matches("alice->>bob: INVITE+", INVITES "2s alice>bob INVITE", "");
    test_matches("alice->>bob: * *", INVITES "2s alice>bob BYE", "");
    test_fails(
        "alice->>bob: INVITE", INVITES, "", 1,
        "alice->>bob: INVITE at 500 ms (message 3, a copy of 1) came after the last line, and no "
        "line "
        "accounts for it");
    test_matches("alice->>bob: INVITE\nalice->>bob: INVITE\nalice->>bob: INVITE", INVITES, "");
    test_waits("alice->>bob: INVITE x3", INVITES, "");
    test_matches("alice->>bob: INVITE x3", INVITES, "late");
    test_matches("alice->>bob: INVITE x3", INVITES, "end");
    test_waits("alice->>bob: INVITE x4", INVITES, "");
    test_fails(
        "alice->>bob: INVITE x4", INVITES, "late", 1,
        "alice->>bob: INVITE, transmission 4 of 4, never came; the last message was 5 at 1.5 s");
    test_fails(
        "alice->>bob: INVITE x2", INVITES, "", 1,
        "alice->>bob: INVITE at 1.5 s (message 5, a copy of 1) came after the last line, and no "
        "line accounts for it");
    test_fails(
        "alice->>bob: INVITE x2", "0 alice>bob INVITE\n1s alice>bob INVITE", "", 1,
        "alice->>bob: INVITE at 1 s (message 3), but it is another message, not copy 2 of 2");
    test_matches("alice->>bob: INVITE x1", "0 alice>bob INVITE", "late");
    test_fails(
        "alice->>bob: INVITE x1", "0 alice>bob INVITE\n500ms alice>bob INVITE copy=1", "late", 1,
        "alice->>bob: INVITE at 500 ms (message 3, a copy of 1) came after the last line, and no "
        "line "
        "accounts for it");
    /* The first may be a copy of what a line above has taken. */
    test_matches(
        "alice-xbob: INVITE\nalice->>bob: INVITE x2",
        "0 alice>bob INVITE lost\n500ms alice>bob INVITE copy=1\n1.5s alice>bob INVITE copy=1",
        "late");
    test_matches("alice->>bob: INVITE x2\nbob->>alice: 200",
                 "0 alice>bob INVITE\n500ms alice>bob INVITE copy=1\n600ms bob>alice 200/INVITE",
                 "late");
}

static void binds_variables_over_lines(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE [Via.branch = $b]\nalice->>bob: OPTIONS "
                               "[Via.branch = $b]\nalice->>bob: BYE [Via.branch != $b]";
    static const char back[] =
        "opt\nalice->>bob: INVITE [From.tag = $t]\nalice->>bob: BYE\nend\n"
        "alice->>bob: INVITE [Call-ID = $t]\nalice->>bob: OPTIONS [Call-ID = $t]";
    test_matches(
        flow,
        "0 alice>bob INVITE branch=x\n1s alice>bob OPTIONS branch=x\n2s alice>bob BYE branch=y",
        "");
    test_fails(
        flow, "0 alice>bob INVITE branch=x\n1s alice>bob OPTIONS branch=y", "", 2,
        "alice->>bob: OPTIONS at 1 s (message 3), but Via.branch = $b (it is y) does not hold");
    test_fails(
        flow,
        "0 alice>bob INVITE branch=x\n1s alice>bob OPTIONS branch=x\n2s alice>bob BYE branch=x", "",
        3, "alice->>bob: BYE at 2 s (message 5), but Via.branch != $b (it is x) does not hold");
    /* What the reading that failed has bound is free again. */
    test_matches(back, "0 alice>bob INVITE tag=1 cid=2\n1s alice>bob OPTIONS tag=1 cid=2", "");
    test_fails(back, "0 alice>bob INVITE tag=1 cid=2\n1s alice>bob OPTIONS tag=1 cid=3", "", 6,
               "alice->>bob: OPTIONS at 1 s (message 3), but Call-ID = $t (it is 3) does not hold");
}

static void keeps_bindings_of_a_match_only(void **state)
{
    (void)state;
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, "0 alice>bob INVITE branch=x");
    assert_int_equal(test_flow_parse(&t, "alice->>bob: INVITE [Via.branch = $b]\nalice->>bob: BYE"),
                     ERR_OK);
    assert_int_equal(test_flow_match(&t, ""), FLOW_WAITING);
    assert_int_equal(vars_mark(t.vars), 0);
    assert_int_equal(test_flow_match(&t, "late"), FLOW_FAILED);
    assert_int_equal(vars_mark(t.vars), 0);
    test_log_add(&t, "1s alice>bob BYE");
    assert_int_equal(test_flow_match(&t, ""), FLOW_MATCHED);
    assert_int_equal(vars_mark(t.vars), 1);
    assert_int_equal(test_flow_match(&t, ""), FLOW_MATCHED);
    assert_int_equal(vars_mark(t.vars), 1);
    test_flow_end(&t);
}

static void says_which_check_failed(void **state)
{
    (void)state;
    test_matches("alice->>bob: INVITE [Max-Forwards = 69]", "0 alice>bob INVITE forwards=69", "");
    test_fails(
        "alice->>bob: INVITE [Max-Forwards = 69]", "0 alice>bob INVITE", "", 1,
        "alice->>bob: INVITE at 0 s (message 1), but Max-Forwards = 69 (it is 70) does not hold");
    test_matches("alice->>bob: INVITE x2 [Max-Forwards < 70] @ 0, 1s [!Route]",
                 "0 alice>bob INVITE forwards=69\n1s alice>bob INVITE copy=1 forwards=69", "late");
}

static void is_loose_on_request(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>alice: 200";
    test_matches(
        flow,
        "0 alice>bob INVITE\n1s bob>alice 180/INVITE\n2s bob>alice 200/INVITE\n3s alice>bob ACK",
        "loose");
    test_waits(flow, "0 alice>bob OPTIONS\n1s alice>bob INVITE\n2s bob>alice 200/OPTIONS", "loose");
    test_fails(flow, "0 alice>bob OPTIONS\n1s alice>bob INVITE\n2s bob>alice 200/OPTIONS",
               "loose late", 2,
               "bob->>alice: 200 INVITE never came; the last message was 5 at 2 s");
    test_fails(flow, "0 bob>alice 200/INVITE\n1s alice>bob INVITE", "loose late", 2,
               "bob->>alice: 200 INVITE never came; the last message was 3 at 1 s");
}

static void covers_one_call_only_where_asked(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>alice: 200";
    static const char log[] = "0 alice>bob INVITE cid=x\n0 alice>bob INVITE cid=y\n1s bob>alice "
                              "486/INVITE cid=y\n1s bob>alice 200/INVITE cid=x";
    test_matches(flow, log, "cid=x");
    test_fails(
        flow, log, "cid=y", 2,
        "expected bob->>alice: 200 INVITE, but bob->>alice: 486 INVITE at 1 s (message 5) came");
    test_waits(flow, log, "cid=z");
}

static void begins_where_it_is_told_to(void **state)
{
    (void)state;
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, "0 alice>bob INVITE\n1s alice>carol BYE\n2s bob>alice 200/INVITE\n"
                     "3s alice>carol OPTIONS\n4s alice>bob BYE");
    assert_int_equal(test_flow_parse(&t, "alice->>bob: INVITE\nbob->>alice: 200"), ERR_OK);
    assert_int_equal(test_flow_match(&t, ""), FLOW_FAILED);
    assert_int_equal(t.answer.seq, log_at(t.log, 4)->seq);
    assert_int_equal(test_flow_parse(&t, "bob->>alice: 200\nalice->>bob: BYE"), ERR_OK);
    t.question.from_index = 1;
    assert_int_equal(test_flow_match(&t, ""), FLOW_MATCHED);
    assert_int_equal(t.answer.next_index, 5);
    t.question.from_index = 5;
    assert_int_equal(test_flow_match(&t, ""), FLOW_WAITING);
    assert_int_equal(t.answer.next_index, 5);
    test_flow_end(&t);
}

static void finds_a_stray_message(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>alice: 200\nbob->>alice: 100?";
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, "0 alice>bob INVITE\n1s bob>alice 200/INVITE");
    assert_int_equal(test_flow_parse(&t, flow), ERR_OK);
    assert_int_equal(test_flow_match(&t, ""), FLOW_MATCHED);
    size_t next = t.answer.next_index;
    assert_int_equal(next, 2);
    assert_int_equal(flow_stray(t.flow, &t.question, next), log_count(t.log));
    test_log_add(&t, "2s alice>carol BYE\n2s bob>alice 100/INVITE");
    assert_int_equal(flow_stray(t.flow, &t.question, next), log_count(t.log));
    test_log_add(&t, "3s alice>bob INFO\n4s alice>bob INFO");
    assert_int_equal(flow_stray(t.flow, &t.question, next), 4);
    assert_int_equal(flow_stray(t.flow, &t.question, 5), 5);
    assert_int_equal(flow_stray(t.flow, &t.question, 6), log_count(t.log));
    t.question.loose = true;
    assert_int_equal(flow_stray(t.flow, &t.question, next), log_count(t.log));
    test_flow_end(&t);
}

static void finds_a_stray_copy(void **state)
{
    (void)state;
    struct test_flow t;
    test_flow_begin(&t);
    test_log_add(&t, "0 alice>bob INVITE\n1s bob>alice 200/INVITE");
    assert_int_equal(test_flow_parse(&t, "alice->>bob: INVITE x1\nbob->>alice: 200 [Call-ID = $c]"),
                     ERR_OK);
    assert_int_equal(test_flow_match(&t, "late"), FLOW_MATCHED);
    assert_int_equal(flow_stray(t.flow, &t.question, 2), log_count(t.log));
    test_log_add(&t, "5s alice>bob INVITE copy=1");
    assert_int_equal(flow_stray(t.flow, &t.question, 2), 2);
    assert_int_equal(vars_mark(t.vars), 1);
    test_flow_end(&t);
}

static void tells_when_there_is_no_memory(void **state)
{
    (void)state;
    for (uint64_t nth = 1; nth < 8; nth++) {
        struct test_flow t;
        test_flow_begin(&t);
        test_log_add(&t, CALL_LOG);
        assert_int_equal(test_flow_parse(&t, CALL), ERR_OK);
        mem_fail_at(nth, true);
        enum flow_state state_then = test_flow_match(&t, "");
        mem_fail_at(0, false);
        assert_true(state_then == FLOW_FAILED || state_then == FLOW_MATCHED);
        test_flow_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_call),
        cmocka_unit_test(knows_arrows),
        cmocka_unit_test(finds_the_request_that_a_response_answers),
        cmocka_unit_test(counts),
        cmocka_unit_test(binds_variables_over_lines),
        cmocka_unit_test(keeps_bindings_of_a_match_only),
        cmocka_unit_test(says_which_check_failed),
        cmocka_unit_test(is_loose_on_request),
        cmocka_unit_test(covers_one_call_only_where_asked),
        cmocka_unit_test(begins_where_it_is_told_to),
        cmocka_unit_test(finds_a_stray_message),
        cmocka_unit_test(finds_a_stray_copy),
        cmocka_unit_test(tells_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
