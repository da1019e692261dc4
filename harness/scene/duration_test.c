#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/scene/duration.h"

#include <math.h>

static void durations_are_read_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t us;
    } rows[] = {
        {"0s",        0         },
        {"20ms",      20000     },
        {"1.5s",      1500000   },
        {"2m",        120000000 },
        {"1h",        3600000000},
        {"500us",     500       },
        {"0.000001s", 1         },
        {"0.1s",      100000    },
        {"0.1ms",     100       },
        {"31.5s",     31500000  },
        {"2.25m",     135000000 },
        {"00.50s",    500000    },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t us = 1;
        if (!duration_parse(view_of(rows[i].text), &us) || us != rows[i].us)
            fail_msg("%s gave %llu", rows[i].text, (unsigned long long)us);
    }
}

static void a_number_alone_may_be_one_of_seconds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t us;
    } rows[] = {
        {"20ms",   20000     },
        {"1.5s",   1500000   },
        {"2m",     120000000 },
        {"7",      7000000   },
        {"0.25",   250000    },
        {"500us",  500       },
        {"1h",     3600000000},
        {"1.5m",   90000000  },
        {"1.05ms", 1050      },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t us = 1;
        if (!duration_parse_bare(view_of(rows[i].text), &us) || us != rows[i].us)
            fail_msg("%s gave %llu", rows[i].text, (unsigned long long)us);
    }
    static const char *const refused[] = {"",    "s",   "1w", "-1s",          "1.s",
                                          "1s ", "1 s", ".5", "99999999999h", "31536000001",
                                          "1.",  ".",   "7 ", "0.0000001s"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        uint64_t us = 7;
        if (duration_parse_bare(view_of(refused[i]), &us) || us != 7)
            fail_msg("%s was read", refused[i]);
    }
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",     "s",     "5",     "5 s",      "-1s",         "+1s",
        "1e3s", "1.s",   ".5s",   "1.5.5s",   "1sec",        "1S",
        "0x1s", "1,5s",  "0.5us", "0.0001ms", "1.23456789s", "99999999999999999999s",
        "367d", "9000h", "1.5",   " 1s",      "1s ",         "1m30s",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t us = 7;
        if (duration_parse(view_of(rows[i]), &us) || us != 7)
            fail_msg("%s was read", rows[i]);
    }
}

static void seconds_are_rounded_to_microseconds(void **state)
{
    (void)state;
    uint64_t us = 0;
    assert_true(duration_from_seconds(1.5, &us) && us == 1500000);
    assert_true(duration_from_seconds(0, &us) && us == 0);
    assert_true(duration_from_seconds(0.1, &us) && us == 100000);
    assert_true(duration_from_seconds(1e-7, &us) && us == 0);
    assert_false(duration_from_seconds(-1e-9, &us));
    assert_false(duration_from_seconds(NAN, &us));
    assert_false(duration_from_seconds(INFINITY, &us));
    assert_false(duration_from_seconds(9007199254740992.0, &us));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_read_exactly),
        cmocka_unit_test(a_number_alone_may_be_one_of_seconds),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(seconds_are_rounded_to_microseconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
