/* What is misspelt is answered by what was meant: each row is a line of a scenario, or a word of
 * the command line, and the mend that must be said. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_misspelt_word_of_a_scenario_gets_its_mend(void **state)
{
    static const struct {
        const char *line, *said;
    } rows[] = {
        {"alice:invtie(bob)",                                          "did you mean 'invite'?"        },
        {"alice:expect_requst('INVITE')",                              "did you mean 'expect_request'?"},
        {"t:slep('1s')",                                               "did you mean 'sleep'?"         },
        {"t:agent('carol', { trasport = 'tcp' })",                     "did you mean 'transport'?"     },
        {"t:agent('carol', { transport = 'tpc' })",                    "did you mean 'tcp'?"           },
        {"t:agent('carol', { timers = { T11 = '1s' } })",              "did you mean 'T1'?"            },
        {"t:agent('carol', { manual = { 'BEY' } })",                   "did you mean 'BYE'?"           },
        {"t:registrar('reg', { min_expire = 60 })",                    "did you mean 'min_expires'?"   },
        {"alice:options(bob, { hedaers = {} })",                       "did you mean 'headers'?"       },
        {"alice:options(bob):response('200 OPTOINS')",                 "did you mean OPTIONS?"         },
        {"alice:options(bob):response('200 [Max-Fowards = 70]')",      "did you mean"                  },
        {"alice:invite(bob):wait('confimed')",                         "did you mean 'confirmed'?"     },
        {"alice:invite(bob):expect(180, { witin = '2s' })",            "did you mean 'within'?"        },
        {"alice:invite(bob):cancle()",                                 "did you mean 'cancel'?"        },
        {"expect(1):equal(1)",                                         "did you mean 'equals'?"        },
        {"expect(alice:options(bob):response(200).from.tga):exists()", "did you mean 'tag'?"           },
        {"expect(alice:options(bob):response(200).form):exists()",     "did you mean 'From'?"          },
        {"t.net:dorp('alice->>bob: BYE', 1)",                          "did you mean 'drop'?"          },
        {"t.net:link('alice', 'bob', { latecny = '40ms' })",           "did you mean 'latency'?"       },
        {"t:flow [[\nalice->>bbo: INVITE\n]]",                         "did you mean 'bob'?"           },
        {"t:flow [[\nalice->>bob: INVIET\n]]",                         "did you mean INVITE?"          },
        {"sip.respone(nil, 200)",                                      "did you mean 'response'?"      },
        {"alice:auto { anwser = '1s' }",                               "did you mean 'answer'?"        },
        {"t.dut:trigger('anwser')",                                    "did you mean 'answer'?"        },
        {"scenaro('x')",                                               "did you mean 'scenario'?"      },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[400];
        snprintf(
            text, sizeof text,
            "scenario('s', function(t)\n local alice, bob = t:agents('alice', 'bob')\n %s\nend)\n",
            rows[i].line);
        test_folder_file(cli_folder(), "a.lua", text);
        CLI("run", cli_path("a.lua"));
        cli_said(rows[i].said);
        cli_code(3);
    }
}

static void a_misspelt_option_of_a_scenario_gets_its_mend(void **state)
{
    static const struct {
        const char *options, *said;
    } rows[] = {
        {"tag = { 'uas' }",         "did you mean 'tags'?"     },
        {"timout = '1s'",           "did you mean 'timeout'?"  },
        {"needs = { '100rle' }",    "did you mean '100rel'?"   },
        {"needs = { 'registar' }",  "did you mean 'registrar'?"},
        {"net = 'rael'",            "is none of"               },
        {"allow = { 'MSG-0133' }",  "did you mean 'MSG-013'?"  },
        {"covers = { 'CTI-0011' }", "did you mean 'CTI-001'?"  },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[400];
        snprintf(text, sizeof text, "scenario('s', { %s }, function(t) t:sleep(1) end)\n",
                 rows[i].options);
        test_folder_file(cli_folder(), "a.lua", text);
        CLI("run", cli_path("a.lua"));
        cli_said(rows[i].said);
        cli_code(3);
    }
}

static void a_misspelt_word_of_the_command_line_gets_its_mend(void **state)
{
    static const struct {
        const char *words[6];
        const char *said;
    } rows[] = {
        {{"rnu"},                                          "did you mean 'sipwright run'?"},
        {{"run", DATA "pass.lua", "--fial-fast"},          "did you mean '--fail-fast'?"  },
        {{"run", DATA "pass.lua", "--tag", "quik"},        "did you mean 'quick'?"        },
        {{"run", DATA "pass.lua", "--net", "rael"},        "give one of sim|real"         },
        {{"run", DATA "pass.lua", "--color", "alwyas"},    "give one of auto|always|never"},
        {{"run", DATA "params.lua", "--set", "WANTD=1"},   "did you mean 'WANTED'?"       },
        {{"run", DATA "suite", "--target", "phon"},        "did you mean 'phone'?"        },
        {{"run", DATA "pass.lua", "--ignore", "MSG-0133"}, "did you mean 'MSG-013'?"      },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cli_words(NULL, rows[i].words);
        cli_said(rows[i].said);
        cli_code(2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(a_misspelt_word_of_a_scenario_gets_its_mend),
        CLI_TEST(a_misspelt_option_of_a_scenario_gets_its_mend),
        CLI_TEST(a_misspelt_word_of_the_command_line_gets_its_mend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
