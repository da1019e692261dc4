/* --transport: what messages go over where a scenario names nothing. */
#include "harness/run/device_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void suite(const char *text)
{
    test_folder_file(cli_folder(), "a.lua", text);
}

/* Agents, wires and the device go by it; who names a transport keeps his own. */
static void who_names_nothing_goes_by_it(void **state)
{
    static const char *const ways[] = {"udp", "tcp", "tls"};
    (void)state;
    suite("scenario('ways', { needs = { 'uas' } }, function(t)\n"
          "  local want = param('want', '')\n"
          "  local alice, w = t:agent('alice'), t:wire('w')\n"
          "  local own = t:wire('own', { transport = 'tcp' })\n"
          "  alice:options(t.dut):response(200)\n"
          "  alice:options(w)\n"
          "  local asked = w:expect('OPTIONS')\n"
          "  w:reply(asked, 200)\n"
          "  w:send(t.dut, { method = 'OPTIONS', uri = t.dut.uri })\n"
          "  w:expect('200 OPTIONS')\n"
          "  own:send(t.dut, { method = 'OPTIONS', uri = t.dut.uri })\n"
          "  expect(own:expect('200 OPTIONS').transport):equals('tcp')\n"
          "  expect(asked.transport):equals(want)\n"
          "  expect(asked.via[1].transport:lower()):equals(want)\n"
          "  expect(alice.transport):equals(want)\n"
          "  expect(t.dut.transport):equals(want)\n"
          "  expect(alice.uri):matches(want == 'udp' and '^sip:[^;]*$' or '^sip:.*;transport=' .. "
          "want)\n"
          "  expect(t.dut.uri):matches('^sip:[^;]*$')\n"
          "end)\n");
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char want[16], shown[32];
        snprintf(want, sizeof want, "want=%s", ways[i]);
        snprintf(shown, sizeof shown, "transport %s", ways[i]);
        CLI("run", cli_path("a.lua"), "--transport", ways[i], "--set", want);
        cli_code(0);
        cli_said("1 passed");
        cli_said(shown);
    }
    CLI("run", cli_path("a.lua"), "--set", "want=udp");
    cli_code(0);
    cli_unsaid("transport udp");
}

/* sips is more than TLS: it is for whoever asks for it. */
static void tls_of_the_run_makes_no_sips(void **state)
{
    (void)state;
    suite("scenario('named', function(t)\n"
          "  local alice, bob = t:agent('alice'), t:agent('bob', { transport = 'tls' })\n"
          "  local call = alice:invite(t:agent('carol', { auto = { reject = 486 } }))\n"
          "  expect(call:expect(486).status):equals(486)\n"
          "  expect(tostring(call.request.contact[1].uri)):matches('^sip:.*;transport=tls$')\n"
          "  expect(tostring(call.request.from.uri)):matches('^sip:[^;]*$')\n"
          "  expect(bob.uri):matches('^sips:')\n"
          "end)\n");
    CLI("run", cli_path("a.lua"), "--transport", "tls");
    cli_code(0);
    cli_said("1 passed");
}

static void what_is_about_udp_alone_is_skipped(void **state)
{
    (void)state;
    suite("scenario('copies', { needs = { 'uas', 'udp' } }, function(t) t:fail('no') end)\n"
          "scenario('both', { needs = { 'uas', 'udp', 'tcp' } }, function(t)\n"
          "  t:wire('w', { transport = 'udp' }):send(t.dut, 'x')\n"
          "  expect(1):equals(1)\n"
          "end)\n");
    CLI("run", cli_path("a.lua"), "--transport", "tcp");
    cli_code(0);
    cli_said("it is about UDP, and the run goes by tcp");
    cli_said("1 passed, 0 failed, 1 skipped");
    CLI("list", cli_path("a.lua"), "--transport", "tcp");
    cli_said("it is about UDP");
    CLI("run", cli_path("a.lua"), "--transport", "udp");
    cli_code(1);
}

