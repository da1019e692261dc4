#include "reports/ladder.h"

#include "reports/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void golden_ladder(const char *name, const struct report_case *one, unsigned width)
{
    struct buf out = {0};
    report_ladder_write(&out, one, width);
    assert_int_equal(out.failed, ERR_OK);
    golden_check(name, buf_view(&out));
    buf_deinit(&out);
}

static void ladders_are_as_in_the_golden_files(void **state)
{
    struct run_fixture *fixture = *state;
    golden_ladder("call.ladder", &fixture->cases[RUN_CALL], 100);
    golden_ladder("busy.ladder", &fixture->cases[RUN_BUSY], 100);
    golden_ladder("copies.ladder", &fixture->cases[RUN_COPIES], 100);
    golden_ladder("crossed.ladder", &fixture->cases[RUN_CROSSED], 120);
    golden_ladder("device.ladder", &fixture->cases[RUN_DEVICE], 100);
    golden_ladder("hostile.ladder", &fixture->cases[RUN_HOSTILE], 80);
}

int main(void)
{
    struct run_fixture *fixture = run_fixture_create();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(ladders_are_as_in_the_golden_files, fixture),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    run_fixture_destroy(fixture);
    return failed;
}
