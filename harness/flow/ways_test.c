#include "harness/flow/flow_fixture.h"

static void knows_blocks(void **state)
{
    (void)state;
    static const char opt[] =
        "alice->>bob: INVITE\nopt a ring\nbob->>alice: 180\nbob->>alice: 183\n"
        "end\nbob->>alice: 200";
    static const char alt[] =
        "alice->>bob: INVITE\nalt\nbob->>alice: 200\nalice->>bob: ACK\nelse "
        "busy\nbob->>alice: 486\nalice->>bob: ACK\nelse\nbob->>alice: 302\nend";
    static const char loop[] = "loop 2 times\nalice->>bob: OPTIONS\nbob->>alice: 200\nend";
    test_matches(opt, "0 alice>bob INVITE\n1s bob>alice 200/INVITE", "");
    test_matches(
        opt,
        "0 alice>bob INVITE\n1s bob>alice 180/INVITE\n1s bob>alice 183/INVITE\n1s bob>alice "
        "200/INVITE",
        "");
    test_fails(
        opt, "0 alice>bob INVITE\n1s bob>alice 180/INVITE\n1s bob>alice 200/INVITE", "", 4,
        "expected bob->>alice: 183 INVITE, but bob->>alice: 200 INVITE at 1 s (message 5) came");
    test_fails(
        opt, "0 alice>bob INVITE\n1s bob>alice 183/INVITE\n1s bob>alice 200/INVITE", "", 6,
        "expected bob->>alice: 200 INVITE, but bob->>alice: 183 INVITE at 1 s (message 3) came");
    test_matches(alt, "0 alice>bob INVITE\n1s bob>alice 200/INVITE\n1s alice>bob ACK", "");
    test_matches(alt, "0 alice>bob INVITE\n1s bob>alice 486/INVITE\n1s alice>bob ACK", "");
    test_matches(alt, "0 alice>bob INVITE\n1s bob>alice 302/INVITE", "");
    test_waits(alt, "0 alice>bob INVITE\n1s bob>alice 486/INVITE", "");
    test_fails(
        alt, "0 alice>bob INVITE\n1s bob>alice 404/INVITE", "", 3,
        "expected bob->>alice: 200 INVITE, but bob->>alice: 404 INVITE at 1 s (message 3) came");
    test_fails(
        alt, "0 alice>bob INVITE\n1s bob>alice 302/INVITE\n2s alice>bob ACK", "", 9,
        "alice->>bob: ACK at 2 s (message 5) came after the last line, and no line accounts for "
        "it");
    test_matches(
        loop,
        "0 alice>bob OPTIONS\n1s bob>alice 200/OPTIONS\n2s alice>bob OPTIONS\n3s bob>alice "
        "200/OPTIONS",
        "");
    test_waits(loop, "0 alice>bob OPTIONS\n1s bob>alice 200/OPTIONS", "");
    test_fails(
        loop,
        "0 alice>bob OPTIONS\n1s bob>alice 200/OPTIONS\n2s alice>bob OPTIONS\n3s bob>alice "
        "200/OPTIONS\n4s alice>bob OPTIONS",
        "", 3,
        "alice->>bob: OPTIONS at 4 s (message 9) came after the last line, and no line accounts "
        "for it");
    test_matches("loop 3\nopt\nalice->>bob: OPTIONS\nend\nend\nalice->>bob: INVITE",
                 "0 alice>bob OPTIONS\n1s alice>bob OPTIONS\n2s alice>bob INVITE", "");
    test_matches("opt\nend\nalt\nelse\nend\npar\nand\nend\nalice->>bob: INVITE",
                 "0 alice>bob INVITE", "");
}