/* The line that repeats a failure, and each report. */
static void reports_say_what_it_went_over(void **state)
{
    struct buf text = {0};
    (void)state;
    suite("scenario('fails', function(t) t:agent('alice') expect(1):equals(2) end)\n");
    CLI("run", cli_path("a.lua"), "--transport", "tcp", "--json", cli_path("a.jsonl"));
    cli_code(1);
    cli_said("--transport tcp");
    cli_read(cli_path("a.jsonl"), &text);
    assert_non_null(strstr(text.ptr, "\"transport\":\"tcp\""));
    buf_clear(&text);
    CLI("run", cli_path("a.lua"), "--transport", "tcp", "--junit", cli_path("a.xml"), "--html",
        cli_path("a.html"));
    cli_read(cli_path("a.xml"), &text);
    assert_non_null(strstr(text.ptr, "<property name=\"transport\" value=\"tcp\"/>"));
    buf_clear(&text);
    cli_read(cli_path("a.html"), &text);
    assert_non_null(strstr(text.ptr, "Transport"));
    buf_deinit(&text);
    CLI("report", cli_path("a.jsonl"), "-o", cli_path("again.xml"));
    cli_read(cli_path("again.xml"), &text);
    assert_non_null(strstr(text.ptr, "<property name=\"transport\" value=\"tcp\"/>"));
    buf_deinit(&text);
}

static void a_target_has_to_claim_it(void **state)
{
    static const struct {
        const char *target, *transport;
        const char *said;
    } rows[] = {
        {"old",  "tcp",
         "--transport tcp: the target old does not claim it: name it in its 'supports'"},
        {"safe", "tcp", "--transport tcp: the target safe is a sips: URI, which is TLS"},
    };
    (void)state;
    suite("scenario('a', function(t) t.dut:at('x') end)\n");
    test_folder_file(cli_folder(), "sipwright.lua",
                     "return { targets = {\n"
                     "  old = { uri = 'sip:x@127.0.0.1:9', supports = { 'udp' } },\n"
                     "  safe = { uri = 'sips:x@127.0.0.1:9' } } }\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CLI("run", cli_path("a.lua"), "--target", rows[i].target, "--transport", rows[i].transport);
        cli_code(2);
        cli_said(rows[i].said);
    }
    CLI("run", cli_path("a.lua"), "--transport", "sctp");
    cli_code(2);
    cli_said("give one of udp|tcp|tls");
}

static const char device[] =
    "scenario('device', { net = 'real', allow = { '*->>*: *' } }, function(t)\n"
    "  t:agent('phone', { port = port, transport = { 'udp', 'tcp' } })\n"
    "  t:sleep('50s')\n"
    "end)\n";

/* A device goes by what its URI says; --transport goes before it, and each has its own baseline. */
static void a_device_is_asked_by_it(void **state)
{
    static const char asks[] = "scenario('asks', function(t)\n"
                               "  local response = t:agent('alice'):options(t.dut):response(200)\n"
                               "  t:agent('bob'):options(t.dut:at('somebody')):response(200)\n"
                               "  expect(response.transport):equals(param('want', ''))\n"
                               "end)\n"
                               "scenario('is late', function(t)\n"
                               "  t:agent('alice'):options(t.dut):response(486)\n"
                               "end)\n";
    (void)state;
    device_suite(device, asks,
                 "return { targets = { phone = {\n"
                 "  uri = 'sip:phone@127.0.0.1:' .. port .. ';transport=tcp',\n"
                 "  ready = 'udp:' .. port, known_failures = { 'by_tcp', udp = 'by_udp' },\n"
                 "  start = { sipwright, 'run', '_device.lua', '--net', 'real' } } } }\n");
    test_folder_file(cli_folder(), "by_tcp", "");
    test_folder_file(cli_folder(), "by_udp", "");
    CLI("run", cli_path("s.lua"), "--target", "phone", "--set", "want=tcp", "--grep", "asks");
    cli_code(0);
    cli_said("transport tcp");
    CLI("run", cli_path("s.lua"), "--target", "phone", "--set", "want=udp", "--transport", "udp",
        "--grep", "asks");
    cli_code(0);
    cli_said("1 passed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(who_names_nothing_goes_by_it),       CLI_TEST(tls_of_the_run_makes_no_sips),
        CLI_TEST(what_is_about_udp_alone_is_skipped), CLI_TEST(reports_say_what_it_went_over),
        CLI_TEST(a_target_has_to_claim_it),           CLI_TEST(a_device_is_asked_by_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
