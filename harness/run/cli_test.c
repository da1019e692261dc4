/* The built program from outside: exit codes, what it says, what it leaves. */
#include "harness/run/binary_fixture.h"
#include "harness/run/folder_fixture.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define DATA "harness/run/testdata/"

static struct test_folder folder;
static struct binary_end end;

static int setup(void **state)
{
    (void)state;
    test_folder_make(&folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    binary_end_free(&end);
    test_folder_remove(&folder);
    return 0;
}

static const char *at(const char *path)
{
    return test_folder_path(&folder, path);
}

#define RUN(...)                                                                                   \
    do {                                                                                           \
        binary_end_free(&end);                                                                     \
        binary_run(&end, NULL, __VA_ARGS__, NULL);                                                 \
    } while (0)

static void show_and_fail(const char *what)
{
    print_error("standard output:\n%sstandard error:\n%s", end.out.ptr, end.err.ptr);
    fail_msg("%s", what);
}

static void assert_code(int code)
{
    char text[64];

    snprintf(text, sizeof text, "exit code %d, expected %d", end.code, code);
    if (end.code != code)
        show_and_fail(text);
}

static void assert_said(const char *what)
{
    if (!binary_said(&end.out, what) && !binary_said(&end.err, what))
        show_and_fail(what);
}

static void assert_unsaid(const char *what)
{
    if (binary_said(&end.out, what) || binary_said(&end.err, what))
        show_and_fail(what);
}

static void read_file(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "rb");
    char *room;
    size_t len;

    if (file == NULL)
        fail_msg("there is no %s", path);
    while ((room = buf_room(out, 65536)) != NULL && (len = fread(room, 1, 65536, file)) > 0)
        out->len += len;
    fclose(file);
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

/* ---- exit codes ---- */

static void passing_gives_0(void **state)
{
    (void)state;
    RUN("run", DATA "pass.lua", "--seed", "7");
    assert_code(0);
    assert_said("seed 7");
    assert_said("2 passed, 0 failed, 0 skipped");
}

static void failing_gives_1_and_says_where(void **state)
{
    (void)state;
    RUN("run", DATA "fail.lua", "--seed", "7");
    assert_code(1);
    assert_said("expected \"idle\", got \"busy\"");
    assert_said("fail.lua:7");
    assert_said("rerun: sipwright run " DATA "fail.lua:5 --seed 7\n");
    assert_said("1 passed, 1 failed, 0 skipped");
}

static void nothing_but_a_verdict_is_green(void **state)
{
    static const struct {
        const char *grep, *said;
        int code;
    } rows[] = {
        {"asserts nothing",              "1 inconclusive",                1},
        {"is skipped",                   "0 passed, 0 failed, 1 skipped", 0},
        {"fails as foreseen",            "0 passed, 0 failed, 1 skipped", 0},
        {"passes against all foresight", "0 passed, 1 failed, 0 skipped", 1},
        {"misspells a method",           "did you mean 'sleep'?",         1},
        {"names what is not there",      "did you mean 'expect'?",        1},
        {"raises",                       "something broke",               1},
        {"is swallowed",                 "0 passed, 1 failed, 0 skipped", 1},
        {"lacks a precondition",         "1 inconclusive",                1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        RUN("run", DATA "verdicts.lua", "--grep", rows[i].grep);
        assert_code(rows[i].code);
        assert_said(rows[i].said);
    }
}

static void a_wrong_command_line_gives_2_and_a_mend(void **state)
{
    static const struct {
        const char *words[8];
        const char *said;
    } rows[] = {
        {{"rnu"},                                        "did you mean 'sipwright run'?"                },
        {{"run", "--sed", "7"},                          "did you mean '--seed'?"                       },
        {{"run", DATA "none.lua"},                       "there is no file or folder '" DATA "none.lua'"},
        {{"run", DATA "suite/calls:3"},                  "a line goes with a file"                      },
        {{"run", DATA "pass.lua", "--tag", "quik"},      "did you mean 'quick'?"                        },
        {{"run", DATA "pass.lua", "--tag", "quick &"},   "a tag is missing"                             },
        {{"run", DATA "pass.lua", "--grep", "("},        "--grep '('"                                   },
        {{"run", DATA "params.lua", "--set", "WANTD=1"}, "did you mean 'WANTED'?"                       },
        {{"run", DATA "pass.lua", "--target", "phone"},  "there is no sipwright.lua"                    },
        {{"run", DATA "pass.lua", "--target", "sip:"},   "is no SIP URI"                                },
        {{"run", DATA "suite", "--target", "phon"},      "did you mean 'phone'?"                        },
        {{"run", DATA "pass.lua", "--choice", "x=1"},    "the id of a choice"                           },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        binary_end_free(&end);
        binary_run_words(&end, NULL, rows[i].words);
        assert_code(2);
        assert_said(rows[i].said);
    }
}

static void a_folder_that_is_called_as_a_file_gives_2(void **state)
{
    (void)state;
    test_folder_sub(&folder, "calls.lua");
    RUN("run", at("calls.lua"));
    assert_code(2);
    assert_said("is a folder, not a file of scenarios");
}

static void a_wrong_configuration_gives_2_and_the_key(void **state)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"return { targets = {",                                                         "sipwright.lua:1: "                            },
        {"return 7",                                                                     "sipwright.lua: it returns no table"           },
        {"return { target = {} }",                                                       "unknown key 'target'; did you mean 'targets'?"},
        {"return { targets = { a = {} } }",                                              "targets.a: it has no uri"                     },
        {"return { targets = { a = { uri = 'x' } } }",
         "targets.a.uri: the target 'x' is no SIP URI"                                                                                  },
        {"return { targets = { a = { url = 'x' } } }",                                   "unknown key 'url'; did you mean 'uri'?"       },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', patience = 'x' } } }",
         "targets.a.patience: expected a duration"                                                                                      },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', roles = { 'uass' } } } }",
         "unknown role 'uass'; did you mean 'uas'?"                                                                                     },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', start = { 'x' } } } }",
         "targets.a.start: this version does not support it yet"                                                                        },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_folder_file(&folder, "sipwright.lua", rows[i].text);
        test_folder_file(&folder, "a.lua", "scenario('a', function() expect(1):equals(1) end)");
        RUN("run", folder.path);
        assert_code(2);
        assert_said(rows[i].said);
    }
}

