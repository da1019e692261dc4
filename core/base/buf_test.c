#include "core/base/buf.h"

#include "core/base/alloc.h"
#include "core/base/blob.h"
#include "core/base/oom_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void what_is_added_stands_in_order(void **state)
{
    (void)state;
    struct buf buf = {0};
    buf_add(&buf, V("a"));
    buf_add(&buf, (struct view){0});
    buf_add_char(&buf, '\0');
    buf_add_uint(&buf, UINT64_MAX);
    buf_add_uint(&buf, 0);
    buf_printf(&buf, "%s%03d", "x", 7);
    assert_true(view_equal(buf_view(&buf), V("a\0"
                                             "184467440737095516150x007")));
    buf_clear(&buf);
    assert_int_equal(buf_view(&buf).len, 0);
    buf_deinit(&buf);
}

static void what_is_printed_is_what_the_c_library_prints(void **state)
{
    (void)state;
    struct buf buf = {0};
    buf_printf(&buf, "%s %.*s|%u|%%", "a", 2, "bcd", 4000000000u); /* %% is the library's */
    assert_true(view_equal(buf_view(&buf), V("a bc|4000000000|%")));
    buf_clear(&buf);
    buf_printf(&buf, "%s-%.*s", "", 5, "x\0y"); /* a text ends at its NUL */
    assert_true(view_equal(buf_view(&buf), V("-x")));
    buf_printf(&buf, "%.*s%08x", 0, "ignored", 10u);
    assert_true(view_equal(buf_view(&buf), V("-x0000000a")));
    buf.limit = buf.len + 3;
    buf_printf(&buf, "ab%s", "cd");
    assert_int_equal(buf.failed, ERR_LIMIT);
    assert_true(view_equal(buf_view(&buf), V("-x0000000a")));
    buf_deinit(&buf);
}

static void it_grows_as_far_as_it_must(void **state)
{
    (void)state;
    struct buf buf = {0};
    for (int i = 0; i < 10000; i++)
        buf_printf(&buf, "%04d", i);
    assert_int_equal(buf.len, 40000);
    assert_true(view_ends(buf_view(&buf), V("99989999")));
    buf_deinit(&buf);
}

/* Sticky: the first failure stays, and nothing is added behind the hole. */
static void after_a_failure_nothing_is_added(void **state)
{
    (void)state;
    struct buf buf = {.limit = 300};
    for (int i = 0; i < 100; i++)
        buf_add(&buf, V("0123456789"));
    assert_int_equal(buf.failed, ERR_LIMIT);
    assert_true(buf.len <= 300);
    size_t len = buf.len;
    buf_add_char(&buf, 'x');
    assert_int_equal(buf.len, len);
    buf_clear(&buf);
    buf_add_char(&buf, 'x');
    assert_int_equal(buf.failed, ERR_OK);
    buf_deinit(&buf);
    assert_int_equal(buf.limit, 300);
}

static enum err write_and_drop(void *ctx)
{
    struct buf buf = {0};
    (void)ctx;
    for (int i = 0; i < 1000; i++)
        buf_printf(&buf, "%d", i);
    enum err err = buf.failed;
    buf_deinit(&buf);
    return err;
}

static void memory_may_fail_anywhere(void **state)
{
    (void)state;
    test_each_oom(write_and_drop, NULL);
}

static void blobs_are_shared_by_count(void **state)
{
    (void)state;
    struct blob *blob = blob_create(V("abc"));
    assert_ptr_equal(blob_ref(blob), blob);
    blob_unref(blob);
    assert_true(view_equal(blob_view(blob), V("abc")));
    assert_int_equal(blob->data[3], '\0');
    blob_unref(blob);
    assert_int_equal(mem_live(), 0);
    assert_null(blob_ref(NULL));
    blob_unref(NULL);
    assert_null(blob_view(NULL).ptr);
    assert_null(blob_alloc(UINT32_MAX));
    mem_fail_at(1, false);
    assert_null(blob_create(V("abc")));
    mem_fail_at(0, false);
}

static void failures_come_when_they_are_told_to(void **state)
{
    (void)state;
    mem_fail_at(2, false);
    void *first = mem_alloc(0), *second = mem_alloc(1), *third = mem_zalloc(3);
    assert_non_null(first);
    assert_null(second);
    assert_non_null(third);
    assert_int_equal(mem_live(), 2);
    mem_fail_at(1, true);
    assert_null(mem_realloc(first, 10));
    assert_null(mem_alloc(1));
    assert_null(mem_realloc(NULL, 1));
    mem_fail_at(0, false);
    first = mem_realloc(first, 10);
    assert_non_null(first);
    mem_free(first);
    mem_free(third);
    mem_free(NULL);
    assert_int_equal(mem_live(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_added_stands_in_order),
        cmocka_unit_test(what_is_printed_is_what_the_c_library_prints),
        cmocka_unit_test(it_grows_as_far_as_it_must),
        cmocka_unit_test(after_a_failure_nothing_is_added),
        cmocka_unit_test(memory_may_fail_anywhere),
        cmocka_unit_test(blobs_are_shared_by_count),
        cmocka_unit_test(failures_come_when_they_are_told_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
