/* The built program from outside: workers that fail, and the same bytes again. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <unistd.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_loop_in_c_costs_its_scenario_only(void **state)
{
    (void)state;
    CLI("run", DATA "hang.lua", "--wall-limit", "1s", "--jobs", "2");
    cli_code(1);
    cli_said("it was still running after 1 s of real time, and was ended");
    cli_said("2 passed, 0 failed, 0 skipped, 1 error");
}

static void a_loop_at_the_top_level_is_a_file_that_does_not_load(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "a.lua",
                     "string.find(string.rep('a', 40), string.rep('a-', 40) .. 'b')");
    test_folder_file(cli_folder(), "b.lua", "scenario('b', function() expect(1):equals(1) end)");
    CLI("run", cli_folder()->path, "--wall-limit", "1s");
    cli_code(3);
    cli_said("its top level was still running after 1 s");
    cli_said("1 passed");
}

static void a_worker_that_is_shot_is_an_error_and_one_that_crashes_is_our_fault(void **state)
{
    struct buf json = {0};
    const char *path = cli_path("a.json");

    (void)state;
    CLI("run", DATA "murder.lua", "--unsafe", "-k", "shot|passes", "--json", path);
    cli_code(1);
    cli_said("its worker was ended from outside: Killed");
    cli_said("1 passed, 0 failed, 0 skipped, 1 error");
    cli_read(path, &json);
    assert_true(view_find(buf_view(&json), V("ended from outside")) < json.len);
    CLI("run", DATA "murder.lua", DATA "syntax.lua", "--unsafe", "-k", "crashes|passes");
    cli_code(70);
    cli_said("sipwright itself failed: its worker");
    cli_said("1 passed, 0 failed, 0 skipped, 2 errors");
    buf_deinit(&json);
}

static void memory_has_a_limit(void **state)
{
    (void)state;
    CLI("run", DATA "greedy.lua", "--grep", "c wants all memory|f passes|e raises");
    cli_code(1);
    cli_said("memory limit was reached");
    cli_said("1 passed, 0 failed, 0 skipped, 2 errors");
}

static void run_to_json(const char *path, const char *jobs)
{
    CLI("run", DATA, "--grep-invert", "for ever|memory|hangs", "--seed", "7", "--no-wall-clock",
        "--json", path, "--root", "harness/run/testdata", "--jobs", jobs);
}

static void the_number_of_workers_changes_nothing(void **state)
{
    struct buf one = {0}, four = {0}, said = {0};
    const char *path = cli_path("a.json");

    (void)state;
    run_to_json(path, "1");
    cli_code(3);
    buf_add(&said, buf_view(&cli_end()->out));
    cli_read(path, &one);
    for (int i = 0; i < 3; i++) {
        run_to_json(path, "4");
        buf_clear(&four);
        cli_read(path, &four);
        assert_true(view_equal(buf_view(&one), buf_view(&four)));
        assert_true(view_equal(buf_view(&said), buf_view(&cli_end()->out)));
    }
    assert_true(one.len > 1000);
    buf_deinit(&one);
    buf_deinit(&four);
    buf_deinit(&said);
}

/* Whoever is through first: the run ends behind the second that fails in the order of the file. */
static void failures_may_be_limited(void **state)
{
    static const char *const jobs[] = {"1", "2", "5"};

    (void)state;
    test_folder_file(cli_folder(), "a.lua",
                     "for i = 1, 9 do scenario('n' .. i, function()\n"
                     "  expect(i % 3):never():equals(2) end) end");
    for (size_t i = 0; i < 3; i++) {
        CLI("run", cli_folder()->path, "--max-failures", "2", "--jobs", jobs[i]);
        cli_code(1);
        cli_said("3 passed, 2 failed, 0 skipped");
        CLI("run", cli_folder()->path, "--fail-fast", "--jobs", jobs[i]);
        cli_said("1 passed, 1 failed, 0 skipped");
        CLI("run", cli_folder()->path, "--max-failures", "4", "--jobs", jobs[i]);
        cli_said("6 passed, 3 failed, 0 skipped");
    }
}