static void a_file_that_does_not_load_gives_3_and_the_others_run(void **state)
{
    (void)state;
    RUN("run", DATA "syntax.lua", DATA "unknown_global.lua", DATA "pass.lua", DATA "fail.lua");
    assert_code(3);
    assert_said("syntax.lua:2");
    assert_said("')' expected near ':'");
    assert_said("unknown_global.lua:1");
    assert_said("unknown global 'scenaro'; did you mean 'scenario'?");
    assert_said("3 passed, 1 failed, 0 skipped, 2 errors");
    RUN("list", DATA "syntax.lua");
    assert_code(3);
    assert_said("syntax.lua:2");
}

static void nothing_selected_gives_4(void **state)
{
    (void)state;
    RUN("run", DATA "pass.lua", "--grep", "no such name");
    assert_code(4);
    RUN("run", DATA "empty.lua");
    assert_code(4);
    assert_said("register no scenario");
    RUN("run", folder.path);
    assert_code(4);
    assert_said("no file of scenarios");
}

static void a_report_that_cannot_be_written_gives_5_and_no_file(void **state)
{
    char path[256];

    (void)state;
    test_folder_file(&folder, "file", "");
    snprintf(path, sizeof path, "%s", at("file/junit.xml"));
    RUN("run", DATA "pass.lua", "--junit", path);
    assert_code(5);
    assert_said("cannot be written");
    RUN("run", DATA "pass.lua", "--json", folder.path);
    assert_code(5);
    RUN("run", DATA "pass.lua", "--json", "/dev/full");
    assert_code(5);
    RUN("run", DATA "pass.lua", "--trace", at("file"));
    assert_code(5);
    RUN("run", DATA "fail.lua", "--junit", path);
    assert_code(1);
}

static void an_output_that_refuses_gives_5(void **state)
{
    struct binary_start start = {.out_full = true};

    (void)state;
    binary_run(&end, &start, "run", DATA "pass.lua", NULL);
    assert_code(5);
}

