/* The built program from outside: the page that it leaves. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const char call_lua[] = "scenario('a call', function(t)\n"
                               "  local alice, bob = t:agents('alice', 'bob')\n"
                               "  alice:on_send(function(msg)\n"
                               "    if msg.method == 'INVITE' then\n"
                               "      return msg:with{ headers = { ['Max-Forwards'] = false } }\n"
                               "    end\n"
                               "  end)\n"
                               "  local call = alice:invite(bob)\n"
                               "  bob:expect_invite():answer()\n"
                               "  call:wait('confirmed')\n"
                               "  call:bye():response(200)\n"
                               "end)\n"
                               "scenario('a word', function(t)\n"
                               "  t:log(secret('word'))\n"
                               "  expect(secret('word')):equals('another')\n"
                               "end)\n";

static void page_has(const char *what, bool wanted)
{
    struct buf page = {0};
    cli_read(cli_path("page.html"), &page);
    if ((view_find(buf_view(&page), view_of(what)) < page.len) != wanted)
        fail_msg("the page %s \"%s\"", wanted ? "lacks" : "has", what);
    buf_deinit(&page);
}

static void run_all(void)
{
    test_folder_file(cli_folder(), "a.lua", call_lua);
    CLI("run", cli_path("a.lua"), "--secret", "word=hunter22", "--trace", cli_path("pcaps"),
        "--html", cli_path("page.html"));
}

static void a_run_leaves_a_page(void **state)
{
    (void)state;
    run_all();
    cli_code(1);
    page_has("1 of 2 scenarios failed", true);
    page_has("href=\"./pcaps/a_a-call.pcap\"", true);
    page_has("<pre class=\"raw\"", true);
}

static void what_is_secret_is_not_on_the_page(void **state)
{
    (void)state;
    run_all();
    page_has("hunter22", false);
}

static void the_calls_of_a_capture_are_a_page(void **state)
{
    (void)state;
    run_all();
    CLI("lint", cli_path("pcaps/a_a-call.pcap"), "--html", cli_path("page.html"));
    cli_code(1);
    page_has("1 of 1 call failed", true);
    page_has("<b>MSG-017b</b>", true);
}

static void a_replay_leaves_a_page(void **state)
{
    (void)state;
    run_all();
    CLI("replay", cli_path("pcaps/a_a-call.pcap"), "--html", cli_path("page.html"));
    page_has("<svg viewBox", true);
    page_has("<pre class=\"raw\"", true);
}

static void a_page_that_cannot_be_written_is_never_green(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "a.lua", "scenario('x', function(t) expect(1):equals(1) end)\n");
    CLI("run", cli_path("a.lua"), "--html", cli_path("a.lua/page.html"));
    cli_code(2);
    cli_said("is no folder; name a place whose folders are folders");
    CLI("run", cli_path("a.lua"), "--html", "/dev/full");
    cli_code(5);
    cli_said("cannot be written");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(a_run_leaves_a_page),
        CLI_TEST(what_is_secret_is_not_on_the_page),
        CLI_TEST(the_calls_of_a_capture_are_a_page),
        CLI_TEST(a_replay_leaves_a_page),
        CLI_TEST(a_page_that_cannot_be_written_is_never_green),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
