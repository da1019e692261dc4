/* What is known of a case, in every face: told, counted once, and never passed off as a pass. */
#include "reports/counts.h"
#include "reports/run_fixture.h"
#include "reports/standing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static char folder[200], path[300], again[300];

static int make(void **state)
{
    (void)state;
    scratch_make(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/a", folder);
    snprintf(again, sizeof again, "%s/b", folder);
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    scratch_remove(folder);
    return 0;
}

static struct report_case one_of(enum standing standing, enum verdict verdict)
{
    bool plain = verdict == VERDICT_PASS && standing != STANDING_FIXED;

    return (struct report_case){
        .id = V("s.lua: holds"),
        .file = V("s.lua"),
        .name = V("holds"),
        .line = 3,
        .net = V("sim"),
        .verdict = verdict,
        .reason =
            plain || standing == STANDING_FIXED ? (struct view){0} : V("expected 200, got 488"),
        .tries = 1,
        .standing = standing,
        .known = standing == STANDING_PLAIN ? (struct view){0} : V("no hold yet, #17"),
        .level = V("MUST")};
}

static void only_the_excused_does_not_gate(void **state)
{
    static const struct {
        enum standing standing;
        enum verdict verdict;
        bool gates, excused;
    } rows[] = {
        {STANDING_PLAIN,       VERDICT_PASS,         false, false},
        {STANDING_PLAIN,       VERDICT_SKIP,         false, false},
        {STANDING_PLAIN,       VERDICT_FAIL,         true,  false},
        {STANDING_PLAIN,       VERDICT_ERROR,        true,  false},
        {STANDING_PLAIN,       VERDICT_INCONCLUSIVE, true,  false},
        {STANDING_NEW,         VERDICT_FAIL,         true,  false},
        {STANDING_EXPIRED,     VERDICT_FAIL,         true,  false},
        {STANDING_VANISHED,    VERDICT_ERROR,        true,  false},
        {STANDING_VANISHED,    VERDICT_PASS,         true,  false},
        {STANDING_KNOWN,       VERDICT_FAIL,         false, true },
        {STANDING_QUARANTINED, VERDICT_ERROR,        false, true },
        {STANDING_QUARANTINED, VERDICT_PASS,         false, false},
        {STANDING_ADVISORY,    VERDICT_FAIL,         false, true },
        {STANDING_FIXED,       VERDICT_PASS,         false, false},
        {STANDING_EXPECTED,    VERDICT_SKIP,         false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct report_case one = one_of(rows[i].standing, rows[i].verdict);
        assert_int_equal(report_gates(&one), rows[i].gates);
        assert_int_equal(report_excused(&one), rows[i].excused);
    }
    struct report_case flaky = one_of(STANDING_PLAIN, VERDICT_PASS);
    flaky.flaky = true;
    assert_true(report_gates(&flaky));
    flaky.standing = STANDING_QUARANTINED;
    assert_true(report_excused(&flaky));
}

static void each_case_counts_once(void **state)
{
    const struct report_case cases[] = {
        one_of(STANDING_PLAIN, VERDICT_PASS),       one_of(STANDING_KNOWN, VERDICT_FAIL),
        one_of(STANDING_QUARANTINED, VERDICT_FAIL), one_of(STANDING_QUARANTINED, VERDICT_PASS),
        one_of(STANDING_ADVISORY, VERDICT_FAIL),    one_of(STANDING_NEW, VERDICT_FAIL),
    };
    struct counts counts = counts_of(cases, sizeof cases / sizeof *cases);
    (void)state;
    assert_int_equal(counts.all, 6);
    assert_int_equal(counts.passed, 2);
    assert_int_equal(counts.failed, 1);
    assert_int_equal(counts.known, 1);
    assert_int_equal(counts.quarantined, 1);
    assert_int_equal(counts.advisory, 1);
}

static struct report_run run_of(const struct report_case *cases, size_t count)
{
    return (struct report_run){.cases = cases, .case_count = count, .seed = 7, .version = V("1")};
}

static bool holds(const struct buf *text, const char *what)
{
    return view_find(buf_view(text), view_of(what)) < text->len;
}

static void junit_shows_the_excused_as_skipped(void **state)
{
    static const enum junit_dialect dialects[] = {JUNIT_DEFAULT, JUNIT_STRICT, JUNIT_ANT};
    const struct report_case cases[] = {one_of(STANDING_KNOWN, VERDICT_FAIL),
                                        one_of(STANDING_NEW, VERDICT_FAIL)};
    struct report_run run = run_of(cases, 2);
    (void)state;
    snprintf(path, sizeof path, "%s/a.xml", folder);
    for (size_t i = 0; i < 3; i++) {
        struct buf text = {0};
        assert_int_equal(report_junit_write(&run, dialects[i], path), ERR_OK);
        file_read(path, &text);
        assert_true(holds(&text,
                          "<skipped message=\"known failure (no hold yet, #17): expected 200, "
                          "got 488\"/>"));
        assert_true(holds(&text, "failures=\"1\""));
        assert_true(dialects[i] == JUNIT_ANT || holds(&text, "skipped=\"1\""));
        assert_true(dialects[i] != JUNIT_DEFAULT ||
                    (holds(&text, "<property name=\"standing\" value=\"known\"/>") &&
                     holds(&text, "<property name=\"standing\" value=\"new\"/>") &&
                     holds(&text, "<property name=\"level\" value=\"MUST\"/>")));
        buf_deinit(&text);
    }
}

static void collect(void *ctx, struct view text)
{
    buf_add(ctx, text);
}

static void the_console_lists_it(void **state)
{
    const struct report_case cases[] = {one_of(STANDING_KNOWN, VERDICT_FAIL),
                                        one_of(STANDING_FIXED, VERDICT_PASS)};
    struct report_run run = run_of(cases, 2);
    struct buf text = {0};
    struct console_options options = {.case_count = 2, .write = collect, .ctx = &text};
    struct console *console = NULL;
    (void)state;
    assert_int_equal(console_create(&options, &console), ERR_OK);
    console_case(console, &cases[0]);
    console_case(console, &cases[1]);
    console_end(console, &run);
    console_destroy(console);
    assert_true(
        holds(&text, "~ known s.lua: holds   virtual 0 s   (no hold yet, #17)   expected 200"));
    assert_true(holds(&text, "pass  s.lua: holds   virtual 0 s   fixed   (no hold yet, #17)"));
    assert_true(holds(&text, "1 passed, 0 failed, 0 skipped, 1 known\n"));
    buf_deinit(&text);
}

static void the_page_has_it_in_a_group_of_its_own(void **state)
{
    const struct report_case cases[] = {one_of(STANDING_KNOWN, VERDICT_FAIL)};
    struct report_run run = run_of(cases, 1);
    struct buf text = {0};
    (void)state;
    assert_int_equal(report_html_write(&run, path), ERR_OK);
    file_read(path, &text);
    assert_true(holds(&text, "data-s=\"known\""));
    assert_true(holds(&text, "<p class=\"standing\">known failure: no hold yet, #17</p>"));
    assert_true(holds(&text, "<h2>Known, and no reason to stop <span>1</span></h2>"));
    assert_false(holds(&text, "<h2>Failed"));
    assert_false(holds(&text, "<h2>Passed"));
    buf_deinit(&text);
}

static void json_gives_it_back(void **state)
{
    const struct report_requirement requirements[] = {
        {V("CTI-001"), V("RFC 3261"), V("17.1.1.2"), V("MUST"),   V("seven INVITEs"), VERDICT_FAIL,
         V("expected 200, got 488")},
        {V("CTI-002"), V("RFC 3261"), V("17.1.1.2"), V("SHOULD"), V("a pause"),       VERDICT_SKIP,
         V("no uac")               },
    };
    struct report_case cases[STANDING_EXPECTED + 1];
    struct buf first = {0}, second = {0};
    struct report_read *read = NULL;
    size_t line = 0;
    (void)state;
    for (unsigned i = 0; i <= STANDING_EXPECTED; i++)
        cases[i] = one_of((enum standing)i, VERDICT_FAIL);
    struct report_run run = run_of(cases, STANDING_EXPECTED + 1);
    run.claims = V("uas tcp");
    run.gate = V("must");
    run.requirements = requirements;
    run.requirement_count = 2;
    run.score = (struct report_score){1, 2, 3, 4, 5};
    assert_int_equal(report_json_write(&run, path), ERR_OK);
    file_read(path, &first);
    assert_true(holds(&first,
                      "\"score\":{\"must_passed\":1,\"must_applicable\":2,\"should_passed\":3,"
                      "\"should_applicable\":4,\"not_applicable\":5}"));
    assert_int_equal(report_json_read(path, &read, &line), ERR_OK);
    assert_int_equal(report_read_run(read)->cases[STANDING_KNOWN].standing, STANDING_KNOWN);
    assert_int_equal(report_read_run(read)->requirements[1].verdict, VERDICT_SKIP);
    assert_int_equal(report_json_write(report_read_run(read), again), ERR_OK);
    file_read(again, &second);
    assert_true(view_equal(buf_view(&first), buf_view(&second)));
    report_read_destroy(read);
    buf_deinit(&first);
    buf_deinit(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_excused_does_not_gate),
        cmocka_unit_test(each_case_counts_once),
        cmocka_unit_test(junit_shows_the_excused_as_skipped),
        cmocka_unit_test(the_console_lists_it),
        cmocka_unit_test(the_page_has_it_in_a_group_of_its_own),
        cmocka_unit_test(json_gives_it_back),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}
