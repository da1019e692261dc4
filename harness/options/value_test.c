#include "harness/options/value.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_shard_is_one_of_its_count(void **state)
{
    uint32_t index = 0, count = 0;

    (void)state;
    assert_true(value_shard(V("2/5"), &index, &count));
    assert_int_equal(index, 2);
    assert_int_equal(count, 5);
    assert_false(value_shard(V("0/5"), &index, &count));
    assert_false(value_shard(V("6/5"), &index, &count));
    assert_false(value_shard(V("2"), &index, &count));
    assert_false(value_shard(V("2/"), &index, &count));
    assert_false(value_shard(V("/5"), &index, &count));
}

static void a_word_is_found_among_alternatives(void **state)
{
    (void)state;
    assert_int_equal(value_one_of(V("sim|real"), V("sim")), 1);
    assert_int_equal(value_one_of(V("sim|real"), V("real")), 2);
    assert_int_equal(value_one_of(V("sim|real"), V("re")), 0);
    assert_int_equal(value_one_of(V("sim|real"), V("")), 0);
}

static void a_pair_is_cut_at_its_first_equals_sign(void **state)
{
    struct view name, value;

    (void)state;
    assert_true(value_pair(V("A=b=c"), &name, &value));
    assert_true(view_equal(name, V("A")));
    assert_true(view_equal(value, V("b=c")));
    assert_true(value_pair(V("A="), &name, &value));
    assert_int_equal(value.len, 0);
    assert_false(value_pair(V("=b"), &name, &value));
    assert_false(value_pair(V("A"), &name, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shard_is_one_of_its_count),
        cmocka_unit_test(a_word_is_found_among_alternatives),
        cmocka_unit_test(a_pair_is_cut_at_its_first_equals_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
