/* The built program from outside: what lint says of captures, and what of what is none. The files
 * of testdata/lint are what it says; SIPWRIGHT_UPDATE_GOLDEN=1 writes them anew. */
#include "harness/capture/wire_fixture.h"
#include "harness/captured/captured_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define GOLDEN DATA "lint/"

/* The caller forgets Max-Forwards; then a ping that nothing is wrong with. */
static const char call_lua[] = "scenario('a call', function(t)\n"
                               "  local alice, bob = t:agents('alice', 'bob')\n"
                               "  alice:on_send(function(msg)\n"
                               "    if msg.method == 'INVITE' and msg.status == nil then\n"
                               "      return msg:with{ headers = { ['Max-Forwards'] = false } }\n"
                               "    end\n"
                               "  end)\n"
                               "  local call = alice:invite(bob)\n"
                               "  local leg = bob:expect_invite()\n"
                               "  leg:ring()\n"
                               "  t:sleep('2s')\n"
                               "  leg:answer()\n"
                               "  leg:wait('confirmed')\n"
                               "  call:bye()\n"
                               "  leg:wait('terminated')\n"
                               "  alice:options(bob):response(200)\n"
                               "end)\n";

static void without(struct buf *out, struct view text, struct view what)
{
    for (size_t at; text.len > 0; text = view_skip(text, at + what.len)) {
        at = view_find(text, what);
        buf_add(out, view_head(text, at));
        if (at == text.len)
            return;
    }
}

/* Where the files of a test are differs from run to run; in the names of JUnit's classes, too. */
static void plain(struct buf *out, struct view text)
{
    char dotted[256];
    struct view folder = view_of(cli_path(""));
    struct buf paths = {0};
    assert_in_range(folder.len, 1, sizeof dotted);
    for (size_t i = 0; i < folder.len; i++)
        dotted[i] = folder.ptr[i] == '/' ? '.' : folder.ptr[i];
    without(&paths, text, folder);
    without(out, buf_view(&paths), (struct view){dotted, folder.len});
    buf_deinit(&paths);
}

static void golden_write(const char *path, struct view text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

static void as_golden(const char *path, struct view said)
{
    struct buf text = {0}, golden = {0};
    plain(&text, said);
    if (getenv("SIPWRIGHT_UPDATE_GOLDEN") != NULL)
        golden_write(path, buf_view(&text));
    cli_read(path, &golden);
    if (!view_equal(buf_view(&text), buf_view(&golden)))
        fail_msg("other than %s:\n%.*s", path, VIEW_ARG(buf_view(&text)));
    buf_deinit(&text);
    buf_deinit(&golden);
}

static struct view output(void)
{
    return view_of(cli_end()->out.ptr);
}

static void findings_are_told_with_their_bytes(void **state)
{
    (void)state;
    CLI("lint", captured(call_lua));
    cli_code(1);
    as_golden(GOLDEN "call.txt", output());
}

static void calls_are_told_with_their_ladders(void **state)
{
    (void)state;
    CLI("lint", "--ladder", captured(call_lua));
    cli_code(1);
    as_golden(GOLDEN "ladder.txt", output());
}

static void findings_calls_and_captures_are_lines_of_json(void **state)
{
    (void)state;
    CLI("lint", "--json", "-", captured(call_lua));
    cli_code(1);
    as_golden(GOLDEN "call.jsonl", output());
}

static void every_call_is_a_case_of_junit(void **state)
{
    struct buf xml = {0};
    char path[256];
    (void)state;
    const char *capture = captured(call_lua);
    snprintf(path, sizeof path, "%s", cli_path("lint.xml"));
    CLI("lint", "--summary", "--junit", path, capture);
    cli_code(1);
    cli_read(path, &xml);
    as_golden(GOLDEN "call.xml", buf_view(&xml));
    buf_deinit(&xml);
}

static void every_call_is_a_case_of_tap(void **state)
{
    struct buf tap = {0};
    char path[256];
    (void)state;
    const char *capture = captured(call_lua);
    snprintf(path, sizeof path, "%s", cli_path("lint.tap"));
    CLI("lint", "--summary", "--tap", path, capture);
    cli_code(1);
    cli_read(path, &tap);
    assert_true(binary_said(&tap, "\n1..2\n"));
    assert_true(binary_said(&tap, "\nnot ok 1 - alice to bob: INVITE"));
    assert_true(binary_said(&tap, "\nok 2 - alice to bob: OPTIONS"));
    buf_deinit(&tap);
}

static void the_summary_is_one_line(void **state)
{
    (void)state;
    CLI("lint", "--summary", captured(call_lua));
    cli_code(1);
    as_golden(GOLDEN "summary.txt", output());
}

static void rules_are_left_out_by_id_or_beginning(void **state)
{
    static const char *const ignored[] = {"MSG-017b", "MSG-*", "*"};
    (void)state;
    const char *capture = captured(call_lua);
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) {
        CLI("lint", "--ignore", ignored[i], capture);
        cli_code(0);
        cli_said("2 calls, 0 findings");
    }
    CLI("lint", "--ignore", "MSG-999", capture);
    cli_code(2);
    cli_said("there is no rule 'MSG-999'");
}

