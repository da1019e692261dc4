#include "harness/gate/update.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct fixture {
    struct baseline old, fresh;
    struct update update;
    struct buf complaint, text;
};

static int make(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){0};
    *state = &fixture;
    return 0;
}

static int unmake(void **state)
{
    struct fixture *f = *state;
    baseline_deinit(&f->old);
    baseline_deinit(&f->fresh);
    buf_deinit(&f->complaint);
    buf_deinit(&f->text);
    return 0;
}

static struct report_case ended(const char *id, enum verdict verdict)
{
    return (struct report_case){
        .id = view_of(id), .name = V("n"), .file = V("a.lua"), .verdict = verdict};
}

/* The lines of the new baseline, without its head. */
static void gives(struct fixture *f, const char *old, const struct report_case *cases, size_t count,
                  const char *wanted)
{
    struct report_run run = {.cases = cases, .case_count = count, .net = V("sim")};
    assert_int_equal(baseline_read(&f->old, view_of(old), V("b"), &f->complaint), ERR_OK);
    assert_int_equal(baseline_settle(&f->old, &f->complaint), ERR_OK);
    f->update.old = &f->old;
    f->update.today = V("2026-11-23");
    assert_int_equal(update_make(&f->update, &run, &f->fresh), ERR_OK);
    baseline_write(&f->fresh, &f->text);
    struct view lines = buf_view(&f->text), head = V("{\"baseline\":1,\"net\":\"sim\"}\n");
    assert_true(view_starts(lines, head));
    if (!view_equal(view_skip(lines, head.len), view_of(wanted)))
        fail_msg("%.*s", VIEW_ARG(lines));
}

static void a_first_one_has_each_scenario_in_order(void **state)
{
    struct fixture *f = *state;
    const struct report_case cases[] = {
        ended("b.lua: y", VERDICT_FAIL),
        ended("a.lua: x", VERDICT_PASS),
        ended("c.lua: z", VERDICT_SKIP),
    };
    gives(f, "", cases, 3,
          "{\"id\":\"a.lua: x\",\"status\":\"pass\"}\n"
          "{\"id\":\"b.lua: y\",\"status\":\"fail\",\"since\":\"2026-11-23\"}\n"
          "{\"id\":\"c.lua: z\",\"status\":\"skip\"}\n");
    assert_int_equal(f->update.fresh, 1);
}

static const char old[] =
    "{\"id\":\"a\",\"status\":\"fail\",\"since\":\"2026-01-01\",\"reason\":\"r\",\"issue\":\"#1\","
    "\"owner\":\"o\"}\n"
    "{\"id\":\"b\",\"status\":\"fail\",\"since\":\"2026-01-01\",\"reason\":\"r\"}\n"
    "{\"id\":\"c\",\"status\":\"pass\"}\n"
    "{\"id\":\"d\",\"status\":\"quarantined\",\"reason\":\"r\",\"owner\":\"o\",\"expires\":"
    "\"2026-12-31\"}\n"
    "{\"id\":\"e\",\"status\":\"pass\"}\n";

static void what_people_wrote_stays_while_it_fails(void **state)
{
    struct fixture *f = *state;
    const struct report_case cases[] = {
        ended("a", VERDICT_FAIL),
        ended("b", VERDICT_PASS),
        ended("c", VERDICT_FAIL),
        ended("d", VERDICT_FAIL),
    };
    gives(f, old, cases, 4,
          "{\"id\":\"a\",\"status\":\"fail\",\"since\":\"2026-01-01\",\"reason\":\"r\",\"issue\":"
          "\"#1\",\"owner\":\"o\"}\n"
          "{\"id\":\"b\",\"status\":\"pass\"}\n"
          "{\"id\":\"c\",\"status\":\"fail\",\"since\":\"2026-11-23\"}\n"
          "{\"id\":\"d\",\"status\":\"quarantined\",\"reason\":\"r\",\"owner\":\"o\",\"expires\":"
          "\"2026-12-31\"}\n"
          "{\"id\":\"e\",\"status\":\"pass\"}\n");
    assert_int_equal(f->update.fixed, 1);
    assert_int_equal(f->update.fresh, 1);
    assert_int_equal(f->update.quarantined, 1);
}

