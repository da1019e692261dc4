/* Whatever a script or a peer does, the run comes to its end, and says what kept it. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void nothing_hangs(void **state)
{
    static const struct {
        const char *line, *said;
        int code;
    } rows[] = {
        {"while true do end",                                                                           "the script's budget of instructions is spent", 1},
        {"while true do pcall(function() while true do end end) end",
         "the script's budget of instructions is spent",                                                                                                1},
        {"coroutine.wrap(function() while true do end end)()",
         "the script's budget of instructions is spent",                                                                                                1},
        {"table.sort({3, 2, 1}, function() while true do end end)",
         "the script's budget of instructions is spent",                                                                                                1},
        {"local s = 'x' while true do s = s .. s end",                                                  "the script's memory limit was reached",        1},
        {"expect(#('x'):rep(1 << 30)):equals(1)",                                                       "the script's memory limit was reached",        1},
        {"expect(('a'):rep(64) .. '!'):matches('^(a|aa)+$')",                                           "match limit exceeded",                         3},
        {"local f f = function() return 1 + f() end f()",                                               "stack overflow",                               1},
        {"local w = t:wire('w') w:ignore('*') t:agent('a'):options(w):response(200)",
         "got a timeout at 32.000 s",                                                                                                                   1},
        {"local w = t:wire('w', { transport = 'tcp' }) w:ignore('*')\n"
         " t:agent('a', { transport = 'tcp' }):options(w):response(200)",                      "got a timeout at 32.000 s",                    1},
        {"local w = t:wire('w', { transport = 'tcp', port = 5061 })\n"
         " t:agent('a', { transport = 'tls' }):options('sips:x@' .. w.address):response(200)", "the handshake does not end",                   1},
        {"t:agent('a'):expect_invite()",                                                                "expected INVITE within 32 s, nothing came",    1},
        {"t:spawn(function() t:sleep('20m') end) t:all()",
         "waiting for a task to end at a.lua:2; sleeping at a.lua:2",                                                                                   1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[400];
        snprintf(text, sizeof text, "scenario('s', function(t)\n %s\nend)\n", rows[i].line);
        test_folder_file(cli_folder(), "a.lua", text);
        CLI("run", cli_path("a.lua"));
        cli_said(rows[i].said);
        cli_code(rows[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(nothing_hangs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
