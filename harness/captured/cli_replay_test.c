/* The built program from outside: captures of its own runs, replayed. */
#include "harness/captured/captured_fixture.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* Nobody but bob sees the INVITE without the encoding that our stack cannot undo. */
static const char gzip_lua[] =
    "scenario('a call', function(t)\n"
    "  local alice, bob = t:agents('alice', 'bob')\n"
    "  alice:on_send(function(msg)\n"
    "    if msg.method == 'INVITE' and msg.status == nil then\n"
    "      return msg:with{ headers = { ['Content-Encoding'] = 'gzip' } }\n"
    "    end\n"
    "  end)\n"
    "  bob:on_receive(function(msg)\n"
    "    if msg.method == 'INVITE' and msg.status == nil then\n"
    "      return msg:with{ headers = { ['Content-Encoding'] = false } }\n"
    "    end\n"
    "  end)\n"
    "  local call = alice:invite(bob)\n"
    "  local leg = bob:expect_invite()\n"
    "  leg:ring()\n"
    "  leg:answer()\n"
    "  leg:wait('confirmed')\n"
    "  call:bye()\n"
    "  leg:wait('terminated')\n"
    "end)\n";

/* B75: what was written is read as it was meant. */
static void a_call_of_our_own_goes_as_it_was_captured(void **state)
{
    const char *pcap = captured(captured_call);
    (void)state;
    CLI("replay", pcap);
    cli_code(0);
    cli_said("call 1: INVITE, alice to bob");
    cli_said("1 passed, 0 failed, 0 skipped");
}

static void the_callee_can_be_played_too(void **state)
{
    const char *pcap = captured(captured_call);
    (void)state;
    CLI("replay", pcap, "--play", "bob");
    cli_code(0);
    cli_said("1 passed, 0 failed, 0 skipped");
    CLI("replay", pcap, "--play", "callee");
    cli_code(0);
}

static void the_first_difference_is_a_sentence(void **state)
{
    struct buf junit = {0};
    const char *pcap = captured(gzip_lua);
    (void)state;
    CLI("replay", pcap, "--junit", cli_path("junit.xml"));
    cli_code(1);
    cli_said("after INVITE, expected 180 Ringing from bob, got 415 Unsupported Media Type (frame ");
    cli_said("0 passed, 1 failed, 0 skipped");
    cli_read(cli_path("junit.xml"), &junit);
    assert_true(view_find(buf_view(&junit), V("<failure message=\"after INVITE, expected 180")) <
                junit.len);
    buf_deinit(&junit);
}

static void who_is_played_takes_part(void **state)
{
    const char *pcap = captured(captured_call);
    (void)state;
    CLI("replay", pcap, "--play", "carol");
    cli_code(2);
    cli_said("--play: there is no 'carol'; these take part: alice, bob");
}

static void what_is_no_capture_is_refused(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "a.pcap", "this is no capture at all");
    CLI("replay", cli_path("a.pcap"));
    cli_code(2);
    CLI("replay", cli_path("nothing.pcap"));
    cli_code(5);
    CLI("replay");
    cli_code(2);
    cli_said("which capture?");
    CLI("replay", cli_path("a.pcap"), "--speed", "fast");
    cli_code(2);
    cli_said("'--speed fast': give a whole number from 1 on, or 'instant'");
    CLI("replay", cli_path("a.pcap"), "--user", "alice");
    cli_code(2);
    cli_said("--user and --password go together");
}

/* Nobody listens at port 1 of loopback. */
static void a_target_that_is_not_there_is_the_environments_fault(void **state)
{
    const char *pcap = captured(captured_call);
    (void)state;
    CLI("replay", pcap, "--target", "sip:bob@127.0.0.1:1");
    cli_code(5);
    cli_said("expected 180 Ringing from bob, got nothing: refused (frame 2)");
    CLI("replay", pcap, "--target", "sip:bob@127.0.0.1:1;transport=tcp");
    cli_code(5);
    CLI("replay", pcap, "--target", "bob");
    cli_code(2);
    cli_said("the target 'bob' is no SIP URI");
    CLI("replay", pcap, "--target", "sip:bob@127.0.0.1:1", "--net", "sim");
    cli_code(2);
    CLI("replay", pcap, "--bind", "nowhere", "--net", "real");
    cli_code(2);
    cli_said("'--bind nowhere': give an address of this machine");
}

