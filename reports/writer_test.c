#include "reports/writer.h"

#include "reports/run_fixture.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

static char folder[200], path[300];

static enum err text_write(const char *to, struct view text)
{
    struct writer writer;
    enum err err = writer_open(&writer, to);
    if (err == ERR_OK)
        buf_add(writer_buf(&writer), text);
    return writer_close(&writer, err);
}

static void holds(const char *file, const char *want)
{
    struct buf got = {0};
    file_read(file, &got);
    assert_true(view_equal(buf_view(&got), view_of(want)));
    buf_deinit(&got);
}

/* How many files lie in the folder, those that begin with a dot too. */
static void files_are(const char *want)
{
    char command[300];
    struct buf got = {0};
    snprintf(command, sizeof command, "cd '%s' && find . -type f | sort | tr '\\n' ' '", folder);
    assert_int_equal(program_run(command, &got), 0);
    buf_add_char(&got, '\0');
    assert_string_equal(got.ptr, want);
    buf_deinit(&got);
}

static void a_file_comes_to_stand_in_its_place(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "%s/a/b/c.txt", folder);
    assert_int_equal(text_write(path, V("first")), ERR_OK);
    holds(path, "first");
    assert_int_equal(text_write(path, V("second")), ERR_OK);
    holds(path, "second");
    files_are("./a/b/c.txt ");
}

static void what_fails_leaves_the_old_file_and_nothing_else(void **state)
{
    struct writer writer;
    (void)state;
    snprintf(path, sizeof path, "%s/a/b/c.txt", folder);
    assert_int_equal(text_write(path, V("old")), ERR_OK);
    assert_int_equal(writer_open(&writer, path), ERR_OK);
    buf_add(writer_buf(&writer), V("half"));
    assert_int_equal(writer_close(&writer, ERR_LIMIT), ERR_LIMIT);
    holds(path, "old");
    files_are("./a/b/c.txt ");
}

static void a_full_disk_is_said(void **state)
{
    struct rlimit old, small = {8192, RLIM_INFINITY};
    char *bytes = mem_alloc(1 << 20);
    (void)state;
    memset(bytes, 'x', 1 << 20);
    assert_int_equal(text_write("/dev/full", V("x")), ERR_IO);
    snprintf(path, sizeof path, "%s/a/b/c.txt", folder);
    assert_int_equal(text_write(path, V("old")), ERR_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum err err = text_write(path, (struct view){bytes, 1 << 20});
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    mem_free(bytes);
    assert_int_equal(err, ERR_IO);
    holds(path, "old");
    files_are("./a/b/c.txt ");
}

static void places_that_cannot_be_written_are_refused(void **state)
{
    (void)state;
    assert_int_equal(text_write("", V("x")), ERR_IO);
    assert_int_equal(text_write(folder, V("x")), ERR_IO); /* it is a folder */
    snprintf(path, sizeof path, "%s/a/b/c.txt/below", folder);
    assert_int_equal(text_write(path, V("x")), ERR_IO); /* a file is no folder */
    files_are("./a/b/c.txt ");
}

static void a_device_is_written_to_as_it_is(void **state)
{
    struct stat info;
    (void)state;
    assert_int_equal(text_write("/dev/null", V("x")), ERR_OK);
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
}

static void much_is_written_in_pieces(void **state)
{
    struct writer writer;
    struct buf got = {0};
    (void)state;
    snprintf(path, sizeof path, "%s/much.txt", folder);
    assert_int_equal(writer_open(&writer, path), ERR_OK);
    for (int i = 0; i < 100000; i++) {
        buf_printf(writer_buf(&writer), "%06d\n", i);
        writer_spill(&writer);
        assert_true(writer_buf(&writer)->len < 1 << 20);
    }
    assert_int_equal(writer_close(&writer, ERR_OK), ERR_OK);
    file_read(path, &got);
    assert_int_equal(got.len, 700000);
    assert_true(view_ends(buf_view(&got), V("099998\n099999\n")));
    buf_deinit(&got);
    assert_int_equal(remove(path), 0);
}

static void no_memory_is_said_and_leaves_nothing(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "%s/oom.txt", folder);
    for (uint64_t nth = 1; nth <= 4; nth++) {
        mem_fail_at(nth, false);
        enum err err = text_write(path, V("x"));
        mem_fail_at(0, false);
        assert_int_equal(err, ERR_MEMORY);
        files_are("./a/b/c.txt ");
    }
    assert_int_equal(text_write(path, V("x")), ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_comes_to_stand_in_its_place),
        cmocka_unit_test(what_fails_leaves_the_old_file_and_nothing_else),
        cmocka_unit_test(a_full_disk_is_said),
        cmocka_unit_test(places_that_cannot_be_written_are_refused),
        cmocka_unit_test(a_device_is_written_to_as_it_is),
        cmocka_unit_test(much_is_written_in_pieces),
        cmocka_unit_test(no_memory_is_said_and_leaves_nothing),
    };
    scratch_make(folder, sizeof folder);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    scratch_remove(folder);
    return failed;
}
