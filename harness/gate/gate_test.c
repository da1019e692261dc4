#include "harness/gate/gate.h"
#include "harness/gate/score.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const char known[] =
    "{\"id\":\"known\",\"status\":\"fail\",\"reason\":\"no hold\"}\n"
    "{\"id\":\"past\",\"status\":\"fail\",\"expires\":\"2026-11-22\"}\n"
    "{\"id\":\"good\",\"status\":\"pass\"}\n"
    "{\"id\":\"held\",\"status\":\"quarantined\",\"owner\":\"o\",\"reason\":\"r\",\"expires\":"
    "\"2026-11-23\"}\n"
    "{\"id\":\"out\",\"status\":\"quarantined\",\"owner\":\"o\",\"reason\":\"r\",\"expires\":"
    "\"2026-11-22\"}\n";

struct fixture {
    struct gate gate;
    struct arena arena;
    struct buf complaint;
};

static int make(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){
        .gate = {.today = V("2026-11-23"), .has_baseline = true}
    };
    *state = &fixture;
    assert_int_equal(
        baseline_read(&fixture.gate.baseline, view_of(known), V("b"), &fixture.complaint), ERR_OK);
    assert_int_equal(gate_settle(&fixture.gate, V(""), V("sim"), &fixture.complaint), ERR_OK);
    return 0;
}

static int unmake(void **state)
{
    struct fixture *f = *state;
    gate_deinit(&f->gate);
    arena_deinit(&f->arena);
    buf_deinit(&f->complaint);
    return 0;
}

static struct report_case judged(struct fixture *f, const char *id, enum verdict verdict,
                                 const char *covers)
{
    struct report_case one = {.id = view_of(id), .verdict = verdict, .covers = view_of(covers)};
    struct gate_facts facts = {.id = view_of(id)};
    if (verdict == VERDICT_SKIP)
        one.reason = V("no tcp");
    assert_int_equal(gate_judge(&f->gate, &facts, &one, &f->arena), ERR_OK);
    return one;
}

static void each_case_stands_by_what_is_known_of_it(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *id;
        enum verdict verdict;
        enum standing standing;
        bool gates;
    } rows[] = {
        {"known", VERDICT_FAIL,         STANDING_KNOWN,       false},
        {"known", VERDICT_PASS,         STANDING_FIXED,       false},
        {"known", VERDICT_SKIP,         STANDING_PLAIN,       false},
        {"known", VERDICT_ERROR,        STANDING_NEW,         true },
        {"known", VERDICT_INCONCLUSIVE, STANDING_NEW,         true },
        {"past",  VERDICT_FAIL,         STANDING_EXPIRED,     true },
        {"past",  VERDICT_ERROR,        STANDING_EXPIRED,     true },
        {"past",  VERDICT_PASS,         STANDING_FIXED,       false},
        {"good",  VERDICT_PASS,         STANDING_PLAIN,       false},
        {"good",  VERDICT_FAIL,         STANDING_NEW,         true },
        {"good",  VERDICT_SKIP,         STANDING_VANISHED,    true },
        {"held",  VERDICT_FAIL,         STANDING_QUARANTINED, false},
        {"held",  VERDICT_ERROR,        STANDING_QUARANTINED, false},
        {"held",  VERDICT_INCONCLUSIVE, STANDING_QUARANTINED, false},
        {"held",  VERDICT_PASS,         STANDING_QUARANTINED, false},
        {"held",  VERDICT_SKIP,         STANDING_PLAIN,       false},
        {"out",   VERDICT_FAIL,         STANDING_EXPIRED,     true },
        {"out",   VERDICT_PASS,         STANDING_PLAIN,       false},
        {"other", VERDICT_FAIL,         STANDING_NEW,         true },
        {"other", VERDICT_PASS,         STANDING_PLAIN,       false},
        {"other", VERDICT_SKIP,         STANDING_PLAIN,       false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct report_case one = judged(f, rows[i].id, rows[i].verdict, "");
        if (one.standing != rows[i].standing || report_gates(&one) != rows[i].gates)
            fail_msg("%s %s: %s", rows[i].id, verdict_text(rows[i].verdict),
                     standing_text(one.standing));
    }
}

static void it_says_why(void **state)
{
    struct fixture *f = *state;
    assert_true(view_equal(judged(f, "known", VERDICT_FAIL, "").known, V("no hold")));
    assert_true(view_equal(judged(f, "held", VERDICT_FAIL, "").known, V("r, o, until 2026-11-23")));
    assert_true(view_equal(judged(f, "out", VERDICT_FAIL, "").known,
                           V("its quarantine ended on 2026-11-22")));
    assert_true(
        view_equal(judged(f, "past", VERDICT_FAIL, "").known, V("its excuse ended on 2026-11-22")));
    struct report_case gone = judged(f, "good", VERDICT_SKIP, "");
    assert_int_equal(gone.verdict, VERDICT_ERROR);
    assert_true(view_equal(
        gone.reason, V("it passed when the baseline was written, and is skipped now: no tcp")));
}

