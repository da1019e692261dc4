#include "reports/failure.h"
#include "reports/text.h"

#include "reports/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void collect(void *ctx, struct view text)
{
    buf_add(ctx, text);
}

/* The whole of a run on a console with these options; hostile cases are left to a test of their
 * own. */
static void run_print(const struct run_fixture *fixture, struct console_options options,
                      const struct report_run *run, struct buf *out)
{
    struct console *console = NULL;
    options.case_count = (uint32_t)run->case_count;
    options.write = collect;
    options.ctx = out;
    assert_int_equal(console_create(&options, &console), ERR_OK);
    console_begin(console, run);
    for (size_t i = 0; i < run->case_count; i++) {
        struct console_item item = {.name = run->cases[i].name};
        console_running(console, &item, 1);
        console_case(console, &run->cases[i]);
    }
    console_end(console, run);
    console_destroy(console);
    (void)fixture;
}

static void golden_console(const char *name, const struct run_fixture *fixture,
                           struct console_options options, const struct report_run *run)
{
    struct buf out = {0};
    run_print(fixture, options, run, &out);
    golden_check(name, buf_view(&out));
    buf_deinit(&out);
}

static void consoles_are_as_in_the_golden_files(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_run head = run_part(fixture, 0, RUN_HOSTILE);
    struct report_run tail = run_part(fixture, RUN_SCRIPT, RUN_CASES - RUN_SCRIPT);
    golden_console("plain.console", fixture, (struct console_options){.width = 100}, &head);
    golden_console("kinds.console", fixture, (struct console_options){.width = 100}, &tail);
    golden_console("quiet.console", fixture, (struct console_options){.quiet = true}, &head);
    golden_console("terminal.console", fixture,
                   (struct console_options){.terminal = true, .colour = true, .width = 80}, &head);
    tail.started_s = 0;
    tail.interrupted = true;
    golden_console("no-clock.console", fixture, (struct console_options){.width = 100}, &tail);
}

static void the_last_line_can_be_searched(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_run run = run_part(fixture, RUN_CALL, 2);
    struct buf out = {0};
    run_print(fixture, (struct console_options){.terminal = true}, &run, &out);
    assert_true(view_ends(buf_view(&out), V("\n1 passed, 1 failed, 0 skipped in 1.23 s\n")));
    buf_deinit(&out);
}

/* Without colour and terminal nothing is a control but the newline; with them only our own are. */
static void nothing_of_a_case_controls_the_terminal(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_run run = run_part(fixture, RUN_HOSTILE, 1);
    struct buf out = {0};
    run_print(fixture, (struct console_options){.width = 80}, &run, &out);
    struct view rest = buf_view(&out);
    while (rest.len > 0) {
        uint32_t point;
        size_t len = text_point(rest, &point);
        assert_true(point == '\n' || !text_unsafe(point));
        rest = view_skip(rest, len);
    }
    buf_clear(&out);
    run_print(fixture, (struct console_options){.terminal = true, .colour = true}, &run, &out);
    rest = buf_view(&out);
    for (size_t at; (at = view_find_char(rest, '\033')) < rest.len;) {
        rest = view_skip(rest, at);
        assert_true(view_starts(rest, V("\033[31m")) || view_starts(rest, V("\033[0m")) ||
                    view_starts(rest, V("\033[K")));
        rest = view_skip(rest, 1);
    }
    buf_deinit(&out);
}

/* What runs for long has a line of its own, and what it waits for cannot harm the terminal. */
static void what_runs_says_what_it_waits_for(void **state)
{
    static const struct console_item items[] = {
        {.name = {"quick", 5}                                     },
        { .name = {"slow", 4}, .waits = {"bob: waiting for ACK, 3.2 s left\033[2J", 36}},
        { .name = {"long", 4},                                  .for_us = 61 * US_PER_S},
    };
    struct buf out = {0};
    struct console *console = NULL;
    struct console_options options = {
        .terminal = true, .width = 60, .case_count = 9, .write = collect, .ctx = &out};
    (void)state;
    assert_int_equal(console_create(&options, &console), ERR_OK);
    console_running(console, items, 3);
    assert_true(
        view_equal(buf_view(&out), V("░░░░░░░░░░░░░░░░░░░░ 0/9  quick\n"
                                     "  slow  0 s  bob: waiting for ACK, 3.2 s left\\x1b[2J\n"
                                     "  long  61 s")));
    buf_clear(&out);
    console_note(console, V("one\ntwo\033[2J\n"));
    assert_true(
        view_starts(buf_view(&out), V("\r\033[K\033[A\033[K\033[A\033[Kone\ntwo\\x1b[2J\n░")));
    console_destroy(console);
    buf_deinit(&out);
}

static size_t times_told(const struct run_fixture *fixture, const struct report_run *run)
{
    struct buf out = {0};
    run_print(fixture, (struct console_options){0}, run, &out);
    struct view rest = buf_view(&out), what = V("expected, never came");
    size_t count = 0;
    for (size_t at; (at = view_find(rest, what)) < rest.len; count++)
        rest = view_skip(rest, at + what.len);
    buf_deinit(&out);
    return count;
}

static void a_failure_is_told_again_only_when_it_was_buried(void **state)
{
    struct run_fixture *fixture = *state;
    struct report_case busy = fixture->cases[RUN_BUSY], passed = fixture->cases[RUN_CALL];
    struct report_case cases[] = {busy, busy, busy, busy, passed};
    struct report_run run = fixture->run;
    run.cases = cases;
    run.case_count = 3;
    assert_int_equal(times_told(fixture, &run), 3);
    run.case_count = 4; /* more than are in sight */
    assert_int_equal(times_told(fixture, &run), 8);
    run.cases = cases + 3; /* one, and a line after it */
    run.case_count = 2;
    assert_int_equal(times_told(fixture, &run), 2);
}

static void no_memory_for_a_console_is_said(void **state)
{
    struct console *console = NULL;
    struct console_options options = {.write = collect};
    (void)state;
    mem_fail_at(1, false);
    assert_int_equal(console_create(&options, &console), ERR_MEMORY);
    mem_fail_at(0, false);
    assert_null(console);
    console_destroy(NULL);
}

int main(void)
{
    struct run_fixture *fixture = run_fixture_create();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(consoles_are_as_in_the_golden_files, fixture),
        cmocka_unit_test_prestate(the_last_line_can_be_searched, fixture),
        cmocka_unit_test_prestate(nothing_of_a_case_controls_the_terminal, fixture),
        cmocka_unit_test_prestate(a_failure_is_told_again_only_when_it_was_buried, fixture),
        cmocka_unit_test_prestate(no_memory_for_a_console_is_said, fixture),
        cmocka_unit_test_prestate(what_runs_says_what_it_waits_for, fixture),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    run_fixture_destroy(fixture);
    return failed;
}
