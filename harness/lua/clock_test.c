#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/lua/lua_test.h"

static void time_is_the_scenarios_clock(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"local a = os.time() sleep(90.5) return os.time() - a, os.clock()",                 "90 90.5"                                               },
        {"return os.difftime(10, 3)",                                                        "7.0"                                                   },
        {"return os.time{year = 2026, month = 11, day = 22, hour = 14, min = 39, sec = 7}",
         "1795358347"                                                                                                                                },
        {"return os.time{year = 1970, month = 1, day = 1, hour = 0}",                        "0"                                                     },
        {"return os.time{year = 2024, month = 14, day = 0}",                                 "1738324800"                                            },
        {"return os.time{year = 1969, month = 12, day = 31, hour = 23, min = 59, sec = 59}", "-1"                                                    },
        {"os.time{year = 2024}",                                                             "error: test.lua:1: field 'month' missing in date table"},
        {"os.time{year = 1e300, month = 1, day = 1}",
         "error: test.lua:1: field 'year' is not an integer"                                                                                         },
        {"os.time{year = 1 << 60, month = 1, day = 1}",
         "error: test.lua:1: field 'year' is out-of-bound"                                                                                           },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void dates_are_utc_in_the_c_locale(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"return os.date('%Y-%m-%d %H:%M:%S', 0)",                                                "1970-01-01 00:00:00"                                            },
        {"return os.date('!%c', 1795358347)",                                                     "Sun Nov 22 14:39:07 2026"                                       },
        {"return os.date('%a %A %b %B %j %p %I %y %x %X %D %F %R %T %e %w %z %Z %%', 951782400)",
         "Tue Tuesday Feb February 060 AM 12 00 02/29/00 00:00:00 02/29/00 2000-02-29 00:00 "
         "00:00:00 29 2 +0000 UTC %"                                                                                                                               },
        {"local d = os.date('*t', 951782400 + 86400) return d.year, d.month, d.day, d.wday, "
         "d.yday, d.isdst",                                                              "2000 3 1 4 61 false"                                            },
        {"local d = os.date('!*t', -1) return d.year, d.month, d.day, d.hour, d.min, d.sec",
         "1969 12 31 23 59 59"                                                                                                                                     },
        {"return os.date('%Q')",                                                                  "error: test.lua:1: invalid conversion specifier '%Q' of os.date"},
        {"return os.date('%')",                                                                   "error: test.lua:1: invalid conversion specifier*"               },
        {"for y = 1890, 2110 do for _, m in ipairs{1, 2, 3, 12} do local s = os.time{year = y, "
         "month = m, day = 28, hour = 5}\n"
         "local d = os.date('*t', s) assert(d.year == y and d.month == m and d.day == 28 and "
         "d.hour == 5) end end return 'on'",                                             "on"                                                             },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_is_the_scenarios_clock),
        cmocka_unit_test(dates_are_utc_in_the_c_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
