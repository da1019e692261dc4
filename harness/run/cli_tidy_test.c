/* What a scenario leaves at a real device is torn down, whatever happened: seen on the wire, and
 * answered by the device. And the pace at which it is asked. */
#include "harness/run/device_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* Of users: `answer` answers, `ring` rings, `deaf` answers and then never again. */
static const char device[] =
    "scenario('device', { net = 'real', allow = { '*->>*: *', 'other->>*: *' } }, function(t)\n"
    "  local phone = t:agent('phone', { port = port, manual = { 'BYE' } })\n"
    "  t:registrar('reg', { port = port + 1 })\n"
    "  t:spawn(function()\n"
    "    while true do\n"
    "      local call = phone:expect_invite()\n"
    "      local user = call.request.uri.user\n"
    "      call:ring()\n"
    "      if user ~= 'ring' then call:answer() end\n"
    "      if user == 'answer' then t:spawn(function() call:expect_request('BYE'):respond(200) "
    "end) end\n"
    "    end\n"
    "  end)\n"
    "  t:sleep('50s')\n"
    "end)\n";

static void suite_make(const char *keys, const char *scenarios)
{
    device_suite(device, scenarios,
                 "local device = sipwright .. ' run _device.lua --net real'\n"
                 "local function run(first)\n"
                 "  return { 'sh', '-c', first .. ' exec ' .. device }\n"
                 "end\n"
                 "return { targets = {\n"
                 "  phone = { uri = 'sip:phone@127.0.0.1:' .. port, ready = 'udp:' .. port, %s },\n"
                 "  reg = { uri = 'sip:127.0.0.1:' .. port + 1 } } }\n",
                 keys);
}

/* The labels of the messages that alice sent or got, in order, of one run. */
static void exchange_read(struct buf *out)
{
    struct buf json = {0};

    cli_read(cli_path("out.jsonl"), &json);
    for (struct view rest = buf_view(&json); rest.len > 0;) {
        struct view line = view_head(rest, view_find_char(rest, '\n'));
        rest = view_skip(rest, line.len + 1);
        size_t at = view_find(line, V("\"label\":\""));
        bool copy = view_find(line, V("\"copy_of\":")) < line.len;
        if (view_find(line, V("\"kind\":\"message\"")) == line.len || at == line.len || copy)
            continue;
        struct view label = view_skip(line, at + V("\"label\":\"").len);
        buf_add(out, view_head(label, view_find_char(label, '"')));
        buf_add_char(out, '\n');
    }
    buf_add_char(out, 0);
    buf_deinit(&json);
}

static void what_is_up_is_ended_whatever_happened(void **state)
{
    static const struct {
        const char *body, *exchange, *said;
    } rows[] = {
        {"local call = alice:invite(t.dut:at('answer')) call:wait('confirmed') expect(1):equals(2)",
         "200 INVITE\nACK\nBYE\n200 BYE\n",                                                                                                              "1 failed"},
        {"local call = alice:invite(t.dut:at('answer')) call:wait('confirmed') error('oh')",
         "200 INVITE\nACK\nBYE\n200 BYE\n",                                                                                                              "1 error" },
        {"local call = alice:invite(t.dut:at('ring')) call:expect(180) error('oh')",
         "180 INVITE\nCANCEL\n200 CANCEL\n487 INVITE\nACK\n",                                                                                            "1 error" },
        {"local call = alice:invite(t.dut:at('ring')) call:expect(180) t:sleep('60s')",
         "180 INVITE\nCANCEL\n200 CANCEL\n487 INVITE\nACK\n",                                                                                            "1 failed"},
        {"alice:options(t.dut):response(200)\n"
         "alice:register(t:device('reg')):wait('registered') error('oh')",                  "REGISTER\n200 REGISTER\nREGISTER\n200 REGISTER\n", "1 error" },
        {"local w = t:wire('w') local invite = w:send(t.dut:at('answer'), sip.request{\n"
         "  method = 'INVITE', uri = t.dut:at('answer'), sdp = sip.sdp{ address = alice.address } "
         "}) w:ignore(180)\n"
         "w:send(t.dut, sip.dialog(invite, w:expect(200)):ack()) expect(1):equals(2)",      "200 INVITE\nACK\nBYE\n200 BYE\n",                  "1 failed"},
    };
    char text[2000];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf exchange = {0};
        snprintf(text, sizeof text,
                 "scenario('leaves', { timeout = '1s' }, function(t)\n"
                 "  local alice = t:agent('alice')\n"
                 "  %s\n"
                 "end)\n",
                 rows[i].body);
        suite_make("start = run('')", text);
        CLI("run", cli_path("s.lua"), "--target", "phone", "--json", cli_path("out.jsonl"));
        cli_code(1);
        cli_said(rows[i].said);
        exchange_read(&exchange);
        if (strstr(exchange.ptr, rows[i].exchange) == NULL)
            fail_msg("%s: %s", rows[i].body, exchange.ptr);
        buf_deinit(&exchange);
    }
}

