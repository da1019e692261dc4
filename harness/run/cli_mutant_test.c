/* --mutant: the device that the run plays breaks one rule. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static const char scenarios[] =
    "scenario('a cancelled call is refused', { covers = { 'STI-014' } }, function(t)\n"
    "  local call = t:agent('alice'):invite(t.dut)\n"
    "  call:wait('early')\n"
    "  call:cancel()\n"
    "  expect(call:expect('487 INVITE', { within = '2s' }).status):equals(487)\n"
    "end)\n"
    "scenario('OPTIONS are answered', function(t)\n"
    "  t:agent('alice'):options(t.dut):response(200)\n"
    "end)\n";

static const char mutants[] =
    "mutant('STI-014', 'no_487', { why = 'no 487 is sent',\n"
    "  on_send = function(m, dut) assert(dut.uri)\n"
    "    if m:is('487 INVITE') then return false end end,\n"
    "  also = { ['CAN-008'] = 'it waits', ['CAN-001'] = 'it does, too' } })\n"
    "mutant('UAS-010', 'no_tag', { why = 'no To tag', agent = { breaks = { 'no-tag' } } })\n"
    "mutant('UAS-010', 'tag_cut', { why = 'the To tag is cut off',\n"
    "  on_send = function(m) if m:is('200 OPTIONS') then\n"
    "    return m:with{ headers = { To = m:header('To'):gsub(';tag=.*', '') } } end end })\n"
    "mutant('UAS-010', 'deaf', { why = 'it hears no OPTIONS',\n"
    "  on_receive = function(m) if m:is('OPTIONS') then return false end end })\n";

static void suite_make(const char *text)
{
    test_folder_file(cli_folder(), "sipwright.lua", "return {}\n");
    test_folder_file(cli_folder(), "s.lua", scenarios);
    test_folder_sub(cli_folder(), "_mutants");
    test_folder_file(cli_folder(), "_mutants/uas.lua", text);
}

static void a_mutant_turns_its_scenario_red_and_says_so(void **state)
{
    (void)state;
    suite_make(mutants);
    CLI("run", cli_path("s.lua"), "--seed", "1", "--mutant", "STI-014.no_487");
    cli_code(1);
    cli_said("net sim   mutant STI-014.no_487   2 scenarios");
    cli_said("s.lua:1 --seed 1 --mutant STI-014.no_487");
    cli_said("swallowed by a hook");
    cli_said("1 passed, 1 failed");
    assert_false(cli_there(".sipwright"));
    CLI("run", cli_path("s.lua"), "--seed", "1", "--json", "-", "--mutant", "STI-014.no_487");
    cli_said("\"mutant\":\"STI-014.no_487\"");
    CLI("run", cli_path("s.lua"), "--seed", "1");
    cli_code(0);
    cli_unsaid("mutant");
}

static void what_it_receives_is_changed_likewise(void **state)
{
    (void)state;
    suite_make(mutants);
    CLI("run", cli_path("s.lua"), "--seed", "1", "--mutant", "UAS-010.deaf");
    cli_code(1);
    cli_said("✗ OPTIONS are answered");
    cli_said("1 passed, 1 failed");
}

/* An agent's hook is the script's own doing; what a mutant sends is the device's. */
static void the_monitor_judges_what_a_mutant_sends(void **state)
{
    static const char *const ids[] = {"UAS-010.no_tag", "UAS-010.tag_cut"};

    (void)state;
    suite_make(mutants);
    for (size_t i = 0; i < 2; i++) {
        CLI("run", cli_path("s.lua"), "--seed", "1", "--mutant", ids[i]);
        cli_code(1);
        cli_said("dut broke UAS-010b");
        cli_unsaid("where the scenario means it"); /* that would be an ERROR, and ours */
    }
}

static void they_are_listed(void **state)
{
    (void)state;
    suite_make(mutants);
    CLI("list", cli_path("."), "--mutants");
    cli_code(0);
    cli_said("STI-014.no_487                        no 487 is sent\n"
             "UAS-010.no_tag                        no To tag\n");
    CLI("list", cli_path("."), "--mutants", "--json");
    cli_said("{\"id\":\"STI-014.no_487\",\"row\":\"STI-014\",\"why\":\"no 487 is sent\",\"also\":["
             "\"CAN-001\",\"CAN-008\"],\"file\":\"_mutants/uas.lua\",\"line\":1}\n");
}