static void signals_end_the_run_with_what_was_through(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct binary_start start = {.signal_after = "passes before it", .signal = signals[i]};
        struct buf junit = {0};
        char path[256];
        snprintf(path, sizeof path, "%s", at("junit.xml"));
        binary_end_free(&end);
        binary_run(&end, &start, "run", DATA "hang.lua", "--jobs", "1", "--junit", path, NULL);
        assert_code(128 + signals[i]);
        assert_said("interrupted");
        read_file(path, &junit);
        assert_true(view_find(buf_view(&junit), V("passes before it")) < junit.len);
        assert_int_equal(view_find(buf_view(&junit), V("passes after it")), junit.len);
        buf_deinit(&junit);
    }
}

/* ---- workers ---- */

static void a_loop_in_c_costs_its_scenario_only(void **state)
{
    (void)state;
    RUN("run", DATA "hang.lua", "--wall-limit", "1s", "--jobs", "2");
    assert_code(1);
    assert_said("it was still running after 1 s of real time, and was ended");
    assert_said("2 passed, 0 failed, 0 skipped, 1 error");
}

static void a_loop_at_the_top_level_is_a_file_that_does_not_load(void **state)
{
    (void)state;
    test_folder_file(&folder, "a.lua",
                     "string.find(string.rep('a', 40), string.rep('a-', 40) .. 'b')");
    test_folder_file(&folder, "b.lua", "scenario('b', function() expect(1):equals(1) end)");
    RUN("run", folder.path, "--wall-limit", "1s");
    assert_code(3);
    assert_said("its top level was still running after 1 s");
    assert_said("1 passed");
}

static void memory_has_a_limit(void **state)
{
    (void)state;
    RUN("run", DATA "greedy.lua", "--grep", "c wants all memory|f passes|e raises");
    assert_code(1);
    assert_said("memory limit was reached");
    assert_said("1 passed, 0 failed, 0 skipped, 2 errors");
}

static void run_to_json(const char *path, const char *jobs)
{
    RUN("run", DATA, "--grep-invert", "for ever|memory|hangs", "--seed", "7", "--no-wall-clock",
        "--json", path, "--root", "harness/run/testdata", "--jobs", jobs);
}

static void the_number_of_workers_changes_nothing(void **state)
{
    struct buf one = {0}, four = {0}, said = {0};
    char path[256];

    (void)state;
    snprintf(path, sizeof path, "%s", at("a.json"));
    run_to_json(path, "1");
    assert_code(3);
    buf_add(&said, buf_view(&end.out));
    read_file(path, &one);
    for (int i = 0; i < 3; i++) {
        run_to_json(path, "4");
        buf_clear(&four);
        read_file(path, &four);
        assert_true(view_equal(buf_view(&one), buf_view(&four)));
        assert_true(view_equal(buf_view(&said), buf_view(&end.out)));
    }
    assert_true(one.len > 1000);
    buf_deinit(&one);
    buf_deinit(&four);
    buf_deinit(&said);
}

static void place_and_locale_change_nothing(void **state)
{
    static const char *const environment[] = {"TZ=Pacific/Chatham", "LANG=de_DE.UTF-8",
                                              "LC_ALL=de_DE.UTF-8", "COLUMNS=60", NULL};
    struct binary_start start = {.folder = "/", .environment = environment};
    struct buf here = {0}, there = {0};
    char root[4096], path[256];

    (void)state;
    assert_non_null(getcwd(root, sizeof root - sizeof "/" DATA "pass.lua"));
    strncat(root, "/" DATA "pass.lua", sizeof root - strlen(root) - 1);
    snprintf(path, sizeof path, "%s", at("a.json"));
    RUN("run", DATA "pass.lua", "--seed", "7", "--no-wall-clock", "--json", path, "--trace",
        at("a.d"));
    assert_code(0);
    read_file(path, &here);
    assert_true(is_there(at("a.d/pass_one-passes.pcap")));
    binary_end_free(&end);
    binary_run(&end, &start, "run", root, "--seed", "7", "--no-wall-clock", "--json", path,
               "--trace", at("b.d"), NULL);
    assert_code(0);
    read_file(path, &there);
    assert_true(view_equal(buf_view(&here), buf_view(&there)));
    buf_deinit(&here);
    buf_deinit(&there);
}

/* ---- the line that repeats ---- */

/* The words of the last rerun line, without quotes; false: there is none. */
static bool rerun_words(char *room, size_t size, const char **words, size_t most)
{
    struct view out = buf_view(&end.out);
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

    assert_code(1);
    assert_said(sentence);
    assert_true(rerun_words(room, sizeof room, words, 23));
    binary_end_free(&end);
    binary_run_words(&end, NULL, words);
    assert_code(1);
    assert_said(sentence);
    assert_said("0 passed, 1 failed, 0 skipped");
}

