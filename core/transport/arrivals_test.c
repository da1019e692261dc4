#include "core/transport/arrivals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct handle one = {1, 1}, other = {2, 1};

static enum err add(struct arrivals *ring, struct handle link, uint64_t at_ns, struct view bytes)
{
    struct packet packet = {.kind = PACKET_DATAGRAM, .link = link, .bytes = blob_create(bytes)};
    return arrivals_add(ring, 7, at_ns, &packet);
}

static void expect_first(struct arrivals *ring, uint64_t at_ns, struct view bytes)
{
    const struct arrival *first = arrivals_first(ring);
    assert_non_null(first);
    struct packet packet = first->packet;
    assert_int_equal(first->at_ns, at_ns);
    assert_int_equal(packet.at_us, at_ns / 1000);
    assert_int_equal(first->party, 7);
    assert_true(view_equal(blob_view(packet.bytes), bytes));
    arrivals_pop(ring);
    blob_unref(packet.bytes);
}

static void the_earlier_arrival_comes_first(void **state)
{
    (void)state;
    struct arrivals ring = {0};
    assert_int_equal(add(&ring, one, 3000, V("c")), ERR_OK);
    assert_int_equal(add(&ring, one, 1000, V("a")), ERR_OK);
    assert_int_equal(add(&ring, other, 3000, V("d")), ERR_OK);
    assert_int_equal(add(&ring, other, 2999, V("b")), ERR_OK);
    expect_first(&ring, 1000, V("a"));
    expect_first(&ring, 2999, V("b"));
    expect_first(&ring, 3000, V("c"));
    expect_first(&ring, 3000, V("d"));
    assert_null(arrivals_first(&ring));
    arrivals_deinit(&ring);
    assert_int_equal(mem_live(), 0);
}

/* It grows while its first is anywhere in it. */
static void order_survives_growth(void **state)
{
    (void)state;
    struct arrivals ring = {0};
    uint64_t in = 0, out = 0;
    while (in < 1000) {
        for (int i = 0; i < 7; i++)
            assert_int_equal(add(&ring, one, ++in * 1000, V("x")), ERR_OK);
        for (int i = 0; i < 3; i++)
            expect_first(&ring, ++out * 1000, V("x"));
    }
    while (arrivals_first(&ring) != NULL)
        expect_first(&ring, ++out * 1000, V("x"));
    assert_int_equal(in, out);
    assert_int_equal(ring.bytes, 0);
    arrivals_deinit(&ring);
}

static void what_an_unbound_socket_got_is_dropped(void **state)
{
    (void)state;
    struct arrivals ring = {0};
    for (uint64_t i = 0; i < 10; i++)
        assert_int_equal(add(&ring, i % 2 == 0 ? one : other, i * 1000, V("x")), ERR_OK);
    arrivals_drop(&ring, one);
    for (uint64_t i = 1; i < 10; i += 2)
        expect_first(&ring, i * 1000, V("x"));
    assert_null(arrivals_first(&ring));
    arrivals_deinit(&ring);
    assert_int_equal(mem_live(), 0);
}

static void count_and_bytes_are_bounded(void **state)
{
    (void)state;
    static const char large[60000];
    struct arrivals ring = {0};
    while (!arrivals_full(&ring))
        assert_int_equal(add(&ring, one, 0, (struct view){large, sizeof large}), ERR_OK);
    assert_true(ring.bytes < RING_BYTES + sizeof large);
    assert_int_equal(add(&ring, one, 0, V("one more")), ERR_LIMIT);
    arrivals_deinit(&ring);
    while (!arrivals_full(&ring))
        assert_int_equal(add(&ring, one, 0, V("")), ERR_OK);
    assert_int_equal(ring.count, RING_LIMIT);
    assert_int_equal(add(&ring, one, 0, V("one more")), ERR_LIMIT);
    arrivals_deinit(&ring);
    assert_int_equal(mem_live(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_earlier_arrival_comes_first),
        cmocka_unit_test(order_survives_growth),
        cmocka_unit_test(what_an_unbound_socket_got_is_dropped),
        cmocka_unit_test(count_and_bytes_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