static void one_that_there_is_not_is_refused(void **state)
{
    (void)state;
    suite_make(mutants);
    CLI("run", cli_path("s.lua"), "--mutant", "STI-014.no_478");
    cli_code(2);
    cli_said("there is no mutant 'STI-014.no_478'; did you mean 'STI-014.no_487'?");
    CLI("run", cli_path("s.lua"), "--mutant", "q");
    cli_code(2);
    cli_said("'sipwright list --mutants' lists them");
    CLI("run", DATA "pass.lua", "--mutant", "STI-014.no_487");
    cli_code(2);
    cli_said("the suite has no folder _mutants with any");
}

static void a_real_device_has_no_mutants(void **state)
{
    (void)state;
    suite_make(mutants);
    CLI("run", cli_path("s.lua"), "--mutant", "STI-014.no_487", "--net", "real");
    cli_code(2);
    cli_said("'--mutant' is of the simulated device: leave out --target and --net real");
    CLI("run", cli_path("s.lua"), "--mutant", "STI-014.no_487", "--target", "sip:a@127.0.0.1");
    cli_code(2);
}

static void what_is_wrong_in_their_files_is_said(void **state)
{
    static const char *const rows[][2] = {
        {"mutant('STI-0144', 'a', { why = 'b', agent = {} })",
         "_mutants/uas.lua:1: mutant: the catalogue has no 'STI-0144'; did you mean"                                      },
        {"mutant('STI-014', 'A b', { why = 'b', agent = {} })",
         "the name of a mutant 'A b': small letters, digits and '_' only"                                                 },
        {"mutant('STI-014', 'a', { wy = 'b', agent = {} })",
         "unknown option 'wy' of mutant; did you mean 'why'?"                                                             },
        {"mutant('STI-014', 'a', { agent = {} })",                                           "a mutant says what is wrong"},
        {"mutant('STI-014', 'a', { why = 'b' })",                                            "a mutant breaks something"  },
        {"mutant('STI-014', 'a', { why = 'b', on_send = 1 })",
         "option 'on_send' of mutant is a function of the message and the device"                                         },
        {"mutant('STI-014', 'a', { why = 'b', agent = { breaks = { 'no-tagg' } } })",
         "unknown name 'no-tagg' in option 'breaks'; did you mean 'no-tag'?"                                              },
        {"mutant('STI-014', 'a', { why = 'b', agent = { port = 5060 } })",
         "unknown option 'port' of agent of a mutant"                                                                     },
        {"mutant('STI-014', 'a', { why = 'b', agent = {}, also = { ['CAN-0088'] = 'c' } })",
         "also: the catalogue has no 'CAN-0088'"                                                                          },
        {"mutant('STI-014', 'a', { why = 'b', agent = {}, also = { 'CAN-008' } })",
         "also wants reasons by row"                                                                                      },
        {"for i = 1, 2 do mutant('STI-014', 'a', { why = 'b', agent = {} }) end",
         "there is a mutant 'STI-014.a' at _mutants/uas.lua:1 already"                                                    },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        suite_make(rows[i][0]);
        CLI("list", cli_path("."), "--mutants");
        cli_code(2);
        cli_said(rows[i][1]);
    }
}

static void a_scenario_knows_nothing_of_mutants(void **state)
{
    (void)state;
    suite_make(mutants);
    test_folder_file(cli_folder(), "m.lua", "mutant('STI-014', 'a', {})\n");
    CLI("run", cli_path("m.lua"));
    cli_code(3);
    cli_said("unknown global 'mutant'");
    CLI("run", cli_path("m.lua"), "--mutant", "STI-014.no_487");
    cli_code(3);
    cli_said("unknown global 'mutant'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(a_mutant_turns_its_scenario_red_and_says_so),
        CLI_TEST(what_it_receives_is_changed_likewise),
        CLI_TEST(the_monitor_judges_what_a_mutant_sends),
        CLI_TEST(they_are_listed),
        CLI_TEST(one_that_there_is_not_is_refused),
        CLI_TEST(a_real_device_has_no_mutants),
        CLI_TEST(what_is_wrong_in_their_files_is_said),
        CLI_TEST(a_scenario_knows_nothing_of_mutants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