static void both_sides_may_be_on_a_real_network(void **state)
{
    const char *pcap = captured(captured_call);
    (void)state;
    CLI("replay", pcap, "--net", "real", "--speed", "instant");
    cli_code(0);
    cli_said("net real");
    cli_said("1 passed, 0 failed, 0 skipped");
}

static void a_password_is_written_nowhere(void **state)
{
    struct buf json = {0};
    const char *pcap = captured(captured_call);
    (void)state;
    CLI("replay", pcap, "--user", "alice", "--password", "sesame", "--json", cli_path("a.json"));
    cli_code(0);
    cli_read(cli_path("a.json"), &json);
    assert_true(view_find(buf_view(&json), V("--password ...")) < json.len);
    assert_true(view_find(buf_view(&json), V("sesame")) == json.len);
    buf_deinit(&json);
}

static void some_calls_are_meant(void **state)
{
    const char *pcap = captured(captured_call);
    (void)state;
    CLI("replay", pcap, pcap, "--calls", "2");
    cli_code(0);
    cli_said("1 passed, 0 failed, 0 skipped");
    CLI("replay", pcap, "--calls", "2");
    cli_code(2);
    cli_said("--calls: there is no call 2; there are 1");
    CLI("replay", pcap, "--agents", "10.0.0.1=carol");
    cli_code(0);
    cli_said("call 1: INVITE, carol to bob");
}

/* The only file of a folder. */
static void file_find(const char *folder, char room[PATH_MAX])
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            snprintf(room, PATH_MAX, "%s/%s", folder, entry->d_name);
    closedir(dir);
}

static void a_trace_is_replayed_like_what_it_came_from(void **state)
{
    char again[PATH_MAX] = "";
    const char *pcap = captured(captured_call);
    (void)state;
    CLI("replay", pcap, "--trace", cli_path("again"), "--seed", "3");
    cli_code(0);
    file_find(cli_path("again"), again);
    CLI("replay", again);
    cli_code(0);
    cli_said("1 passed, 0 failed, 0 skipped");
}

/* The first call is told of; the others would take two seconds each. */
static void a_signal_leaves_a_report_of_what_was_through(void **state)
{
    struct binary_start start = {.signal_after = "1: INVITE", .signal = SIGINT};
    struct buf junit = {0};
    (void)state;
    const char *pcap = captured(captured_call);
    cli_run(&start, "replay", pcap, pcap, pcap, pcap, "--net", "real", "--speed", "1", "--junit",
            cli_path("junit.xml"), NULL);
    cli_code(130);
    cli_said("interrupted");
    cli_read(cli_path("junit.xml"), &junit);
    assert_true(view_find(buf_view(&junit), V("call 1: INVITE")) < junit.len);
    buf_deinit(&junit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(a_call_of_our_own_goes_as_it_was_captured),
        CLI_TEST(the_callee_can_be_played_too),
        CLI_TEST(the_first_difference_is_a_sentence),
        CLI_TEST(who_is_played_takes_part),
        CLI_TEST(what_is_no_capture_is_refused),
        CLI_TEST(a_target_that_is_not_there_is_the_environments_fault),
        CLI_TEST(both_sides_may_be_on_a_real_network),
        CLI_TEST(a_password_is_written_nowhere),
        CLI_TEST(some_calls_are_meant),
        CLI_TEST(a_signal_leaves_a_report_of_what_was_through),
        CLI_TEST(a_trace_is_replayed_like_what_it_came_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
