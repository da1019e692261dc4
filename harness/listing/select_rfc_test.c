#include "harness/listing/select_rfc.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void assert_meant(const char *rfc, const char *covers, bool meant)
{
    struct strings rfcs = {0};
    struct buf complaint = {0};

    assert_int_equal(strings_add(&rfcs, rfc), ERR_OK);
    assert_int_equal(select_rfcs_check(&rfcs, &complaint), ERR_OK);
    assert_true(select_rfcs_mean(&rfcs, view_of(covers)) == meant);
    strings_deinit(&rfcs);
    buf_deinit(&complaint);
}

static void assert_refused(const char *rfc, const char *words)
{
    struct strings rfcs = {0};
    struct buf complaint = {0};

    assert_int_equal(strings_add(&rfcs, rfc), ERR_OK);
    assert_int_equal(select_rfcs_check(&rfcs, &complaint), ERR_SYNTAX);
    assert_true(view_find(buf_view(&complaint), view_of(words)) < complaint.len);
    strings_deinit(&rfcs);
    buf_deinit(&complaint);
}

/* CTI-001 is of RFC 3261 §17.1.1.2 (Timer A). */
static void a_section_means_what_is_inside_it(void **state)
{
    (void)state;
    assert_meant("3261#17.1.1.2", "CTI-001", true);
    assert_meant("3261#17.1.1", "CTI-001", true);
    assert_meant("3261#17", "CTI-001", true);
    assert_meant("3261", "CTI-001", true);
    assert_meant("RFC 3261#17", "CTI-001", true);
    assert_meant("rfc3261#17", "CTI-001", true);
    assert_meant("3261#17.2", "CTI-001", false);
    assert_meant("3261#8", "CTI-001", false);
    assert_meant("3262", "CTI-001", false);
}

static void any_of_what_is_covered_will_do(void **state)
{
    (void)state;
    assert_meant("3261#17.1.1", "NONE-1 CTI-001", true);
    assert_meant("3261#17.1.1", "NONE-1", false);
    assert_meant("3261#17.1.1", "", false);
}

static void what_the_catalogue_has_not_is_refused(void **state)
{
    (void)state;
    assert_refused("3261#99", "nothing of that section of RFC 3261");
    assert_refused("9999", "the catalogue has nothing of RFC 9999");
    assert_refused("timers", "give the number of an RFC");
    assert_refused("#17", "give the number of an RFC");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_section_means_what_is_inside_it),
        cmocka_unit_test(any_of_what_is_covered_will_do),
        cmocka_unit_test(what_the_catalogue_has_not_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
