/* The built program from outside: what runs, how often, and what is shown. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_line_chooses_the_scenario_around_it(void **state)
{
    (void)state;
    CLI("run", DATA "fail.lua:2");
    cli_code(0);
    cli_said("1 passed, 0 failed");
    CLI("run", DATA "fail.lua:7");
    cli_code(1);
    cli_said("0 passed, 1 failed");
    CLI("run", DATA "loop.lua:3");
    cli_said("2 passed, 1 failed");
}

static void tags_and_names_choose(void **state)
{
    (void)state;
    CLI("list", DATA "pass.lua", "--tag", "quick & !timer");
    cli_code(0);
    cli_said("one passes");
    cli_unsaid("another passes");
    CLI("list", DATA "pass.lua", "--grep", "^pass.lua: one");
    cli_said("one passes");
    cli_unsaid("another");
    CLI("list", DATA "pass.lua", "-k", "passes", "--grep-invert", "one");
    cli_said("another passes");
    cli_unsaid("one passes");
}

static void a_section_of_an_rfc_chooses_what_covers_it(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "a.lua",
                     "scenario('timer A', { covers = { 'CTI-001' } }, function() end)\n"
                     "scenario('of nothing', function() end)\n");
    CLI("list", cli_folder()->path, "--rfc", "3261#17.1.1");
    cli_code(0);
    cli_said("timer A");
    cli_unsaid("of nothing");
    CLI("run", cli_folder()->path, "--rfc", "3261#8");
    cli_code(4);
    CLI("run", cli_folder()->path, "--rfc", "3261#99");
    cli_code(2);
    cli_said("the catalogue has nothing of that section");
}

/* What a list printed, given back: the same scenarios, though their lines have moved. */
static void a_list_chooses_what_it_names(void **state)
{
    static const char text[] = "scenario('one  [more]', { tags = { 'quick' } }, function() end)\n"
                               "scenario('two', { skip = 'not yet' }, function() end)\n"
                               "scenario('two and a half', function() end)\n";
    struct buf moved = {0}, list = {0};
    const char *path = cli_path("list");

    (void)state;
    test_folder_file(cli_folder(), "a.lua", text);
    for (int json = 0; json < 2; json++) {
        CLI("list", cli_folder()->path, "-k", "one|two$", json != 0 ? "--json" : "--unsafe");
        cli_code(0);
        buf_clear(&list);
        buf_add(&list, V("# of a day before\n\n"));
        buf_add(&list, buf_view(&cli_end()->out));
        buf_add_char(&list, '\0');
        test_folder_file(cli_folder(), "list", list.ptr);
        buf_clear(&moved);
        buf_printf(&moved, "\n\n%s", text);
        buf_add_char(&moved, '\0');
        test_folder_file(cli_folder(), "a.lua", moved.ptr);
        CLI("list", cli_folder()->path, "--from-list", path);
        cli_code(0);
        cli_said("a.lua:3  one  [more]  [quick]\n");
        cli_said("a.lua:4  two  (skipped: not yet)\n");
        cli_unsaid("half");
    }
    test_folder_file(cli_folder(), "list", "a.lua: two and a half\n");
    CLI("list", cli_folder()->path, "--from-list", path, "--tag", "!quick");
    cli_code(0);
    cli_said("half");
    cli_unsaid("one");
    buf_deinit(&moved);
    buf_deinit(&list);
}

static void a_list_that_names_what_is_not_there_is_refused(void **state)
{
    const char *path = cli_path("list");

    (void)state;
    test_folder_file(cli_folder(), "a.lua", "scenario('one', function() end)\n");
    test_folder_file(cli_folder(), "list", "a.lua: one\n{\"id\":\"a.lua: tow\"}\n");
    CLI("run", cli_folder()->path, "--from-list", path);
    cli_code(2);
    cli_said("list:2: there is no scenario '");
    cli_said("make the list anew");
    test_folder_file(cli_folder(), "list", "{\n");
    CLI("run", cli_folder()->path, "--from-list", path);
    cli_code(2);
    CLI("run", cli_folder()->path, "--from-list", cli_path("none"));
    cli_code(2);
    cli_said("cannot be read: No such file");
    CLI("run", cli_folder()->path, "--from-list", cli_folder()->path);
    cli_code(2);
    cli_said("Is a directory");
    test_folder_file(cli_folder(), "list", "# nothing\n");
    CLI("run", cli_folder()->path, "--from-list", path);
    cli_code(4);
}

static void a_dry_run_says_what_would_be_and_sends_nothing(void **state)
{
    (void)state;
    CLI("run", DATA "verdicts.lua", DATA "pass.lua", "--dry-run", "--json", cli_path("a.json"));
    cli_code(0);
    cli_said("verdicts.lua: 10 scenarios, 1 skipped\n");
    cli_said("pass.lua: 2 scenarios\n");
    cli_said("dry run: 12 scenarios, 1 skipped, 0 files that do not load; nothing was sent");
    assert_false(cli_there(cli_path("a.json")));
    CLI("run", DATA "syntax.lua", DATA "pass.lua", "--dry-run");
    cli_code(3);
    cli_said("1 file that does not load");
    cli_said("syntax.lua:2");
    CLI("run", DATA "device.lua", "--target", "sip:1@127.0.0.1:9", "--dry-run");
    cli_code(0);
    CLI("run", DATA "pass.lua", "--dry-run", "--tag", "quik");
    cli_code(2);
    CLI("run", DATA "pass.lua", "--dry-run", "-k", "no such name");
    cli_code(4);
}

