/* Days of the Gregorian calendar, counted from 1970-01-01, before it too.
 *
 *     struct calendar_day day = calendar_day_of(since_1970_s / CALENDAR_DAY_S);
 *     int64_t days = calendar_days(day.year, day.month, day.day);
 */
#pragma once
#include <stdint.h>

enum { CALENDAR_DAY_S = 86400 };

struct calendar_day {
    int64_t year;
    int month, day; /* from 1 on */
};

/* A day beyond the end of its month is one of the next. */
int64_t calendar_days(int64_t year, int month, int day);
struct calendar_day calendar_day_of(int64_t days);
int calendar_weekday(int64_t days); /* Sunday 0 */
/* a / b, rounded down; b above 0. */
int64_t calendar_divide(int64_t a, int64_t b);
