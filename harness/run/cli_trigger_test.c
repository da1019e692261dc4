/* The ways in which a trigger reaches a device: its fellow is another sipwright, with a SIP port,
 * and a TCP port where it answers HTTP. */
#include "harness/run/device_fixture.h"

#include "harness/host/child.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const char device[] =
    "local function answer(web)\n"
    "  local connection = web:expect_connect()\n"
    "  local asked = web:expect('*').raw\n"
    "  local want = 'POST /call?to=sip%3Aalice%40example.com HTTP/1.1\\r\\n'\n"
    "  local good = asked:find(want, 1, true) and asked:find('{\"to\":\"sip:alice@example.com\"}', "
    "1, true)\n"
    "    and asked:find('X-Why: \"a\\\\b\"\\r\\n', 1, true)\n"
    "  connection:write(('HTTP/1.1 %s\\r\\nContent-Length: 4\\r\\n\\r\\nsaid'):format(\n"
    "    good and '200 Done' or '400 Bad'))\n"
    "  connection:close()\n"
    "end\n"
    "scenario('device', { net = 'real', allow = { '*->>*: *', 'other->>*: *' } }, function(t)\n"
    "  local phone = t:agent('phone', { port = port })\n"
    "  local web = t:wire('web', { port = port + 1, transport = 'tcp' })\n"
    "  t:spawn(function() while true do answer(web) end end)\n"
    "  t:spawn(function()\n"
    "    while true do\n"
    "      local refer = phone:expect_refer()\n"
    "      if refer.request.refer_to.uri.user == 'nobody' then refer:reject(403)\n"
    "      else refer:accept() refer:follow() end\n"
    "    end\n"
    "  end)\n"
    "  t:sleep('50s')\n"
    "end)\n";

static void suite_make(const char *actions, const char *scenarios)
{
    device_suite(device, scenarios,
                 "local web = 'http://127.0.0.1:' .. port + 1\n"
                 "return { targets = { phone = { uri = 'sip:phone@127.0.0.1:' .. port,\n"
                 "  ready = 'udp:' .. port,\n"
                 "  start = { sipwright, 'run', '_device.lua', '--net', 'real' },\n"
                 "  accounts = { ['1001'] = { user = '1001', password = 'x' } },\n"
                 "  actions = { %s } } } }\n",
                 actions);
}

static void it_asks_by_http(void **state)
{
    (void)state;
    suite_make(
        "call = { http = web .. '/call?to=%s', method = 'POST', body = '{\"to\":\"%s\"}',\n"
        "         headers = { ['X-Why'] = '\"a\\\\b\"' } },\n"
        "get = { http = web .. '/other', method = 'POST', body = '' },\n"
        "made = function(uri) return { http = web .. '/call?to=' .. 'sip%3Aalice%40example.com',\n"
        "  headers = { ['X-Why'] = '\"a\\\\b\"' }, method = 'POST',\n"
        "  body = '{\"to\":\"' .. uri .. '\"}' } end,\n"
        "nobody = { http = 'http://127.0.0.1:9/', within = '5s' }",
        "scenario('asks', { needs = { 'trigger:call' } }, function(t)\n"
        "  local alice = t:agent('alice', { uri = 'sip:alice@example.com' })\n"
        "  alice:options(t.dut):response(200)\n"
        "  t.dut:trigger('call', alice)\n"
        "  t.dut:trigger('made', alice)\n"
        "  expect(function() t.dut:trigger('get') end):raises('was answered 400: said')\n"
        "  expect(function() t.dut:trigger('call') end):raises('wants 1 argument')\n"
        "  expect(function() t.dut:trigger('nobody') end):raises('no answer: curl: .7.')\n"
        "end)\n");
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_said("1 passed");
    cli_code(0);
}

static void it_asks_by_refer(void **state)
{
    (void)state;
    suite_make("call = { refer = true }, transfer = { refer = true, account = '1001' }",
               "scenario('asks', { needs = { 'trigger:call' } }, function(t)\n"
               "  local alice = t:agent('alice')\n"
               "  t.dut:trigger('call', alice)\n"
               "  local leg = alice:expect_invite { from = t.dut }\n"
               "  leg:answer()\n"
               "  leg:wait('confirmed')\n"
               "  t:flow [[\n"
               "    dut->>alice: INVITE\n"
               "    alice->>dut: 200 INVITE\n"
               "    dut->>alice: ACK\n"
               "  ]]\n"
               "  expect(#t:messages('operator->>dut: REFER')):equals(1)\n"
               "end)\n"
               "scenario('is refused', function(t)\n"
               "  t:agent('alice'):options(t.dut):response(200)\n"
               "  expect(function() t.dut:trigger('call', 'sip:nobody@127.0.0.1:9') end)\n"
               "    :raises('the REFER was answered 403')\n"
               "end)\n"
               "scenario('is whose account', function(t)\n"
               "  local alice = t:agent('alice')\n"
               "  t.dut:trigger('transfer', alice)\n"
               "  alice:expect_invite():reject(486)\n"
               "  local refer = t:messages('operator->>dut: REFER')[1]\n"
               "  expect(refer.from.uri.user):equals('1001')\n"
               "end)\n");
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_said("3 passed");
    cli_code(0);
}

