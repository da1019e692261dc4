/* The built program from outside: captures of its own runs, recorded. */
#include "harness/captured/captured_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void assert_file(const char *path, const char *text)
{
    struct buf all = {0};
    cli_read(cli_path(path), &all);
    if (view_find(buf_view(&all), view_of(text)) == all.len)
        fail_msg("%.*s\n  has no\n%s", VIEW_ARG(buf_view(&all)), text);
    buf_deinit(&all);
}

static void what_is_recorded_passes_and_is_recorded_the_same(void **state)
{
    const char *pcap = captured(captured_call);
    struct buf first = {0}, second = {0};
    (void)state;
    CLI("record", pcap, "-o", cli_path("b.lua"));
    cli_code(0);
    assert_file("b.lua", "  t:sleep(\"2s\")\n  leg:answer()\n");
    CLI("run", cli_path("b.lua"), "--trace", cli_path("again"));
    cli_code(0);
    cli_said("1 passed");
    CLI("record", cli_path("again/b_alice-calls-bob.pcap"), "-o", cli_path("c.lua"));
    cli_code(0);
    cli_read(cli_path("b.lua"), &first);
    cli_read(cli_path("c.lua"), &second);
    assert_true(first.len > 0 && view_equal(buf_view(&first), buf_view(&second)));
    buf_deinit(&first);
    buf_deinit(&second);
}

static void parties_can_be_named(void **state)
{
    const char *pcap = captured(captured_call);
    (void)state;
    CLI("record", pcap, "-o", cli_path("b.lua"), "--agents", "10.0.0.1=caller");
    cli_code(0);
    assert_file("b.lua", "local caller = t:agent(\"caller\")");
    CLI("record", pcap, "-o", cli_path("b.lua"), "--agents", "10.0.0.1");
    cli_code(2);
    cli_said("--agents 192.0.2.1=alice");
}

static void calls_can_be_chosen(void **state)
{
    const char *pcap = captured(captured_call);
    (void)state;
    CLI("record", pcap, "-o", cli_path("b.lua"), "--calls", "1");
    cli_code(0);
    CLI("record", pcap, "-o", cli_path("c.lua"), "--calls", "1,3-5");
    cli_code(2);
    cli_said("there is no call 3; there are 1 calls");
    CLI("record", pcap, "-o", cli_path("c.lua"), "--calls", "nobody@nowhere");
    cli_code(2);
    cli_said("there is no call with the Call-ID 'nobody@nowhere'");
    assert_false(cli_there(cli_path("c.lua")));
}

static void who_is_not_in_it_is_told_who_is(void **state)
{
    const char *pcap = captured(captured_call);
    (void)state;
    CLI("record", pcap, "-o", cli_path("b.lua"), "--agents", "192.0.2.7=carol");
    cli_code(2);
    cli_said("nobody in it has the address 192.0.2.7; there are 10.0.0.1:5060, 10.0.0.2:5060");
    CLI("record", pcap, "-o", cli_path("b.lua"), "--dut", "192.0.2.7");
    cli_code(2);
    cli_said("10.0.0.1:5060, 10.0.0.2:5060");
    CLI("record", pcap, "-o", cli_path("b.lua"), "--dut", "somewhere");
    cli_code(2);
    cli_said("give an address");
    assert_false(cli_there(cli_path("b.lua")));
}

static void the_device_is_triggered(void **state)
{
    const char *pcap = captured(captured_call);
    (void)state;
    CLI("record", pcap, "-o", cli_path("b.lua"), "--dut", "10.0.0.2");
    cli_code(0);
    cli_unsaid("without t.dut");
    assert_file("b.lua", "scenario(\"alice calls dut\", { needs = { \"trigger:answer\" } }");
    assert_file("b.lua", "  t:sleep(\"2s\")\n  dut:trigger(\"answer\")\n");
    CLI("run", cli_path("b.lua"));
    cli_code(0);
    cli_said("1 passed");
}

static void what_is_no_capture_is_told(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "a.pcap", "no capture at all, but some text");
    CLI("record", cli_path("a.pcap"), "-o", cli_path("b.lua"));
    cli_code(2);
    CLI("record", cli_path("nothing.pcap"), "-o", cli_path("b.lua"));
    cli_code(5);
    CLI("record", cli_path("a.pcap"));
    cli_code(2);
    cli_said("CAPTURE -o F.lua");
    assert_false(cli_there(cli_path("b.lua")));
}

static void what_cannot_be_written_is_told(void **state)
{
    const char *pcap = captured(captured_call);
    (void)state;
    test_folder_file(cli_folder(), "file", "");
    CLI("record", pcap, "-o", cli_path("file/b.lua"));
    cli_code(2);
    cli_said("is no folder; name a place whose folders are folders");
    CLI("record", pcap, "-o", cli_path("folders/that/are/made/b.lua"));
    cli_code(0);
    assert_true(cli_there(cli_path("folders/that/are/made/b.lua")));
    CLI("record", cli_path("pcaps/a_a-call.pcap"), "-o", "/dev/full");
    cli_code(5);
    cli_said("-o /dev/full cannot be written: No space left on device; make room");
}

static void what_is_not_complete_is_told(void **state)
{
    const char *pcap = captured("scenario('a call', { tidy = false, net = 'sim' }, function(t)\n"
                                "  local alice, bob = t:agents('alice', 'bob')\n"
                                "  local call = alice:invite(bob)\n"
                                "  bob:expect_invite():answer()\n"
                                "  call:wait('confirmed')\n"
                                "  expect(call.state):equals('confirmed')\n"
                                "end)\n");
    (void)state;
    CLI("record", pcap, "-o", cli_path("b.lua"));
    cli_code(2);
    cli_said("has no BYE");
    cli_said("there is no complete call to be written");
    assert_false(cli_there(cli_path("b.lua")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(what_is_recorded_passes_and_is_recorded_the_same),
        CLI_TEST(parties_can_be_named),
        CLI_TEST(calls_can_be_chosen),
        CLI_TEST(who_is_not_in_it_is_told_who_is),
        CLI_TEST(the_device_is_triggered),
        CLI_TEST(what_is_no_capture_is_told),
        CLI_TEST(what_cannot_be_written_is_told),
        CLI_TEST(what_is_not_complete_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
