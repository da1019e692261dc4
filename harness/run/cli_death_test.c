/* A device that dies in mid-suite: the scenario in which it did is named, and it is started again
 * where the target says how; else what is left is not waited for. One that says nothing at all, by
 * TCP too, is given up after the first question. */
#include "harness/run/device_fixture.h"
#include "harness/run/dying_fixture.h"

#include "harness/host/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

/* Three scenarios: one that passes, the one that `kills` says, and many that pass again. */
static void suite_make(const char *keys, const char *kills)
{
    char self[PATH_MAX] = {0}, scenarios[1500], config[PATH_MAX + 500];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    ASSERT(len > 0);
    snprintf(scenarios, sizeof scenarios,
             "local function asks(t) t:agent('alice'):options(t.dut):response(200) end\n"
             "scenario('asks', asks)\n"
             "scenario('kills', function(t)\n"
             "  asks(t)\n"
             "  local w = t:wire('w')\n"
             "  %s\n"
             "end)\n"
             "for i = 1, 40 do scenario('asks again ' .. i, asks) end\n",
             kills);
    snprintf(config, sizeof config,
             "local dying = '%s'\n"
             "return { targets = { phone = { uri = 'sip:phone@127.0.0.1:' .. port,\n"
             "  patience = '400ms', %s } } }\n",
             self, keys);
    device_suite("", scenarios, "%s", config);
}

#define STARTED "start = { dying, 'dying', '' .. port }"
#define SENT(method) "w:send(t.dut, { method = '" method "', uri = t.dut.uri })"

static void at_once(uint64_t began_us)
{
    if (clock_wall_us() - began_us > 10 * US_PER_S)
        fail_msg("it took %u s", (unsigned)((clock_wall_us() - began_us) / US_PER_S));
}

/* All its lines were content. */
static void who_killed_it_is_named_and_the_rest_goes_on(void **state)
{
    (void)state;
    suite_make(STARTED, SENT("MESSAGE"));
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(1);
    cli_said("✗ kills");
    cli_said("the process of the target phone ended: exit code 7");
    cli_said("41 passed, 1 failed, 0 skipped in");
}

static void what_the_scenario_found_is_told_besides(void **state)
{
    (void)state;
    suite_make(STARTED, SENT("MESSAGE") " w:expect('200 MESSAGE', { within = '100ms' })");
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(1);
    cli_said("ended: exit code 7; besides: w: expected 200 MESSAGE within 100 ms, nothing came");
    cli_said("41 passed, 1 failed, 0 skipped in");
}

/* Its process is there still. */
static void one_that_falls_silent_is_started_again(void **state)
{
    (void)state;
    suite_make(STARTED, SENT("INFO") " w:expect('200 INFO')");
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(1);
    cli_said("✗ kills");
    cli_said(
        "the target phone is not there any more: it does not answer OPTIONS at udp:127.0.0.1:");
    cli_said(": silence for 0.4 s");
    cli_said("41 passed, 1 failed, 0 skipped in");
}

static void nobody_starts_it_again_where_nobody_says_how(void **state)
{
    static const struct {
        const char *kills;
        int code;
        const char *said;
    } rows[] = {
        {SENT("MESSAGE") " w:expect('200 MESSAGE', { within = '100ms' })", 1,
         "1 passed, 1 failed, 0 skipped, 40 errors in"                                                                                     },
        {SENT("MESSAGE"),                                                  5, "2 passed, 0 failed, 0 skipped, 39 errors, 1 inconclusive in"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t began_us = clock_wall_us();
        suite_make("roles = { 'uas' }", rows[i].kills);
        pid_t device = dying_start(device_port());
        CLI("run", cli_path("s.lua"), "--target", "phone");
        dying_stop(device);
        cli_code(rows[i].code);
        cli_said("the target phone is not there any more: it does not answer OPTIONS at ");
        cli_said("refused, nothing listens there");
        cli_said("the target phone is not there, since 's.lua: kills': see the first scenario");
        cli_said(rows[i].said);
        at_once(began_us);
    }
}

static void by_tcp_it_is_given_up_as_soon(void **state)
{
    static const struct {
        bool listens;
        const char *keys, *said;
    } rows[] = {
        {false, "",                                                       "refused, nothing listens there"},
        {true,  "",                                                       ": silence for 0.4 s"           },
        {false, "limits = { start = '1s' }, start = { 'sleep', '50' }, ",
         "its process runs, but it does not answer OPTIONS at tcp:"                                       },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char keys[200];
        uint64_t began_us = clock_wall_us();
        snprintf(keys, sizeof keys, "%sready = 'tcp:' .. port", rows[i].keys);
        suite_make(keys, SENT("MESSAGE"));
        int silent = rows[i].listens ? dying_silent_start(device_port()) : -1;
        CLI("run", cli_path("s.lua"), "--target", "phone");
        if (silent >= 0)
            close(silent);
        cli_code(5);
        cli_said(rows[i].said);
        cli_said("the target phone is not there: see the first scenario that says so");
        cli_said("0 passed, 0 failed, 0 skipped, 42 errors in");
        at_once(began_us);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(who_killed_it_is_named_and_the_rest_goes_on),
        CLI_TEST(what_the_scenario_found_is_told_besides),
        CLI_TEST(one_that_falls_silent_is_started_again),
        CLI_TEST(nobody_starts_it_again_where_nobody_says_how),
        CLI_TEST(by_tcp_it_is_given_up_as_soon),
    };

    if (dying_is_asked(argc, argv))
        return dying_main(argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