static void the_rerun_line_repeats_the_failure(void **state)
{
    (void)state;
    RUN("run", DATA "fail.lua", "--set", "A=it's");
    assert_repeats("expected \"idle\", got \"busy\"");
    RUN("run", DATA "loop.lua");
    assert_repeats("expected not 486, got 486");
    RUN("run", DATA "nested");
    assert_said("--root " DATA "nested\n");
    assert_repeats("expected \"hello\", got \"bye\"");
}

/* The number behind "expected 0, got" and the drawn one's line do not change with the seed. */
static void the_rerun_line_brings_back_what_chance_did(void **state)
{
    char drawn[64];

    (void)state;
    RUN("run", DATA "chance.lua", "--repeat", "20");
    assert_code(1);
    char room[1024];
    const char *words[24];
    assert_true(rerun_words(room, sizeof room, words, 23));
    struct view out = buf_view(&end.out);
    struct view got = view_skip(out, view_find(out, V("drew ")));
    snprintf(drawn, sizeof drawn, "%.*s", VIEW_ARG(view_head(got, view_find_char(got, ' ') + 8)));
    binary_end_free(&end);
    binary_run_words(&end, NULL, words);
    assert_code(1);
    assert_said(drawn);
}

/* ---- choosing, trying again, stopping ---- */

static void a_line_chooses_the_scenario_around_it(void **state)
{
    (void)state;
    RUN("run", DATA "fail.lua:2");
    assert_code(0);
    assert_said("1 passed, 0 failed");
    RUN("run", DATA "fail.lua:7");
    assert_code(1);
    assert_said("0 passed, 1 failed");
    RUN("run", DATA "loop.lua:3");
    assert_said("2 passed, 1 failed");
}

static void tags_and_names_choose(void **state)
{
    (void)state;
    RUN("list", DATA "pass.lua", "--tag", "quick & !timer");
    assert_code(0);
    assert_said("one passes");
    assert_unsaid("another passes");
    RUN("list", DATA "pass.lua", "--grep", "^pass.lua: one");
    assert_said("one passes");
    assert_unsaid("another");
    RUN("list", DATA "pass.lua", "-k", "passes", "--grep-invert", "one");
    assert_said("another passes");
    assert_unsaid("one passes");
}

static void shards_part_the_whole(void **state)
{
    size_t lines = 0;

    (void)state;
    for (int i = 1; i <= 3; i++) {
        char shard[8];
        snprintf(shard, sizeof shard, "%d/3", i);
        RUN("list", DATA "verdicts.lua", "--shard", shard);
        for (size_t c = 0; c < end.out.len; c++)
            lines += end.out.ptr[c] == '\n';
    }
    assert_int_equal(lines, 9);
}

static void the_first_failure_stops_where_it_is_asked_to(void **state)
{
    (void)state;
    RUN("run", DATA "verdicts.lua", "--fail-fast", "--jobs", "1", "--grep", "is s|lacks|raises");
    assert_code(1);
    assert_said("is skipped");
    assert_said("is swallowed");
    assert_unsaid("lacks a precondition");
    assert_said("0 passed, 1 failed, 1 skipped in");
}

static void what_passes_at_a_second_try_is_flaky_and_not_green(void **state)
{
    char seed[16];
    bool seen = false;

    (void)state;
    for (int i = 1; i < 64 && !seen; i++) {
        snprintf(seed, sizeof seed, "%d", i);
        RUN("run", DATA "chance.lua", "--seed", seed, "--retries", "1", "--no-wall-clock");
        seen = binary_said(&end.out, "flaky");
        if (seen)
            assert_code(1);
    }
    assert_true(seen);
    assert_said("passed at try 2");
}

static void repetitions_have_names_and_seeds_of_their_own(void **state)
{
    (void)state;
    RUN("run", DATA "pass.lua", "--repeat", "3", "--seed", "5", "-k", "one");
    assert_code(0);
    assert_said("one passes [run 1]");
    assert_said("one passes [run 3]");
    assert_said("3 passed");
}

