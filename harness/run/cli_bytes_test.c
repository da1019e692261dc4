/* The built program from outside: any byte, anywhere, in every face. */
#include "harness/run/cli_fixture.h"
#include "reports/reports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { BYTES = 256 };

/* Each byte in a name, a reason, a header, a body, a file that is attached, and who is asked for.
 */
static const char scenarios[] =
    "for i = 0, 255 do\n"
    "  local c = string.char(i)\n"
    "  local n = c:find('[\\0-\\31\\127]') and '' or c -- no name has control characters\n"
    "  scenario('<' .. n .. '> ' .. i, function(t)\n"
    "    local w, v = t:wire('w'), t:wire('v')\n"
    "    w:send(v, 'OPTIONS sip:a' .. c .. 'b@example.com "
    "SIP/2.0\\r\\nVia: SIP/2.0/UDP ' .. w.address\n"
    "      .. ';branch=z9hG4bK' .. i .. '\\r\\nSubject: s' .. c .. "
    "'t\\r\\nCall-ID: c' .. c .. 'd\\r\\n'\n"
    "      .. 'From: <sip:a@b>;tag=1\\r\\nTo: <sip:b@b>\\r\\nCSeq: 1 "
    "OPTIONS\\r\\n\\r\\nx' .. c .. 'y')\n"
    "    t:log('l%sm', c)\n"
    "    t:attach('f' .. c .. 'g', 'h' .. c .. 'i', 'text/' .. c)\n"
    "    t:step('u' .. c .. 'v')\n"
    "    t:fail('why ' .. c .. ' not ]]> </script> ' .. c)\n"
    "  end)\n"
    "end\n";

/* No control but the line's end, and in markup the tab; and no bytes that a terminal or a browser
 * would guess about. */
static void is_text(struct view text, const char *where)
{
    bool tabs = view_ends(view_of(where), V(".html")) || view_ends(view_of(where), V(".xml"));

    assert_true(text.len > 100);
    assert_true(text_valid(text));
    while (text.len > 0) {
        uint32_t point;
        text = view_skip(text, text_point(text, &point));
        if (point != '\n' && !(tabs && point == '\t') && text_unsafe(point))
            fail_msg("there is U+%04X in %s", (unsigned)point, where);
    }
}

static void file_is_text(const char *path)
{
    struct buf text = {0};

    cli_read(path, &text);
    is_text(buf_view(&text), path);
    buf_deinit(&text);
}

static void is_well_formed(const char *path)
{
    char command[600];

    snprintf(command, sizeof command, "xmllint --noout '%s' 2>/dev/null || test $? -eq 127", path);
    assert_int_equal(system(command), 0);
    file_is_text(path);
}

static void json_is_read(const char *path)
{
    struct report_read *read = NULL;
    size_t line = 0;

    assert_int_equal(report_json_read(path, &read, &line), ERR_OK);
    const struct report_run *run = report_read_run(read);
    assert_int_equal(run->case_count, BYTES);
    for (size_t i = 0; i < BYTES; i++) {
        assert_int_equal(run->cases[i].verdict, VERDICT_FAIL);
        if (i >= 0x20 && i != 0x7f)
            assert_int_equal((unsigned char)run->cases[i].name.ptr[1], i);
    }
    report_read_destroy(read);
}

static void each_face_takes_every_byte(void **state)
{
    char summary[300];
    const char *const environment[] = {summary, NULL};
    const struct binary_start start = {.environment = environment};
    const char *json = cli_path("a.jsonl"), *xml = cli_path("a.xml"), *html = cli_path("a.html"),
               *tap = cli_path("a.tap");

    (void)state;
    test_folder_file(cli_folder(), "a.lua", scenarios);
    snprintf(summary, sizeof summary, "GITHUB_STEP_SUMMARY=%s", cli_path("summary.md"));
    cli_run(&start, "run", cli_path("a.lua"), "--seed", "7", "--json", json, "--junit", xml,
            "--html", html, "--tap", tap, "--github", "--trace", cli_path("trace"), NULL);
    cli_code(1);
    cli_said("0 passed, 256 failed");
    is_text(buf_view(&cli_end()->out), "standard output");
    json_is_read(json);
    is_well_formed(xml);
    file_is_text(html);
    file_is_text(tap);
    file_is_text(cli_path("summary.md"));
    CLI("report", json, "--junit", xml, "--junit-dialect", "ant");
    is_well_formed(xml);
    CLI("report", json, "--junit", cli_path("strict.xml"), "--junit-dialect", "strict");
    is_well_formed(cli_path("strict.xml"));
}

/* All that a name of a file can have on this system. */
static void so_does_the_name_of_a_file(void **state)
{
    char name[BYTES + 8];
    const char *xml = cli_path("a.xml"), *html = cli_path("a.html"), *tap = cli_path("a.tap"),
               *path;
    size_t len = 0;

    (void)state;
    for (int i = 1; i < 200; i++) /* a name has 255 bytes at most; the others come second */
        if (i != '/' && i != ':')
            name[len++] = (char)i;
    snprintf(name + len, sizeof name - len, ".lua");
    for (int round = 0; round < 2; round++) {
        test_folder_file(cli_folder(), name,
                         "scenario('x', function(t) t:attach('a', 'b') t:fail('c') end)\n");
        path = cli_path(name);
        CLI("run", path, "--seed", "7", "--junit", xml, "--html", html, "--tap", tap, "--trace",
            cli_path("trace"));
        cli_code(1);
        cli_said("0 passed, 1 failed");
        is_well_formed(xml);
        file_is_text(html);
        is_text(buf_view(&cli_end()->out), "standard output");
        len = 0;
        for (int i = 200; i < 256; i++)
            name[len++] = (char)i;
        snprintf(name + len, sizeof name - len, ".lua");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(each_face_takes_every_byte),
        CLI_TEST(so_does_the_name_of_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
