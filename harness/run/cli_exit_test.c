/* The built program from outside: its exit codes, and what it says to them. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>

#include <cmocka.h>

static void passing_gives_0(void **state)
{
    (void)state;
    CLI("run", DATA "pass.lua", "--seed", "7");
    cli_code(0);
    cli_said("seed 7");
    cli_said("2 passed, 0 failed, 0 skipped");
}

static void failing_gives_1_and_says_where(void **state)
{
    (void)state;
    CLI("run", DATA "fail.lua", "--seed", "7");
    cli_code(1);
    cli_said("expected \"idle\", got \"busy\"");
    cli_said("fail.lua:7");
    cli_said("rerun: sipwright run " DATA "fail.lua:5 --seed 7\n");
    cli_said("1 passed, 1 failed, 0 skipped");
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
        {"misspells a method",           "did you mean 'sleep'?",         3},
        {"names what is not there",      "did you mean 'expect'?",        3},
        {"raises",                       "something broke",               1},
        {"is swallowed",                 "0 passed, 1 failed, 0 skipped", 1},
        {"draws no diagram",             "INVIT",                         3},
        {"hangs up twice",               "the state forbids this BYE",    1},
        {"lacks a precondition",         "1 inconclusive",                1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CLI("run", DATA "verdicts.lua", "--grep", rows[i].grep);
        cli_code(rows[i].code);
        cli_said(rows[i].said);
    }
}

static void a_rule_that_is_broken_gives_1_unless_it_is_off(void **state)
{
    (void)state;
    CLI("run", DATA "watched.lua");
    cli_code(1);
    cli_said("alice broke EVT-012");
    cli_said("RFC 6665 §3.1.2");
    cli_said("where the scenario means it, allow = {\"EVT-012\"} lets it");
    CLI("run", DATA "watched.lua", "--ignore", "EVT-012");
    cli_code(0);
    cli_unsaid("EVT-012:");
    CLI("run", DATA "watched.lua", "--ignore", "MSG-*", "--ignore", "EVT-*");
    cli_code(0);
    CLI("run", DATA "watched.lua", "--ignore", "EVT-999");
    cli_code(2);
    cli_said("--ignore: there is no rule 'EVT-999'");
}

static void a_wrong_command_line_gives_2_and_a_mend(void **state)
{
    static const struct {
        const char *words[8];
        const char *said;
    } rows[] = {
        {{"rnu"},                                                         "did you mean 'sipwright run'?"                },
        {{"run", "--sed", "7"},                                           "did you mean '--seed'?"                       },
        {{"run", DATA "none.lua"},                                        "there is no file or folder '" DATA "none.lua'"},
        {{"run", DATA "suite/calls:3"},                                   "a line goes with a file"                      },
        {{"run", DATA "pass.lua", "--tag", "quik"},                       "did you mean 'quick'?"                        },
        {{"run", DATA "pass.lua", "--tag", "quick &"},                    "a tag is missing"                             },
        {{"run", DATA "pass.lua", "--grep", "("},                         "--grep '('"                                   },
        {{"run", DATA "params.lua", "--set", "WANTD=1"},                  "did you mean 'WANTED'?"                       },
        {{"run", DATA "pass.lua", "--target", "phone"},                   "there is no sipwright.lua"                    },
        {{"run", DATA "pass.lua", "--target", "sip:"},                    "is no SIP URI"                                },
        {{"run", DATA "suite", "--target", "phon"},                       "did you mean 'phone'?"                        },
        {{"run", DATA "pass.lua", "--choice", "x=1"},                     "the id of a choice"                           },
        {{"run", DATA "pass.lua", "--net", "real", "--dns", "localhost"},
         "'--dns localhost': give an IP address"                                                                         },
        {{"run", DATA "pass.lua", "--dns", "127.0.0.1"},
         "'--dns' is for real sockets: add --net real"                                                                   },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cli_words(NULL, rows[i].words);
        cli_code(2);
        cli_said(rows[i].said);
    }
}

static void a_folder_that_is_called_as_a_file_gives_2(void **state)
{
    (void)state;
    test_folder_sub(cli_folder(), "calls.lua");
    CLI("run", cli_path("calls.lua"));
    cli_code(2);
    cli_said("is a folder, not a file of scenarios");
}

static void a_wrong_configuration_gives_2_and_the_key(void **state)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"return { targets = {",                                                                     "sipwright.lua:1: "                            },
        {"return 7",                                                                                 "sipwright.lua: it returns no table"           },
        {"return { target = {} }",                                                                   "unknown key 'target'; did you mean 'targets'?"},
        {"return { targets = { a = {} } }",                                                          "targets.a: it has no uri"                     },
        {"return { targets = { a = { uri = 'x' } } }",
         "targets.a.uri: the target 'x' is no SIP URI"                                                                                              },
        {"return { targets = { a = { url = 'x' } } }",                                               "unknown key 'url'; did you mean 'uri'?"       },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', patience = 'x' } } }",
         "targets.a.patience: expected a duration"                                                                                                  },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', roles = { 'uass' } } } }",
         "unknown role 'uass'; did you mean 'uas'?"                                                                                                 },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', exclude = { ['UAS-05'] = 'x' } } } }",
         "targets.a.exclude: the catalogue has no 'UAS-05'; did you mean 'UAS-005'?"                                                                },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', exclude = { X = '' } } } }",
         "targets.a.exclude: say why"                                                                                                               },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', accounts = { b = {} } } } }",
         "targets.a.accounts: each wants user and password"                                                                                         },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', dns = 'ns.example' } } }",
         "targets.a.dns: 'ns.example' is no IP address"                                                                                             },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', addresses = { tsl = 'x' } } } }",
         "targets.a.addresses: 'tsl' is no transport"                                                                                               },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', addresses = { tls = '::1' } } } }",
         "targets.a.addresses: '::1' is no IP address with a port"                                                                                  },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', tls = { cert = 'x' } } } }",
         "targets.a.tls: unknown key 'cert'; there are ca and ca_key"                                                                               },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', tls = {} } } }",
         "targets.a.tls: ca is missing"                                                                                                             },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', start = {} } } }",
         "targets.a.start: a program and its arguments"                                                                                             },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', reset = 'x' } } }",
         "targets.a.reset: expected a table, got a string"                                                                                          },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', ready = 'sctp:5061' } } }",
         "targets.a.ready: 'sctp:5061' is no place where it answers OPTIONS"                                                                        },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', ready = 'udp:99999' } } }",
         "is no place where it answers OPTIONS"                                                                                                     },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', actions = { call = 5 } } } }",
         "targets.a.actions: 'call' is a program and its arguments"                                                                                 },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', known_failures = 'none' } } }",
         "there is no such file"                                                                                                                    },
        {"return { targets = { a = { uri = 'sip:1@127.0.0.1', background = 'REGISTER' } } }",
         "targets.a.background: expected a table, got a string"                                                                                     },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_folder_file(cli_folder(), "sipwright.lua", rows[i].text);
        test_folder_file(cli_folder(), "a.lua",
                         "scenario('a', function() expect(1):equals(1) end)");
        CLI("run", cli_folder()->path);
        cli_code(2);
        cli_said(rows[i].said);
    }
}

static void a_file_that_does_not_load_gives_3_and_the_others_run(void **state)
{
    (void)state;
    CLI("run", DATA "syntax.lua", DATA "unknown_global.lua", DATA "pass.lua", DATA "fail.lua");
    cli_code(3);
    cli_said("syntax.lua:2");
    cli_said("')' expected near ':'");
    cli_said("unknown_global.lua:1");
    cli_said("unknown global 'scenaro'; did you mean 'scenario'?");
    cli_said("3 passed, 1 failed, 0 skipped, 2 errors");
    CLI("list", DATA "syntax.lua");
    cli_code(3);
    cli_said("syntax.lua:2");
}

/* A count would wrap at 256, and be green. */
static void however_many_fail_gives_1(void **state)
{
    (void)state;
    test_folder_file(
        cli_folder(), "many.lua",
        "for i = 1, 256 do scenario('s' .. i, function() expect(i):equals(0) end) end");
    CLI("run", cli_path("many.lua"), "--quiet");
    cli_code(1);
    cli_said("0 passed, 256 failed, 0 skipped");
}