static void rules_are_listed(void **state)
{
    (void)state;
    CLI("lint", "--rules");
    cli_code(0);
    cli_said("MSG-017b  must    RFC 3261 §8.1.1.6   every request has Max-Forwards");
}

static void bytes_that_would_drive_a_terminal_are_shown(void **state)
{
    struct wire_file wire;
    (void)state;
    wire_open(&wire, LINK_ETHERNET_FILE);
    wire_udp(
        &wire, 5060, 5060,
        V("OPTIONS sip:bob@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
          "Max-Forwards: 70\r\nFrom: <sip:alice@192.0.2.1>;tag=a\r\nTo: <sip:bob@192.0.2.2>\r\n"
          "Call-ID: one\r\nCSeq: 1 OPTIONS\r\nSubject: \x1b[2J\xff\r\nContent-Length: x\r\n"
          "\r\n"));
    wire_read(&wire);
    CLI("lint", wire.path);
    cli_code(1);
    cli_said("| Subject: \\x1b[2J\\xff\n");
    cli_said("| Content-Length: x\n    |                 ^\n");
    cli_unsaid("\x1b");
    wire_close(&wire);
}

static void what_is_no_capture_of_sip_is_told(void **state)
{
    struct wire_file silent;
    (void)state;
    wire_open(&silent, LINK_ETHERNET_FILE);
    wire_udp(&silent, 4000, 4001, V("no SIP at all"));
    wire_frame(&silent, V("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x08\x06 ARP"), 0);
    wire_read(&silent);
    CLI("lint", silent.path);
    cli_code(2);
    cli_said("0 SIP messages, 0 calls, 0 findings");
    cli_said("there is no SIP in its 2 frames, of which 1 have no IP");
    wire_close(&silent);
    test_folder_file(cli_folder(), "empty.pcap", "");
    test_folder_file(cli_folder(), "text.pcap", "INVITE sip:bob@example.com SIP/2.0\r\n");
    CLI("lint", cli_path("empty.pcap"));
    cli_code(2);
    cli_said("it is empty");
    CLI("lint", cli_path("text.pcap"));
    cli_code(2);
    cli_said("it is the text of a message");
    CLI("lint", cli_path("absent.pcap"));
    cli_code(5);
    cli_said("No such file");
    CLI("lint", cli_path(""));
    cli_code(2);
    cli_said("it is a folder");
    CLI("lint");
    cli_code(2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(findings_are_told_with_their_bytes),
        CLI_TEST(calls_are_told_with_their_ladders),
        CLI_TEST(findings_calls_and_captures_are_lines_of_json),
        CLI_TEST(every_call_is_a_case_of_junit),
        CLI_TEST(every_call_is_a_case_of_tap),
        CLI_TEST(the_summary_is_one_line),
        CLI_TEST(rules_are_left_out_by_id_or_beginning),
        CLI_TEST(rules_are_listed),
        CLI_TEST(bytes_that_would_drive_a_terminal_are_shown),
        CLI_TEST(what_is_no_capture_of_sip_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
