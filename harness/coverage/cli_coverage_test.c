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
        CLI_TEST(what_is_no_run_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