static void the_network_decides_what_is_skipped(void **state)
{
    (void)state;
    RUN("run", DATA "nets.lua");
    assert_code(0);
    assert_said("it is for the real network only");
    assert_said("1 passed, 0 failed, 1 skipped");
    RUN("run", DATA "nets.lua", "--net", "real");
    assert_code(0);
    assert_said("it is for the simulated network only");
    assert_said("1 passed, 0 failed, 1 skipped");
    RUN("list", DATA "suite", "--target", "phone", "--json");
    assert_said("\"skip\":\"phone does not claim 'tcp'\"");
}

/* ---- the rest ---- */

static void a_secret_is_nowhere(void **state)
{
    static const char *const environment[] = {"SIPWRIGHT_SECRET_PHONE=pa55word", NULL};
    struct binary_start start = {.environment = environment};
    struct buf json = {0};
    char path[256];

    (void)state;
    snprintf(path, sizeof path, "%s", at("a.json"));
    RUN("run", DATA "params.lua", "--secret", "PHONE=pa55word", "--set", "WANTED=no", "--json",
        path);
    assert_code(1);
    assert_unsaid("pa55word");
    read_file(path, &json);
    assert_true(json.len > 100);
    assert_int_equal(view_find(buf_view(&json), V("pa55word")), json.len);
    assert_true(view_find(buf_view(&json), V("********")) < json.len);
    binary_end_free(&end);
    binary_run(&end, &start, "run", DATA "params.lua", NULL);
    assert_code(0);
    buf_deinit(&json);
}

static void colours_are_asked_for_and_forbidden(void **state)
{
    static const char *const force[] = {"FORCE_COLOR=1", NULL};
    static const char *const both[] = {"FORCE_COLOR=1", "NO_COLOR=1", NULL};
    struct binary_start start = {.environment = force};

    (void)state;
    RUN("run", DATA "pass.lua");
    assert_unsaid("\033[");
    RUN("run", DATA "pass.lua", "--color", "always");
    assert_said("\033[");
    binary_end_free(&end);
    binary_run(&end, &start, "run", DATA "pass.lua", NULL);
    assert_said("\033[");
    start.environment = both;
    binary_end_free(&end);
    binary_run(&end, &start, "run", DATA "pass.lua", NULL);
    assert_unsaid("\033[");
}

static void version_and_help_say_what_they_should(void **state)
{
    (void)state;
    RUN("version");
    assert_code(0);
    assert_said("sipwright " SIPWRIGHT_VERSION "\n");
    RUN("--help");
    assert_code(0);
    assert_said("sipwright run [PATH[:LINE] ...]");
    RUN("help", "run");
    assert_code(0);
    assert_said("--no-wall-clock");
    binary_end_free(&end);
    binary_run(&end, NULL, NULL);
    assert_code(2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(passing_gives_0),
        TEST(failing_gives_1_and_says_where),
        TEST(nothing_but_a_verdict_is_green),
        TEST(a_wrong_command_line_gives_2_and_a_mend),
        TEST(a_folder_that_is_called_as_a_file_gives_2),
        TEST(a_wrong_configuration_gives_2_and_the_key),
        TEST(a_file_that_does_not_load_gives_3_and_the_others_run),
        TEST(nothing_selected_gives_4),
        TEST(a_report_that_cannot_be_written_gives_5_and_no_file),
        TEST(an_output_that_refuses_gives_5),
        TEST(signals_end_the_run_with_what_was_through),
        TEST(a_loop_in_c_costs_its_scenario_only),
        TEST(a_loop_at_the_top_level_is_a_file_that_does_not_load),
        TEST(memory_has_a_limit),
        TEST(the_number_of_workers_changes_nothing),
        TEST(place_and_locale_change_nothing),
        TEST(the_rerun_line_repeats_the_failure),
        TEST(the_rerun_line_brings_back_what_chance_did),
        TEST(a_line_chooses_the_scenario_around_it),
        TEST(tags_and_names_choose),
        TEST(shards_part_the_whole),
        TEST(the_first_failure_stops_where_it_is_asked_to),
        TEST(what_passes_at_a_second_try_is_flaky_and_not_green),
        TEST(repetitions_have_names_and_seeds_of_their_own),
        TEST(the_network_decides_what_is_skipped),
        TEST(a_secret_is_nowhere),
        TEST(colours_are_asked_for_and_forbidden),
        TEST(version_and_help_say_what_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
