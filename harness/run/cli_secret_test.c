/* The built program from outside: a secret of any kind is in nothing that it writes. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <dirent.h>
#include <stdarg.h>

#include <cmocka.h>

#define WORD "Tr0ub4dor-and-3" /* of --secret */
#define WORD_HEX "547230756234646f722d616e642d33"
#define WORD_BASE64 "VHIwdWI0ZG9yLWFuZC0z"
#define OTHER "correct-horse-9" /* of the environment */
#define OTHER_BASE64 "Y29ycmVjdC1ob3JzZS05"
#define SRTP_KEY "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR"
#define MIKEY "AQAFgM0XflABAAAAAAAAAAAAAAsAyONQ6gAAAAAGEEoo2pee4hp2UaDX8ZE22Y"
#define CLEAR_KEY "open-sesame-77"
#define BASIC "YWxpY2U6YmF0dGVyeS1zdGFwbGU"
#define BEARER "mF_9.B5f-4.1JqM"
#define URI_WORD "in-the-uri-42"
#define PASSWORD "of-the-command-line-8"

static const char *const kinds[] = {WORD,  WORD_HEX,  WORD_BASE64, OTHER,  OTHER_BASE64, SRTP_KEY,
                                    MIKEY, CLEAR_KEY, BASIC,       BEARER, URI_WORD,     PASSWORD};
enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

/* It fails, so that what it knows comes into sentences, the source and ladders, too. */
static const char scenarios[] =
    "local word, other = secret('WORD'), secret('OTHER')\n"
    "scenario('it knows ' .. word, { tags = { 'a' } }, function(t)\n"
    "  local reg = t:registrar('reg', { users = { alice = word } })\n"
    "  local alice = t:agent('alice', { auth = { password = word } })\n"
    "  alice:register(reg):wait('registered')\n"
    "  local w, v = t:wire('w'), t:wire('v')\n"
    "  w:send(v, 'MESSAGE sip:bob:" URI_WORD "@example.com SIP/2.0\\r\\n'\n"
    "    .. 'Via: SIP/2.0/UDP ' .. w.address .. ';branch=z9hG4bK1\\r\\n'\n"
    "    .. 'From: <sip:alice:" URI_WORD
    "@example.com>;tag=1\\r\\nTo: <sip:bob@example.com>\\r\\n'\n"
    "    .. 'Call-ID: 1\\r\\nCSeq: 1 MESSAGE\\r\\nMax-Forwards: 70\\r\\n'\n"
    "    .. 'Authorization: Basic " BASIC "=\\r\\n'\n"
    "    .. 'Proxy-Authorization: Bearer " BEARER "\\r\\n'\n"
    "    .. 'Subject: ' .. word .. ' ' .. other .. '\\r\\nContent-Type: "
    "application/sdp\\r\\n\\r\\n'\n"
    "    .. 'v=0\\r\\nk=clear:" CLEAR_KEY "\\r\\nm=audio 9 RTP/SAVP 0\\r\\n'\n"
    "    .. 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" SRTP_KEY "|2^20|1:4\\r\\n'\n"
    "    .. 'a=key-mgmt:mikey " MIKEY "\\r\\n')\n"
    "  local got = v:expect('MESSAGE')\n"
    "  t:log('%s %s', word, other)\n"
    "  t:log('" WORD_BASE64 " " WORD_HEX "')\n"
    "  t:attach('notes.txt', word .. ' ' .. got.body, 'text/plain')\n"
    "  t:step('with ' .. word, function() expect.soft(got.body):equals(other) end)\n"
    "  expect(got.raw):equals(word)\n"
    "end)\n";

static void nowhere(struct view text, const char *where)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (view_find(text, view_of(kinds[i])) < text.len)
            fail_msg("%s is in %s", kinds[i], where);
    for (size_t at; (at = view_find(text, V("response=\""))) < text.len;) {
        text = view_skip(text, at + 10);
        if (text.len > 0 && text.ptr[0] != '*' && text.ptr[0] != '%')
            fail_msg("a digest's response is in %s: %.*s", where, 40, text.ptr);
    }
}

