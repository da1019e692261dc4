/* What makes a run red, as the exit code and the reports say it. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static const char suite[] =
    "scenario('passes', { covers = { 'CTI-001' } }, function() expect(1):equals(1) end)\n"
    "scenario('fails', { covers = { 'CTI-006' } }, function() expect(1):equals(2) end)\n";

static char *base(void)
{
    static char path[300];
    snprintf(path, sizeof path, "%s", cli_path("base"));
    return path;
}

static void known(const char *lines)
{
    test_folder_file(cli_folder(), "a.lua", suite);
    test_folder_file(cli_folder(), "base", lines);
}

static void a_known_failure_is_listed_and_a_new_one_gates(void **state)
{
    (void)state;
    known("{\"id\":\"a.lua: fails\",\"status\":\"fail\",\"reason\":\"ticket 17\"}\n");
    CLI("run", cli_folder()->path, "--baseline", base());
    cli_code(0);
    cli_said("~ known a.lua: fails");
    cli_said("(ticket 17)   expected 2, got 1");
    cli_said("1 passed, 0 failed, 0 skipped, 1 known");
    known("{\"id\":\"a.lua: passes\",\"status\":\"fail\"}\n");
    CLI("run", cli_folder()->path, "--baseline", base());
    cli_code(1);
    cli_said("gate      new failure");
    cli_said("fixed");
}

static void what_vanished_gates_and_what_is_not_meant_does_not(void **state)
{
    (void)state;
    known("{\"id\":\"a.lua: fails\",\"status\":\"fail\"}\n{\"id\":\"a.lua: "
          "gone\",\"status\":\"pass\"}\n");
    test_folder_file(cli_folder(), "b.lua", "scenario('b', function() expect(1):equals(1) end)");
    CLI("run", cli_folder()->path, "--baseline", base());
    cli_code(1);
    cli_said("it vanished: the baseline has it (pass), and no file registers it any more");
    CLI("run", cli_folder()->path, "--baseline", base(), "--grep", "passes");
    cli_code(0);
    CLI("run", cli_path("b.lua"), "--baseline", base());
    cli_code(0);
    CLI("run", cli_path("a.lua:1"), "--baseline", base());
    cli_code(0);
    int reds = 0;
    for (const char *const *shard = (const char *const[]){"1/3", "2/3", "3/3", NULL};
         *shard != NULL; shard++) {
        CLI("run", cli_folder()->path, "--baseline", base(), "--shard", *shard);
        reds += cli_end()->code == 1;
    }
    assert_int_equal(reds, 1); /* one of them has it, and no other */
}

static void a_skip_where_a_pass_was_gates(void **state)
{
    (void)state;
    known("{\"id\":\"a.lua: passes\",\"status\":\"pass\"}\n");
    test_folder_file(
        cli_folder(), "a.lua",
        "scenario('passes', { covers = { 'CTI-001' }, skip = 'no time' }, function() end)");
    CLI("run", cli_folder()->path, "--baseline", base());
    cli_code(1);
    cli_said("it passed when the baseline was written, and is skipped now: no time");
    cli_said("score: MUST 0 of 1");
}

static void a_quarantine_ends(void **state)
{
    (void)state;
    known("{\"id\":\"a.lua: fails\",\"status\":\"quarantined\",\"owner\":\"anna\",\"reason\":"
          "\"shaky\",\"expires\":\"2999-12-31\"}\n");
    CLI("run", cli_folder()->path, "--baseline", base(), "--junit", cli_path("j.xml"));
    cli_code(0);
    cli_said("1 quarantined");
    struct buf junit = {0};
    cli_read(cli_path("j.xml"), &junit);
    assert_true(view_find(buf_view(&junit),
                          V("<skipped message=\"quarantined (shaky, anna, until 2999-12-31): "
                            "expected 2, got 1\"/>")) < junit.len);
    buf_deinit(&junit);
    known("{\"id\":\"a.lua: passes\",\"status\":\"quarantined\",\"owner\":\"anna\",\"reason\":"
          "\"shaky\",\"expires\":\"2999-12-31\"}\n");
    CLI("run", cli_folder()->path, "--baseline", base(), "--grep", "passes", "--quiet");
    cli_code(0);
    cli_said("quarantined   (shaky, anna, until 2999-12-31)");
    cli_said("1 passed");
    known("{\"id\":\"a.lua: fails\",\"status\":\"quarantined\",\"owner\":\"anna\",\"reason\":"
          "\"shaky\",\"expires\":\"2000-01-01\"}\n");
    CLI("run", cli_folder()->path, "--baseline", base());
    cli_code(1);
    cli_said("gate      no longer excused: its quarantine ended on 2000-01-01");
}

static void a_gate_of_must_lets_a_should_fail(void **state)
{
    (void)state;
    known("");
    CLI("run", cli_folder()->path, "--gate", "must");
    cli_code(0);
    cli_said("~ advisory a.lua: fails");
    cli_said("score: MUST 1 of 1, SHOULD 0 of 1");
    CLI("run", cli_folder()->path, "--gate", "should");
    cli_code(1);
    CLI("run", cli_folder()->path, "--gate", "may");
    cli_code(2);
}

/* Passes at its second try: the seed is another one then. */
static const char flaky[] = "scenario('shaky', { seed = nil }, function(t)\n"
                            "  expect(t.seed):never():equals(7)\n"
                            "end)\n";

