#include "core/base/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void days_and_dates_are_two_names_of_the_same(void **state)
{
    static const struct {
        int64_t days, year;
        int month, day, weekday;
    } rows[] = {
        {0,       1970, 1,  1,  4},
        {-1,      1969, 12, 31, 3},
        {11016,   2000, 2,  29, 2},
        {47540,   2100, 2,  28, 0},
        {47541,   2100, 3,  1,  1},
        {2932896, 9999, 12, 31, 5},
        {-719468, 0,    3,  1,  3},
        {-719529, -1,   12, 31, 5},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct calendar_day day = calendar_day_of(rows[i].days);
        assert_int_equal(day.year, rows[i].year);
        assert_int_equal(day.month, rows[i].month);
        assert_int_equal(day.day, rows[i].day);
        assert_int_equal(calendar_weekday(rows[i].days), rows[i].weekday);
    }
}

static void every_day_comes_back(void **state)
{
    (void)state;
    for (int64_t days = -800000; days < 3000000; days += 17) {
        struct calendar_day day = calendar_day_of(days);
        assert_int_equal(calendar_days(day.year, day.month, day.day), days);
    }
}

static void a_day_too_many_is_in_the_next_month(void **state)
{
    (void)state;
    assert_int_equal(calendar_days(2001, 2, 29), calendar_days(2001, 3, 1));
    assert_int_equal(calendar_days(2000, 2, 30), calendar_days(2000, 3, 1));
    assert_int_equal(calendar_days(1999, 12, 32), calendar_days(2000, 1, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_and_dates_are_two_names_of_the_same),
        cmocka_unit_test(every_day_comes_back),
        cmocka_unit_test(a_day_too_many_is_in_the_next_month),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
