#include "core/base/timeline.h"

#include "core/base/oom_fixture.h"
#include "core/base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { NODES = 64 };
static struct timeline_node nodes[NODES];

static const struct timeline_node *least_of_all(void)
{
    const struct timeline_node *least = NULL;
    for (int i = 0; i < NODES; i++)
        if (timeline_is_set(&nodes[i]) &&
            (least == NULL || moment_before(nodes[i].heap.at, least->heap.at)))
            least = &nodes[i];
    return least;
}

static uint32_t count_set(void)
{
    uint32_t count = 0;
    for (int i = 0; i < NODES; i++)
        count += timeline_is_set(&nodes[i]);
    return count;
}

static void seen_count(void *ctx, struct timeline_node *node)
{
    uint32_t *seen = ctx;
    assert_true(timeline_is_set(node));
    assert_false(seen[node - nodes]++);
}

static uint32_t count_each(const struct timeline *timeline)
{
    uint32_t seen[NODES] = {0}, count = 0;
    timeline_each(timeline, seen, seen_count);
    for (int i = 0; i < NODES; i++)
        count += seen[i];
    return count;
}

static void all_stop(struct timeline *timeline)
{
    for (int i = 0; i < NODES; i++)
        timeline_stop(timeline, &nodes[i]);
    assert_null(timeline->due);
    assert_int_equal(timeline->count, 0);
    timeline_deinit(timeline);
}

/* Instants without any order, so that the heap is used too: held against a plain search. */
static void the_first_is_always_the_least(void **state)
{
    (void)state;
    struct timeline timeline = {0};
    struct order order = {0};
    struct rng rng = rng_stream((struct rng){3}, V("timeline"));
    bool heaped = false;
    for (uint64_t n = 0; n < 20000; n++) {
        struct timeline_node *node = &nodes[rng_at(rng, V("node"), n) % NODES];
        struct moment at = order_next(&order, rng_at(rng, V("at"), n) % 50);
        if (rng_at(rng, V("what"), n) % 3 == 0)
            timeline_stop(&timeline, node);
        else
            assert_int_equal(timeline_set(&timeline, node, at), ERR_OK);
        assert_ptr_equal(timeline.due, least_of_all());
        assert_int_equal(timeline.count, count_set());
        assert_int_equal(count_each(&timeline), timeline.count);
        heaped = heaped || timeline.heap.len > 0;
    }
    assert_true(heaped);
    all_stop(&timeline);
}

/* As transactions do: some lengths, each set from now on; nothing of it needs the heap. */
static void a_few_lengths_need_no_heap(void **state)
{
    (void)state;
    static const uint64_t lengths[] = {200, 500, 5000, 32000, 180000};
    struct timeline timeline = {0};
    struct order order = {0};
    struct rng rng = rng_stream((struct rng){4}, V("timeline"));
    for (uint64_t now = 0; now < 20000; now++) {
        struct timeline_node *node = &nodes[rng_at(rng, V("node"), now) % NODES];
        uint64_t wait = lengths[rng_at(rng, V("length"), now) % 5];
        assert_int_equal(timeline_set(&timeline, node, order_next(&order, now + wait)), ERR_OK);
        assert_ptr_equal(timeline.due, least_of_all());
        assert_int_equal(timeline.heap.len, 0);
    }
    all_stop(&timeline);
}

/* Else the short lengths, which are over soon, would lose their lanes to the long ones. */
static void an_empty_lane_is_for_what_fits_no_other(void **state)
{
    (void)state;
    struct timeline timeline = {0};
    struct order order = {0};
    assert_int_equal(timeline_set(&timeline, &nodes[0], order_next(&order, 10)), ERR_OK);
    assert_int_equal(timeline_set(&timeline, &nodes[1], order_next(&order, 5)), ERR_OK);
    timeline_stop(&timeline, &nodes[0]);
    assert_int_equal(timeline_set(&timeline, &nodes[2], order_next(&order, 20)), ERR_OK);
    assert_ptr_equal(nodes[1].after, &nodes[2]);
    assert_ptr_equal(timeline.due, &nodes[1]);
    all_stop(&timeline);
}

static void equal_instants_go_in_the_order_of_their_making(void **state)
{
    (void)state;
    struct timeline timeline = {0};
    struct order order = {0};
    for (int i = 0; i < NODES; i++)
        assert_int_equal(timeline_set(&timeline, &nodes[i], order_next(&order, 5)), ERR_OK);
    for (int i = 0; i < NODES; i++) {
        assert_ptr_equal(timeline.due, &nodes[i]);
        timeline_stop(&timeline, &nodes[i]);
    }
    all_stop(&timeline);
}

static enum err fill_and_drop(void *ctx)
{
    (void)ctx;
    struct timeline timeline = {0};
    struct order order = {0};
    enum err err = ERR_OK;
    for (uint64_t i = 0; i < NODES && err == ERR_OK; i++) /* earlier and earlier: no lane fits */
        err = timeline_set(&timeline, &nodes[i], order_next(&order, NODES - i));
    for (int i = 0; i < NODES; i++)
        timeline_stop(&timeline, &nodes[i]);
    assert_int_equal(timeline.count, 0);
    timeline_deinit(&timeline);
    return err;
}

static void memory_may_fail_anywhere(void **state)
{
    (void)state;
    test_each_oom(fill_and_drop, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_is_always_the_least),
        cmocka_unit_test(a_few_lengths_need_no_heap),
        cmocka_unit_test(an_empty_lane_is_for_what_fits_no_other),
        cmocka_unit_test(equal_instants_go_in_the_order_of_their_making),
        cmocka_unit_test(memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