/* 70 before 3 before 1 before 5: what is ours to mend, then what is theirs, then what is nobody's.
 */
static void of_several_the_first_by_their_order_is_given(void **state)
{
    static const struct {
        const char *words[10];
        int code;
    } rows[] = {
        {{"run", DATA "murder.lua", DATA "syntax.lua", DATA "fail.lua", "--unsafe"},         70},
        {{"run", DATA "syntax.lua", DATA "fail.lua", "--junit", "/dev/full"},                3 },
        {{"run", DATA "fail.lua", "--junit", "/dev/full"},                                   1 },
        {{"run", DATA "device.lua", DATA "fail.lua", "--net", "real", "-k", "c wants|it f"}, 1 },
        {{"run", DATA "pass.lua", "--junit", "/dev/full"},                                   5 },
        {{"run", DATA "pass.lua", "--junit", "/dev/full", "--grep", "none of them"},         4 },
        {{"run", DATA "syntax.lua", "--tag", "quik"},                                        2 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cli_words(NULL, rows[i].words);
        cli_code(rows[i].code);
    }
}

static void nothing_selected_gives_4(void **state)
{
    (void)state;
    CLI("run", DATA "pass.lua", "--grep", "no such name");
    cli_code(4);
    CLI("run", DATA "empty.lua");
    cli_code(4);
    cli_said("register no scenario");
    CLI("run", cli_folder()->path);
    cli_code(4);
    cli_said("no file of scenarios");
}

/* One that nobody asks whether it is there: it is not. */
static const char *quiet_target(void)
{
    test_folder_file(
        cli_folder(), "sipwright.lua",
        "return { targets = { quiet = { uri = 'sip:1@127.0.0.1:9', ready = false } } }");
    test_folder_file(cli_folder(), "device.lua",
                     "scenario('a calls the device', function(t)\n"
                     "  t:agent('alice'):options(t.dut):expect('200')\n"
                     "end)\n"
                     "scenario('b leaves the device alone', function(t)\n"
                     "  expect(1):equals(1)\n"
                     "end)\n");
    return cli_path("device.lua");
}

static void nothing_selected_may_be_meant(void **state)
{
    (void)state;
    CLI("run", DATA "pass.lua", "--grep", "no such name", "--pass-with-no-tests");
    cli_code(0);
    cli_said("no scenario is selected");
    CLI("run", quiet_target(), "--target", "quiet", "-k", "b leaves", "--pass-with-no-tests");
    cli_code(0);
    CLI("run", DATA "fail.lua", "--pass-with-no-tests");
    cli_code(1);
}

/* Of two scenarios at most seven shards of nine have any; all of them leave their reports. */
static void a_shard_without_scenarios_passes_and_leaves_its_report(void **state)
{
    size_t empty = 0, passed = 0;

    (void)state;
    for (uint32_t i = 1; i <= 9; i++) {
        struct buf json = {0};
        const char *path = cli_path("a.json");
        char shard[8], words[64];
        snprintf(shard, sizeof shard, "%u/9", (unsigned)i);
        CLI("run", DATA "pass.lua", "--shard", shard, "--json", path);
        cli_code(0);
        empty += binary_said(&cli_end()->err, "the others have all 2");
        cli_read(path, &json);
        snprintf(words, sizeof words, "\"shard\":%u,\"shards\":9", (unsigned)i);
        assert_true(view_find(buf_view(&json), view_of(words)) < json.len);
        passed += view_find(buf_view(&json), V("\"passed\":1")) < json.len ? 1U : 0;
        passed += view_find(buf_view(&json), V("\"passed\":2")) < json.len ? 2U : 0;
        buf_deinit(&json);
    }
    assert_true(empty >= 7);
    assert_int_equal(passed, 2);
    CLI("run", DATA "pass.lua", "--shard", "1/2", "--grep", "no such name");
    cli_code(4);
}

static void the_environment_says_which_shard(void **state)
{
    static const char *const whole[] = {"CI_NODE_INDEX=1", "CI_NODE_TOTAL=1", NULL};
    static const char *const half[] = {"JOB_COMPLETION_INDEX=1", NULL};
    struct binary_start start = {.environment = whole};

    (void)state;
    cli_run(&start, "run", DATA "pass.lua", "--shard", "auto", NULL);
    cli_code(0);
    cli_said("shard 1/1   2 scenarios");
    start.environment = half;
    cli_run(&start, "run", DATA "pass.lua", "--shard", "auto", NULL);
    cli_code(2);
    cli_said("SIPWRIGHT_SHARDS is not: set both");
    CLI("list", DATA "pass.lua", "--shard", "auto");
    cli_code(2);
    cli_said("finds no shard in the environment");
}

static void a_report_that_cannot_be_written_gives_5(void **state)
{
    (void)state;
    CLI("run", DATA "pass.lua", "--json", "/dev/full");
    cli_code(5);
    cli_said("--json /dev/full cannot be written: No space left on device; make room");
    CLI("run", DATA "fail.lua", "--junit", "/dev/full");
    cli_code(1);
}

static void what_the_environment_refuses_gives_5(void **state)
{
    (void)state;
    CLI("run", DATA "device.lua", "--net", "real", "-k", "c wants");
    cli_code(5);
    cli_said("cannot be set up");
    CLI("run", quiet_target(), "--target", "quiet", "-k", "a calls");
    cli_code(5);
    cli_said("nothing came from the device, sip:1@127.0.0.1:9");
    cli_said("1 inconclusive");
    cli_said("--target quiet\n");
    CLI("run", DATA "device.lua", DATA "fail.lua", "--net", "real", "-k", "c wants|it fails");
    cli_code(1);
}

static void a_target_that_nothing_was_asked_of_gives_4(void **state)
{
    (void)state;
    CLI("run", quiet_target(), "--target", "quiet", "-k", "b leaves");
    cli_code(4);
    cli_said("it does not use the device under test");
    cli_said("no scenario put the target to the test");
}

static void an_output_that_refuses_gives_5(void **state)
{
    struct binary_start start = {.out_full = true};

    (void)state;
    cli_run(&start, "run", DATA "pass.lua", NULL);
    cli_code(5);
}

static void signals_end_the_run_with_what_was_through(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct binary_start start = {.signal_after = "passes before it", .signal = signals[i]};
        struct buf junit = {0};
        const char *path = cli_path("junit.xml");
        cli_run(&start, "run", DATA "hang.lua", "--jobs", "1", "--junit", path, NULL);
        cli_code(128 + signals[i]);
        cli_said("not run: c passes after it\ninterrupted: 2 of 3 scenarios ran\n");
        cli_read(path, &junit);
        assert_true(view_find(buf_view(&junit), V("passes before it")) < junit.len);
        assert_int_equal(view_find(buf_view(&junit), V("passes after it")), junit.len);
        buf_deinit(&junit);
    }
}

