#include "core/base/table.h"

#include "core/base/oom_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static int objects[100];

static void a_stale_handle_finds_nothing(void **state)
{
    (void)state;
    struct table table = {0};
    struct handle first, second;
    assert_int_equal(table_add(&table, &objects[0], &first), ERR_OK);
    assert_ptr_equal(table_find(&table, first), &objects[0]);
    table_remove(&table, first);
    assert_null(table_find(&table, first));
    assert_int_equal(table_add(&table, &objects[1], &second), ERR_OK);
    assert_int_equal(first.index, second.index); /* the same slot, another life */
    assert_null(table_find(&table, first));
    table_remove(&table, first);
    assert_ptr_equal(table_find(&table, second), &objects[1]);
    assert_null(table_find(&table, (struct handle){0}));
    assert_null(table_find(&table, (struct handle){1000, 1}));
    assert_true(handle_none((struct handle){0}) && !handle_none(second));
    assert_true(handle_equal(second, second) && !handle_equal(first, second));
    table_deinit(&table);
}

static void a_walk_goes_by_slots_and_bears_removal(void **state)
{
    (void)state;
    struct table table = {0};
    struct handle handle;
    for (int i = 0; i < 100; i++)
        assert_int_equal(table_add(&table, &objects[i], &handle), ERR_OK);
    uint32_t cursor = 0;
    for (int i = 0; i < 100; i++) {
        assert_ptr_equal(table_next(&table, &cursor, &handle), &objects[i]);
        if (i % 2 == 0)
            table_remove(&table, handle);
    }
    assert_null(table_next(&table, &cursor, &handle));
    assert_int_equal(table.live, 50);
    cursor = 0;
    for (int i = 1; i < 100; i += 2)
        assert_ptr_equal(table_next(&table, &cursor, NULL), &objects[i]);
    table_deinit(&table);
}

static void a_limit_counts_the_living(void **state)
{
    (void)state;
    struct table table = {.limit = 2};
    struct handle a, b, c;
    assert_int_equal(table_add(&table, &objects[0], &a), ERR_OK);
    assert_int_equal(table_add(&table, &objects[1], &b), ERR_OK);
    assert_int_equal(table_add(&table, &objects[2], &c), ERR_LIMIT);
    table_remove(&table, a);
    assert_int_equal(table_add(&table, &objects[2], &c), ERR_OK);
    table_deinit(&table);
    assert_int_equal(table.limit, 2);
}

static enum err fill_and_drop(void *ctx)
{
    struct table table = {0};
    struct handle handle;
    enum err err = ERR_OK;
    (void)ctx;
    for (int i = 0; i < 100 && err == ERR_OK; i++)
        err = table_add(&table, &objects[i], &handle);
    table_deinit(&table);
    return err;
}

static void memory_may_fail_anywhere(void **state)
{
    (void)state;
    test_each_oom(fill_and_drop, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stale_handle_finds_nothing),
        cmocka_unit_test(a_walk_goes_by_slots_and_bears_removal),
        cmocka_unit_test(a_limit_counts_the_living),
        cmocka_unit_test(memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
