#include "reports/failure.h"

#include "reports/run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void golden_failure(const char *name, const struct report_case *one,
                           struct failure_options options)
{
    struct buf out = {0};
    failure_write(&out, one, &options);
    assert_int_equal(out.failed, ERR_OK);
    golden_check(name, buf_view(&out));
    buf_deinit(&out);
}

static void failures_are_as_in_the_golden_files(void **state)
{
    struct run_fixture *fixture = *state;
    struct failure_options options = {.wall = true};
    golden_failure("busy.failure", &fixture->cases[RUN_BUSY], options);
    golden_failure("lost.failure", &fixture->cases[RUN_COPIES], options);
    golden_failure("script.failure", &fixture->cases[RUN_SCRIPT], options);
    golden_failure("unsure.failure", &fixture->cases[RUN_UNSURE], options);
    golden_failure("hostile.failure", &fixture->cases[RUN_HOSTILE], options);
    options.wall = false;
    options.colour = true;
    options.width = 60;
    golden_failure("narrow.failure", &fixture->cases[RUN_BUSY], options);
}

int main(void)
{
    struct run_fixture *fixture = run_fixture_create();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(failures_are_as_in_the_golden_files, fixture),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    run_fixture_destroy(fixture);
    return failed;
}
