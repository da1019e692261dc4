/* The built program while it runs: what it says of what goes on, to a terminal and when it is
 * asked. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *const colours[] = {"TERM=xterm", NULL};
static const char *const dumb[] = {"TERM=dumb", NULL};
static const char *const no_colour[] = {"TERM=xterm", "NO_COLOR=1", NULL};

static void a_terminal_has_a_bar_and_a_pipe_a_line_each(void **state)
{
    struct binary_start terminal = {.columns = 80, .environment = colours};
    struct binary_start plain = {.columns = 80, .environment = no_colour};
    struct binary_start old = {.columns = 80, .environment = dumb};

    (void)state;
    cli_run(&terminal, "run", DATA "pass.lua", DATA "fail.lua", NULL);
    cli_code(1);
    cli_said("█████░░░░░░░░░░░░░░░ 1/4");
    cli_said("\033[31m✗\033[0m it fails");
    cli_said("\033[31m3 passed, 1 failed, 0 skipped\033[0m in ");
    cli_run(&plain, "run", DATA "pass.lua", DATA "fail.lua", NULL);
    cli_said("█████░░░░░░░░░░░░░░░ 1/4");
    cli_unsaid("\033[3");
    cli_run(&old, "run", DATA "pass.lua", DATA "fail.lua", NULL);
    cli_unsaid("░");
    cli_unsaid("\033[");
    CLI("run", DATA "pass.lua", DATA "fail.lua");
    cli_unsaid("░");
    cli_unsaid("\033[");
    cli_said("pass.lua: ");
}

/* A slow one does not keep the others' failures back, for whoever looks on. */
static void a_failure_is_shown_when_it_comes(void **state)
{
    struct binary_start start = {.columns = 100,
                                 .environment = colours,
                                 .signal_after = "expected \"idle\", got \"busy\"",
                                 .signal = SIGINT};

    (void)state;
    cli_run(&start, "run", DATA "loop_first.lua", DATA "fail.lua", "--jobs", "2", NULL);
    cli_code(130);
}

static void the_bar_says_what_is_waited_for(void **state)
{
    struct binary_start start = {.columns = 120,
                                 .environment = colours,
                                 .signal_after = "bob: waiting for INVITE, ",
                                 .signal = SIGINT};

    (void)state;
    cli_run(&start, "run", DATA "waits.lua", "--grep", "a waits", "--net", "real", "--unsafe",
            NULL);
    cli_code(130);
    cli_said(" s left (and 1 more)");
}

static void who_asks_is_told_every_wait_and_timer(void **state)
{
    struct binary_start start = {.signal_after = "now it waits",
                                 .signal = SIGUSR1,
                                 .then_after = "bob: waiting for INVITE, ",
                                 .then_signal = SIGINT};

    (void)state;
    cli_run(&start, "run", DATA "waits.lua", "--grep", "a waits", "--net", "real", "--unsafe",
            NULL);
    cli_code(130);
    cli_said("1 scenario runs now:\n  waits.lua: a waits for a call");
    cli_said(" s left   waits.lua:7\n    sleeping, ");
    cli_said("    alice: Timer F of the OPTIONS client (trying) in ");
}

static void a_loop_says_its_line_and_goes_on(void **state)
{
    struct binary_start start = {.signal_after = "now it loops",
                                 .signal = SIGUSR1,
                                 .then_after = "the script runs   waits.lua:1",
                                 .then_signal = SIGINT};

    (void)state;
    cli_run(&start, "run", DATA "waits.lua", "--grep", "b loops", "--unsafe", NULL);
    cli_code(130);
}

static void a_loop_in_c_is_told_as_what_it_is(void **state)
{
    struct binary_start start = {.signal_after = "now it matches",
                                 .signal = SIGUSR1,
                                 .then_after = "no answer within 80 ms",
                                 .then_signal = SIGINT};

    (void)state;
    cli_run(&start, "run", DATA "waits.lua", "--grep", "c loops", "--unsafe", NULL);
    cli_code(130);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(a_terminal_has_a_bar_and_a_pipe_a_line_each),
        CLI_TEST(a_failure_is_shown_when_it_comes),
        CLI_TEST(the_bar_says_what_is_waited_for),
        CLI_TEST(who_asks_is_told_every_wait_and_timer),
        CLI_TEST(a_loop_says_its_line_and_goes_on),
        CLI_TEST(a_loop_in_c_is_told_as_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