/* CTI-001 is a MUST, MSG-002 a NORM, CTI-006 a SHOULD, TOR-wsinv an INFO. */
static void a_gate_asks_for_a_level(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum gate_asked asked;
        const char *covers;
        bool gates;
    } rows[] = {
        {GATE_ALL,    "TOR-wsinv",       true },
        {GATE_ALL,    "",                true },
        {GATE_SHOULD, "TOR-wsinv",       false},
        {GATE_SHOULD, "CTI-006",         true },
        {GATE_SHOULD, "",                true },
        {GATE_MUST,   "CTI-006",         false},
        {GATE_MUST,   "TOR-wsinv",       false},
        {GATE_MUST,   "CTI-006 CTI-001", true },
        {GATE_MUST,   "MSG-002",         true },
        {GATE_MUST,   "",                true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        f->gate.asked = rows[i].asked;
        struct report_case one = judged(f, "other", VERDICT_FAIL, rows[i].covers);
        if (report_gates(&one) != rows[i].gates)
            fail_msg("'%s' with gate %d", rows[i].covers, (int)rows[i].asked);
        assert_true(one.standing == (rows[i].gates ? STANDING_NEW : STANDING_ADVISORY));
        one = judged(f, "other", VERDICT_ERROR, rows[i].covers);
        assert_true(report_gates(&one));
        one = judged(f, "other", VERDICT_INCONCLUSIVE, rows[i].covers);
        assert_true(report_gates(&one));
    }
}

static void the_strongest_level_is_the_case_s(void **state)
{
    struct fixture *f = *state;
    assert_true(view_equal(judged(f, "x", VERDICT_PASS, "CTI-006 CTI-001").level, V("MUST")));
    assert_true(view_equal(judged(f, "x", VERDICT_PASS, "CTI-006 TOR-wsinv").level, V("SHOULD")));
    assert_null(judged(f, "x", VERDICT_PASS, "").level.ptr);
}

static void what_is_flaky_gates_unless_it_may(void **state)
{
    struct fixture *f = *state;
    struct gate_facts facts = {.id = V("other")};
    for (int passes = 0; passes < 2; passes++) {
        struct report_case one = {.verdict = VERDICT_PASS, .flaky = true};
        f->gate.flaky_passes = passes != 0;
        assert_int_equal(gate_judge(&f->gate, &facts, &one, &f->arena), ERR_OK);
        assert_int_equal(report_gates(&one), passes == 0);
    }
}

/* A wrong script, a port that is taken, a crash of ours. */
static void what_is_no_verdict_is_never_excused(void **state)
{
    struct fixture *f = *state;
    static const char *const ids[] = {"known", "held", "other"};
    f->gate.asked = GATE_MUST;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct gate_facts facts = {.id = view_of(ids[i]), .inexcusable = true};
        struct report_case one = {.verdict = VERDICT_ERROR, .covers = V("CTI-006")};
        assert_int_equal(gate_judge(&f->gate, &facts, &one, &f->arena), ERR_OK);
        assert_true(report_gates(&one));
    }
}

static void without_a_baseline_nothing_is_new(void **state)
{
    struct fixture *f = *state;
    struct gate gate = {.today = V("2026-11-23")};
    struct gate_facts facts = {.id = V("x")};
    struct report_case one = {.verdict = VERDICT_FAIL};
    assert_int_equal(gate_judge(&gate, &facts, &one, &f->arena), ERR_OK);
    assert_int_equal(one.standing, STANDING_PLAIN);
    assert_true(report_gates(&one));
    facts.xfailed = true;
    one.verdict = VERDICT_SKIP;
    assert_int_equal(gate_judge(&gate, &facts, &one, &f->arena), ERR_OK);
    assert_int_equal(one.standing, STANDING_EXPECTED);
    assert_false(report_gates(&one));
}

static void what_vanished_is_an_error_at_its_line(void **state)
{
    struct fixture *f = *state;
    struct report_case one;
    assert_int_equal(gate_vanish(baseline_find(&f->gate.baseline, V("good")), &one, &f->arena),
                     ERR_OK);
    assert_true(report_gates(&one));
    assert_int_equal(one.verdict, VERDICT_ERROR);
    assert_true(view_equal(one.file, V("b")));
    assert_int_equal(one.line, 3);
    assert_true(view_equal(
        one.reason,
        V("it vanished: the baseline has it (pass), and no file registers it any more")));
}

static void a_baseline_of_another_net_is_refused(void **state)
{
    struct fixture *f = *state;
    struct gate gate = {0};
    assert_int_equal(
        baseline_read(&gate.baseline, V("{\"baseline\":1,\"net\":\"sim\"}"), V("b"), &f->complaint),
        ERR_OK);
    assert_int_equal(gate_settle(&gate, V(""), V("real"), &f->complaint), ERR_SYNTAX);
    assert_true(
        view_equal(buf_view(&f->complaint),
                   V("b is a baseline of the net 'sim', and this run is of 'real'; each has "
                     "a baseline of its own")));
    gate_deinit(&gate);
}

/* ---- the score ---- */

static struct report_run scored(struct fixture *f, const struct report_case *cases, size_t count)
{
    struct report_run run = {0};
    assert_int_equal(score_make(cases, count, &f->arena, &run), ERR_OK);
    return run;
}

