#include "harness/impaired/link_option.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void what_is_named_is_set_and_the_rest_stays(void **state)
{
    struct net_link link = {.latency_us = 1000};
    struct buf complaint = {0};

    (void)state;
    assert_int_equal(link_option_read(V("loss=5%,duplicate=0.02, reorder = 0.5% ,jitter=20ms"),
                                      &link, &complaint),
                     ERR_OK);
    assert_int_equal(link.loss_ppm, 50000);
    assert_int_equal(link.duplicate_ppm, 20000);
    assert_int_equal(link.reorder_ppm, 5000);
    assert_int_equal(link.jitter_us, 20000);
    assert_int_equal(link.corrupt_ppm, 0);
    assert_int_equal(link.latency_us, 1000);
    assert_int_equal(
        link_option_read(V("latency=1s,corrupt=1,loss=0,jitter=0ms"), &link, &complaint), ERR_OK);
    assert_int_equal(link.latency_us, 1000000);
    assert_int_equal(link.corrupt_ppm, 1000000);
    assert_int_equal(link.loss_ppm, 0);
    assert_int_equal(link.jitter_us, 0);
    assert_int_equal(complaint.len, 0);
}

static void the_complaint_says_what_it_should_be(void **state)
{
    static const struct {
        struct view text;
        const char *sentence;
    } wrong[] = {
        {{"los=5%", 6},
         "'--link': there is no 'los'; a link has loss, duplicate, reorder, corrupt, latency and "
         "jitter"                                                             },
        {{"", 0},
         "'--link': there is no ''; a link has loss, duplicate, reorder, corrupt, latency and "
         "jitter"                                                             },
        {{"loss=5%,", 8},
         "'--link': there is no ''; a link has loss, duplicate, reorder, corrupt, latency and "
         "jitter"                                                             },
        {{"loss", 4},            "'--link': loss is a fraction, as 5% or 0.05"},
        {{"loss=", 5},           "'--link': loss is a fraction, as 5% or 0.05"},
        {{"loss=101%", 9},       "'--link': loss is a fraction, as 5% or 0.05"},
        {{"loss=2", 6},          "'--link': loss is a fraction, as 5% or 0.05"},
        {{"loss=-1%", 8},        "'--link': loss is a fraction, as 5% or 0.05"},
        {{"loss=0.0000001", 14}, "'--link': loss is a fraction, as 5% or 0.05"},
        {{"loss=1.", 7},         "'--link': loss is a fraction, as 5% or 0.05"},
        {{"jitter=5", 8},        "'--link': jitter is a duration, as 20ms"    },
        {{"latency=5%", 10},     "'--link': latency is a duration, as 20ms"   },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct net_link link = {0};
        struct buf complaint = {0};
        assert_int_equal(link_option_read(wrong[i].text, &link, &complaint), ERR_SYNTAX);
        assert_true(view_equal(buf_view(&complaint), view_of(wrong[i].sentence)));
        buf_deinit(&complaint);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_named_is_set_and_the_rest_stays),
        cmocka_unit_test(the_complaint_says_what_it_should_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