static void one_that_hangs_is_ended_and_says_what_it_said(void **state)
{
    (void)state;
    suite_make(
        "hang = { 'sh', '-c', 'echo dialling; echo no tone >&2; sleep 77', within = '300ms' },\n"
        "fail = { 'sh', '-c', 'echo busy; exit 7' }",
        "scenario('hangs', function(t)\n"
        "  t:agent('alice'):options(t.dut):response(200)\n"
        "  t.dut:trigger('hang')\n"
        "end)\n"
        "scenario('fails', function(t)\n"
        "  t:agent('alice'):options(t.dut):response(200)\n"
        "  t.dut:trigger('fail')\n"
        "end)\n");
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(1);
    cli_said("the action 'hang' did not end within 0.3 s; it said last: \"dialling | no tone\"");
    cli_said("the action 'fail' failed: exit code 7; it said last: \"busy\"");
    cli_said("2 errors");
}

static void what_is_no_action_is_refused(void **state)
{
    static const struct {
        const char *action, *said;
    } rows[] = {
        {"call = { htpp = 'http://127.0.0.1/' }",                 "unknown key 'htpp'; did you mean 'http'?"},
        {"call = { http = 'ftp://127.0.0.1/' }",                  "'ftp://127.0.0.1/' is no URL"            },
        {"call = { http = 'http://127.0.0.1/', methd = 'PUT' }",  "did you mean 'method'?"                  },
        {"call = { http = 'http://127.0.0.1/', method = 'put' }", "expected \"GET\", \"POST\""              },
        {"call = { http = 'http://127.0.0.1/', refer = true }",   "one of { \"program\""                    },
        {"call = { 'dial', refer = true }",                       "one of { \"program\""                    },
        {"call = { refer = false }",                              "refer = true, or another way"            },
        {"call = { refer = true, body = 'x' }",                   "are for http = URL"                      },
        {"call = { 'dial', account = '1' }",                      "an account is for refer"                 },
        {"call = { 'dial', within = 'soon' }",                    "expected a duration"                     },
        {"call = {}",                                             "one of { \"program\""                    },
        {"call = 7",                                              "not a number"                            },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        suite_make(rows[i].action, "scenario('x', function() end)\n");
        CLI("run", cli_path("s.lua"), "--target", "phone");
        cli_said(rows[i].said);
        cli_said("sipwright.lua: targets.phone.actions");
        cli_code(2);
    }
}

/* `script` gives it a terminal, whoever sits there has pressed Enter before; `setsid` takes ours.
 */
static void a_person_is_asked_at_the_terminal(void **state)
{
    static const struct {
        const char *by[3], *typed, *said;
    } rows[] = {
        {{"script", "-qc"},      "\n", "1 passed"                                               },
        {{"script", "-qc"},      "",   "did not end within 2 s: nobody has pressed Enter"       },
        {{"setsid", "-w", "sh"}, "",   "no action 'hangup' without a terminal: it is a person's"},
    };
    char sipwright[PATH_MAX], command[2 * PATH_MAX];

    (void)state;
    suite_make("hangup = { ask = 'Put the receiver down.', within = '2s' }",
               "scenario('asks', function(t)\n"
               "  t:agent('alice'):options(t.dut):response(200)\n"
               "  t.dut:trigger('hangup')\n"
               "end)\n");
    binary_path(sipwright);
    snprintf(command, sizeof command, "exec '%s' run '%s' --target phone --color never", sipwright,
             cli_path("s.lua"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const script[] = {rows[i].by[0], rows[i].by[1], command, "/dev/null", NULL};
        const char *const setsid[] = {rows[i].by[0], rows[i].by[1], rows[i].by[2],
                                      "-c",          command,       NULL};
        struct child_options options = {.argv = rows[i].by[2] == NULL ? script : setsid,
                                        .input = view_of(rows[i].typed)};
        struct child child = {0};
        struct process_end end;
        struct buf said = {0};
        assert_int_equal(child_start(&child, &options, &said), ERR_OK);
        assert_true(child_wait(&child, 20 * US_PER_S, &end));
        child_said(&child, &said);
        buf_add_char(&said, 0);
        if (strstr(said.ptr, rows[i].said) == NULL)
            fail_msg("%s: %s", rows[i].said, said.ptr);
        buf_deinit(&said);
        child_close(&child);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(it_asks_by_http),
        CLI_TEST(it_asks_by_refer),
        CLI_TEST(one_that_hangs_is_ended_and_says_what_it_said),
        CLI_TEST(a_person_is_asked_at_the_terminal),
        CLI_TEST(what_is_no_action_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
