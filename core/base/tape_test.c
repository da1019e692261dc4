#include "core/base/tape.h"

#include "core/base/oom_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct rng stream = {42};

static struct tape *tape_of(const struct choice *forced, size_t count, bool only_forced)
{
    struct tape *tape = NULL;
    assert_int_equal(tape_create(stream, forced, count, only_forced, &tape), ERR_OK);
    return tape;
}

static struct choice choose(struct tape *tape, struct view key, uint32_t bound, uint32_t chance_ppm)
{
    struct choice choice = {0};
    assert_int_equal(tape_choose(tape, key, bound, chance_ppm, &choice), ERR_OK);
    assert_int_equal(choice.bound, bound);
    assert_true(choice.value < bound);
    return choice;
}

static void a_decision_does_not_move_another(void **state)
{
    (void)state;
    struct tape *one = tape_of(NULL, 0, false), *two = tape_of(NULL, 0, false);
    for (int i = 0; i < 100; i++) {
        choose(two, V("other"), 7, 900000);
        struct choice a = choose(one, V("loss"), 1000, 500000);
        struct choice b = choose(two, V("loss"), 1000, 500000);
        assert_true(a.id == b.id && a.value == b.value);
    }
    tape_destroy(one);
    tape_destroy(two);
}

static void chances_are_kept(void **state)
{
    (void)state;
    struct tape *tape = tape_of(NULL, 0, false);
    int never = 0, sometimes = 0, always = 0;
    for (int i = 0; i < 10000; i++) {
        never += choose(tape, V("a"), 2, 0).value != 0;
        sometimes += choose(tape, V("b"), 2, 300000).value != 0;
        always += choose(tape, V("c"), 2, 1000000).value != 0;
        assert_int_equal(choose(tape, V("d"), 1, 1000000).value, 0);
    }
    assert_int_equal(never, 0);
    assert_in_range(sometimes, 2700, 3300);
    assert_int_equal(always, 10000);
    tape_destroy(tape);
}

static void what_is_forced_is_taken_and_the_rest_stays(void **state)
{
    (void)state;
    struct tape *drawn = tape_of(NULL, 0, false);
    struct choice choices[10];
    for (int i = 0; i < 10; i++)
        choices[i] = choose(drawn, V("loss"), 5, 500000);
    struct choice forced = choices[4];
    forced.value = (forced.value + 1) % 5;
    struct tape *edited = tape_of(&forced, 1, false), *only = tape_of(&forced, 1, true);
    for (int i = 0; i < 10; i++) {
        uint32_t value = i == 4 ? forced.value : choices[i].value;
        assert_int_equal(choose(edited, V("loss"), 5, 500000).value, value);
        assert_int_equal(choose(only, V("loss"), 5, 500000).value, i == 4 ? forced.value : 0);
    }
    tape_destroy(drawn);
    tape_destroy(edited);
    tape_destroy(only);
}

static void a_forced_value_stays_below_its_bound(void **state)
{
    (void)state;
    struct tape *drawn = tape_of(NULL, 0, false);
    struct choice forced = choose(drawn, V("x"), 2, 0);
    forced.value = 7;
    struct tape *tape = tape_of(&forced, 1, true);
    assert_int_equal(choose(tape, V("x"), 2, 0).value, 1);
    tape_destroy(tape);
    tape_destroy(drawn);
}

static enum err choose_and_drop(void *ctx)
{
    static const struct choice forced[] = {
        {1, 2, 1},
        {2, 2, 1}
    };
    struct tape *tape = NULL;
    struct choice choice;
    (void)ctx;
    enum err err = tape_create(stream, forced, 2, false, &tape);
    for (int i = 0; i < 40 && err == ERR_OK; i++) {
        char key[] = {'k', (char)i};
        err = tape_choose(tape, (struct view){key, sizeof key}, 2, 1, &choice);
    }
    tape_destroy(tape);
    return err;
}

static void memory_may_fail_anywhere(void **state)
{
    (void)state;
    test_each_oom(choose_and_drop, NULL);
    tape_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decision_does_not_move_another),
        cmocka_unit_test(chances_are_kept),
        cmocka_unit_test(what_is_forced_is_taken_and_the_rest_stays),
        cmocka_unit_test(a_forced_value_stays_below_its_bound),
        cmocka_unit_test(memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
