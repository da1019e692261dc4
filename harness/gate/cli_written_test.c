/* What is made of written runs: a baseline, a statement. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char suite[] =
    "scenario('passes', { covers = { 'CTI-001' } }, function() expect(1):equals(1) end)\n"
    "scenario('fails', { covers = { 'CTI-006' } }, function() expect(1):equals(2) end)\n"
    "scenario('skips', { covers = { 'CTI-002' }, skip = 'no | uac' }, function() end)\n";

static char result[300], base[300];

/* A run of the suite, written. */
static void ran(const char *scenarios)
{
    snprintf(result, sizeof result, "%s", cli_path("r.jsonl"));
    snprintf(base, sizeof base, "%s", cli_path("base"));
    test_folder_file(cli_folder(), "a.lua", scenarios);
    CLI("run", cli_folder()->path, "--json", result, "--no-wall-clock");
}

static void file_is(const char *path, const char *wanted)
{
    struct buf text = {0};
    cli_read(path, &text);
    if (!view_equal(buf_view(&text), view_of(wanted)))
        fail_msg("%.*s", VIEW_ARG(buf_view(&text)));
    buf_deinit(&text);
}

static void a_baseline_is_made_of_a_run_and_holds_the_next(void **state)
{
    (void)state;
    ran(suite);
    CLI("baseline", "update", result, "-o", base);
    cli_code(0);
    cli_said("base: 1 pass, 1 fail, 1 skipped; 1 new failures, 0 fixed");
    file_is(base, "{\"baseline\":1,\"net\":\"sim\"}\n"
                  "{\"id\":\"a.lua: fails\",\"status\":\"fail\"}\n"
                  "{\"id\":\"a.lua: passes\",\"status\":\"pass\"}\n"
                  "{\"id\":\"a.lua: skips\",\"status\":\"skip\"}\n");
    CLI("run", cli_folder()->path, "--baseline", base);
    cli_code(0);
    cli_said("1 passed, 0 failed, 1 skipped, 1 known");
    CLI("baseline", "update", result, "-o", base); /* the same run: the same file */
    cli_code(0);
    cli_said("0 new failures, 0 fixed");
}

static void what_is_accepted_gates_no_more(void **state)
{
    (void)state;
    ran(suite);
    CLI("baseline", "update", result, "-o", base);
    test_folder_file(
        cli_folder(), "a.lua",
        "scenario('passes', { skip = 'no time' }, function() end)\n"
        "scenario('skips', { covers = { 'CTI-002' } }, function() expect(1):equals(1) end)\n");
    CLI("run", cli_folder()->path, "--baseline", base, "--json", result);
    cli_code(1);
    cli_said("2 errors"); /* one is gone, one is skipped */
    CLI("baseline", "update", result, "-o", base);
    cli_code(0);
    cli_said("1 pass, 0 fail, 1 skipped; 0 new failures, 0 fixed, 1 taken out");
    CLI("run", cli_folder()->path, "--baseline", base);
    cli_code(0);
}

static void what_cannot_be_is_said_and_nothing_is_written(void **state)
{
    (void)state;
    ran(suite);
    test_folder_file(cli_folder(), "other", "{\"v\":1,\"type\":\"run\",\"target\":\"desk\"}\n");
    test_folder_file(cli_folder(), "bad", "{\"id\":\"a.lua: x\",\"status\":\"x\"}\n");
    CLI("baseline");
    cli_code(2);
    cli_said("there is 'sipwright baseline update RESULT ... -o FILE'");
    CLI("baseline", "update");
    cli_code(2);
    cli_said("which results?");
    CLI("baseline", "update", result);
    cli_code(2);
    cli_said("which baseline? Give it with -o FILE");
    CLI("baseline", "update", cli_path("none"), "-o", base);
    cli_code(2);
    cli_said("there is no");
    CLI("baseline", "update", cli_path("a.lua"), "-o", base);
    cli_code(2);
    cli_said("a.lua:1: this is no written run");
    char bad[300], other[300];
    snprintf(bad, sizeof bad, "%s", cli_path("bad"));
    snprintf(other, sizeof other, "%s", cli_path("other"));
    CLI("baseline", "update", result, "-o", bad);
    cli_code(2);
    cli_said("'status' is one of");
    CLI("baseline", "update", result, other, "-o", base);
    cli_code(2);
    cli_said("are of different targets or nets");
    CLI("baseline", "update", other, "-o", base); /* breaks off before its end */
    cli_code(2);
    cli_said("the run was interrupted");
    assert_false(cli_there(base));
    CLI("baseline", "update", result, "-o", "/dev/full");
    cli_code(5);
    cli_said("/dev/full cannot be written");
}

static void a_statement_says_what_was_tested(void **state)
{
    (void)state;
    ran(suite);
    CLI("statement", result);
    cli_code(0);
    cli_said("# Conformance statement\n");
    cli_said("| MUST | 1 of 1 passed |");
    cli_said("| SHOULD | 0 of 1 passed |");
    cli_said("| Not applicable | 1 |");
    cli_said("| Not tested | 836 of the catalogue's 839 requirements |");
    cli_said("## RFC 3261");
    cli_said("| CTI-001 | 17.1.1.2 | MUST | ");
    cli_said(" | **failed**: expected 2, got 1 |");
    cli_said("\nNot passed: CTI-006 (SHOULD).\n");
    cli_said("## Not applicable\n\n- no \\| uac: CTI-002\n");
    CLI("statement", result, "--json");
    cli_code(0);
    cli_said("\"score\":{\"must_passed\":1,\"must_applicable\":1,\"should_passed\":0,"
             "\"should_applicable\":1,\"not_applicable\":1}");
    cli_said("\"id\":\"CTI-006\"");
    CLI("statement", result, "--target", "desk");
    cli_code(2);
    cli_said("is not of the target 'desk', but of ''");
    CLI("statement");
    cli_code(2);
    cli_said("statement: of which run?");
    CLI("statement", result, "-o", cli_path("s.md"));
    cli_code(0);
    assert_true(cli_there(cli_path("s.md")));
    CLI("statement", result, "-o", "/dev/full");
    cli_code(5);
}

static void a_run_that_was_cut_says_so(void **state)
{
    struct buf text = {0};
    (void)state;
    ran(suite);
    cli_read(result, &text);
    text.len = view_find(buf_view(&text), V("{\"v\":1,\"type\":\"end\""));
    buf_add_char(&text, '\0');
    test_folder_file(cli_folder(), "cut", text.ptr);
    buf_deinit(&text);
    CLI("statement", cli_path("cut"));
    cli_code(0);
    cli_said("**The run was interrupted: this is not all of it.**");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(a_baseline_is_made_of_a_run_and_holds_the_next),
        CLI_TEST(what_is_accepted_gates_no_more),
        CLI_TEST(what_cannot_be_is_said_and_nothing_is_written),
        CLI_TEST(a_statement_says_what_was_tested),
        CLI_TEST(a_run_that_was_cut_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
