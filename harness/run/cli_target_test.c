/* A device that the run starts itself: another sipwright, which answers at a port of its own. */
#include "harness/run/device_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static const char device[] =
    "port = param('port', port)\n"
    "scenario('device', { net = 'real', allow = { '*->>*: *' } }, function(t)\n"
    "  local phone = t:agent('phone', { port = math.tointeger(port) })\n"
    "  t:spawn(function() phone:expect('MESSAGE') t:fail('told to go') end)\n"
    "  t:sleep('50s')\n"
    "end)\n";

/* keys: those of the target beside uri, ready and start. */
static void suite_make(const char *keys, const char *scenarios)
{
    device_suite(device, scenarios,
                 "return { targets = { phone = { uri = 'sip:phone@127.0.0.1:' .. port,\n"
                 "  ready = 'udp:' .. port,\n"
                 "  start = { sipwright, 'run', '_device.lua', '--net', 'real' }, %s } } }\n",
                 keys);
}

static const char answers[] = "scenario('answers', function(t)\n"
                              "  t:agent('alice'):options(t.dut):response(200)\n"
                              "end)\n";

static void a_device_is_started_and_ended_with_the_run(void **state)
{
    (void)state;
    suite_make("", answers);
    for (int i = 0; i < 2; i++) { /* the port is free again */
        CLI("run", cli_path("s.lua"), "--target", "phone");
        cli_code(0);
        cli_said("1 passed");
    }
}

static void a_program_is_started_once(void **state)
{
    (void)state;
    suite_make("", answers);
    CLI("run", cli_path("s.lua"), "--target", "phone", "--jobs", "2");
    cli_code(2);
    cli_said("--jobs 2: the target phone is a program that is started once: --jobs 1, or jobs = N "
             "in the target");
    CLI("run", cli_path("s.lua"), "--target", "phone", "--jobs", "1");
    cli_code(0);
}

/* One hears the other, so that both are there at a time; each has a device of its own. */
static const char side_by_side[] =
    "scenario('hears', { allow = { 'other->>*: *', '*->>other: *' } }, function(t)\n"
    "  t:agent('alice'):options(t.dut):response(200)\n"
    "  local ear = t:wire('ear', { port = port + 3 })\n"
    "  ear:reply(ear:expect('OPTIONS', { within = '20s' }), 200)\n"
    "  ear:ignore('*')\n"
    "end)\n"
    "scenario('says', { allow = { 'other->>*: *', '*->>other: *' } }, function(t)\n"
    "  t:agent('alice'):options(t.dut):response(200)\n"
    "  local mouth, there = t:wire('mouth'), 'sip:127.0.0.1:' .. port + 3\n"
    "  for i = 1, 100 do\n"
    "    mouth:send(there, { method = 'OPTIONS', uri = there })\n"
    "    if mouth:maybe('200', { within = '200ms' }) then return mouth:ignore('*') end\n"
    "  end\n"
    "  t:fail('nobody hears it')\n"
    "end)\n";

static void one_that_bears_several_has_a_worker_for_each(void **state)
{
    (void)state;
    device_suite(device, side_by_side,
                 "port = port + param('worker', '1') - 1\n"
                 "return { targets = { phone = { uri = 'sip:phone@127.0.0.1:' .. port, jobs = 2,\n"
                 "  start = { sipwright, 'run', '_device.lua', '--net', 'real', '--set',\n"
                 "            'port=' .. port } } } }\n");
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(0);
    cli_said("2 passed");
    CLI("run", cli_path("s.lua"), "--target", "phone", "--jobs", "3");
    cli_code(2);
    cli_said("--jobs 3: the target phone is a program that is started 2 times at most (jobs): "
             "--jobs 2");
}

