/* `sipwright probe` and `doctor` before a device that is another sipwright. */
#include "harness/run/device_fixture.h"

#include "harness/host/child.h"
#include "harness/host/clock.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static struct child device;

static const char script[] =
    "scenario('device', { net = 'real', allow = { '*->>*: *', 'other->>*: *' } }, function(t)\n"
    "  t:agent('phone', { port = port, transport = { 'udp', 'tcp' } })\n"
    "  t:agent('secure', { port = port + 1, transport = 'tls', tls = { cert = { san = "
    "'example.com' } } "
    "})\n"
    "  t:sleep('50s')\n"
    "end)\n";

static const char *uri(void)
{
    static char room[64];

    snprintf(room, sizeof room, "sip:100@127.0.0.1:%u", device_port());
    return room;
}

/* Until it answers, or for ten seconds. */
static int device_start(void **state)
{
    char sipwright[PATH_MAX], path[PATH_MAX];
    struct buf complaint = {0};
    uint64_t began_us = clock_wall_us();

    if (cli_setup(state) != 0)
        return 1;
    binary_path(sipwright);
    device_file("_device.lua", script);
    snprintf(path, sizeof path, "%s", cli_path("_device.lua"));
    const char *argv[] = {sipwright, "run", path, "--net", "real", NULL};
    enum err err = child_start(&device, &(struct child_options){.argv = argv}, &complaint);
    buf_deinit(&complaint);
    do
        CLI("probe", uri(), "--patience", "500ms");
    while (err == ERR_OK && cli_end()->code != 0 && clock_wall_us() < began_us + 10 * US_PER_S);
    return err != ERR_OK || cli_end()->code != 0;
}

static int device_stop(void **state)
{
    child_close(&device);
    return cli_teardown(state);
}

static void a_device_says_what_it_is(void **state)
{
    char tls[64];

    (void)state;
    CLI("probe", uri());
    cli_code(0);
    snprintf(tls, sizeof tls, "tls  127.0.0.1:%u", device_port() + 1);
    cli_said(tls);
    cli_said(", TLSv1.3, certificate for example.com");
    cli_said("Allow: INVITE, ACK");
    cli_said("Supported: 100rel, timer");
    assert_true(binary_said(&cli_end()->out, "return {")); /* the draft, and no more, to be kept */
    assert_false(binary_said(&cli_end()->err, "return {"));
}

static void its_draft_loads_and_runs(void **state)
{
    (void)state;
    char draft[PATH_MAX], tests[PATH_MAX];
    snprintf(draft, sizeof draft, "%s", cli_path("sipwright.lua"));
    snprintf(tests, sizeof tests, "%s", cli_path("s.lua"));
    CLI("probe", uri(), "-o", draft, "--name", "desk-phone");
    cli_code(0);
    test_folder_file(
        cli_folder(), "s.lua",
        "scenario('asks', { needs = { 'uas', 'tcp', 'tls', '100rel' } }, function(t)\n"
        "  t:agent('alice'):options(t.dut):response(200)\n"
        "  t:agent('bob', { transport = 'tcp' }):options(t.dut):response(200)\n"
        "end)\n"
        "scenario('may not', { needs = { 'gruu' } }, function(t) t.dut:at('x') end)\n");
    CLI("run", tests, "--target", "desk-phone");
    cli_code(0);
    cli_said("desk-phone does not claim 'gruu'");
    cli_said("1 passed, 0 failed, 1 skipped");
    CLI("probe", uri(), "-o", draft);
    cli_code(5);
    cli_said("File exists; take another name");
    CLI("doctor", cli_path(""), "--target", "desk-phone");
    cli_said("\xe2\x9c\x93 target     OPTIONS at udp:127.0.0.1:");
    cli_code(0);
}

static void where_nobody_is_there_is_no_draft(void **state)
{
    (void)state;
    char draft[PATH_MAX];
    snprintf(draft, sizeof draft, "%s", cli_path("sipwright.lua"));
    CLI("probe", "sip:127.0.0.1:9", "-o", draft);
    cli_code(5);
    cli_said("udp  127.0.0.1:9            refused");
    cli_said("tls  127.0.0.1:10           refused");
    cli_said("nothing answers there");
    assert_false(cli_there("sipwright.lua"));
}

static void what_is_no_device_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *words[4], *said;
    } rows[] = {
        {{"probe"},                                    "probe wants the URI of one device"},
        {{"probe", "100@127.0.0.1"},                   "'100@127.0.0.1' is no SIP URI"    },
        {{"probe", "sip:phone.example.com"},           "give its IP address in place of"  },
        {{"probe", "sip:127.0.0.1", "--bind", "here"}, "--bind: 'here' is no IP address"  },
        {{"probe", "sip:127.0.0.1", "--name=a b"},     "--name: letters, digits"          },
        {{"probe", "sip:127.0.0.1", "--outptu=x"},     "did you mean '--output'?"         },
        {{"prob"},                                     "did you mean 'sipwright probe'?"  },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cli_words(NULL, (const char *[]){rows[i].words[0], rows[i].words[1], rows[i].words[2],
                                         rows[i].words[3], NULL});
        cli_code(2);
        cli_said(rows[i].said);
    }
}

static void the_doctor_looks_at_this_machine(void **state)
{
    static const char *const checks[] = {"udp",     "tcp",    "tls",       "websocket", "ipv6",
                                         "ports",   "clock",  "timers",    "limits",    "cores",
                                         "entropy", "folder", "resolvers", "capture",   "curl"};
    char line[64];

    (void)state;
    CLI("doctor", "--json");
    cli_code(0);
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        snprintf(line, sizeof line, "{\"v\":1,\"check\":\"%s\",\"health\":", checks[i]);
        cli_said(line);
    }
    cli_unsaid("\"health\":\"bad\"");
}

static void the_doctor_says_how_to_mend_what_is_bad(void **state)
{
    (void)state;
    CLI("doctor", "--target", "sip:127.0.0.1:9");
    cli_code(5);
    cli_said("\xe2\x9c\x97 target     OPTIONS at udp:127.0.0.1:9: refused");
    cli_said("    mend: see that it is up");
    CLI("doctor", cli_path(""), "--target", "phone");
    cli_code(5);
    cli_said("there is no sipwright.lua that names it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_device_says_what_it_is, device_start, device_stop),
        cmocka_unit_test_setup_teardown(its_draft_loads_and_runs, device_start, device_stop),
        CLI_TEST(where_nobody_is_there_is_no_draft),
        CLI_TEST(what_is_no_device_is_refused),
        CLI_TEST(the_doctor_looks_at_this_machine),
        CLI_TEST(the_doctor_says_how_to_mend_what_is_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
