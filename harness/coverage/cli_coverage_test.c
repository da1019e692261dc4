/* `sipwright coverage` from outside. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *scenario_make(void)
{
    test_folder_file(cli_folder(), "a.lua",
                     "scenario('busy', { covers = { 'PRX-001' } }, function(t) "
                     "expect(1):equals(2) end)\n");
    return cli_path("a.lua");
}

static void scenarios_are_told_by_what_they_cover(void **state)
{
    (void)state;
    CLI("coverage", scenario_make());
    cli_code(0);
    cli_said("of 839 requirements are covered:   must ");
    cli_said(" of them by a rule of the monitor alone\n");
    cli_said("not covered:");
    cli_said("  PRX-002 ");
    cli_unsaid("  PRX-001 ");
}

static void results_of_a_run_stand_in_the_object(void **state)
{
    struct buf json = {0};

    (void)state;
    CLI("run", scenario_make(), "--seed", "7", "--json", cli_path("run.jsonl"));
    cli_code(1);
    CLI("coverage", cli_path("a.lua"), "--results", cli_path("run.jsonl"), "--json",
        cli_path("coverage.json"));
    cli_code(0);
    cli_read(cli_path("coverage.json"), &json);
    assert_true(view_find(buf_view(&json),
                          V("\"results\":[{\"scenario\":\"a.lua: busy\",\"verdict\":\"fail\","
                            "\"seed\":7}]")) < json.len);
    buf_deinit(&json);
}

static void standard_output_has_the_object_alone(void **state)
{
    (void)state;
    CLI("coverage", scenario_make(), "--json", "-");
    cli_code(0);
    cli_said("{\"v\":1,\"count\":839,\"covered\":");
    cli_unsaid("not covered:");
}

/* Two runs of it, beside each other. */
static void it_is_a_page_with_a_mark_for_each_run(void **state)
{
    struct buf page = {0};

    (void)state;
    CLI("run", scenario_make(), "--seed", "7", "--json", cli_path("run.jsonl"));
    CLI("coverage", cli_path("a.lua"), "--results", cli_path("run.jsonl"), "--results",
        cli_path("run.jsonl"), "--html", cli_path("page.html"));
    cli_code(0);
    cli_said("passed of what was put to the test:");
    cli_read(cli_path("page.html"), &page);
    struct view text = buf_view(&page);
    struct view row = view_skip(text, view_find(text, V("id=\"PRX-001\"")));
    row = view_head(row, view_find(row, V("</details>")));
    assert_true(view_find(row, V("a.lua:1</span>")) < row.len);
    size_t first = view_find(row, V("failed on</span> simulated"));
    struct view rest = view_skip(row, first + 1);
    assert_true(first < row.len);
    assert_true(view_find(rest, V("failed on</span> simulated")) < rest.len);
    buf_deinit(&page);
    CLI("coverage", cli_path("a.lua"), "--html", cli_path("a.lua/x.html"));
    cli_code(5);
    cli_said("cannot be written");
}

static void what_only_skipped_is_told_as_such(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "a.lua",
                     "scenario('busy', { covers = { 'PRX-001' } }, function(t) "
                     "t:skip('not today') end)\n");
    CLI("run", cli_path("a.lua"), "--json", cli_path("run.jsonl"));
    CLI("coverage", cli_path("a.lua"), "--results", cli_path("run.jsonl"));
    cli_code(0);
    cli_said("covered, but in these runs every scenario was skipped:\n  PRX-001 ");
    CLI("coverage", cli_path("a.lua"));
    cli_unsaid("every scenario was skipped");
}

static void what_is_no_run_is_refused(void **state)
{
    (void)state;
    scenario_make();
    CLI("coverage", cli_path("a.lua"), "--results", cli_path("a.lua"));
    cli_code(2);
    cli_said("a.lua:1: this is no written run; give the file of 'sipwright run --json FILE'");
    CLI("coverage", cli_path("a.lua"), "--json", cli_path("a.lua/x"));
    cli_code(5);
    cli_said("cannot be written");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(scenarios_are_told_by_what_they_cover),
        CLI_TEST(results_of_a_run_stand_in_the_object),
        CLI_TEST(standard_output_has_the_object_alone),
        CLI_TEST(it_is_a_page_with_a_mark_for_each_run),
        CLI_TEST(what_only_skipped_is_told_as_such),
        CLI_TEST(what_is_no_run_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
