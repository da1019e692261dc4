#include "harness/host/child.h"

#include "harness/host/clock.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define LIMIT_US (UINT64_C(10) * US_PER_S)

static struct child child;
static struct buf text;

static int teardown(void **state)
{
    (void)state;
    child_close(&child);
    buf_deinit(&text);
    text = (struct buf){0};
    assert_int_equal(mem_live(), 0);
    return 0;
}

static void shell(const char *script, struct view input)
{
    const char *argv[] = {"sh", "-c", script, NULL};
    struct child_options options = {.argv = argv, .input = input};

    buf_clear(&text);
    assert_int_equal(child_start(&child, &options, &text), ERR_OK);
}

static void it_ends_as_it_wants(void **state)
{
    (void)state;
    struct process_end end;
    shell("exit 3", V(""));
    assert_true(child_wait(&child, LIMIT_US, &end));
    assert_int_equal(end.status, 3);
    shell("kill -SEGV $$", V(""));
    assert_true(child_wait(&child, LIMIT_US, &end));
    assert_int_equal(end.signal, SIGSEGV);
    process_end_write(&text, &end);
    assert_true(view_starts(buf_view(&text), V("signal 11")));
}

static void what_cannot_be_run_says_why(void **state)
{
    (void)state;
    const char *argv[] = {"./none", NULL};
    assert_int_equal(child_start(&child, &(struct child_options){.argv = argv}, &text), ERR_IO);
    assert_true(
        view_equal(buf_view(&text), V("'./none' cannot be run: No such file or directory")));
}

static void it_reads_what_it_is_given_and_what_it_says_is_kept(void **state)
{
    (void)state;
    struct process_end end;
    shell("cat; echo bad >&2", V("good\n"));
    assert_true(child_wait(&child, LIMIT_US, &end));
    child_said(&child, &text);
    assert_true(view_equal(buf_view(&text), V("good\nbad\n")));
    buf_clear(&text);
    child_said_write(&child, &text);
    assert_true(view_equal(buf_view(&text), V("; it said last: \"good | bad\"")));
}

/* Of much only whole last lines. */
static void what_it_said_long_ago_is_let_go(void **state)
{
    (void)state;
    struct process_end end;
    shell(
        "i=0; while [ $i -lt 9000 ]; do echo \"line $i, which is as long as a line may be that "
        "says "
        "something of importance to whoever reads it, and a little longer than that\"; i=$((i+1)); "
        "done",
        V(""));
    assert_true(child_wait(&child, LIMIT_US, &end));
    child_said(&child, &text);
    assert_true(view_starts(buf_view(&text), V("line 89")));
    assert_true(text.len <= 2048);
    child_trim(&child);
    buf_clear(&text);
    child_said(&child, &text);
    assert_int_equal(text.len, 0);
}

static void one_that_does_not_end_is_ended(void **state)
{
    (void)state;
    struct process_end end;
    uint64_t began_us = clock_wall_us();
    shell("trap '' TERM; sleep 60 & wait", V(""));
    assert_false(child_gone(&child));
    assert_false(child_wait(&child, 50000, &end));
    assert_true(clock_wall_us() < began_us + LIMIT_US);
    assert_int_equal(child.pid, 0);
}

/* The shell goes at once, and what it has started does not. */
static void so_is_what_it_has_started(void **state)
{
    (void)state;
    shell("trap 'exit 0' TERM; (trap '' TERM; echo up; exec sleep 60) & wait", V(""));
    while (text.len == 0) {
        child_said(&child, &text);
        poll(NULL, 0, 5);
    }
    pid_t group = child.group;
    assert_int_equal(kill(-group, 0), 0);
    child_stop(&child);
    for (int i = 0; i < 400 && kill(-group, 0) == 0; i++)
        poll(NULL, 0, 5); /* until somebody has buried it */
    assert_int_not_equal(kill(-group, 0), 0);
}

/* Two processes of one group, whose number is written by who starts them. */
static pid_t group_of_a_dead_starter(void)
{
    int told[2];
    pid_t group = 0, starter;

    assert_int_equal(pipe(told), 0);
    if ((starter = fork()) == 0) {
        const char *argv[] = {"sh", "-c", "sleep 60 & sleep 60", NULL};
        struct child mine = {0};
        struct buf complaint = {0};
        bool started =
            child_start(&mine, &(struct child_options){.argv = argv}, &complaint) == ERR_OK;
        if (!started || write(told[1], &mine.pid, sizeof mine.pid) != (ssize_t)sizeof mine.pid)
            _exit(1);
        raise(SIGKILL);
    }
    assert_int_equal(read(told[0], &group, sizeof group), sizeof group);
    close(told[0]);
    close(told[1]);
    assert_int_equal(waitpid(starter, NULL, 0), starter);
    return group;
}

static void it_dies_with_us_and_so_does_what_it_started(void **state)
{
    (void)state;
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* ours to bury */
    pid_t group = group_of_a_dead_starter();
    uint64_t began_us = clock_wall_us();
    while (kill(-group, 0) == 0 && clock_wall_us() < began_us + LIMIT_US) {
        poll(NULL, 0, 5);
        while (waitpid(-1, NULL, WNOHANG) > 0)
            continue;
    }
    assert_true(clock_wall_us() < began_us + LIMIT_US);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
    const struct CMUnitTest tests[] = {
        TEST(it_ends_as_it_wants),
        TEST(what_cannot_be_run_says_why),
        TEST(it_reads_what_it_is_given_and_what_it_says_is_kept),
        TEST(what_it_said_long_ago_is_let_go),
        TEST(one_that_does_not_end_is_ended),
        TEST(so_is_what_it_has_started),
        TEST(it_dies_with_us_and_so_does_what_it_started),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
