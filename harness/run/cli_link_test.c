/* --link: the scenarios on a network that loses, copies and delays. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

/* What a stack would send again is sent again for a wire: requests, answers, ACKs. */
static void wires_come_through(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "s.lua",
                     "scenario('a wire calls', function(t)\n"
                     "  local a, w = t:agent('a'), t:wire('w')\n"
                     "  w:ignore('100')\n"
                     "  local invite = w:send(a, { method = 'INVITE', uri = a.uri, sdp = sip.sdp{ "
                     "address = '10.0.0.9' } })\n"
                     "  local call = a:expect_invite()\n"
                     "  call:answer()\n"
                     "  local dialog = sip.dialog(invite, w:expect('200 INVITE'))\n"
                     "  w:send(a, dialog:ack())\n"
                     "  call:wait('confirmed')\n"
                     "  w:send(a, dialog:request('BYE'))\n"
                     "  w:expect('200 BYE')\n"
                     "end)\n"
                     "scenario('a wire is called', function(t)\n"
                     "  local a, w = t:agent('a'), t:wire('w')\n"
                     "  local call = a:invite(w)\n"
                     "  local invite = w:expect('INVITE')\n"
                     "  w:reply(invite, 180, { to_tag = 'w', contact = w.uri })\n"
                     "  call:wait('early')\n"
                     "  w:reply(invite, 200, { to_tag = 'w', contact = w.uri, sdp = sip.sdp{ "
                     "address = '10.0.0.9' } })\n"
                     "  w:expect('ACK')\n"
                     "  call:bye()\n"
                     "  w:reply(w:expect('BYE'), 200)\n"
                     "  call:wait('terminated')\n"
                     "end)\n");
    CLI("run", cli_path("s.lua"), "--seed", "1", "--repeat", "40", "--quiet", "--link",
        "loss=20%,duplicate=5%,reorder=5%,jitter=5ms");
    cli_said("80 passed, 0 failed");
    cli_code(0);
}

static void what_is_wrong_fails_all_the_same_and_the_run_says_on_which_network(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "s.lua",
                     "scenario('wrong', function(t)\n"
                     "  local a, w = t:agent('a'), t:wire('w')\n"
                     "  w:send(a, { method = 'OPTIONS', uri = a.uri })\n"
                     "  w:expect('404 OPTIONS')\n"
                     "end)\n");
    CLI("run", cli_path("s.lua"), "--seed", "1", "--link", "jitter=5ms");
    cli_code(1);
    cli_said("net sim   link jitter=5ms   1 scenario");
    cli_said("w: expected 404 OPTIONS within 32 s, got only 200 OK to OPTIONS");
    cli_said("--seed 1 --link jitter=5ms");
    CLI("run", cli_path("s.lua"), "--seed", "1", "--link", "jitter=5ms", "--json", "-");
    cli_said("\"link\":\"jitter=5ms\"");
}

/* How often something is said, and when, is that network's doing as much as anybody's. */
static void a_count_is_inconclusive(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "s.lua",
                     "scenario('counts', function(t)\n"
                     "  local a, w = t:agent('a'), t:wire('w')\n"
                     "  w:send(a, { method = 'OPTIONS', uri = a.uri })\n"
                     "  w:expect('200 OPTIONS')\n"
                     "  expect(#t:messages('a->>w: 200')):equals(7)\n"
                     "end)\n");
    CLI("run", cli_path("s.lua"), "--seed", "1", "--link", "loss=1%");
    cli_said("1 inconclusive");
    cli_said("hint: on a network as --link makes it a count, a time or a silence proves little");
    CLI("run", cli_path("s.lua"), "--seed", "1");
    cli_said("1 failed");
}

/* Nobody says a 180 again: who waits for one that was lost cannot know. */
static void what_was_lost_and_is_not_said_again_is_inconclusive(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "s.lua",
                     "scenario('rings', function(t)\n"
                     "  local a, b = t:agents('a', 'b')\n"
                     "  local call = a:invite(b)\n"
                     "  local leg = b:expect_invite()\n"
                     "  t:sleep('2s')\n"
                     "  leg:ring()\n"
                     "  call:expect(180)\n"
                     "end)\n");
    CLI("run", cli_path("s.lua"), "--seed", "1", "--repeat", "40", "--quiet", "--link", "loss=20%");
    cli_said(", 0 failed");
    cli_said("inconclusive");
    cli_said("hint: --link has lost something for it that nobody sends again");
}

static void a_network_that_is_none_is_a_mistake_of_the_command_line(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "s.lua", "scenario('s', function() expect(1):equals(1) end)\n");
    CLI("run", cli_path("s.lua"), "--link", "loss=2");
    cli_code(2);
    cli_said("'--link': loss is a fraction, as 5% or 0.05");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(wires_come_through),
        CLI_TEST(what_is_wrong_fails_all_the_same_and_the_run_says_on_which_network),
        CLI_TEST(a_count_is_inconclusive),
        CLI_TEST(what_was_lost_and_is_not_said_again_is_inconclusive),
        CLI_TEST(a_network_that_is_none_is_a_mistake_of_the_command_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
