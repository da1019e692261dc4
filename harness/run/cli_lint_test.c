/* The built program from outside: captures of its own runs, judged. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const char digest_lua[] =
    "scenario('a registration', function(t)\n"
    "  local registrar = t:registrar('registrar', { domain = 'example.com', "
    "users = { alice = 'open sesame' } })\n"
    "  local alice = t:agent('alice', { uri = 'sip:alice@example.com', "
    "auth = { user = 'alice', password = 'open sesame' } })\n"
    "  alice:register(registrar):wait('registered')\n"
    "end)\n";

static const char *captured(void)
{
    test_folder_file(cli_folder(), "a.lua", digest_lua);
    CLI("run", cli_path("a.lua"), "--trace", cli_path("pcaps"), "--seed", "7");
    cli_code(0);
    return cli_path("pcaps/a_a-registration.pcap");
}

static void a_password_proves_the_credentials(void **state)
{
    const char *pcap = captured();
    (void)state;
    CLI("lint", pcap, "--user", "alice", "--password", "open sesame");
    cli_code(0);
    CLI("lint", pcap, "--user", "bob", "--password", "something else"); /* who is not there */
    cli_code(0);
    CLI("lint", pcap, "--user", "alice", "--password", "something else");
    cli_code(1);
    cli_said("MON-004");
    CLI("lint", pcap, "--user", "alice", "--password", "something else", "--ignore", "MON-004");
    cli_code(0);
}

static void a_user_and_a_password_go_together(void **state)
{
    (void)state;
    CLI("lint", "a.pcap", "--user", "alice");
    cli_code(2);
    cli_said("--user and --password go together");
    CLI("lint", "a.pcap", "--password", "x");
    cli_code(2);
    cli_said("--user and --password go together");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(a_password_proves_the_credentials),
        CLI_TEST(a_user_and_a_password_go_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
