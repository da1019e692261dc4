/* The loop: what comes first at one instant, when time moves, and what stops it. */
#include "mock/world_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct net_fixture net;
static uint32_t alice, bob;
static uint64_t ready_at[64];
static size_t ready_count;
static struct world_options options = {.rng = {7}};

static int open_two(void **state)
{
    (void)state;
    net_open_with(&net, &options);
    alice = net_wire(&net, V("alice"));
    bob = net_wire(&net, V("bob"));
    ready_count = 0;
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    net_close(&net);
    return 0;
}

static void nothing_to_do_ends_the_loop(void **state)
{
    (void)state;
    assert_false(world_turn(net.world));
    assert_int_equal(world_now(net.world), 0);
    assert_null(world_broken(net.world));
}

static void equal_instants_go_in_the_order_of_their_making(void **state)
{
    (void)state;
    uint32_t carol = net_wire(&net, V("carol"));
    net_send(&net, carol, bob, V("1"));
    net_send(&net, alice, bob, V("2"));
    net_send(&net, carol, alice, V("3"));
    net_send(&net, bob, alice, V("4"));
    net_run(&net, NEVER);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(net.arrivals[i].at_us, 1000);
        assert_int_equal(net.arrivals[i].bytes->data[0], (char)('1' + i));
    }
}

static bool note_ready(struct net_fixture *fixture, uint64_t now_us)
{
    (void)fixture;
    if (ready_count < 64)
        ready_at[ready_count++] = now_us;
    return false;
}

/* A deadline of the user, and two packets of its instant that were sent before and after it was
 * set. */
static void the_users_deadline_has_its_place_among_equals(void **state)
{
    (void)state;
    net_send(&net, alice, bob, V("before"));
    net.deadline = order_next(world_order(net.world), 1000);
    net_send(&net, alice, bob, V("after"));
    assert_true(world_turn(net.world));
    assert_int_equal(net.arrival_count, 1);
    assert_int_equal(net.deadline.at_us, 1000);
    assert_true(world_turn(net.world));
    assert_int_equal(net.arrival_count, 1);
    assert_int_equal(net.deadline.at_us, NEVER);
    assert_true(world_turn(net.world));
    assert_int_equal(net.arrival_count, 2);
}

static void time_jumps_to_the_users_deadline(void **state)
{
    (void)state;
    net.ready = note_ready;
    net.deadline = order_next(world_order(net.world), 3600 * US_PER_S);
    assert_true(world_turn(net.world));
    assert_int_equal(world_now(net.world), 3600 * US_PER_S);
    assert_int_equal(net.deadline.at_us, NEVER);
    assert_false(world_turn(net.world));
}

/* Three sends from what is ready, one after the other, all before time moves. */
static bool send_thrice(struct net_fixture *fixture, uint64_t now_us)
{
    if (now_us != 0 || ready_count == 3)
        return false;
    ready_count++;
    net_send(fixture, alice, bob, V("now"));
    return true;
}

static void time_stands_while_anything_is_ready(void **state)
{
    (void)state;
    net.ready = send_thrice;
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(net.arrivals[i].at_us, 1000);
}

static bool answer_for_ever(struct net_fixture *fixture, uint64_t now_us)
{
    (void)now_us;
    if (fixture->arrival_count > 0)
        fixture->arrival_count--, blob_unref(fixture->arrivals[0].bytes);
    net_send(fixture, alice, bob, V("ping"));
    return true;
}

static void what_answers_itself_at_one_instant_is_stopped(void **state)
{
    (void)state;
    net.ready = answer_for_ever;
    while (world_turn(net.world))
        continue;
    assert_non_null(world_broken(net.world));
    assert_int_equal(world_now(net.world), 0);
    assert_false(world_turn(net.world));
}

static bool ready_for_ever(struct net_fixture *fixture, uint64_t now_us)
{
    (void)fixture;
    (void)now_us;
    return true;
}

static void a_task_that_is_always_ready_is_stopped(void **state)
{
    (void)state;
    net.ready = ready_for_ever;
    while (world_turn(net.world))
        continue;
    assert_non_null(world_broken(net.world));
}

/* A link without latency: the ball flies for ever, and no time passes. */
static bool play_ball(struct net_fixture *fixture, uint64_t now_us)
{
    (void)now_us;
    if (fixture->arrival_count == 0)
        return false;
    struct net_arrival *arrival = &fixture->arrivals[--fixture->arrival_count];
    uint32_t next = arrival->party == alice ? bob : alice;
    net_send(fixture, arrival->party, next, V("ball"));
    blob_unref(arrival->bytes);
    return true;
}

static void a_ball_on_a_link_without_latency_is_stopped(void **state)
{
    (void)state;
    world_link(net.world, 0, 0, &(struct net_link){0});
    net.ready = play_ball;
    net_send(&net, alice, bob, V("ball"));
    while (world_turn(net.world))
        continue;
    assert_non_null(world_broken(net.world));
    assert_int_equal(world_now(net.world), 0);
}

/* The same ball over a link with latency may fly as long as it likes. */
static void a_ball_that_takes_time_is_not(void **state)
{
    (void)state;
    net.ready = play_ball;
    net_send(&net, alice, bob, V("ball"));
    for (int i = 0; i < 10000; i++)
        assert_true(world_turn(net.world));
    assert_null(world_broken(net.world));
    assert_int_equal(world_now(net.world), 10000 * 1000);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, open_two, close_all)
    options.effect_limit = 3000;
    const struct CMUnitTest tests[] = {
        TEST(nothing_to_do_ends_the_loop),
        TEST(equal_instants_go_in_the_order_of_their_making),
        TEST(the_users_deadline_has_its_place_among_equals),
        TEST(time_jumps_to_the_users_deadline),
        TEST(time_stands_while_anything_is_ready),
        TEST(what_answers_itself_at_one_instant_is_stopped),
        TEST(a_task_that_is_always_ready_is_stopped),
        TEST(a_ball_on_a_link_without_latency_is_stopped),
        TEST(a_ball_that_takes_time_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
