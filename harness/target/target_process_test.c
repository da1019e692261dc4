/* What is kept of a device from one scenario to the next. */
#include "harness/target/target_process.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct target unasked = {
    .name = {"phone", 5},
      .unasked = true
};

static void after(struct target_process *process, const struct target_past *past)
{
    assert_false(target_process_after(process, &unasked, past));
}

/* It is for the next one that runs to have it reset. */
static void what_is_skipped_changes_nothing(void **state)
{
    struct target_process process = {0};

    (void)state;
    after(&process,
          &(struct target_past){.id = V("a"), .ran = true, .green = true, .untidy = true});
    after(&process, &(struct target_past){.id = V("b"), .green = true});
    assert_true(process.untidy);
    assert_true(view_equal(buf_view(&process.since), V("a")));
    target_process_end(&process, NULL);
}

static void it_has_gone_since_it_was_heard_of_last(void **state)
{
    struct target_process process = {0};

    (void)state;
    after(&process, &(struct target_past){.id = V("a"), .ran = true, .green = true});
    after(&process, &(struct target_past){.id = V("b"), .ran = true, .mute = true});
    assert_true(view_equal(buf_view(&process.since), V("a")));
    after(&process, &(struct target_past){.id = V("c"), .ran = true});
    assert_true(view_equal(buf_view(&process.since), V("c")));
    target_process_end(&process, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_skipped_changes_nothing),
        cmocka_unit_test(it_has_gone_since_it_was_heard_of_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
