#include "harness/coverage/citation.h"
#include "harness/coverage/coverage.h"

#include <jansson.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct coverage *made(void)
{
    struct coverage *coverage;

    assert_int_equal(coverage_create(&coverage), ERR_OK);
    return coverage;
}

static const struct coverage_row *row_of(const struct coverage *coverage, const char *id)
{
    const struct requirement *what = requirement_find(view_of(id));

    assert_non_null(what);
    return &coverage->rows[what - requirements];
}

static enum err scenario_add(struct coverage *coverage, const char *id, const char *covers)
{
    const struct report_cover_scenario scenario = {view_of(id), V("x"), V("suite/a.lua"), 7};

    return coverage_scenario_add(coverage, &scenario, view_of(covers));
}

static void a_scenario_covers_what_it_names(void **state)
{
    struct coverage *coverage = made();
    size_t before = coverage_count(coverage);

    (void)state;
    assert_false(coverage_row_covered(row_of(coverage, "PRX-001")));
    assert_int_equal(scenario_add(coverage, "a.lua: x", "PRX-001 CTI-001"), ERR_OK);
    assert_int_equal(scenario_add(coverage, "a.lua: y", "PRX-001"), ERR_OK);
    assert_int_equal(row_of(coverage, "PRX-001")->scenario_count, 2);
    assert_int_equal(coverage_count(coverage), before + 1); /* CTI-001 has a rule as it is */
    coverage_destroy(coverage);
}

static void rules_and_code_are_known_without_a_scenario(void **state)
{
    struct coverage *coverage = made();
    const struct coverage_row *row = row_of(coverage, "CTI-001");

    (void)state;
    assert_true(coverage_row_covered(row));
    assert_true(row->rules.count > 0 && view_equal(row->rules.items[0], V("CTI-001")));
    assert_true(row->code.count > 0);
    coverage_destroy(coverage);
}

static void what_a_run_said_stands_by_its_rows(void **state)
{
    struct coverage *coverage = made();
    const struct report_case cases[] = {
        {.id = V("a.lua: x"), .covers = V("PRX-001"), .verdict = VERDICT_FAIL, .seed = 7},
        {.id = V("a.lua: y"),                   .covers = V(""),                       .verdict = VERDICT_PASS            }
    };
    const struct report_run run = {.cases = cases, .case_count = 2, .target = V("phone")};

    (void)state;
    assert_int_equal(coverage_run_add(coverage, V("phone.jsonl"), &run), ERR_OK);
    const struct coverage_row *row = row_of(coverage, "PRX-001");
    assert_int_equal(row->result_count, 1);
    assert_int_equal(row->results[0].one.verdict, VERDICT_FAIL);
    assert_true(view_equal(coverage->runs[row->results[0].run].target, V("phone")));
    assert_false(coverage_row_covered(row)); /* by a scenario that is not there any more */
    coverage_destroy(coverage);
}

static void a_citation_is_of_its_section_and_of_those_around_it(void **state)
{
    const struct requirement one = {.rfc = V("RFC 3261"), .section = V("8.1.1, 17.1")};
    static const struct {
        const char *rfc, *section;
        bool is;
    } rows[] = {
        {"RFC 3261", "17.1",     true },
        {"RFC 3261", "17.1.1.2", true },
        {"RFC 3261", "8.1.1",    true },
        {"RFC 3261", "17.10",    false},
        {"RFC 3261", "17",       false},
        {"RFC 3262", "17.1",     false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct citation citation = {view_of(rows[i].rfc), view_of(rows[i].section), V("x.c")};
        assert_int_equal(citation_is_for(&citation, &one), rows[i].is);
    }
}

static void the_object_has_every_row(void **state)
{
    struct coverage *coverage = made();
    struct buf out = {0};
    json_error_t error;

    (void)state;
    assert_int_equal(scenario_add(coverage, "a.lua: \"x\"", "PRX-001"), ERR_OK);
    coverage_json(coverage, &out);
    json_t *root = json_loadb(out.ptr, out.len, 0, &error), *row;
    assert_non_null(root);
    assert_int_equal(json_array_size(json_object_get(root, "rows")), requirement_count);
    assert_int_equal(json_integer_value(json_object_get(root, "covered")),
                     coverage_count(coverage));
    size_t i, named = 0;
    json_array_foreach(json_object_get(root, "rows"), i, row)
    {
        assert_true(json_is_boolean(json_object_get(row, "covered")));
        named += json_array_size(json_object_get(row, "scenarios"));
    }
    assert_int_equal(named, 1);
    json_decref(root);
    buf_deinit(&out);
    coverage_destroy(coverage);
}

static void what_nothing_covers_is_listed(void **state)
{
    struct coverage *coverage = made();
    struct buf out = {0};

    (void)state;
    coverage_text(coverage, &out);
    assert_true(view_find(buf_view(&out), V("  PRX-001   MUST ")) < out.len);
    buf_clear(&out);
    assert_int_equal(scenario_add(coverage, "a.lua: x", "PRX-001"), ERR_OK);
    coverage_text(coverage, &out);
    assert_int_equal(view_find(buf_view(&out), V("  PRX-001 ")), out.len);
    buf_deinit(&out);
    coverage_destroy(coverage);
}

/* Why one is not covered stands beside it; what is said there of a row is of a row that there is.
 */
static void reasons_are_of_rows(void **state)
{
    static const char *const kinds[] = {"open", "ability", "unseen", "no duty", "device"};

    (void)state;
    for (size_t i = 0; i < coverage_reason_count; i++) {
        const struct coverage_reason *one = &coverage_reasons[i];
        bool known = false;
        for (size_t j = 0; j < sizeof kinds / sizeof *kinds; j++)
            known = known || view_equal(one->kind, view_of(kinds[j]));
        if (!known || one->why.len == 0 || requirement_find(one->id) == NULL)
            fail_msg("uncovered.tsv: %s", one->id.ptr);
        assert_ptr_equal(coverage_reason_find(one->id), one);
        if (i > 0)
            assert_true(view_compare(coverage_reasons[i - 1].id, one->id) < 0);
    }
    assert_null(coverage_reason_find(V("CTI-001")));
}

static void memory_that_runs_out_is_told(void **state)
{
    struct coverage *coverage = NULL;

    (void)state;
    for (uint64_t nth = 1; coverage == NULL; nth++) {
        mem_fail_at(nth, true);
        enum err err = coverage_create(&coverage);
        mem_fail_at(0, false);
        assert_true(err == ERR_OK || err == ERR_MEMORY);
    }
    coverage_destroy(coverage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_covers_what_it_names),
        cmocka_unit_test(rules_and_code_are_known_without_a_scenario),
        cmocka_unit_test(what_a_run_said_stands_by_its_rows),
        cmocka_unit_test(a_citation_is_of_its_section_and_of_those_around_it),
        cmocka_unit_test(the_object_has_every_row),
        cmocka_unit_test(what_nothing_covers_is_listed),
        cmocka_unit_test(reasons_are_of_rows),
        cmocka_unit_test(memory_that_runs_out_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