static struct report_case covering(const char *ids, enum verdict verdict)
{
    return (struct report_case){.covers = view_of(ids), .verdict = verdict};
}

static void only_what_was_judged_is_in_the_score(void **state)
{
    struct fixture *f = *state;
    struct report_case cases[4];
    cases[0] = covering("CTI-001 CTI-006", VERDICT_PASS);
    cases[1] = covering("CTI-001 CTI-002", VERDICT_SKIP);
    cases[1].reason = V("no uac");
    cases[2] = covering("MSG-001", VERDICT_FAIL);
    cases[2].reason = V("no");
    cases[3] = covering("MSG-001 MSG-002 TOR-wsinv", VERDICT_PASS);
    struct report_run run = scored(f, cases, 4);
    assert_int_equal(run.score.must_applicable, 3); /* CTI-001, MSG-001, MSG-002 */
    assert_int_equal(run.score.must_passed, 2);
    assert_int_equal(run.score.should_applicable, 1);
    assert_int_equal(run.score.should_passed, 1);
    assert_int_equal(run.score.not_applicable, 1); /* CTI-002 */
    assert_int_equal(run.requirement_count, 6);
    assert_true(view_equal(run.requirements[1].id, V("CTI-002")));
    assert_int_equal(run.requirements[1].verdict, VERDICT_SKIP);
    assert_true(view_equal(run.requirements[1].reason, V("no uac")));
    assert_int_equal(run.requirements[3].verdict, VERDICT_FAIL);
    assert_true(view_equal(run.requirements[3].reason, V("no")));
}

static void counts_and_is_not_passed(struct fixture *f, struct report_case one)
{
    struct report_run run = scored(f, &one, 1);
    assert_int_equal(run.score.must_applicable, 1);
    assert_int_equal(run.score.must_passed, 0);
    assert_true(run.requirements[0].verdict != VERDICT_PASS &&
                run.requirements[0].verdict != VERDICT_SKIP);
}

/* Each of these instead of a pass lowers the score; none is left out of it. */
static void nothing_but_a_pass_is_passed(void **state)
{
    struct fixture *f = *state;
    struct report_case one = covering("CTI-001", VERDICT_FAIL);
    counts_and_is_not_passed(f, one);
    one.standing = STANDING_KNOWN;
    counts_and_is_not_passed(f, one);
    one.standing = STANDING_ADVISORY;
    counts_and_is_not_passed(f, one);
    counts_and_is_not_passed(f, covering("CTI-001", VERDICT_ERROR));
    counts_and_is_not_passed(f, covering("CTI-001", VERDICT_INCONCLUSIVE));
    one = covering("CTI-001", VERDICT_PASS);
    one.flaky = true;
    counts_and_is_not_passed(f, one);
    one = covering("CTI-001", VERDICT_SKIP);
    one.standing = STANDING_EXPECTED;
    counts_and_is_not_passed(f, one);
}

static enum err judge_and_score(const struct fixture *f)
{
    struct arena arena = {0};
    struct report_run run = {0};
    struct gate_facts facts = {.id = V("known")};
    struct report_case one = covering("CTI-001", VERDICT_FAIL);
    enum err err = gate_judge(&f->gate, &facts, &one, &arena);
    if (err == ERR_OK)
        err = score_make(&one, 1, &arena, &run);
    arena_deinit(&arena);
    return err;
}

static void without_memory_it_says_so(void **state)
{
    bool failed = true;
    for (uint64_t nth = 1; failed; nth++) {
        uint64_t live = mem_live(), count = mem_count();
        mem_fail_at(nth, true);
        enum err err = judge_and_score(*state);
        mem_fail_at(0, false);
        failed = mem_count() - count >= nth;
        assert_int_equal(err, failed ? ERR_MEMORY : ERR_OK);
        assert_int_equal(mem_live(), live);
    }
}

static void a_skip_never_raises_it(void **state)
{
    struct fixture *f = *state;
    const struct report_case cases[] = {
        covering("CTI-001", VERDICT_FAIL),
        covering("CTI-002", VERDICT_PASS),
        covering("CTI-001", VERDICT_SKIP),
        covering("CTI-003", VERDICT_SKIP),
    };
    struct report_run with = scored(f, cases, 4), without = scored(f, cases, 2);
    assert_int_equal(with.score.must_passed, without.score.must_passed);
    assert_int_equal(with.score.must_applicable, without.score.must_applicable);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_case_stands_by_what_is_known_of_it),
        TEST(it_says_why),
        TEST(a_gate_asks_for_a_level),
        TEST(the_strongest_level_is_the_case_s),
        TEST(what_is_flaky_gates_unless_it_may),
        TEST(what_is_no_verdict_is_never_excused),
        TEST(without_a_baseline_nothing_is_new),
        TEST(what_vanished_is_an_error_at_its_line),
        TEST(a_baseline_of_another_net_is_refused),
        TEST(only_what_was_judged_is_in_the_score),
        TEST(nothing_but_a_pass_is_passed),
        TEST(without_memory_it_says_so),
        TEST(a_skip_never_raises_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
