/* The built program from outside: what the commands that take a capture cannot write, they tell,
 * and where it can be known before they begin. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cmocka.h>

static char capture[256], below[256], folder[256], run[256];

/* A capture of a call, its JSON lines, a file where a folder is wanted. */
static void capture_make(void)
{
    test_folder_file(cli_folder(), "call.lua",
                     "scenario('c', function(t)\n"
                     "  local alice, bob = t:agents('alice', 'bob')\n"
                     "  local call = alice:invite(bob)\n"
                     "  local leg = bob:expect_invite()\n"
                     "  leg:answer()\n"
                     "  call:wait('confirmed') leg:wait('confirmed')\n"
                     "  leg:bye() call:wait('terminated')\n"
                     "end)\n");
    test_folder_file(cli_folder(), "file", "");
    snprintf(run, sizeof run, "%s", cli_path("run.jsonl"));
    CLI("run", cli_path("call.lua"), "--trace", cli_path("trace"), "--json", run);
    cli_code(0);
    snprintf(capture, sizeof capture, "%s", cli_path("trace/call_c.pcap"));
    snprintf(below, sizeof below, "%s", cli_path("file/report"));
    snprintf(folder, sizeof folder, "%s", cli_folder()->path);
}

static const char *const faces[] = {"--junit", "--json", "--tap", "--html"};

static void each_command_tells_before_it_begins(void **state)
{
    static const char *const commands[] = {"lint", "replay", "report"};

    (void)state;
    capture_make();
    for (size_t c = 0; c < 3; c++)
        for (size_t f = 0; f < 4; f++) {
            const char *input = c == 2 ? run : capture;
            CLI(commands[c], input, faces[f], below);
            cli_code(2);
            cli_said("is no folder; name a place whose folders are folders");
            cli_unsaid("passed");
            CLI(commands[c], input, faces[f], folder);
            cli_code(2);
            cli_said("is a folder; name a file in it");
            CLI(commands[c], input, faces[f], "/dev/full");
            cli_code(5);
            cli_said("cannot be written: No space left on device; make room");
        }
    CLI("record", capture, "-o", below);
    cli_code(2);
    cli_said("name a place whose folders are folders");
    CLI("record", capture, "-o", folder);
    cli_code(2);
    cli_said("name a file in it");
}

static int parts_left(const char *where)
{
    DIR *dir = opendir(where);
    struct dirent *entry;
    int count = 0;

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL)
        count += strstr(entry->d_name, ".part") != NULL;
    closedir(dir);
    return count;
}

/* Runs it in a shell that lets no file grow beyond 2 KiB. */
static int run_limited(const char *words)
{
    char program[PATH_MAX], command[5 * PATH_MAX];

    binary_path(program);
    snprintf(command, sizeof command,
             "bash -c 'ulimit -f 2; exec \"$0\" \"$@\"' '%s' %s --quiet "
             ">/dev/null 2>'%s/said'",
             program, words, folder);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A disk that is full after some bytes: nothing half written is left, and nothing is green. */
static void a_limit_leaves_nothing_half(void **state)
{
    static const char *const lines[] = {
        "run '%s/call.lua' --json '%s/half'",
        "run '%s/call.lua' --html '%s/half'",
        "report '%s/run.jsonl' --json '%s/half'",
        "report '%s/run.jsonl' --html '%s/half'",
        "replay '%s/trace/call_c.pcap' --json '%s/half'",
    };

    (void)state;
    capture_make();
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char words[2 * PATH_MAX];
        struct buf said = {0};
        snprintf(words, sizeof words, lines[i], folder, folder);
        assert_int_equal(run_limited(words), 5);
        assert_false(cli_there(cli_path("half")));
        assert_int_equal(parts_left(folder), 0);
        cli_read(cli_path("said"), &said);
        assert_true(view_find(buf_view(&said), V("cannot be written: File too large; raise the "
                                                 "limit of file sizes (ulimit -f)")) < said.len);
        buf_deinit(&said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(each_command_tells_before_it_begins),
        CLI_TEST(a_limit_leaves_nothing_half),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
