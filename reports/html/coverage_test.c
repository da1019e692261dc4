/* The page of a catalogue: what it says of rows that are covered, skipped, failed, and not covered.
 */
#include "reports/html/asset.h"
#include "reports/html/coverage.h"
#include "reports/html/page.h"
#include "reports/html/section.h"
#include "reports/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>

enum { ROWS = 4, RUNS = 2 };

static char folder[200], path[300];

#define T(text)                                                                                    \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static const struct report_cover_scenario held[] = {
    {T("hold.lua: hold & <resume>"), T("hold & <resume>"), T("suite/hold.lua"), 12},
    {T("hold.lua: twice"),           T("twice"),           T("suite/hold.lua"), 31},
};
static const struct view rules[] = {T("DLG-001")}, code[] = {T("core/dialog/dialog.c")};

static const struct report_cover_result results[] = {
    {0, {.id = T("hold.lua: hold & <resume>"), .verdict = VERDICT_PASS}},
    {1,
     {.id = T("hold.lua: hold & <resume>"),
      .verdict = VERDICT_FAIL,
      .reason = T("dut: expected 200, got 500")}                       },
};
static const struct report_cover_result skipped[] = {
    {1, {.id = T("hold.lua: twice"), .verdict = VERDICT_SKIP, .reason = T("no tcp")}},
};

/* Not in the order of the page: 17.2 comes behind 8.1.1, RFC 10000 behind RFC 3261. */
static const struct report_cover_row rows[ROWS] = {
    {.id = T("CTI-001"),
     .area = T("transactions"),
     .rfc = T("RFC 3261"),
     .section = T("17.2"),
     .level = T("MUST"),
     .role = T("UAC,PROXY"),
     .text = T("A hold is \"answered\""),
     .stimulus = T("re-INVITE"),
     .expected = T("200"),
     .quote = T("it MUST <be>"),
     .group = "must",
     .scenarios = held,
     .scenario_count = 2,
     .rules = rules,
     .rule_count = 1,
     .code = code,
     .code_count = 1,
     .results = results,
     .result_count = 2},
    {.id = T("NEW-001"),
     .rfc = T("RFC 10000"),
     .section = T("3"),
     .level = T("MAY"),
     .role = T("ANY"),
     .text = T("Nobody looks"),
     .group = "may",
     .kind = T("unseen"),
     .why = T("it is seen in a mirror only")                      },
    {.id = T("UAC-001"),
     .rfc = T("RFC 3261"),
     .section = T("8.1.1,9"),
     .level = T("SHOULD"),
     .role = T("UAC"),
     .text = T("A skipped one"),
     .group = "should",
     .scenarios = held + 1,
     .scenario_count = 1,
     .results = skipped,
     .result_count = 1},
    {.id = T("UAC-002"),
     .rfc = T("RFC 3261"),
     .section = T("8.1.1"),
     .level = T("NORM"),
     .role = T("UAC"),
     .text = T("By a rule alone"),
     .group = "must",
     .rules = rules,
     .rule_count = 1                    },
};

static const struct report_cover_cell simulated[ROWS] =
    {
        {true, VERDICT_PASS}
},
                                      phone[ROWS] = {{true, VERDICT_FAIL},
                                                     {false, VERDICT_PASS},
                                                     {true, VERDICT_SKIP},
                                                     {false, VERDICT_PASS}};
static const struct report_cover_run runs[RUNS] = {
    {.file = T("sim.jsonl"),   .cells = simulated, .score = {.must_passed = 1, .must_applicable = 1}},
    { .target = T("phone"),
     .file = T("phone.jsonl"),
     .cells = phone,
     .score = {.must_applicable = 1, .not_applicable = 1}},
};

static struct view subject(struct view rfc)
{
    return view_equal(rfc, V("RFC 3261")) ? V("SIP & more") : (struct view){0};
}

static const struct report_coverage coverage = {.rows = rows,
                                                .row_count = ROWS,
                                                .runs = runs,
                                                .run_count = RUNS,
                                                .scenario_count = 2,
                                                .suite = T("suite"),
                                                .version = T("0.1.0"),
                                                .subject = subject};

static void page_of(const struct report_coverage *of, struct buf *out)
{
    snprintf(path, sizeof path, "%s/out/coverage.html", folder);
    assert_int_equal(report_coverage_write(of, path), ERR_OK);
    file_read(path, out);
}

static void it_is_as_in_the_golden_file(void **state)
{
    struct buf page = {0};

    (void)state;
    page_of(&coverage, &page);
    struct view text = buf_view(&page);
    size_t from = view_find(text, V("<body>\n")), to = view_find(text, asset_coverage_script.text);
    assert_true(from < to && to < text.len);
    golden_check("coverage.html", view_skip(view_head(text, to), from));
    buf_deinit(&page);
}

static void its_policy_lets_in_its_own_styles_and_script(void **state)
{
    struct buf page = {0}, policy = {0};

    (void)state;
    page_of(&coverage, &page);
    buf_printf(&policy, "style-src 'sha256-%.*s' 'sha256-%.*s'; script-src 'sha256-%.*s';",
               VIEW_ARG(asset_style.hash), VIEW_ARG(asset_coverage_style.hash),
               VIEW_ARG(asset_coverage_script.hash));
    assert_int_equal(times_in(buf_view(&page), buf_view(&policy)), 1);
    assert_int_equal(times_in(buf_view(&page), asset_coverage_style.text), 1);
    buf_deinit(&page);
    buf_deinit(&policy);
}

static void what_was_always_skipped_is_not_told_as_tested(void **state)
{
    struct report_coverage without = coverage;

    (void)state;
    assert_true(report_cover_idle(&coverage, 2));
    assert_false(report_cover_idle(&coverage, 0)); /* one run tested it */
    assert_false(report_cover_idle(&coverage, 1)); /* that is not covered at all */
    without.run_count = 0;
    assert_false(report_cover_idle(&without, 2)); /* nothing is known */
}

static void sections_go_by_their_numbers(void **state)
{
    (void)state;
    assert_true(section_compare(V("8.1.1.5"), V("17.1")) < 0);
    assert_true(section_compare(V("17.1"), V("17.1.1")) < 0);
    assert_true(section_compare(V("RFC 10000"), V("RFC 3261")) > 0);
    assert_int_equal(section_compare(V("B.2"), V("B.2")), 0);
}

static void without_a_place_nothing_is_written(void **state)
{
    (void)state;
    assert_int_not_equal(report_coverage_write(&coverage, folder), ERR_OK);
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(folder, sizeof folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scratch_remove(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_as_in_the_golden_file),
        cmocka_unit_test(its_policy_lets_in_its_own_styles_and_script),
        cmocka_unit_test(what_was_always_skipped_is_not_told_as_tested),
        cmocka_unit_test(sections_go_by_their_numbers),
        cmocka_unit_test(without_a_place_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
