#include "core/transaction/timers.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define S US_PER_S
static const uint64_t NOT_SET = NEVER - 1;

/* RFC 3261 Table 4 with RFC 6026 §8.11, for T1 = 500 ms: over UDP, over what is reliable. */
/* B49: D, I and K are 0 over streams. */
static void timers_wait_as_table_4_says(void **state)
{
    (void)state;
    static const struct {
        uint8_t timer;
        uint64_t udp_us, reliable_us;
    } rows[] = {
        {TIMER_A,      500000, NOT_SET},
        {TIMER_B,      32 * S, 32 * S },
        {TIMER_D,      32 * S, 0      },
        {TIMER_E,      500000, NOT_SET},
        {TIMER_F,      32 * S, 32 * S },
        {TIMER_G,      500000, NOT_SET},
        {TIMER_H,      32 * S, 32 * S },
        {TIMER_I,      5 * S,  0      },
        {TIMER_J,      32 * S, 0      },
        {TIMER_K,      5 * S,  0      },
        {TIMER_L,      32 * S, 32 * S },
        {TIMER_M,      32 * S, 32 * S },
        {TIMER_CANCEL, 32 * S, 32 * S },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t udp_us = NOT_SET, reliable_us = NOT_SET;
        assert_true(timer_wait(&sip_timers_default, rows[i].timer, true, false, &udp_us));
        bool runs = timer_wait(&sip_timers_default, rows[i].timer, true, true, &reliable_us);
        assert_int_equal(runs, rows[i].reliable_us != NOT_SET);
        assert_int_equal(udp_us, rows[i].udp_us);
        assert_int_equal(reliable_us, rows[i].reliable_us);
    }
}

/* RFC 3261 §17.2.1: 200 ms; RFC 4320 §4.1: when a client's Timer E is reset to T2. */
static void a_100_comes_after_200_ms_or_when_timer_e_has_come_to_t2(void **state)
{
    (void)state;
    static const struct {
        uint64_t t1_us, t2_us, at_us;
    } rows[] = {
        {500000,  4000000, 3500000}, /* 0.5 + 1 + 2 */
        {100000,  4000000, 6300000}, /* 0.1 + 0.2 + … + 3.2 */
        {4000000, 4000000, 0      },
        {5000000, 4000000, 0      },
        {1,       0,       0      },
    };
    uint64_t wait_us;
    assert_true(timer_wait(&sip_timers_default, TIMER_100, true, false, &wait_us));
    assert_int_equal(wait_us, 200 * US_PER_MS);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sip_timers timers = {.t1_us = rows[i].t1_us, .t2_us = rows[i].t2_us};
        assert_true(timer_wait(&timers, TIMER_100, false, false, &wait_us));
        assert_int_equal(wait_us, rows[i].at_us);
    }
}

/* B48 */
static void a_huge_t1_does_not_wrap(void **state)
{
    (void)state;
    struct sip_timers timers = {.t1_us = NEVER / 3, .t2_us = NEVER};
    uint64_t wait_us;
    assert_true(timer_wait(&timers, TIMER_B, true, false, &wait_us));
    assert_true(wait_us == NEVER);
    assert_true(timer_wait(&timers, TIMER_100, false, false, &wait_us));
    assert_true(wait_us == NEVER);
    assert_true(timer_sum(NEVER - 5, 10) == NEVER);
    assert_true(timer_sum(5, 10) == 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_wait_as_table_4_says),
        cmocka_unit_test(a_100_comes_after_200_ms_or_when_timer_e_has_come_to_t2),
        cmocka_unit_test(a_huge_t1_does_not_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
