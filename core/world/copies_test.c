#include "core/world/copies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void a_message_is_named_by_party_and_key(void **state)
{
    (void)state;
    struct copies copies = {0};
    assert_int_equal(copies_find(&copies, 1, 5, 0), 0);
    assert_int_equal(copies_put(&copies, 1, 5, 100, 0), ERR_OK);
    assert_int_equal(copies_put(&copies, 2, 5, 200, 0), ERR_OK);
    assert_int_equal(copies_find(&copies, 1, 5, 0), 100);
    assert_int_equal(copies_find(&copies, 2, 5, 0), 200);
    assert_int_equal(copies_find(&copies, 1, 6, 0), 0);
    assert_int_equal(copies_put(&copies, 1, 5, 300, 0), ERR_OK);
    assert_int_equal(copies_find(&copies, 1, 5, 0), 300);
    copies_deinit(&copies);
}

static void many_are_all_there_while_they_are_young(void **state)
{
    (void)state;
    enum { MANY = 20000 };
    struct copies copies = {0};
    for (uint64_t key = 1; key <= MANY; key++)
        assert_int_equal(copies_put(&copies, 1, key, key + 7, key), ERR_OK);
    for (uint64_t key = 1; key <= MANY; key++)
        assert_int_equal(copies_find(&copies, 1, key, MANY), key + 7);
    copies_deinit(&copies);
}

/* A million messages, one each 10 ms: what is kept is what could still be sent again. */
static void memory_stays_flat(void **state)
{
    (void)state;
    enum { GAP_US = 10000, LAST = 1000000, OLD = LAST - (COPIES_KEPT_S - 1) * 100 };
    struct copies copies = {0};
    for (uint64_t key = 1; key <= LAST; key++)
        assert_int_equal(copies_put(&copies, 1, key, key, key * GAP_US), ERR_OK);
    assert_true(copies.size <= 65536);
    assert_int_equal(copies_find(&copies, 1, OLD, (uint64_t)LAST * GAP_US), OLD);
    copies_deinit(&copies);
}

/* All at one instant: nothing is ever old, and still there is a bound. */
static void the_bound_holds_without_time(void **state)
{
    (void)state;
    struct copies copies = {0};
    uint32_t most = 0;
    for (uint64_t key = 1; key <= 600000; key++) {
        assert_int_equal(copies_put(&copies, 1, key, key, 5), ERR_OK);
        most = copies.size > most ? copies.size : most;
    }
    assert_true(most <= 1 << 19);
    assert_int_equal(copies_find(&copies, 1, 600000, 5), 600000);
    copies_deinit(&copies);
}

static void memory_may_fail(void **state)
{
    (void)state;
    struct copies copies = {0};
    mem_fail_at(1, true);
    assert_int_equal(copies_put(&copies, 1, 1, 1, 0), ERR_MEMORY);
    assert_int_equal(copies_find(&copies, 1, 1, 0), 0);
    mem_fail_at(0, false);
    assert_int_equal(mem_live(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_named_by_party_and_key),
        cmocka_unit_test(many_are_all_there_while_they_are_young),
        cmocka_unit_test(memory_stays_flat),
        cmocka_unit_test(the_bound_holds_without_time),
        cmocka_unit_test(memory_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
