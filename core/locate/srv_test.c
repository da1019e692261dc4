/* RFC 2782: priorities and weights. */
#include "core/locate/srv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct dns_record srv(uint16_t priority, uint16_t weight, uint16_t port)
{
    return (struct dns_record){.type = DNS_SRV, .a = priority, .b = weight, .port = port};
}

static void lower_priorities_come_first_whatever_they_weigh(void **state)
{
    (void)state;
    for (uint64_t n = 0; n < 100; n++) {
        struct dns_record records[] = {srv(20, 65535, 1), srv(10, 1, 2), srv(0, 0, 3)};
        srv_sort(records, 3, (struct rng){1}, V("x"), n);
        assert_int_equal(records[0].port, 3);
        assert_int_equal(records[1].port, 2);
        assert_int_equal(records[2].port, 1);
    }
}

/* TRP-029: one to three. The bounds are six standard deviations wide. */
static void weights_are_shares(void **state)
{
    (void)state;
    int first[3] = {0};
    for (uint64_t n = 0; n < 10000; n++) {
        struct dns_record records[] = {srv(10, 100, 0), srv(10, 300, 1), srv(20, 0, 2)};
        srv_sort(records, 3, (struct rng){1}, V("x"), n);
        first[records[0].port]++;
        assert_int_equal(records[2].port, 2);
    }
    assert_in_range(first[0], 2240, 2760);
    assert_int_equal(first[0] + first[1], 10000);
}

/* "very small chance": 1 of 101 draws. */
static void no_weight_is_a_small_chance_and_not_none(void **state)
{
    (void)state;
    int first = 0;
    for (uint64_t n = 0; n < 10000; n++) {
        struct dns_record records[] = {srv(1, 100, 1), srv(1, 0, 0)};
        srv_sort(records, 2, (struct rng){1}, V("x"), n);
        first += records[0].port == 0;
    }
    assert_in_range(first, 40, 170);
}

static void without_weights_the_order_stays(void **state)
{
    (void)state;
    struct dns_record records[] = {srv(1, 0, 1), srv(1, 0, 2), srv(1, 0, 3)};
    srv_sort(records, 3, (struct rng){1}, V("x"), 5);
    for (uint16_t i = 0; i < 3; i++)
        assert_int_equal(records[i].port, i + 1);
}

static void the_same_draws_give_the_same_order(void **state)
{
    (void)state;
    bool differ = false;
    for (uint64_t n = 0; n < 20; n++) {
        struct dns_record a[] = {srv(1, 9, 1), srv(1, 9, 2), srv(1, 9, 3), srv(1, 9, 4)};
        struct dns_record b[] = {srv(1, 9, 1), srv(1, 9, 2), srv(1, 9, 3), srv(1, 9, 4)};
        struct dns_record c[] = {srv(1, 9, 1), srv(1, 9, 2), srv(1, 9, 3), srv(1, 9, 4)};
        srv_sort(a, 4, (struct rng){1}, V("x"), n);
        srv_sort(b, 4, (struct rng){1}, V("x"), n);
        srv_sort(c, 4, (struct rng){2}, V("x"), n);
        for (int i = 0; i < 4; i++) {
            assert_int_equal(a[i].port, b[i].port);
            differ |= a[i].port != c[i].port;
        }
    }
    assert_true(differ);
}

static void none_and_one_are_sorted(void **state)
{
    (void)state;
    struct dns_record one = srv(65535, 65535, 1);
    srv_sort(&one, 0, (struct rng){1}, V("x"), 0);
    srv_sort(&one, 1, (struct rng){1}, V("x"), UINT64_MAX);
    assert_int_equal(one.port, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lower_priorities_come_first_whatever_they_weigh),
        cmocka_unit_test(weights_are_shares),
        cmocka_unit_test(no_weight_is_a_small_chance_and_not_none),
        cmocka_unit_test(without_weights_the_order_stays),
        cmocka_unit_test(the_same_draws_give_the_same_order),
        cmocka_unit_test(none_and_one_are_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
