#include "harness/options/value.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void durations_have_units_and_fractions(void **state)
{
    static const struct {
        const char *text;
        uint64_t us;
    } rows[] = {
        {"20ms",       20000     },
        {"1.5s",       1500000   },
        {"2m",         120000000 },
        {"7",          7000000   },
        {"0.25",       250000    },
        {"500us",      500       },
        {"1h",         3600000000},
        {"1.5m",       90000000  },
        {"0.0000001s", 0         },
        {"1.05ms",     1050      },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t us = 1;
        assert_true(value_duration(view_of(rows[i].text), &us));
        assert_int_equal(us, rows[i].us);
    }
}

static void what_is_no_duration_is_refused(void **state)
{
    static const char *const texts[] = {"",    "s",   "1w", "-1s",          "1.s",
                                        "1s ", "1 s", ".5", "99999999999h", "31536000001"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint64_t us = 1;
        assert_false(value_duration(view_of(texts[i]), &us));
        assert_int_equal(us, 1);
    }
}

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
        cmocka_unit_test(durations_have_units_and_fractions),
        cmocka_unit_test(what_is_no_duration_is_refused),
        cmocka_unit_test(a_shard_is_one_of_its_count),
        cmocka_unit_test(a_word_is_found_among_alternatives),
        cmocka_unit_test(a_pair_is_cut_at_its_first_equals_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