/* Whoever is through first, the same round is the last one. */
static void rounds_go_on_until_one_fails(void **state)
{
    static const char *const jobs[] = {"1", "4"};
    struct buf first = {0};
    const char *path = cli_path("a.json");

    (void)state;
    test_folder_file(cli_folder(), "a.lua",
                     "scenario('chance', function(t)\n"
                     "  expect(math.random(20)):never():equals(20) end)\n"
                     "scenario('always', function() expect(1):equals(1) end)\n");
    for (size_t i = 0; i < 2; i++) {
        CLI("run", cli_folder()->path, "--until-fail", "--seed", "100", "--jobs", jobs[i], "--json",
            path, "--no-wall-clock");
        cli_code(1);
        cli_said("run 1: seed 100, 2 passed\n");
        cli_said(", 1 passed, 1 failed\n");
        cli_said("1 passed, 1 failed, 0 skipped");
        if (i == 0)
            cli_read(path, &first);
    }
    struct buf second = {0};
    cli_read(path, &second);
    assert_true(view_equal(buf_view(&first), buf_view(&second)));
    buf_deinit(&first);
    buf_deinit(&second);
}

/* The last line told names the seed that fails by itself. */
static void the_seed_of_a_round_brings_it_back(void **state)
{
    char seed[32];

    (void)state;
    test_folder_file(cli_folder(), "a.lua",
                     "scenario('chance', function(t)\n"
                     "  expect(math.random(50)):never():equals(50) end)\n");
    CLI("run", cli_folder()->path, "--until-fail", "--seed", "1000");
    cli_code(1);
    struct view out = buf_view(&cli_end()->out);
    struct view got = view_skip(out, view_find(out, V(" 0 passed, 1 failed")));
    assert_true(got.len > 0);
    size_t from = (size_t)(got.ptr - out.ptr);
    while (out.ptr[from - 1] != ' ')
        from--;
    snprintf(seed, sizeof seed, "%.*s", (int)(got.ptr - out.ptr - (ptrdiff_t)from - 1),
             out.ptr + from);
    CLI("run", cli_folder()->path, "--seed", seed);
    cli_code(1);
    CLI("run", cli_folder()->path, "--seed", "1000");
    cli_code(0);
}

/* One that was excused as flaky and goes wrong for good: seeds 1 and 2, and those of their tries.
 */
static void what_a_round_was_excused_for_excuses_no_other(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "a.lua",
                     "scenario('a', function(t)\n"
                     "  if t.seed == 1 then t:fail('by chance') end\n"
                     "  if t.seed % (1 << 32) == 2 then t:slep(1) end\n"
                     "  expect(1):equals(1)\n"
                     "end)\n");
    CLI("run", cli_folder()->path, "--until-fail", "--for", "20s", "--seed", "1", "--retries", "1",
        "--flaky", "pass");
    cli_code(3);
    cli_said("run 2: seed 2, 0 passed, 1 failed\n");
}

/* The names that a plan has blackened are the same in each round. */
static void a_secret_name_stays_what_it_is(void **state)
{
    struct buf json = {0};
    const char *path = cli_path("a.json");

    (void)state;
    test_folder_file(cli_folder(), "a.lua",
                     "local word = secret('WORD')\n"
                     "scenario('knows ' .. word, function(t)\n"
                     "  expect(t.seed):never():equals(3)\n"
                     "end)\n");
    CLI("run", cli_folder()->path, "--until-fail", "--seed", "1", "--secret", "WORD=hunter22",
        "--json", path);
    cli_code(1);
    cli_said("run 3: seed 3, 0 passed, 1 failed\n");
    cli_said("knows ********");
    cli_read(path, &json);
    assert_true(view_find(buf_view(&json), V("\"id\":\"a.lua: knows ********\"")) < json.len);
    buf_deinit(&json);
}

static void rounds_end_when_their_time_is_over(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "a.lua", "scenario('a', function() expect(1):equals(1) end)\n");
    CLI("run", cli_folder()->path, "--for", "1us", "--seed", "7");
    cli_code(0);
    cli_said("run 1: seed 7, 1 passed\n");
    cli_unsaid("run 2");
    CLI("run", cli_folder()->path, "--for", "100ms", "--seed", "7");
    cli_code(0);
    cli_said("1 passed, 0 failed, 0 skipped in");
    test_folder_file(cli_folder(), "a.lua",
                     "scenario('a', { skip = 'not yet' }, function() end)\n");
    CLI("run", cli_folder()->path, "--until-fail");
    cli_code(0);
    cli_said("0 passed, 1 skipped\n");
    test_folder_file(cli_folder(), "b.lua", "scenario(");
    CLI("run", cli_folder()->path, "--until-fail");
    cli_code(3);
}