static void what_is_flaky_gates_unless_it_may(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "a.lua", flaky);
    CLI("run", cli_folder()->path, "--seed", "7", "--retries", "1");
    cli_code(1);
    cli_said("1 flaky");
    CLI("run", cli_folder()->path, "--seed", "7", "--retries", "1", "--flaky", "pass");
    cli_code(0);
    cli_said("0 passed");
}

static void bad_baselines_give_2_and_the_mend(void **state)
{
    static const struct {
        const char *lines, *said;
    } rows[] = {
        {"{\"id\":\"z.lua: x\",\"status\":\"fail\"}",     "is the baseline of another suite"},
        {"{\"id\":\"a.lua: fails\",\"status\":\"fial\"}",
         "'status' is one of pass, fail, skip and quarantined"                              },
        {"{\"baseline\":1,\"net\":\"real\"}",
         "is a baseline of the net 'real', and this run is of 'sim'"                        },
        {"{\"baseline\":1,\"target\":\"desk\"}",
         "is a baseline of the target 'desk', and this run has none; give it with --target" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        known(rows[i].lines);
        CLI("run", cli_folder()->path, "--baseline", base(), "--json", cli_path("r.jsonl"));
        cli_code(2);
        cli_said(rows[i].said);
        assert_false(cli_there(cli_path("r.jsonl")));
    }
    CLI("run", cli_folder()->path, "--baseline", cli_path("none"));
    cli_code(2);
    cli_said("cannot be read: No such file or directory; 'sipwright baseline update' makes one");
}

static void a_wrong_script_is_excused_by_nothing(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "a.lua",
                     "scenario('wrong', function(t) t:agent('a'):invtie() end)");
    test_folder_file(cli_folder(), "base",
                     "{\"id\":\"a.lua: wrong\",\"status\":\"quarantined\",\"owner\":\"o\","
                     "\"reason\":\"r\",\"expires\":\"2999-12-31\"}\n");
    CLI("run", cli_folder()->path, "--baseline", base());
    cli_code(3);
    cli_said("1 error");
}

static void what_is_excused_stops_nothing(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "a.lua",
                     "scenario('fails', function() expect(1):equals(2) end)\n"
                     "scenario('passes', function() expect(1):equals(1) end)\n");
    test_folder_file(cli_folder(), "base", "a.lua: fails");
    CLI("run", cli_folder()->path, "--baseline", base(), "--fail-fast");
    cli_code(0);
    cli_said("1 passed, 0 failed, 0 skipped, 1 known");
    CLI("run", cli_folder()->path, "--fail-fast");
    cli_code(1);
    cli_said("0 passed, 1 failed");
}

static void a_badge_is_written(void **state)
{
    struct buf badge = {0};
    (void)state;
    known("");
    CLI("run", cli_folder()->path, "--badge", cli_path("b.json"));
    cli_code(1);
    cli_read(cli_path("b.json"), &badge);
    assert_true(view_find(buf_view(&badge), V("MUST 1/1, SHOULD 0/1\",\"color\":\"red\"")) <
                badge.len);
    buf_deinit(&badge);
    CLI("run", cli_folder()->path, "--grep", "passes", "--badge", "/dev/full");
    cli_code(5);
}

/* Vanished cases, too: each has its place in the whole. */
static void shards_joined_are_the_whole(void **state)
{
    struct buf whole = {0}, joined = {0};
    char one[300], two[300];
    (void)state;
    known("{\"id\":\"a.lua: fails\",\"status\":\"fail\"}\n{\"id\":\"a.lua: "
          "gone\",\"status\":\"pass\"}\n{\"id\":\"a.lua: lost\",\"status\":\"pass\"}\n");
    snprintf(one, sizeof one, "%s", cli_path("1.jsonl"));
    snprintf(two, sizeof two, "%s", cli_path("2.jsonl"));
    CLI("run", cli_folder()->path, "--baseline", base(), "--seed", "1", "--no-wall-clock", "--json",
        cli_path("all.jsonl"));
    cli_code(1);
    CLI("run", cli_folder()->path, "--baseline", base(), "--seed", "1", "--no-wall-clock",
        "--shard", "1/2", "--json", one);
    CLI("run", cli_folder()->path, "--baseline", base(), "--seed", "1", "--no-wall-clock",
        "--shard", "2/2", "--json", two);
    CLI("report", "merge", one, two, "--json", cli_path("joined.jsonl"));
    cli_code(1);
    cli_read(cli_path("all.jsonl"), &whole);
    cli_read(cli_path("joined.jsonl"), &joined);
    assert_true(whole.len > 0);
    assert_true(view_equal(buf_view(&whole), buf_view(&joined)));
    buf_deinit(&whole);
    buf_deinit(&joined);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(a_known_failure_is_listed_and_a_new_one_gates),
        CLI_TEST(what_vanished_gates_and_what_is_not_meant_does_not),
        CLI_TEST(a_skip_where_a_pass_was_gates),
        CLI_TEST(a_quarantine_ends),
        CLI_TEST(a_gate_of_must_lets_a_should_fail),
        CLI_TEST(what_is_flaky_gates_unless_it_may),
        CLI_TEST(bad_baselines_give_2_and_the_mend),
        CLI_TEST(a_wrong_script_is_excused_by_nothing),
        CLI_TEST(what_is_excused_stops_nothing),
        CLI_TEST(a_badge_is_written),
        CLI_TEST(shards_joined_are_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
