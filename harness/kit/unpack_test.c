#include "harness/kit/unpack.h"
#include "harness/run/folder_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct test_folder folder;
static struct buf complaint;

static int setup(void **state)
{
    (void)state;
    test_folder_make(&folder);
    buf_clear(&complaint);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    test_folder_remove(&folder);
    buf_deinit(&complaint);
    return 0;
}

static const char *below(const char *name)
{
    return test_folder_path(&folder, name);
}

static bool is_there(const char *name)
{
    struct stat status;

    return lstat(below(name), &status) == 0;
}

static const struct new_file files[] = {
    {"a.lua",         {"one", 3}},
    {"deep/in/b.lua", {"two", 3}},
};

static enum err unpack_both(const char *name)
{
    char path[1024];

    snprintf(path, sizeof path, "%s", below(name));
    return unpack(path, files, 2, &complaint);
}

static void files_and_their_folders_are_made(void **state)
{
    char text[8] = "";

    (void)state;
    assert_int_equal(unpack_both("new/suite"), ERR_OK);
    FILE *file = fopen(below("new/suite/deep/in/b.lua"), "rb");
    assert_non_null(file);
    assert_int_equal(fread(text, 1, sizeof text, file), 3);
    fclose(file);
    assert_string_equal(text, "two");
}

static void one_that_is_there_keeps_all_others_out(void **state)
{
    (void)state;
    assert_int_equal(mkdir(below("suite"), 0777), 0);
    assert_int_equal(mkdir(below("suite/deep"), 0777), 0);
    assert_int_equal(mkdir(below("suite/deep/in"), 0777), 0);
    assert_int_equal(symlink("nowhere", below("suite/deep/in/b.lua")), 0);
    assert_int_equal(unpack_both("suite"), ERR_SYNTAX);
    assert_false(is_there("suite/a.lua"));
    assert_true(view_find(buf_view(&complaint), V("b.lua' is already there")) < complaint.len);
}

static void what_cannot_be_finished_is_taken_back(void **state)
{
    (void)state;
    assert_int_equal(mkdir(below("suite"), 0777), 0);
    FILE *file = fopen(below("suite/deep"), "wb"); /* where a folder has to be */
    assert_non_null(file);
    fclose(file);
    assert_int_equal(unpack_both("suite"), ERR_IO);
    assert_false(is_there("suite/a.lua"));
    assert_true(is_there("suite/deep"));
    assert_true(view_find(buf_view(&complaint), V("cannot be written: Not a directory")) <
                complaint.len);
}

static void memory_that_runs_out_leaves_nothing(void **state)
{
    (void)state;
    for (uint64_t nth = 1; nth < 4; nth++) {
        mem_fail_at(nth, true);
        enum err err = unpack_both("suite");
        mem_fail_at(0, false);
        if (err == ERR_OK)
            return; /* it needed no more than that */
        assert_int_equal(err, ERR_MEMORY);
        assert_false(is_there("suite"));
    }
}

static void a_folder_that_lies_too_deep_is_refused(void **state)
{
    struct buf deep = {0};

    (void)state;
    buf_printf(&deep, "%s", folder.path);
    for (size_t i = 0; i < 200; i++)
        buf_add(&deep, V("/d"));
    buf_add_char(&deep, '\0');
    assert_int_equal(unpack(deep.ptr, files, 2, &complaint), ERR_LIMIT);
    buf_deinit(&deep);
    assert_false(is_there("d"));
    assert_true(view_find(buf_view(&complaint), V("' lies too deep")) < complaint.len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_and_their_folders_are_made, setup, teardown),
        cmocka_unit_test_setup_teardown(one_that_is_there_keeps_all_others_out, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_finished_is_taken_back, setup, teardown),
        cmocka_unit_test_setup_teardown(memory_that_runs_out_leaves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_folder_that_lies_too_deep_is_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