static void shards_part_the_whole(void **state)
{
    size_t lines = 0;

    (void)state;
    for (int i = 1; i <= 3; i++) {
        char shard[8];
        snprintf(shard, sizeof shard, "%d/3", i);
        CLI("list", DATA "verdicts.lua", "--shard", shard);
        for (size_t c = 0; c < cli_end()->out.len; c++)
            lines += cli_end()->out.ptr[c] == '\n';
    }
    assert_int_equal(lines, 11);
}

static void the_first_failure_stops_where_it_is_asked_to(void **state)
{
    static const char *const jobs[] = {"1", "4"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        CLI("run", DATA "verdicts.lua", "-x", "-j", jobs[i], "-k", "is skip|swallow|lacks|raises");
        cli_code(1);
        cli_said("is skipped");
        cli_said("something broke");
        cli_unsaid("is swallowed");
        cli_unsaid("lacks a precondition");
        cli_said("0 passed, 0 failed, 1 skipped, 1 error in");
    }
}

static void what_passes_at_a_second_try_is_flaky_and_not_green(void **state)
{
    char seed[16];
    bool seen = false;

    (void)state;
    for (int i = 1; i < 64 && !seen; i++) {
        snprintf(seed, sizeof seed, "%d", i);
        CLI("run", DATA "chance.lua", "--seed", seed, "--retries", "1", "--no-wall-clock");
        seen = binary_said(&cli_end()->out, "flaky");
        if (seen)
            cli_code(1);
    }
    assert_true(seen);
    cli_said("passed at try 2");
}

static void repetitions_have_names_and_seeds_of_their_own(void **state)
{
    (void)state;
    CLI("run", DATA "pass.lua", "--repeat", "3", "--seed", "5", "-k", "one");
    cli_code(0);
    cli_said("one passes [run 1]");
    cli_said("one passes [run 3]");
    cli_said("3 passed");
}

static void the_network_decides_what_is_skipped(void **state)
{
    (void)state;
    CLI("run", DATA "nets.lua");
    cli_code(0);
    cli_said("it is for the real network only");
    cli_said("1 passed, 0 failed, 1 skipped");
    CLI("run", DATA "nets.lua", "--net", "real");
    cli_code(0);
    cli_said("it is for the simulated network only");
    cli_said("1 passed, 0 failed, 1 skipped");
    CLI("list", DATA "suite", "--target", "phone", "--json");
    cli_said("\"skip\":\"phone does not claim 'tcp'\"");
}

static void a_secret_is_nowhere(void **state)
{
    static const char *const environment[] = {"SIPWRIGHT_SECRET_PHONE=pa55word", NULL};
    struct binary_start start = {.environment = environment};
    struct buf json = {0};
    const char *path = cli_path("a.json");

    (void)state;
    CLI("run", DATA "params.lua", "--secret", "PHONE=pa55word", "--set", "WANTED=no", "--json",
        path);
    cli_code(1);
    cli_unsaid("pa55word");
    cli_read(path, &json);
    assert_true(json.len > 100);
    assert_int_equal(view_find(buf_view(&json), V("pa55word")), json.len);
    assert_true(view_find(buf_view(&json), V("********")) < json.len);
    cli_run(&start, "run", DATA "params.lua", NULL);
    cli_code(0);
    buf_deinit(&json);
}

static void colours_are_asked_for_and_forbidden(void **state)
{
    static const char *const force[] = {"FORCE_COLOR=1", NULL};
    static const char *const both[] = {"FORCE_COLOR=1", "NO_COLOR=1", NULL};
    struct binary_start start = {.environment = force};

    (void)state;
    CLI("run", DATA "pass.lua");
    cli_unsaid("\033[");
    CLI("run", DATA "pass.lua", "--color", "always");
    cli_said("\033[");
    cli_run(&start, "run", DATA "pass.lua", NULL);
    cli_said("\033[");
    start.environment = both;
    cli_run(&start, "run", DATA "pass.lua", NULL);
    cli_unsaid("\033[");
}

static void version_and_help_say_what_they_should(void **state)
{
    (void)state;
    CLI("version");
    cli_code(0);
    cli_said("sipwright " SIPWRIGHT_VERSION "\n");
    CLI("--help");
    cli_code(0);
    cli_said("  run        run scenarios, simulated or over real sockets\n");
    CLI("help", "run");
    cli_code(0);
    cli_said("--no-wall-clock");
    cli_run(NULL, NULL);
    cli_code(2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(a_line_chooses_the_scenario_around_it),
        CLI_TEST(tags_and_names_choose),
        CLI_TEST(a_section_of_an_rfc_chooses_what_covers_it),
        CLI_TEST(a_list_chooses_what_it_names),
        CLI_TEST(a_list_that_names_what_is_not_there_is_refused),
        CLI_TEST(a_dry_run_says_what_would_be_and_sends_nothing),
        CLI_TEST(shards_part_the_whole),
        CLI_TEST(the_first_failure_stops_where_it_is_asked_to),
        CLI_TEST(what_passes_at_a_second_try_is_flaky_and_not_green),
        CLI_TEST(repetitions_have_names_and_seeds_of_their_own),
        CLI_TEST(the_network_decides_what_is_skipped),
        CLI_TEST(a_secret_is_nowhere),
        CLI_TEST(colours_are_asked_for_and_forbidden),
        CLI_TEST(version_and_help_say_what_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