static void only_what_is_fixed_where_no_more_is_asked_for(void **state)
{
    struct fixture *f = *state;
    const struct report_case cases[] = {
        ended("b", VERDICT_PASS),
        ended("c", VERDICT_FAIL),
        ended("n", VERDICT_FAIL),
    };
    f->update.only_fixed = true;
    gives(f,
          "{\"id\":\"b\",\"status\":\"fail\",\"reason\":\"r\"}\n{\"id\":\"c\",\"status\":\"pass\"}",
          cases, 3, "{\"id\":\"b\",\"status\":\"pass\"}\n{\"id\":\"c\",\"status\":\"pass\"}\n");
}

/* An ERROR is no failure that one gets used to. */
static void what_has_no_verdict_leaves_all_as_it_was(void **state)
{
    struct fixture *f = *state;
    struct report_case cases[] = {
        ended("a", VERDICT_ERROR),
        ended("c", VERDICT_INCONCLUSIVE),
        ended("e", VERDICT_PASS),
        ended("n", VERDICT_ERROR),
    };
    cases[2].flaky = true;
    gives(f, "a\n{\"id\":\"c\",\"status\":\"pass\"}\n{\"id\":\"e\",\"status\":\"pass\"}", cases, 4,
          "{\"id\":\"a\",\"status\":\"fail\"}\n{\"id\":\"c\",\"status\":\"pass\"}\n"
          "{\"id\":\"e\",\"status\":\"pass\"}\n");
    assert_int_equal(f->update.open, 4);
}

static void what_vanished_is_taken_out_and_a_lost_pass_becomes_a_skip(void **state)
{
    struct fixture *f = *state;
    struct report_case cases[] = {ended("a", VERDICT_ERROR), ended("c", VERDICT_ERROR)};
    cases[0].standing = cases[1].standing = STANDING_VANISHED;
    cases[0].name = cases[0].id; /* no file registers it */
    gives(f, "a\n{\"id\":\"c\",\"status\":\"pass\"}", cases, 2,
          "{\"id\":\"c\",\"status\":\"skip\"}\n");
    assert_int_equal(f->update.gone, 1);
}

static void of_several_runs_of_one_the_worst_counts(void **state)
{
    struct fixture *f = *state;
    const struct report_case cases[] = {
        ended("a [run 1]", VERDICT_PASS), ended("a [run 2]", VERDICT_FAIL),
        ended("a [run 3]", VERDICT_PASS), ended("b [run x]", VERDICT_PASS),
        ended("c", VERDICT_SKIP),         ended("c", VERDICT_PASS),
    };
    gives(f, "", cases, 6,
          "{\"id\":\"a\",\"status\":\"fail\",\"since\":\"2026-11-23\"}\n"
          "{\"id\":\"b [run x]\",\"status\":\"pass\"}\n{\"id\":\"c\",\"status\":\"pass\"}\n");
}

static void a_file_that_does_not_load_is_no_scenario(void **state)
{
    struct fixture *f = *state;
    const struct report_case cases[] = {ended("a.lua", VERDICT_ERROR)};
    gives(f, "", cases, 1, "");
    assert_int_equal(f->update.open, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_first_one_has_each_scenario_in_order),
        TEST(what_people_wrote_stays_while_it_fails),
        TEST(only_what_is_fixed_where_no_more_is_asked_for),
        TEST(what_has_no_verdict_leaves_all_as_it_was),
        TEST(what_vanished_is_taken_out_and_a_lost_pass_becomes_a_skip),
        TEST(of_several_runs_of_one_the_worst_counts),
        TEST(a_file_that_does_not_load_is_no_scenario),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