static void interleaves_branches_of_par(void **state)
{
    (void)state;
    static const char flow[] = "par to bob\nalice->>bob: INVITE\nbob->>alice: 200\nand to carol\n"
                               "alice->>carol: INVITE\ncarol->>alice: 486\nend\nalice->>bob: ACK";
    test_matches(
        flow,
        "0 alice>bob INVITE\n0 alice>carol INVITE\n1s carol>alice 486/INVITE\n2s bob>alice "
        "200/INVITE\n2s alice>bob ACK",
        "");
    test_matches(
        flow,
        "0 alice>carol INVITE\n0 carol>alice 486/INVITE\n1s alice>bob INVITE\n2s bob>alice "
        "200/INVITE\n2s alice>bob ACK",
        "");
    test_fails(
        flow, "0 alice>carol INVITE\n0 alice>bob INVITE\n1s bob>alice 200/INVITE\n1s alice>bob ACK",
        "", 6, "expected carol->>alice: 486 INVITE, but alice->>bob: ACK at 1 s (message 7) came");
    test_fails(flow, "0 bob>alice 200/INVITE", "", 2,
               "expected alice->>bob: INVITE, but bob->>alice: 200 INVITE at 0 s (message 1) came");
    test_fails(flow, "0 alice>carol INVITE\n0 alice>bob INVITE\n1s carol>alice 486/INVITE", "late",
               3, "bob->>alice: 200 INVITE never came; the last message was 5 at 1 s");
    /* A time counts within its branch, and from before the par. */
    test_matches("alice->>bob: OPTIONS\npar\nalice->>bob: INVITE @ 1s\nbob->>alice: 200 @ 2s\nand\n"
                 "alice->>bob: MESSAGE @ 1.5s\nend\nalice->>bob: ACK @ 1s",
                 "0 alice>bob OPTIONS\n1s alice>bob INVITE\n1.5s alice>bob MESSAGE\n3s bob>alice "
                 "200/INVITE\n4s alice>bob ACK",
                 "");
    test_waits("par\nalice->>bob: INVITE\nand\nalice->>bob: INVITE\nand\nalice->>bob: INVITE\nend",
               "0 alice>bob INVITE", "");
}

static void interleaves_pairs_on_request(void **state)
{
    (void)state;
    static const char flow[] = "alice->>bob: INVITE\nbob->>carol: INVITE\ncarol->>bob: 180\n"
                               "bob->>alice: 180\ncarol->>bob: 200\nbob->>alice: 200";
    static const char crossed[] =
        "0 alice>bob INVITE\n1s bob>carol INVITE\n2s carol>bob 180/INVITE\n2s carol>bob "
        "200/INVITE\n3s bob>alice 180/INVITE\n4s bob>alice 200/INVITE";
    static const char blocks[] =
        "opt\nalice->>bob: OPTIONS\nbob->>carol: OPTIONS\nend\nalt\nalice->>bob: INVITE\nelse\n"
        "bob->>carol: BYE\nalice->>bob: BYE\nend\nloop 2\nalice->>bob: INFO\nbob->>carol: "
        "INFO\nend";
    test_matches(flow, crossed, "interleave");
    test_fails(
        flow, crossed, "", 4,
        "expected bob->>alice: 180 INVITE, but carol->>bob: 200 INVITE at 2 s (message 7) came");
    test_fails(
        flow, "0 bob>carol INVITE\n1s alice>bob INVITE\n2s carol>bob 200/INVITE", "interleave", 3,
        "expected carol->>bob: 180 INVITE, but carol->>bob: 200 INVITE at 2 s (message 5) came");
    test_waits(flow, "0 bob>carol INVITE\n1s carol>bob 180/INVITE\n1s carol>bob 200/INVITE",
               "interleave");
    test_matches(
        blocks,
        "0 bob>carol OPTIONS\n0 alice>bob OPTIONS\n1s alice>bob INVITE\n1s alice>bob INFO\n1s "
        "alice>bob INFO\n2s bob>carol INFO\n3s bob>carol INFO",
        "interleave");
    test_matches(
        blocks,
        "0 alice>bob BYE\n1s alice>bob INFO\n1s bob>carol BYE\n1s bob>carol INFO\n2s bob>carol "
        "INFO\n3s alice>bob INFO",
        "interleave");
    /* Half of the opt is none of it, over pairs too. */
    test_fails(blocks, "0 alice>bob OPTIONS\n0 alice>bob INVITE\n1s bob>carol INFO", "interleave",
               3, "expected bob->>carol: OPTIONS, but bob->>carol: INFO at 1 s (message 5) came");
    test_matches(
        "par\nalice->>bob: INVITE\nbob->>carol: INVITE\nand\nbob->>carol: BYE\nend\nalice->>bob: "
        "ACK",
        "0 bob>carol BYE\n0 alice>bob INVITE\n1s alice>bob ACK\n2s bob>carol INVITE", "interleave");
    /* Times count within the pair. */
    test_matches("alice->>bob: INVITE\nbob->>carol: INVITE\nalice->>bob: BYE @ 2s",
                 "0 alice>bob INVITE\n1s bob>carol INVITE\n2s alice>bob BYE", "interleave");
}

