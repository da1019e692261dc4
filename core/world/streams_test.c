#include "core/world/inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct flow_news between(const char *local, const char *remote)
{
    struct flow_news news = {.proto = PROTO_TCP};
    assert_int_equal(addr_parse(view_of(local), &news.local), ERR_OK);
    assert_int_equal(addr_parse(view_of(remote), &news.remote), ERR_OK);
    return news;
}

/* One side has gone and come again by the same port, and the other has not noticed: the old one is
 * nobody's other end any more, and is freed all the same. */
static void the_same_addresses_again_are_another_stream(void **state)
{
    struct world world = {0};
    struct party alice = {.number = 1}, bob = {.number = 2};
    struct flow_news there = between("192.0.2.1:5060", "192.0.2.2:40000");
    struct flow_news back = between("192.0.2.2:40000", "192.0.2.1:5060");
    uint64_t live = mem_live();
    (void)state;
    for (int leaves = 0; leaves < 2; leaves++) {
        struct stream *old = stream_enter(&world, &alice, &there);
        assert_non_null(old);
        assert_non_null(stream_enter(&world, &bob, &back));
        assert_non_null(stream_enter(&world, &alice, &there));
        if (leaves == 1)
            stream_leave(&world, old);
        streams_deinit(&world);
        assert_int_equal(mem_live(), live);
        world.streams = (struct streams){0};
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_addresses_again_are_another_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
