#include "core/net/links.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct net_link slow = {.latency_us = 40000}, fast = {.latency_us = 10};

static uint64_t latency(struct links *links, uint32_t from, uint32_t to)
{
    const struct link_way *way = links_way(links, from, to);
    assert_non_null(way);
    assert_int_equal(way->link.latency_us, links_get(links, from, to).latency_us);
    return way->link.latency_us;
}

static void a_link_holds_one_way(void **state)
{
    (void)state;
    struct links links = {.base = {.latency_us = 1000}};
    assert_int_equal(latency(&links, 1, 2), 1000);
    assert_int_equal(links_set(&links, 1, 2, &slow), ERR_OK);
    assert_int_equal(latency(&links, 1, 2), 40000);
    assert_int_equal(latency(&links, 2, 1), 1000);
    links_deinit(&links);
}

static void what_was_said_last_holds(void **state)
{
    (void)state;
    struct links links = {0};
    assert_int_equal(links_set(&links, 1, 2, &slow), ERR_OK);
    assert_int_equal(links_set(&links, 0, 2, &fast), ERR_OK);
    assert_int_equal(latency(&links, 1, 2), 10);
    assert_int_equal(links_set(&links, 1, 0, &slow), ERR_OK);
    assert_int_equal(latency(&links, 1, 2), 40000);
    assert_int_equal(latency(&links, 3, 2), 10);
    links_deinit(&links);
}

static void a_rule_for_all_replaces_those_before(void **state)
{
    (void)state;
    struct links links = {0};
    for (uint32_t i = 1; i < 100; i++)
        assert_int_equal(links_set(&links, i, i + 1, &slow), ERR_OK);
    assert_int_equal(links.rule_count, 99);
    assert_int_equal(links_set(&links, 0, 0, &fast), ERR_OK);
    assert_int_equal(links.rule_count, 1);
    links_deinit(&links);
}

static void a_partition_is_no_link_and_heals(void **state)
{
    (void)state;
    struct links links = {.base = {.latency_us = 5}};
    assert_int_equal(links_part(&links, 1, 0, true), ERR_OK);
    assert_int_equal(links_part(&links, 1, 2, false), ERR_OK);
    assert_int_equal(links_set(&links, 0, 0, &slow), ERR_OK);
    assert_true(links_way(&links, 1, 3)->parted);
    assert_false(links_way(&links, 1, 2)->parted);
    assert_false(links_way(&links, 3, 1)->parted);
    assert_int_equal(latency(&links, 1, 3), 40000);
    links_deinit(&links);
}

static void a_way_remembers_over_a_change_of_its_link(void **state)
{
    (void)state;
    struct links links = {0};
    links_way(&links, 1, 2)->count = 17;
    assert_int_equal(links_set(&links, 1, 2, &slow), ERR_OK);
    assert_int_equal(links_way(&links, 1, 2)->count, 17);
    links_deinit(&links);
}

static void bandwidth_is_time_on_the_wire_behind_the_queue(void **state)
{
    (void)state;
    struct link_way way = {
        .link = {.latency_us = 1000, .bandwidth_bps = 64000}
    };
    assert_int_equal(link_way_delay(&way, 0, 800), 100000 + 1000);
    assert_int_equal(link_way_delay(&way, 0, 800), 200000 + 1000);
    assert_int_equal(link_way_delay(&way, 150000, 8), 50000 + 1000 + 1000);
    assert_int_equal(link_way_delay(&way, 900000, 8), 1000 + 1000);
}

static void ip_headers_count(void **state)
{
    (void)state;
    assert_int_equal(link_ip_len(4, 1300), 1328);
    assert_int_equal(link_ip_len(6, 1300), 1348);
}

static void memory_may_fail(void **state)
{
    (void)state;
    struct links links = {0};
    mem_fail_at(1, true);
    assert_int_equal(links_set(&links, 1, 2, &slow), ERR_MEMORY);
    assert_int_equal(links_part(&links, 1, 2, true), ERR_MEMORY);
    assert_null(links_way(&links, 1, 2));
    mem_fail_at(0, false);
    assert_non_null(links_way(&links, 1, 2));
    links_deinit(&links);
    assert_int_equal(mem_live(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_holds_one_way),
        cmocka_unit_test(what_was_said_last_holds),
        cmocka_unit_test(a_rule_for_all_replaces_those_before),
        cmocka_unit_test(a_partition_is_no_link_and_heals),
        cmocka_unit_test(a_way_remembers_over_a_change_of_its_link),
        cmocka_unit_test(bandwidth_is_time_on_the_wire_behind_the_queue),
        cmocka_unit_test(ip_headers_count),
        cmocka_unit_test(memory_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
