/* What failed last runs again, alone or first. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static void suite_make(const char *third)
{
    char text[500];
    snprintf(text, sizeof text,
             "scenario('one', function() expect(1):equals(1) end)\n"
             "scenario('two', function() expect(1):equals(%s) end)\n",
             third);
    test_folder_file(cli_folder(), "sipwright.lua", "return {}");
    test_folder_file(cli_folder(), "a.lua", "scenario('a', function() expect(1):equals(1) end)");
    test_folder_file(cli_folder(), "b.lua", text);
}

static void what_failed_runs_alone_until_it_passes(void **state)
{
    (void)state;
    suite_make("2");
    CLI("run", cli_folder()->path);
    cli_code(1);
    assert_true(cli_there(cli_path(".sipwright/last-run.json")));
    CLI("run", cli_folder()->path, "--last-failed");
    cli_code(1);
    cli_said("0 passed, 1 failed");
    CLI("run", cli_path("a.lua")); /* says nothing of the others */
    cli_code(0);
    CLI("run", cli_folder()->path, "--last-failed");
    cli_code(1);
    suite_make("1");
    CLI("run", cli_folder()->path, "--last-failed");
    cli_code(0);
    cli_said("1 passed");
    CLI("run", cli_folder()->path, "--last-failed");
    cli_code(4);
    cli_said("nothing failed when this suite was run last");
}

static void a_green_suite_leaves_nothing(void **state)
{
    (void)state;
    suite_make("1");
    CLI("run", cli_folder()->path);
    cli_code(0);
    assert_false(cli_there(cli_path(".sipwright")));
}

static size_t place(const char *what)
{
    return view_find(buf_view(&cli_end()->out), view_of(what));
}

static void what_failed_comes_first_and_files_stay_together(void **state)
{
    (void)state;
    suite_make("2");
    CLI("run", cli_folder()->path);
    suite_make("1");
    CLI("run", cli_folder()->path, "--failed-first");
    cli_code(0);
    assert_true(place("b.lua: two") < place("b.lua: one"));
    assert_true(place("b.lua: one") < place("a.lua: a"));
    CLI("run", cli_folder()->path, "--failed-first");
    assert_true(place("a.lua: a") < place("b.lua: one"));
    assert_true(place("b.lua: one") < place("b.lua: two"));
}

static void a_known_failure_is_no_failure(void **state)
{
    (void)state;
    suite_make("2");
    test_folder_file(cli_folder(), "base", "b.lua: two");
    const char *base = cli_path("base");
    CLI("run", cli_folder()->path, "--baseline", base);
    cli_code(0);
    assert_false(cli_there(cli_path(".sipwright")));
}

static void what_cannot_be_is_said(void **state)
{
    (void)state;
    suite_make("2");
    test_folder_file(cli_folder(), ".sipwright", "a file where a folder should be");
    CLI("run", cli_folder()->path);
    cli_code(1); /* of the scenario */
    cli_said("what failed is not kept for --last-failed: ");
    unlink(cli_path(".sipwright"));
    CLI("run", cli_folder()->path);
    test_folder_file(cli_folder(), ".sipwright/last-run.json", "[1, 2]");
    CLI("run", cli_folder()->path, "--last-failed");
    cli_code(2);
    cli_said("last-run.json does not say what failed last; remove it and run the suite");
    unlink(cli_path("sipwright.lua"));
    CLI("run", cli_folder()->path, "--failed-first");
    cli_code(2);
    cli_said("--failed-first: only a suite remembers what failed: a folder with sipwright.lua");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(what_failed_runs_alone_until_it_passes),
        CLI_TEST(a_green_suite_leaves_nothing),
        CLI_TEST(what_failed_comes_first_and_files_stay_together),
        CLI_TEST(a_known_failure_is_no_failure),
        CLI_TEST(what_cannot_be_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