/* What had happened before somebody lost patience had come to the parent by then. */
static void an_interrupted_scenario_shows_what_it_was_at(void **state)
{
    struct binary_start start = {.signal_after = "now it waits", .signal = SIGINT};

    (void)state;
    cli_run(&start, "run", DATA "wait.lua", "--net", "real", "--unsafe", NULL);
    cli_code(130);
    cli_said("the run was interrupted while it ran");
    cli_said("INVITE ---");
    cli_said("180 ");
    cli_said("0 passed, 0 failed, 0 skipped, 1 error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(passing_gives_0),
        CLI_TEST(failing_gives_1_and_says_where),
        CLI_TEST(nothing_but_a_verdict_is_green),
        CLI_TEST(a_rule_that_is_broken_gives_1_unless_it_is_off),
        CLI_TEST(a_wrong_command_line_gives_2_and_a_mend),
        CLI_TEST(a_folder_that_is_called_as_a_file_gives_2),
        CLI_TEST(a_wrong_configuration_gives_2_and_the_key),
        CLI_TEST(a_file_that_does_not_load_gives_3_and_the_others_run),
        CLI_TEST(however_many_fail_gives_1),
        CLI_TEST(of_several_the_first_by_their_order_is_given),
        CLI_TEST(nothing_selected_gives_4),
        CLI_TEST(nothing_selected_may_be_meant),
        CLI_TEST(a_shard_without_scenarios_passes_and_leaves_its_report),
        CLI_TEST(the_environment_says_which_shard),
        CLI_TEST(a_report_that_cannot_be_written_gives_5),
        CLI_TEST(what_the_environment_refuses_gives_5),
        CLI_TEST(a_target_that_nothing_was_asked_of_gives_4),
        CLI_TEST(an_output_that_refuses_gives_5),
        CLI_TEST(signals_end_the_run_with_what_was_through),
        CLI_TEST(an_interrupted_scenario_shows_what_it_was_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