static void one_that_cannot_be_started_gives_5(void **state)
{
    static const struct {
        const char *start, *said;
    } rows[] = {
        {"'./none'",             "'./none' cannot be run: No such file or directory" },
        {"'sh', '-c', 'exit 3'", "its process ended before it was ready: exit code 3"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        device_suite(device, answers,
                     "return { targets = { phone = { uri = 'sip:phone@127.0.0.1:' .. port,\n"
                     "  ready = 'tcp:' .. port, start = { %s } } } }",
                     rows[i].start);
        CLI("run", cli_path("s.lua"), "--target", "phone");
        cli_code(5);
        cli_said(rows[i].said);
    }
}

/* Whoever says so: the scenario, or what the target lacks. */
static void what_is_skipped_wants_no_device(void **state)
{
    static const char *const options[] = {"skip = 'not yet'", "needs = { 'trigger:dance' }"};
    char text[200];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        snprintf(text, sizeof text, "scenario('a', { %s }, function() end)\n", options[i]);
        suite_make("reset = { 'sh', '-c', 'exit 4' }", text);
        device_file("_device.lua", "error('it does not start')\n");
        CLI("run", cli_path("s.lua"), "--target", "phone");
        cli_code(4);
        cli_said("0 passed, 0 failed, 1 skipped in");
    }
}

static void a_device_that_ends_by_itself_has_failed_and_is_started_again(void **state)
{
    (void)state;
    suite_make("", "scenario('kills', function(t)\n"
                   "  t:agent('alice'):message(t.dut, 'go'):maybe('*', { within = '1s' })\n"
                   "  t:sleep('500ms')\n"
                   "  expect(1):equals(1)\n"
                   "end)\n"
                   "scenario('answers', function(t)\n"
                   "  t:agent('alice'):options(t.dut):response(200)\n"
                   "end)\n");
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(1);
    cli_said("the process of the target phone ended: exit code 1");
    cli_said("1 passed, 1 failed");
}

static void it_is_reset_between_scenarios(void **state)
{
    struct buf resets = {0};

    (void)state;
    suite_make("reset = { 'sh', '-c', 'echo x >> resets' }", answers);
    CLI("run", cli_path("s.lua"), "--target", "phone", "--repeat", "3");
    cli_code(0);
    cli_read(cli_path("resets"), &resets);
    assert_int_equal(resets.len, 4);
    buf_deinit(&resets);
    suite_make("reset = { 'sh', '-c', 'exit 4' }", answers);
    CLI("run", cli_path("s.lua"), "--target", "phone", "--repeat", "2");
    cli_code(5);
    cli_said("the target phone: its reset failed: exit code 4");
    cli_said("1 passed, 0 failed, 0 skipped, 1 error");
}

static void what_is_known_to_fail_gates_nothing(void **state)
{
    (void)state;
    suite_make("known_failures = 'known'", "scenario('answers', function(t)\n"
                                           "  t:agent('alice'):options(t.dut):response(200)\n"
                                           "end)\n"
                                           "scenario('refuses', function(t)\n"
                                           "  t:agent('alice'):options(t.dut):response(404)\n"
                                           "end)\n");
    test_folder_file(cli_folder(), "known", "# a baseline\ns.lua: refuses   # ticket 17\n");
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(0);
    cli_said("~ known s.lua: refuses");
    cli_said("(ticket 17)   alice: expected 404");
    cli_said("1 passed, 0 failed, 0 skipped, 1 known");
    test_folder_file(cli_folder(), "known", "s.lua: answers # once\ns.lua: refuses");
    CLI("run", cli_path("s.lua"), "--target", "phone", "--quiet");
    cli_code(0);
    cli_said("fixed   (once)");
    test_folder_file(cli_folder(), "known", "s.lua: refuse");
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(1);
    cli_said("gate      new failure");
    cli_said("it vanished: the baseline has it (fail), and no file registers it any more");
    test_folder_file(cli_folder(), "known", "{\"baseline\":1,\"target\":\"desk\"}");
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(2);
    cli_said("known is a baseline of the target 'desk', and this run is of 'phone'");
}

