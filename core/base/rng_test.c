/* Fixed draws, computed by another program: the same on every machine, compiler and level. */
#include "core/base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void mixing_is_splitmix64(void **state)
{
    (void)state;
    assert_true(rng_mix(0) == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(rng_mix(1) == UINT64_C(0x910a2dec89025cc1));
}

static void draws_are_fixed(void **state)
{
    (void)state;
    struct rng net = rng_stream((struct rng){7}, V("net"));
    assert_true(net.seed == UINT64_C(0x72e17ac5e2b8e27f));
    assert_true(rng_at(net, V("loss"), 0) == UINT64_C(0xba9cdb80b541100e));
    assert_true(rng_at(net, V("loss"), 1) == UINT64_C(0x1874b241a244ec55));
    assert_true(rng_at(net, V("jitter"), 0) == UINT64_C(0xd330dbf49106d527));
    assert_true(rng_at(net, V(""), UINT64_C(1) << 32) == UINT64_C(0x5860c85dab6b5979));
}

/* A draw has no state: it is the same whatever was drawn before. */
static void draws_do_not_shift_each_other(void **state)
{
    (void)state;
    struct rng one = rng_stream((struct rng){1}, V("ids")),
               two = rng_stream((struct rng){1}, V("net"));
    uint64_t tenth = rng_at(one, V("tag"), 10);
    for (uint64_t n = 0; n < 10; n++) {
        assert_true(rng_at(one, V("tag"), n) != tenth);
        assert_true(rng_at(one, V("tag"), n) != rng_at(two, V("tag"), n));
        assert_true(rng_at(one, V("tag"), n) != rng_at(one, V("branch"), n));
    }
    assert_true(rng_at(one, V("tag"), 10) == tenth);
}

/* Each bit is set in about half of the draws: 4096 of them lie within six deviations (64 each). */
static void draws_are_even(void **state)
{
    (void)state;
    unsigned set[64] = {0};
    struct rng rng = rng_stream((struct rng){99}, V("even"));
    for (uint64_t n = 0; n < 4096; n++)
        for (unsigned bit = 0; bit < 64; bit++)
            set[bit] += (unsigned)(rng_at(rng, V("bit"), n) >> bit & 1);
    for (unsigned bit = 0; bit < 64; bit++)
        assert_in_range(set[bit], 2048 - 192, 2048 + 192);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mixing_is_splitmix64),
        cmocka_unit_test(draws_are_fixed),
        cmocka_unit_test(draws_do_not_shift_each_other),
        cmocka_unit_test(draws_are_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