/* Many readings, one of them right, none of them right: in bounded time. */
static void is_not_led_astray_by_ambiguity(void **state)
{
    (void)state;
    struct test_flow t;
    struct buf flow = {0}, log = {0};
    for (unsigned i = 0; i < 40; i++) {
        buf_add(&flow, V("alice->>bob: INVITE*\nopt\nalice->>bob: *\nend\n"));
        buf_add(&log, V("0 alice>bob INVITE\n"));
    }
    buf_add(&flow, V("bob->>alice: 200 INVITE"));
    buf_add_char(&flow, '\0');
    buf_add_char(&log, '\0');
    test_flow_begin(&t);
    test_log_add(&t, log.ptr);
    assert_int_equal(test_flow_parse(&t, flow.ptr), ERR_OK);
    assert_int_equal(test_flow_match(&t, ""), FLOW_WAITING);
    assert_int_equal(test_flow_match(&t, "late"), FLOW_FAILED);
    test_log_add(&t, "1s bob>alice 200/INVITE");
    assert_int_equal(test_flow_match(&t, ""), FLOW_MATCHED);
    test_flow_end(&t);
    buf_deinit(&flow);
    buf_deinit(&log);
}

static void gives_up_what_has_too_many_readings(void **state)
{
    (void)state;
    struct test_flow t;
    struct buf flow = {0}, log = {0};
    for (unsigned i = 0; i < 60; i++)
        buf_printf(&flow, "alice->>bob: INVITE* @ 0s..\nalice->>bob: * [From.tag = $v%u]*\n", i);
    for (unsigned i = 0; i < 40; i++)
        buf_add(&log, V("0 alice>bob INVITE\n"));
    buf_add(&flow, V("bob->>alice: 200 INVITE"));
    buf_add_char(&flow, '\0');
    buf_add_char(&log, '\0');
    test_flow_begin(&t);
    test_log_add(&t, log.ptr);
    assert_int_equal(test_flow_parse(&t, flow.ptr), ERR_OK);
    assert_int_equal(test_flow_match(&t, "late"), FLOW_FAILED);
    assert_string_equal(t.answer.sentence, "the flow can be read in too many ways: use fewer ?, *, "
                                           "+, opt and alt in a row");
    test_log_add(&t, "1s bob>alice BYE");
    assert_int_equal(flow_stray(t.flow, &t.question, 3), 3);
    test_flow_end(&t);
    buf_deinit(&flow);
    buf_deinit(&log);
}

static void reads_deep_and_long_diagrams(void **state)
{
    (void)state;
    struct test_flow t;
    struct buf flow = {0}, log = {0};
    for (unsigned i = 0; i < 32; i++)
        buf_add(&flow, i % 2 == 0 ? V("opt\n") : V("loop 2\n"));
    buf_add(&flow, V("alice->>bob: INVITE\n"));
    for (unsigned i = 0; i < 32; i++)
        buf_add(&flow, V("end\n"));
    for (unsigned i = 0; i < 900; i += 2) {
        buf_add(&flow, V("bob->>alice: 180 INVITE?\nalice->>bob: BYE\n"));
        buf_printf(&log, "%us alice>bob BYE\n", i);
    }
    buf_add_char(&flow, '\0');
    buf_add_char(&log, '\0');
    test_flow_begin(&t);
    test_log_add(&t, log.ptr);
    assert_int_equal(test_flow_parse(&t, flow.ptr), ERR_OK);
    assert_int_equal(test_flow_match(&t, ""), FLOW_MATCHED);
    test_flow_end(&t);
    buf_deinit(&flow);
    buf_deinit(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_blocks),
        cmocka_unit_test(interleaves_branches_of_par),
        cmocka_unit_test(interleaves_pairs_on_request),
        cmocka_unit_test(is_not_led_astray_by_ambiguity),
        cmocka_unit_test(gives_up_what_has_too_many_readings),
        cmocka_unit_test(reads_deep_and_long_diagrams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