static void file_has_none(const char *path)
{
    struct buf text = {0};

    cli_read(path, &text);
    assert_true(text.len > 100);
    nowhere(buf_view(&text), path);
    buf_deinit(&text);
}

static void files_below_have_none(const char *folder, int least)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    char path[512];
    int count = 0;

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        file_has_none(path);
        nowhere(view_of(entry->d_name), "the name of a file");
        count++;
    }
    closedir(dir);
    assert_true(count >= least);
}

static void nothing_said(void)
{
    nowhere(buf_view(&cli_end()->out), "standard output");
    nowhere(buf_view(&cli_end()->err), "standard error");
}

static void no_face_of_a_run_has_a_secret(void **state)
{
    char summary[300];
    const char *const environment[] = {"SIPWRIGHT_SECRET_OTHER=" OTHER, summary, NULL};
    struct binary_start start = {.environment = environment};

    (void)state;
    test_folder_file(cli_folder(), "a.lua", scenarios);
    snprintf(summary, sizeof summary, "GITHUB_STEP_SUMMARY=%s", cli_path("out/summary.md"));
    CLI("run", DATA "pass.lua", "--tap", cli_path("out/first.tap")); /* makes the folder */
    cli_run(&start, "run", cli_path("a.lua"), "--secret", "WORD=" WORD, "--json",
            cli_path("out/a.jsonl"), "--html", cli_path("out/a.html"), "--junit",
            cli_path("out/a.xml"), "--tap", cli_path("out/a.tap"), "--github", "--trace",
            cli_path("trace"), NULL);
    cli_code(1);
    nothing_said();
    cli_said("it knows ***");
    files_below_have_none(cli_path("out"), 6);
    files_below_have_none(cli_path("trace"), 1);
    CLI("report", cli_path("out/a.jsonl"), "--junit", cli_path("again/ant.xml"), "--junit-dialect",
        "ant", "--html", cli_path("again/a.html"), "--json", cli_path("again/a.jsonl"));
    cli_code(1);
    nothing_said();
    CLI("report", cli_path("out/a.jsonl"), "--junit", cli_path("again/strict.xml"),
        "--junit-dialect", "strict");
    cli_code(1);
    files_below_have_none(cli_path("again"), 4);
}

static void no_list_and_no_complaint_has_one(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "a.lua",
                     "local word = secret('WORD')\n"
                     "scenario(word, { skip = word, tags = { word } }, function(t) end)\n");
    test_folder_file(cli_folder(), "b.lua", "error(secret('WORD'))\n");
    CLI("list", cli_folder()->path, "--secret=WORD=" WORD);
    cli_said("***************");
    nothing_said();
    CLI("list", cli_folder()->path, "--secret=WORD=" WORD, "--json");
    nothing_said();
    CLI("list", cli_folder()->path, "--secret=WORD=" WORD, "--tags");
    cli_said("***************\n");
    nothing_said();
    CLI("run", cli_folder()->path, "--secret=WORD=" WORD, "--jobs", "1");
    cli_code(3);
    nothing_said();
    test_folder_file(cli_folder(), "sipwright.lua",
                     "return { targets = { a = { uri = secret('WORD') } } }\n");
    CLI("run", cli_folder()->path, "--secret", "WORD=" WORD, "--target", "a");
    cli_code(2);
    nothing_said();
}

/* A line that repeats the run is worth nothing to who has not the secrets. */
static void no_command_line_has_one(void **state)
{
    struct buf text = {0};

    (void)state;
    CLI("run", DATA "pass.lua", "--secret=WORD=" WORD, "--secret", "OTHER=" OTHER, "--set",
        "copy=" WORD, "--set", "uri=sip:a:" URI_WORD "@b", "--json", cli_path("a.jsonl"));
    cli_code(0);
    cli_read(cli_path("a.jsonl"), &text);
    assert_true(view_find(buf_view(&text), V("\"command_line\":\"sipwright run ")) < text.len);
    nowhere(buf_view(&text), "the command line");
    buf_deinit(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(no_face_of_a_run_has_a_secret),
        CLI_TEST(no_list_and_no_complaint_has_one),
        CLI_TEST(no_command_line_has_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
