#include "core/base/heap.h"

#include "core/base/oom_fixture.h"
#include "core/base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { NODES = 1000 };
static struct heap_node nodes[NODES];

static void equal_instants_go_in_the_order_of_their_making(void **state)
{
    (void)state;
    struct heap heap = {0};
    struct order order = {0};
    for (int i = 0; i < NODES; i++)
        assert_int_equal(heap_set(&heap, &nodes[i], order_next(&order, 5)), ERR_OK);
    for (int i = 0; i < NODES; i++) {
        assert_ptr_equal(heap_first(&heap), &nodes[i]);
        heap_stop(&heap, &nodes[i]);
    }
    assert_null(heap_first(&heap));
    heap_deinit(&heap);
}

/* Anything set, moved and stopped comes out in a total order: held against a plain search. */
static void the_first_is_always_the_least(void **state)
{
    (void)state;
    struct heap heap = {0};
    struct order order = {0};
    struct rng rng = rng_stream((struct rng){3}, V("heap"));
    for (uint64_t n = 0; n < 20000; n++) {
        struct heap_node *node = &nodes[rng_at(rng, V("node"), n) % 64];
        if (rng_at(rng, V("what"), n) % 3 == 0)
            heap_stop(&heap, node);
        else
            assert_int_equal(
                heap_set(&heap, node, order_next(&order, rng_at(rng, V("at"), n) % 50)), ERR_OK);
        const struct heap_node *least = NULL;
        for (int i = 0; i < 64; i++)
            if (nodes[i].place != 0 && (least == NULL || moment_before(nodes[i].at, least->at)))
                least = &nodes[i];
        assert_ptr_equal(heap_first(&heap), least);
    }
    for (int i = 0; i < 64; i++)
        heap_stop(&heap, &nodes[i]);
    assert_int_equal(heap.len, 0);
    heap_deinit(&heap);
}

static void stopping_what_does_not_run_does_nothing(void **state)
{
    (void)state;
    struct heap heap = {0};
    struct order order = {0};
    heap_stop(&heap, &nodes[0]);
    assert_int_equal(heap_set(&heap, &nodes[0], order_next(&order, 1)), ERR_OK);
    heap_stop(&heap, &nodes[1]);
    heap_stop(&heap, &nodes[0]);
    heap_stop(&heap, &nodes[0]);
    assert_null(heap_first(&heap));
    heap_deinit(&heap);
}

static void never_comes_after_everything(void **state)
{
    (void)state;
    struct order order = {0};
    struct moment last = {NEVER - 1, UINT64_MAX};
    assert_true(moment_before(last, moment_never));
    assert_false(moment_before(moment_never, moment_never));
    struct moment first = order_next(&order, 7);
    assert_true(moment_before(first, order_next(&order, 8)));
    assert_int_equal(order.next, 2);
}

static enum err fill_and_drop(void *ctx)
{
    struct heap heap = {0};
    struct order order = {0};
    enum err err = ERR_OK;
    (void)ctx;
    for (int i = 0; i < NODES && err == ERR_OK; i++)
        err = heap_set(&heap, &nodes[i], order_next(&order, 5));
    while (heap_first(&heap) != NULL)
        heap_stop(&heap, heap_first(&heap));
    heap_deinit(&heap);
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
        cmocka_unit_test(equal_instants_go_in_the_order_of_their_making),
        cmocka_unit_test(the_first_is_always_the_least),
        cmocka_unit_test(stopping_what_does_not_run_does_nothing),
        cmocka_unit_test(never_comes_after_everything),
        cmocka_unit_test(memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
