#include "harness/listing/discover.h"
#include "harness/run/folder_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

static struct test_folder folder;
static struct discovery found;
static struct buf complaint;

static int setup(void **state)
{
    (void)state;
    test_folder_make(&folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    discovery_deinit(&found);
    buf_deinit(&complaint);
    test_folder_remove(&folder);
    return 0;
}

static enum err find(const char *a, const char *b, const char *root)
{
    const char *items[2] = {a, b};
    struct strings paths = {.items = items, .count = b != NULL ? 2 : a != NULL ? 1 : 0};

    discovery_deinit(&found);
    buf_clear(&complaint);
    return discover(&paths, root, &found, &complaint);
}

static const char *at(const char *path)
{
    return test_folder_path(&folder, path);
}

static void assert_files(const char *names)
{
    struct buf text = {0};

    for (size_t i = 0; i < found.file_count; i++) {
        buf_add(&text, found.files[i]->path);
        if (found.files[i]->line != 0)
            buf_printf(&text, ":%u", (unsigned)found.files[i]->line);
        buf_add_char(&text, ' ');
    }
    buf_add_char(&text, '\0');
    assert_string_equal(text.ptr, names);
    buf_deinit(&text);
}

static void assert_complaint(const char *part)
{
    buf_add_char(&complaint, '\0');
    if (strstr(complaint.ptr, part) == NULL)
        fail_msg("no '%s' in '%s'", part, complaint.ptr);
}

static void a_folder_gives_its_files_in_order_of_bytes(void **state)
{
    (void)state;
    test_folder_file(&folder, "b.lua", "");
    test_folder_file(&folder, "a/z.lua", "");
    test_folder_file(&folder, "a-b.lua", "");
    test_folder_file(&folder, "B.lua", "");
    test_folder_file(&folder, "notes.txt", "");
    assert_int_equal(find(folder.path, NULL, NULL), ERR_OK);
    assert_files("B.lua a-b.lua a/z.lua b.lua ");
    assert_true(view_equal(found.files[0]->shown, view_of(at("B.lua"))));
    assert_false(found.configured);
    assert_false(discovery_root_needed(&found, found.files[0]));
    assert_true(discovery_root_needed(&found, found.files[2]));
}

static void helpers_and_hidden_things_are_left_out(void **state)
{
    (void)state;
    test_folder_file(&folder, "_lib/dial.lua", "");
    test_folder_file(&folder, "_help.lua", "");
    test_folder_file(&folder, ".git/x.lua", "");
    test_folder_file(&folder, "a.lua", "");
    assert_int_equal(find(folder.path, NULL, NULL), ERR_OK);
    assert_files("a.lua ");
}

static void the_suite_is_where_sipwright_lua_is(void **state)
{
    (void)state;
    test_folder_file(&folder, "sipwright.lua", "");
    test_folder_file(&folder, "calls/basic.lua", "");
    assert_int_equal(find(at("calls/basic.lua"), NULL, NULL), ERR_OK);
    assert_files("calls/basic.lua ");
    assert_true(view_equal(found.root, view_of(folder.path)));
    assert_true(found.configured);
    assert_false(discovery_root_needed(&found, found.files[0]));
    assert_int_equal(find(folder.path, NULL, NULL), ERR_OK);
    assert_files("calls/basic.lua ");
}

static void a_root_may_be_named(void **state)
{
    (void)state;
    test_folder_file(&folder, "a/b/c.lua", "");
    assert_int_equal(find(at("a/b/c.lua"), NULL, NULL), ERR_OK);
    assert_files("c.lua ");
    assert_int_equal(find(at("a/b/c.lua"), NULL, folder.path), ERR_OK);
    assert_files("a/b/c.lua ");
    assert_true(discovery_root_needed(&found, found.files[0]));
    assert_int_equal(find(at("a"), NULL, at("a/b")), ERR_SYNTAX);
    assert_complaint("lies outside of the suite's folder");
}

static void several_paths_share_the_folder_above_them(void **state)
{
    (void)state;
    test_folder_file(&folder, "a/x.lua", "");
    test_folder_file(&folder, "b/x.lua", "");
    assert_int_equal(find(at("b"), at("a/x.lua"), NULL), ERR_OK);
    assert_files("a/x.lua b/x.lua ");
    assert_true(view_equal(found.root, view_of(folder.path)));
}

static void two_suites_in_one_run_are_refused(void **state)
{
    (void)state;
    test_folder_file(&folder, "a/sipwright.lua", "");
    test_folder_file(&folder, "a/x.lua", "");
    test_folder_file(&folder, "b/x.lua", "");
    assert_int_equal(find(at("a"), at("b"), NULL), ERR_SYNTAX);
    assert_complaint("belongs to another suite");
    assert_int_equal(find(folder.path, NULL, NULL), ERR_SYNTAX);
    assert_complaint("a/sipwright.lua makes its folder a suite of its own");
}

static void a_line_goes_with_its_file(void **state)
{
    char first[256], second[256];

    (void)state;
    test_folder_file(&folder, "a.lua", "");
    test_folder_file(&folder, "odd:7", "");
    snprintf(first, sizeof first, "%s", at("a.lua:12"));
    snprintf(second, sizeof second, "%s", at("a.lua:30"));
    assert_int_equal(find(first, second, NULL), ERR_OK);
    assert_files("a.lua:30 ");
    assert_non_null(found.files[0]->more);
    assert_int_equal(found.files[0]->more->line, 12);
    assert_int_equal(find(first, at("a.lua"), NULL), ERR_OK);
    assert_files("a.lua ");
    assert_int_equal(find(at("odd:7"), NULL, NULL), ERR_OK);
    assert_files("odd:7 ");
}

static void what_is_not_there_is_complained_of(void **state)
{
    (void)state;
    test_folder_sub(&folder, "dir.lua");
    test_folder_file(&folder, "sub/a.lua", "");
    test_folder_file(&folder, "conf/sipwright.lua", "");
    assert_int_equal(find(at("none.lua"), NULL, NULL), ERR_SYNTAX);
    assert_complaint("there is no file or folder '");
    assert_int_equal(find(at("none.lua:3"), NULL, NULL), ERR_SYNTAX);
    assert_complaint("there is no file or folder '");
    assert_int_equal(find(at("dir.lua"), NULL, NULL), ERR_SYNTAX);
    assert_complaint("is a folder, not a file of scenarios");
    assert_int_equal(find(folder.path, NULL, NULL), ERR_SYNTAX);
    assert_complaint("is a folder, not a file of scenarios");
    assert_int_equal(find(at("sub:3"), NULL, NULL), ERR_SYNTAX);
    assert_complaint("a line goes with a file");
    assert_int_equal(find(at("conf/sipwright.lua"), NULL, NULL), ERR_SYNTAX);
    assert_complaint("is the suite's configuration");
    assert_int_equal(find(at("sub"), NULL, at("none")), ERR_SYNTAX);
    assert_complaint("--root: there is no folder");
}

static void a_link_that_leads_back_is_not_followed(void **state)
{
    (void)state;
    test_folder_file(&folder, "sub/a.lua", "");
    assert_int_equal(symlink(folder.path, at("sub/up")), 0);
    assert_int_equal(symlink(at("sub/a.lua"), at("b.lua")), 0);
    assert_int_equal(find(folder.path, NULL, NULL), ERR_OK);
    assert_files("b.lua sub/a.lua ");
}

static void memory_that_runs_out_is_told(void **state)
{
    enum err err = ERR_MEMORY;

    (void)state;
    test_folder_file(&folder, "sub/a.lua", "");
    for (uint64_t nth = 1; err != ERR_OK; nth++) {
        mem_fail_at(nth, true);
        err = find(folder.path, NULL, NULL);
        mem_fail_at(0, false);
        assert_true(nth < 1000);
        assert_true(err != ERR_OK || found.file_count == 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_folder_gives_its_files_in_order_of_bytes, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(helpers_and_hidden_things_are_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(the_suite_is_where_sipwright_lua_is, setup, teardown),
        cmocka_unit_test_setup_teardown(a_root_may_be_named, setup, teardown),
        cmocka_unit_test_setup_teardown(several_paths_share_the_folder_above_them, setup, teardown),
        cmocka_unit_test_setup_teardown(two_suites_in_one_run_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_line_goes_with_its_file, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_there_is_complained_of, setup, teardown),
        cmocka_unit_test_setup_teardown(a_link_that_leads_back_is_not_followed, setup, teardown),
        cmocka_unit_test_setup_teardown(memory_that_runs_out_is_told, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
