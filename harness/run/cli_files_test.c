/* The built program from outside: where its files cannot be, it says so, and before anything runs.
 */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *const faces[] = {"--junit", "--json", "--tap", "--html"};
enum { FACE_COUNT = sizeof faces / sizeof *faces };

static void a_place_that_is_none_is_told_before_the_run(void **state)
{
    const char *below = cli_path("file/report"), *folder = cli_folder()->path;

    (void)state;
    test_folder_file(cli_folder(), "file", "");
    for (size_t i = 0; i < FACE_COUNT; i++) {
        CLI("run", DATA "pass.lua", faces[i], below);
        cli_code(2);
        cli_said("is no folder; name a place whose folders are folders");
        cli_unsaid("passed");
        CLI("run", DATA "pass.lua", faces[i], folder);
        cli_code(2);
        cli_said("is a folder; name a file in it");
        cli_unsaid("passed");
    }
    CLI("run", DATA "pass.lua", "--trace", cli_path("file"));
    cli_code(2);
    cli_said("is no folder, but a file; name a folder");
    CLI("run", DATA "pass.lua", "--junit", cli_path("file"), "--junit-dialect", "strict");
    cli_code(2);
    cli_said("name a folder");
}

static void a_disk_that_is_full_is_never_green(void **state)
{
    (void)state;
    for (size_t i = 0; i < FACE_COUNT; i++) {
        CLI("run", DATA "pass.lua", faces[i], "/dev/full");
        cli_code(5);
        cli_said("cannot be written: No space left on device; make room");
    }
}

/* What is joined later goes by the exit code in the JSON lines. */
static void the_written_run_is_not_green_either(void **state)
{
    (void)state;
    CLI("run", DATA "pass.lua", "--junit", "/dev/full", "--json", cli_path("a.jsonl"));
    cli_code(5);
    CLI("report", cli_path("a.jsonl"));
    cli_code(5);
}

static void two_faces_cannot_be_one_file(void **state)
{
    (void)state;
    CLI("run", DATA "pass.lua", "--html", cli_path("x"), "--json", cli_path("x"));
    cli_code(2);
    cli_said("give each a file of its own");
    CLI("run", DATA "pass.lua", "--tap", "-", "--json", "-");
    cli_code(2);
    cli_said("both write to standard output; give one a file");
}

/* Standard output is the report alone, for a program to read. */
static void a_face_can_be_standard_output(void **state)
{
    (void)state;
    CLI("run", DATA "pass.lua", "--seed", "7", "--tap", "-");
    cli_code(0);
    assert_true(view_starts(buf_view(&cli_end()->out), V("TAP version 14\n1..2\n")));
    assert_false(binary_said(&cli_end()->out, "2 passed"));
    assert_true(binary_said(&cli_end()->err, "2 passed"));
    CLI("run", DATA "pass.lua", "--seed", "7", "--json", "-", "--quiet");
    cli_code(0);
    assert_true(view_starts(buf_view(&cli_end()->out), V("{\"v\":1,\"type\":\"run\"")));
}

/* ---- GitHub ---- */

static void outside_of_github_it_says_what_lacks(void **state)
{
    (void)state;
    CLI("run", DATA "pass.lua", "--github");
    cli_code(2);
    cli_said("$GITHUB_STEP_SUMMARY is not set");
    cli_said("GITHUB_STEP_SUMMARY=summary.md");
}

static void a_step_gets_a_summary_and_annotations(void **state)
{
    char variable[300];
    const char *const environment[] = {variable, NULL};
    struct binary_start start = {.environment = environment};
    struct buf summary = {0};

    (void)state;
    test_folder_file(cli_folder(), "summary.md", "what an earlier program said\n");
    snprintf(variable, sizeof variable, "GITHUB_STEP_SUMMARY=%s", cli_path("summary.md"));
    cli_run(&start, "run", DATA "fail.lua", "--seed", "7", "--github", NULL);
    cli_code(1);
    assert_true(view_starts(buf_view(&cli_end()->out), V("::stop-commands::sipwright-")));
    cli_said("::error file=" DATA "fail.lua,line=7,title=it fails::fail: ");
    cli_read(cli_path("summary.md"), &summary);
    assert_true(
        view_starts(buf_view(&summary), V("what an earlier program said\n### ❌ sipwright: ")));
    assert_true(view_find(buf_view(&summary), V("| it fails | fail.lua:7 | ")) < summary.len);
    buf_deinit(&summary);
}

/* The runner obeys what stands at the head of a line, blanks or not. */
static void what_a_scenario_says_is_no_command(void **state)
{
    char variable[300];
    const char *const environment[] = {variable, NULL};
    struct binary_start start = {.environment = environment};

    (void)state;
    test_folder_file(cli_folder(), "a.lua",
                     "scenario('x', function(t) t:fail('::add-path::/bad') end)");
    snprintf(variable, sizeof variable, "GITHUB_STEP_SUMMARY=%s", cli_path("summary.md"));
    cli_run(&start, "run", cli_path("a.lua"), "--github", NULL);
    cli_code(1);
    struct view out = buf_view(&cli_end()->out);
    size_t stop = sizeof "::stop-commands::" - 1, end = view_find_char(out, '\n');
    struct view token = view_skip(view_head(out, end), stop);
    size_t said = view_find(out, V("  ::add-path::/bad"));
    struct view rest = view_skip(out, end + 1);
    size_t again = view_find(rest, token) + end + 1;
    assert_true(token.len > 16);
    assert_true(said < again);
    assert_true(again < out.len);
    assert_true(view_find(view_skip(out, again), V("\n::add-path")) == out.len - again);
}

static void a_summary_that_is_full_is_told(void **state)
{
    char variable[300], command[400];
    const char *const environment[] = {variable, NULL};
    struct binary_start start = {.environment = environment};

    (void)state;
    snprintf(variable, sizeof variable, "GITHUB_STEP_SUMMARY=%s", cli_path("summary.md"));
    snprintf(command, sizeof command, "head -c 1048000 /dev/zero >'%s'", cli_path("summary.md"));
    assert_int_equal(system(command), 0);
    cli_run(&start, "run", DATA "pass.lua", "--github", NULL);
    cli_code(5);
    cli_said("the step's summary");
    snprintf(variable, sizeof variable, "GITHUB_STEP_SUMMARY=%s", "/dev/full");
    cli_run(&start, "run", DATA "pass.lua", "--github", NULL);
    cli_code(5);
    cli_said("No space left on device; make room");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(a_place_that_is_none_is_told_before_the_run),
        CLI_TEST(a_disk_that_is_full_is_never_green),
        CLI_TEST(the_written_run_is_not_green_either),
        CLI_TEST(two_faces_cannot_be_one_file),
        CLI_TEST(a_face_can_be_standard_output),
        CLI_TEST(outside_of_github_it_says_what_lacks),
        CLI_TEST(a_step_gets_a_summary_and_annotations),
        CLI_TEST(what_a_scenario_says_is_no_command),
        CLI_TEST(a_summary_that_is_full_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
