#include "core/base/calendar.h"

enum {
    YEARS_OF_ERA = 400,
    DAYS_OF_ERA = 146097,
    ERA_0 = 719468 /* days from March 1st of the year 0 to 1970 */
};

int64_t calendar_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* The year begins in March, so that the leap day is its last. */
int64_t calendar_days(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = calendar_divide(year, YEARS_OF_ERA), of_era = year - era * YEARS_OF_ERA;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * DAYS_OF_ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - ERA_0;
}

struct calendar_day calendar_day_of(int64_t days)
{
    int64_t shifted = days + ERA_0, era = calendar_divide(shifted, DAYS_OF_ERA),
            of_era = shifted - era * DAYS_OF_ERA;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    struct calendar_day day = {.month = (int)(month + (month < 10 ? 3 : -9)),
                               .day = (int)(of_year - (153 * month + 2) / 5 + 1)};
    day.year = year + era * YEARS_OF_ERA + (day.month <= 2);
    return day;
}

int calendar_weekday(int64_t days)
{
    return (int)(days + 4 - calendar_divide(days + 4, 7) * 7);
}