static void its_actions_are_programs(void **state)
{
    struct buf done = {0};

    (void)state;
    suite_make(
        "actions = { call = function(uri) return { 'sh', '-c', 'echo called ' .. uri .. ' >> done' "
        "} end,\n"
        "  write = { 'sh', '-c', 'echo \"$0 $1\" >> done' }, fail = { 'sh', '-c', 'exit 7' },\n"
        "  nothing = function() end, breaks = function() error('oh') end,\n"
        "  odd = function() error({}) end, none = { './none' },\n"
        "  slow = { 'sleep', '0.2' } }",
        "scenario('acts', { needs = { 'trigger:call', 'trigger:write' } }, function(t)\n"
        "  local alice = t:agent('alice', { uri = 'sip:alice@example.com' })\n"
        "  alice:options(t.dut):response(200)\n"
        "  t.dut:trigger('call', alice)\n"
        "  t.dut:trigger('write', 'a', 5)\n"
        "  local began = t:now()\n"
        "  t.dut:trigger('slow')\n"
        "  expect(t:now() - began):at_least(0.2)\n"
        "  for action, how in pairs { fail = 'exit code 7', nothing = 'it gives nothing',\n"
        "                             breaks = 'oh', odd = 'it raised no text', none = 'No such "
        "file' } do\n"
        "    expect(function() t.dut:trigger(action) end):raises(how)\n"
        "  end\n"
        "  for _, argument in ipairs { {}, print, alice.invite } do\n"
        "    expect(function() t.dut:trigger('write', argument) end):raises('not a ')\n"
        "  end\n"
        "end)\n"
        "scenario('lacks', function(t) t.dut:trigger('transfer') end)\n"
        "scenario('lacks it, and says so', { needs = { 'trigger:hold' } }, function() end)\n");
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(0);
    cli_said("the target phone has no action 'transfer'");
    cli_said("phone does not claim 'trigger:hold'");
    cli_said("1 passed, 0 failed, 2 skipped");
    cli_read(cli_path("done"), &done);
    buf_add_char(&done, 0);
    assert_string_equal(done.ptr, "called sip:alice@example.com\na 5\n");
    buf_deinit(&done);
}

static void what_it_says_besides_is_answered_and_in_no_flow(void **state)
{
    static const char says[] =
        "scenario('device', { net = 'real', allow = { '*->>*: *' } }, function(t)\n"
        "  local phone = t:agent('phone', { port = port })\n"
        "  local there = 'sip:alice@127.0.0.1:' .. port + 1\n"
        "  phone:expect_request('MESSAGE'):respond(200)\n"
        "  local bound = phone:request('REGISTER', there, { headers = { Contact = there } })\n"
        "  local answer = bound:response(200)\n"
        "  expect(answer.contact[1].uri.text):equals(there)\n"
        "  expect(answer.expires):equals(3600)\n"
        "  phone:request('SUBSCRIBE', there, { headers = { Event = 'x', Expires = '60' } })\n"
        "    :response(200)\n"
        "  phone:options(there):response(200)\n"
        "  t:sleep('50s')\n"
        "end)\n";
    char text[2000];

    (void)state;
    for (int given = 0; given < 2; given++) {
        snprintf(text, sizeof text,
                 "scenario('hears', function(t)\n"
                 "  local alice = t:agent('alice', { port = port + 1 })\n"
                 "  alice:message(t.dut, 'go'):response(200)\n"
                 "  alice:expect('%s')\n"
                 "  expect(#t:messages('dut->>alice: REGISTER')):equals(0)\n"
                 "  t:flow[[\n"
                 "    alice->>dut: MESSAGE\n"
                 "    dut->>alice: 200\n"
                 "    dut->>alice: OPTIONS\n"
                 "    alice->>dut: 200\n"
                 "  ]]\n"
                 "end)\n",
                 given ? "OPTIONS" : "REGISTER");
        suite_make(given ? "background = { 'REGISTER', 'SUBSCRIBE' }" : "", text);
        device_file("_device.lua", says);
        CLI("run", cli_path("s.lua"), "--target", "phone");
        cli_code(given ? 0 : 1);
        if (!given)
            cli_said("expected 0, got 1");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(a_device_is_started_and_ended_with_the_run),
        CLI_TEST(a_program_is_started_once),
        CLI_TEST(one_that_bears_several_has_a_worker_for_each),
        CLI_TEST(one_that_cannot_be_started_gives_5),
        CLI_TEST(what_is_skipped_wants_no_device),
        CLI_TEST(a_device_that_ends_by_itself_has_failed_and_is_started_again),
        CLI_TEST(it_is_reset_between_scenarios),
        CLI_TEST(what_is_known_to_fail_gates_nothing),
        CLI_TEST(its_actions_are_programs),
        CLI_TEST(what_it_says_besides_is_answered_and_in_no_flow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