static void place_and_locale_change_nothing(void **state)
{
    static const char *const environment[] = {"TZ=Pacific/Chatham", "LANG=de_DE.UTF-8",
                                              "LC_ALL=de_DE.UTF-8", "COLUMNS=60", NULL};
    struct binary_start start = {.folder = "/", .environment = environment};
    struct buf here = {0}, there = {0};
    const char *path = cli_path("a.json");
    char root[4096];

    (void)state;
    assert_non_null(getcwd(root, sizeof root - sizeof "/" DATA "pass.lua"));
    strncat(root, "/" DATA "pass.lua", sizeof root - strlen(root) - 1);
    CLI("run", DATA "pass.lua", "--seed", "7", "--no-wall-clock", "--json", path, "--trace",
        cli_path("a.d"));
    cli_code(0);
    cli_read(path, &here);
    assert_true(cli_there(cli_path("a.d/pass_one-passes.pcap")));
    cli_run(&start, "run", root, "--seed", "7", "--no-wall-clock", "--json", path, "--trace",
            cli_path("b.d"), NULL);
    cli_code(0);
    cli_read(path, &there);
    assert_true(view_equal(buf_view(&here), buf_view(&there)));
    buf_deinit(&here);
    buf_deinit(&there);
}

/* The words of the last rerun line, without quotes; false: there is none. */
static bool rerun_words(char *room, size_t size, const char **words, size_t most)
{
    struct view out = buf_view(&cli_end()->out);
    size_t from = view_find(out, V("rerun: sipwright ")), count = 0;

    if (from == out.len)
        return false;
    struct view line = view_skip(out, from + sizeof "rerun: sipwright " - 1);
    line = view_head(line, view_find_char(line, '\n'));
    assert_true(line.len < size);
    bool quoted = false, in_word = false;
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] == '\'') {
            quoted = !quoted;
            continue;
        }
        if (line.ptr[i] == ' ' && !quoted) {
            *room++ = '\0';
            in_word = false;
            continue;
        }
        if (!in_word)
            words[count++] = room;
        in_word = true;
        *room++ = line.ptr[i];
        assert_true(count < most);
    }
    *room = '\0';
    words[count] = NULL;
    return true;
}

static void assert_repeats(const char *sentence)
{
    char room[1024];
    const char *words[24];

    cli_code(1);
    cli_said(sentence);
    assert_true(rerun_words(room, sizeof room, words, 23));
    cli_words(NULL, words);
    cli_code(1);
    cli_said(sentence);
    cli_said("0 passed, 1 failed, 0 skipped");
}

static void the_rerun_line_repeats_the_failure(void **state)
{
    (void)state;
    CLI("run", DATA "fail.lua", "--set", "A=it's");
    assert_repeats("expected \"idle\", got \"busy\"");
    CLI("run", DATA "loop.lua");
    assert_repeats("expected not 486, got 486");
    CLI("run", DATA "nested");
    cli_said("--root " DATA "nested\n");
    assert_repeats("expected \"hello\", got \"bye\"");
}

/* The first failure names the number that was drawn. */
static void the_rerun_line_brings_back_what_chance_did(void **state)
{
    char room[1024], drawn[64];
    const char *words[24];

    (void)state;
    CLI("run", DATA "chance.lua", "--repeat", "20");
    cli_code(1);
    assert_true(rerun_words(room, sizeof room, words, 23));
    struct view out = buf_view(&cli_end()->out);
    size_t at = view_find(out, V(", got "));
    assert_true(at < out.len);
    struct view got = view_skip(out, at);
    snprintf(drawn, sizeof drawn, "%.*s\n", VIEW_ARG(view_head(got, view_find_char(got, '\n'))));
    assert_true(strlen(drawn) > sizeof ", got \n");
    cli_words(NULL, words);
    cli_code(1);
    cli_said(drawn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(a_loop_in_c_costs_its_scenario_only),
        CLI_TEST(a_loop_at_the_top_level_is_a_file_that_does_not_load),
        CLI_TEST(a_worker_that_is_shot_is_an_error_and_one_that_crashes_is_our_fault),
        CLI_TEST(memory_has_a_limit),
        CLI_TEST(the_number_of_workers_changes_nothing),
        CLI_TEST(failures_may_be_limited),
        CLI_TEST(rounds_go_on_until_one_fails),
        CLI_TEST(the_seed_of_a_round_brings_it_back),
        CLI_TEST(what_a_round_was_excused_for_excuses_no_other),
        CLI_TEST(a_secret_name_stays_what_it_is),
        CLI_TEST(rounds_end_when_their_time_is_over),
        CLI_TEST(place_and_locale_change_nothing),
        CLI_TEST(the_rerun_line_repeats_the_failure),
        CLI_TEST(the_rerun_line_brings_back_what_chance_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