static const char deaf[] = "scenario('a', function(t)\n"
                           "  local call = t:agent('alice'):invite(t.dut:at('deaf'))\n"
                           "  call:wait('confirmed')\n"
                           "end)\n"
                           "scenario('b', function(t)\n"
                           "  t:agent('alice'):options(t.dut):response(200)\n"
                           "end)\n";

static size_t lines_of(const char *path)
{
    struct buf text = {0};

    cli_read(cli_path(path), &text);
    size_t lines = text.len / 2;
    buf_deinit(&text);
    return lines;
}

/* Without a reset it is started anew. */
static void one_that_does_not_end_what_is_up_is_started_again(void **state)
{
    (void)state;
    suite_make("start = run('echo x >> starts;')", deaf);
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(0);
    cli_said("2 passed");
    assert_int_equal(lines_of("starts"), 2);
}

/* The last scenario's leavings, too. */
static void one_that_can_be_reset_is_reset(void **state)
{
    (void)state;
    suite_make("start = run(''), reset = { 'sh', '-c', 'echo x >> resets' }", deaf);
    CLI("run", cli_path("s.lua"), "--target", "phone", "-k", ": a$");
    cli_code(0);
    assert_int_equal(lines_of("resets"), 1);
}

static void its_pace_is_kept_and_told(void **state)
{
    struct buf json = {0};

    (void)state;
    suite_make("rate_limit = 20, start = run('')",
               "for _, name in ipairs { 'a', 'b' } do scenario(name, function(t)\n"
               "  local alice, asked = t:agent('alice'), {}\n"
               "  for i = 1, 5 do asked[i] = alice:options(t.dut) end\n"
               "  for i = 1, 5 do asked[i]:response(200) end\n"
               "  expect(t:now()):at_least(name == 'a' and 0.195 or 0.2)\n"
               "end) end\n");
    CLI("run", cli_path("s.lua"), "--target", "phone", "--json", cli_path("out.jsonl"));
    cli_code(0);
    cli_read(cli_path("out.jsonl"), &json);
    buf_add_char(&json, 0);
    assert_non_null(strstr(json.ptr, "rate_limit of phone: OPTIONS waits "));
    buf_deinit(&json);
}

static void more_calls_than_it_takes_are_not_asked_of_it(void **state)
{
    (void)state;
    suite_make("limits = { calls = 2 }, start = run('')",
               "scenario('two', { needs = { 'calls:2' } }, function(t)\n"
               "  t:agent('alice'):options(t.dut):response(200)\n"
               "end)\n"
               "scenario('three', { needs = { 'calls:3' } }, function(t) t.dut:at('x') end)\n");
    CLI("run", cli_path("s.lua"), "--target", "phone");
    cli_code(0);
    cli_said("phone does not claim 'calls:3'");
    cli_said("1 passed, 0 failed, 1 skipped");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(what_is_up_is_ended_whatever_happened),
        CLI_TEST(one_that_does_not_end_what_is_up_is_started_again),
        CLI_TEST(one_that_can_be_reset_is_reset),
        CLI_TEST(its_pace_is_kept_and_told),
        CLI_TEST(more_calls_than_it_takes_are_not_asked_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
