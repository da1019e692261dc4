#include "core/world/recents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct addr a = {
    .family = 4, .ip = {10, 0, 0, 1},
         .port = 5060
};
static const struct addr b = {
    .family = 4, .ip = {10, 0, 0, 2},
         .port = 5060
};

static void add(struct recents *recents, uint64_t hash, uint64_t seq, uint64_t at_us)
{
    struct recent recent = {
        .source = a, .target = b, .bytes_hash = hash, .seq = seq, .at_us = at_us, .awaited = true};
    assert_int_equal(recents_add(recents, &recent), ERR_OK);
}

/* The same bytes three times: each arrival is the oldest that did not arrive; a fourth arrival can
 * only be a copy that the network made of the newest. */
static void copies_arrive_in_the_order_in_which_they_were_sent(void **state)
{
    (void)state;
    struct recents recents = {0};
    for (uint64_t seq = 1; seq <= 3; seq++)
        add(&recents, 77, seq, 0);
    for (uint64_t seq = 1; seq <= 3; seq++) {
        struct recent *recent = recents_match(&recents, &a, &b, 77);
        assert_non_null(recent);
        assert_int_equal(recent->seq, seq);
        recent->matched = true;
    }
    assert_int_equal(recents_match(&recents, &a, &b, 77)->seq, 3);
    assert_null(recents_match(&recents, &b, &a, 77));
    assert_null(recents_match(&recents, &a, &b, 78));
    recents_deinit(&recents);
}

static void old_ones_are_forgotten(void **state)
{
    (void)state;
    struct recents recents = {0};
    add(&recents, 1, 1, 0);
    for (uint64_t seq = 2; seq <= 5000; seq++)
        add(&recents, 2, seq, seq);
    assert_null(recents_match(&recents, &a, &b, 1));
    assert_int_equal(recents_last(&recents, &a, &b)->seq, 5000);
    recents_deinit(&recents);
}

static void what_did_not_arrive_is_under_way_for_a_while(void **state)
{
    (void)state;
    struct recents recents = {0};
    assert_int_equal(recents_open(&recents, 0), 0);
    add(&recents, 1, 1, 100);
    add(&recents, 2, 2, 200);
    assert_int_equal(recents_open(&recents, 0), 2);
    assert_int_equal(recents_open(&recents, 150), 1);
    recents_match(&recents, &a, &b, 2)->matched = true;
    assert_int_equal(recents_open(&recents, 150), 0);
    recents_deinit(&recents);
}

static void each_byte_counts(void **state)
{
    (void)state;
    char bytes[40] = {0};
    uint64_t whole = bytes_hash((struct view){bytes, sizeof bytes});
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = 1;
        assert_true(bytes_hash((struct view){bytes, sizeof bytes}) != whole);
        bytes[i] = 0;
        assert_true(bytes_hash((struct view){bytes, i}) != whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_arrive_in_the_order_in_which_they_were_sent),
        cmocka_unit_test(old_ones_are_forgotten),
        cmocka_unit_test(what_did_not_arrive_is_under_way_for_a_while),
        cmocka_unit_test(each_byte_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
