/* A device that is not there, that dies, that does not answer: exit code 5 or 1, at once, and why.
 */
#include "harness/run/device_fixture.h"

#include "harness/host/clock.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

static const char asks[] = "scenario('asks', function(t)\n"
                           "  t:agent('alice'):options(t.dut):response(200)\n"
                           "end)\n"
                           "scenario('asks again', function(t)\n"
                           "  t:agent('alice'):options(t.dut):response(200)\n"
                           "end)\n";

/* The device is told to go by a MESSAGE, and to say nothing any more by another one. */
static const char device[] =
    "scenario('device', { net = 'real', allow = { '*->>*: *' } }, function(t)\n"
    "  local phone = t:agent('phone', { port = port })\n"
    "  t:spawn(function() phone:expect('MESSAGE') t:fail('told to go') end)\n"
    "  t:sleep('50s')\n"
    "end)\n"
    "scenario('mute', { net = 'real' }, function(t)\n"
    "  local phone = t:wire('phone', { port = port })\n"
    "  phone:ignore('*')\n"
    "  t:sleep('50s')\n"
    "end)\n";

static void suite_make(const char *keys, const char *scenarios)
{
    device_suite(device, scenarios,
                 "local device = '_device.lua'\n"
                 "return { targets = { phone = { uri = 'sip:phone@127.0.0.1:' .. port, %s } } }\n",
                 keys);
}

static void at_once(uint64_t began_us)
{
    if (clock_wall_us() - began_us > 10 * US_PER_S)
        fail_msg("it took %u s", (unsigned)((clock_wall_us() - began_us) / US_PER_S));
}

static void where_nothing_listens_there_is_no_verdict(void **state)
{
    uint64_t began_us = clock_wall_us();
    char uri[64];

    (void)state;
    suite_make("", asks);
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(5);
    cli_said("the target phone: it does not answer OPTIONS at udp:127.0.0.1:");
    cli_said("refused, nothing listens there");
    cli_said("0 passed, 0 failed, 0 skipped, 2 errors");
    snprintf(uri, sizeof uri, "sip:127.0.0.1:%u;transport=tcp", device_port());
    CLI("run", cli_path("s.lua"), "--target", uri);
    cli_code(5);
    cli_said("it does not answer OPTIONS at tcp:127.0.0.1:");
    at_once(began_us);
}

static void silence_is_waited_out_once(void **state)
{
    uint64_t began_us = clock_wall_us();

    (void)state;
    suite_make(
        "patience = '300ms', limits = { start = '3s' }, start = { sipwright, 'run', device .. "
        "':6', '--net', 'real' }",
        asks);
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(5);
    cli_said("its process runs, but it does not answer OPTIONS at udp:127.0.0.1:");
    cli_said("silence for 3 s; say ready = false of one that answers no OPTIONS");
    cli_said("the target phone is not there: see the first scenario that says so");
    at_once(began_us);
}

static void one_that_answers_no_options_may_say_so(void **state)
{
    (void)state;
    suite_make("ready = false, start = { sipwright, 'run', device .. ':6', '--net', 'real' }",
               "scenario('hears nothing', function(t)\n"
               "  local tx = t:agent('alice'):options(t.dut)\n"
               "  tx:expect_none('*', '1s')\n"
               "end)\n");
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_unsaid("does not answer OPTIONS");
}

static void a_uri_that_never_speaks_is_given_up_after_one_scenario(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)device_port())};
    int deaf = socket(AF_INET, SOCK_DGRAM, 0);
    char uri[64];

    (void)state;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(deaf, (struct sockaddr *)&address, sizeof address), 0);
    test_folder_file(cli_folder(), "s.lua",
                     "for i = 1, 5 do scenario('asks ' .. i, function(t)\n"
                     "  t:agent('alice'):options(t.dut):response(200, { within = '1s' })\n"
                     "end) end\n");
    snprintf(uri, sizeof uri, "sip:127.0.0.1:%u", device_port());
    CLI("run", cli_path("s.lua"), "--target", uri);
    close(deaf);
    cli_code(5);
    cli_said(": silence for 5 s, since 's.lua: asks 1'");
    cli_said("0 passed, 0 failed, 0 skipped, 4 errors, 1 inconclusive");
}

static void what_it_said_last_is_told(void **state)
{
    (void)state;
    suite_make("start = { 'sh', '-c', 'echo reading; echo \"no such file: \\27[1mphone.conf\" >&2; "
               "exit 3' }",
               asks);
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(5);
    cli_said("its process ended before it was ready: exit code 3; it said last: \"reading | no "
             "such file: [1mphone.conf\"");
}

static void who_is_there_already_is_not_taken_for_it(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)device_port())};
    int other = socket(AF_INET, SOCK_DGRAM, 0);

    (void)state;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(other, (struct sockaddr *)&address, sizeof address), 0);
    suite_make("start = { sipwright, 'run', device .. ':1', '--net', 'real' }", asks);
    CLI("run", cli_path("s.lua"), "--target", "phone");
    close(other);
    cli_code(5);
    cli_said("the target phone: another program listens at udp:127.0.0.1:");
    cli_said(" already, and would be taken for it");
}

static const char kills[] = "scenario('kills', function(t)\n"
                            "  local alice = t:agent('alice')\n"
                            "  alice:options(t.dut):response(200)\n"
                            "  alice:message(t.dut, 'go'):maybe('*', { within = '1s' })\n"
                            "  t:sleep('500ms')\n"
                            "  expect(1):equals(2)\n"
                            "end)\n"
                            "scenario('lives', function(t)\n"
                            "  t:agent('alice'):options(t.dut):response(200)\n"
                            "end)\n";

static void one_that_dies_is_started_again_and_the_rest_goes_on(void **state)
{
    (void)state;
    suite_make("start = { sipwright, 'run', device .. ':1', '--net', 'real' }", kills);
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(1);
    cli_said("the process of the target phone ended: exit code 1; it said last: ");
    cli_said("1 passed, 1 failed");
}

/* The shell goes on when what answers has gone: the program looks alive. */
static void one_that_answers_no_more_is_started_again(void **state)
{
    (void)state;
    suite_make("start = { 'sh', '-c', sipwright .. ' run ' .. device .. ':1 --net real; "
               "sleep 50' }",
               kills);
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(1);
    cli_said("1 passed, 1 failed");
}

/* Nobody of ours has started it: what comes after that is no verdict. */
static void one_that_has_gone_is_named_with_the_scenario_that_it_went_in(void **state)
{
    (void)state;
    suite_make(
        "reset = { 'true' }, patience = '1s',\n"
        "  start = { 'sh', '-c', '[ -e gone ] && exit 9; touch gone; exec ' .. sipwright ..\n"
        "            ' run ' .. device .. ':1 --net real' }",
        kills);
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(1);
    cli_said("the target phone: its process ended before it was ready: exit code 9");
    cli_said(", since 's.lua: kills'");
    cli_said("0 passed, 1 failed, 0 skipped, 1 error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(where_nothing_listens_there_is_no_verdict),
        CLI_TEST(silence_is_waited_out_once),
        CLI_TEST(one_that_answers_no_options_may_say_so),
        CLI_TEST(a_uri_that_never_speaks_is_given_up_after_one_scenario),
        CLI_TEST(what_it_said_last_is_told),
        CLI_TEST(who_is_there_already_is_not_taken_for_it),
        CLI_TEST(one_that_dies_is_started_again_and_the_rest_goes_on),
        CLI_TEST(one_that_answers_no_more_is_started_again),
        CLI_TEST(one_that_has_gone_is_named_with_the_scenario_that_it_went_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
