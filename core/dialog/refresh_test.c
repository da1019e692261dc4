/* What is agreed on session timers, against RFC 4028 §7.2 and §9 with its Table 2. */
#include "core/dialog/refresh.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct sip_refresh_options plain;

static struct refresh_asked asked(uint32_t interval_s, uint32_t min_se_s, uint8_t refresher,
                                  bool supported)
{
    return (struct refresh_asked){.interval_s = interval_s,
                                  .min_se_s = min_se_s,
                                  .refresher = refresher,
                                  .given = interval_s != 0,
                                  .supported = supported};
}

/* Table 2, and Require: timer where the other side has to know. */
static void the_refresher_is_that_of_table_2(void **state)
{
    (void)state;
    static const struct {
        bool supported;
        uint8_t in_request, in_response;
    } rows[] = {
        {false, SIP_REFRESHER_ANY, SIP_REFRESHER_UAS},
        {true,  SIP_REFRESHER_ANY, SIP_REFRESHER_UAC},
        {true,  SIP_REFRESHER_UAC, SIP_REFRESHER_UAC},
        {true,  SIP_REFRESHER_UAS, SIP_REFRESHER_UAS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct refresh_asked request = asked(1800, 0, rows[i].in_request, rows[i].supported);
        struct refresh_terms terms = refresh_grant(&plain, NULL, &request);
        assert_int_equal(terms.interval_s, 1800);
        assert_int_equal(terms.refresher, rows[i].in_response);
        assert_int_equal(terms.require, rows[i].supported);
    }
    struct sip_refresh_options uas = {.refresher = SIP_REFRESHER_UAS};
    struct refresh_asked open = asked(1800, 0, SIP_REFRESHER_ANY, true);
    struct refresh_asked chosen = asked(1800, 0, SIP_REFRESHER_UAC, true);
    assert_int_equal(refresh_grant(&uas, NULL, &open).refresher, SIP_REFRESHER_UAS);
    assert_int_equal(refresh_grant(&uas, NULL, &chosen).refresher, SIP_REFRESHER_UAC);
}

/* §9: never increased, not below Min-SE, not below 90. */
static void the_interval_is_reduced_and_never_increased(void **state)
{
    (void)state;
    static const struct {
        uint32_t own_s, asked_s, min_se_s, granted_s;
    } rows[] = {
        {0,    1800, 0,    1800},
        {600,  1800, 0,    600 },
        {600,  1800, 900,  900 },
        {3600, 1800, 0,    1800},
        {30,   1800, 0,    90  },
        {0,    90,   0,    90  },
        {0,    89,   0,    0   }, /* its sender could not be told:
  no timer */
        {0,    0,    0,    0   },
        {600,  0,    0,    600 }, /* this side asks for one */
        {600,  0,    900,  900 },
        {600,  300,  4000, 300 }, /* they contradict themselves: not increased */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sip_refresh_options own = {.expires_s = rows[i].own_s};
        struct refresh_asked request = asked(rows[i].asked_s, rows[i].min_se_s, 0, false);
        assert_int_equal(refresh_grant(&own, NULL, &request).interval_s, rows[i].granted_s);
    }
}

/* B60: 0, 1, 89, 90 and the most that there is. */
static void too_small_an_interval_is_refused_where_that_is_understood(void **state)
{
    (void)state;
    struct sip_refresh_options own = {.min_se_s = 300};
    static const uint32_t small_s[] = {0, 1, 89};
    for (size_t i = 0; i < 3; i++) {
        struct refresh_asked request = {.given = true, .interval_s = small_s[i], .supported = true};
        assert_int_equal(refresh_refusal(&plain, &request), 90);
        assert_int_equal(refresh_refusal(&own, &request), 300);
        request.supported = false;
        assert_int_equal(refresh_refusal(&plain, &request), 0);
        assert_int_equal(refresh_grant(&plain, NULL, &request).interval_s, 0);
    }
    struct refresh_asked enough = asked(90, 0, 0, true), most = asked(UINT32_MAX, 0, 0, true);
    assert_int_equal(refresh_refusal(&plain, &enough), 0);
    assert_int_equal(refresh_refusal(&own, &enough), 300);
    assert_int_equal(refresh_refusal(&own, &most), 0);
    struct sip_refresh refresh = {.interval_s = UINT32_MAX, .ours = true};
    assert_int_equal(refresh_end_us(&refresh), UINT32_MAX * US_PER_S);
}

/* §10: at half; or 32 s, or a third where that is less, before the end. */
static void half_and_the_end_are_to_the_microsecond(void **state)
{
    (void)state;
    struct sip_refresh refresh = {.interval_s = 1800, .since_us = 5, .ours = true};
    assert_int_equal(refresh_due_us(&refresh), 5 + 900 * US_PER_S);
    assert_int_equal(refresh_end_us(&refresh), 5 + 1800 * US_PER_S);
    refresh.ours = false;
    assert_int_equal(refresh_end_us(&refresh), 5 + 1768 * US_PER_S);
    refresh.interval_s = 90;
    assert_int_equal(refresh_end_us(&refresh), 5 + 60 * US_PER_S);
}

/* §7.2 */
static void a_2xx_begins_changes_and_ends_the_timer(void **state)
{
    (void)state;
    struct sip_refresh refresh = {0};
    struct refresh_asked nothing = {0}, theirs = asked(120, 0, SIP_REFRESHER_UAS, false),
                         ours = asked(90, 0, SIP_REFRESHER_UAC, false);
    refresh_accept(&refresh, &nothing);
    assert_int_equal(refresh.interval_s, 0);
    refresh_accept(&refresh, &theirs); /* not asked for: obeyed all the same */
    assert_true(refresh.interval_s == 120 && !refresh.ours);
    refresh_accept(&refresh, &ours);
    assert_true(refresh.interval_s == 90 && refresh.ours);
    refresh_accept(&refresh, &nothing); /* "turned-off" in mid dialog */
    assert_int_equal(refresh.interval_s, 0);
}

/* §7.2: who asked for one, of somebody who does not know of it, does it all alone. */
static void an_answer_without_interval_leaves_the_timer_to_who_wanted_it(void **state)
{
    (void)state;
    struct sip_refresh refresh = {.own = {.expires_s = 600}};
    struct refresh_asked nothing = {0};
    for (int i = 0; i < 3; i++) {
        refresh_accept(&refresh, &nothing);
        assert_true(refresh.interval_s == 600 && refresh.ours);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_refresher_is_that_of_table_2),
        cmocka_unit_test(the_interval_is_reduced_and_never_increased),
        cmocka_unit_test(too_small_an_interval_is_refused_where_that_is_understood),
        cmocka_unit_test(half_and_the_end_are_to_the_microsecond),
        cmocka_unit_test(a_2xx_begins_changes_and_ends_the_timer),
        cmocka_unit_test(an_answer_without_interval_leaves_the_timer_to_who_wanted_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
