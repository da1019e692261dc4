/* What a link does, to the microsecond: latency, rate, size, loss, copies, order, corruption. */
#include "mock/world_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

enum { MILLION = 1000000, MANY = 1000 };

static struct net_fixture net;
static uint32_t alice, bob;

static int open_two(void **state)
{
    (void)state;
    net_open(&net, 7);
    alice = net_wire(&net, V("alice"));
    bob = net_wire(&net, V("bob"));
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    net_close(&net);
    return 0;
}

static void link_of(struct net_link link)
{
    world_link(net.world, alice, bob, &link);
}

static void send_number(uint32_t number)
{
    char text[4];
    memcpy(text, &number, sizeof number);
    net_send(&net, alice, bob, (struct view){text, sizeof text});
}

static uint32_t number_at(size_t index)
{
    uint32_t number;
    assert_int_equal(net.arrivals[index].bytes->len, sizeof number);
    memcpy(&number, net.arrivals[index].bytes->data, sizeof number);
    return number;
}

static void latency_is_one_way(void **state)
{
    (void)state;
    link_of((struct net_link){.latency_us = 40000});
    net_send(&net, alice, bob, V("there"));
    net_send(&net, bob, alice, V("back"));
    net_run(&net, NEVER);
    assert_int_equal(net.arrivals[0].at_us, 1000);
    assert_int_equal(net.arrivals[1].at_us, 40000);
}

static void a_link_of_everybody_is_everybodys(void **state)
{
    (void)state;
    struct net_link got;
    world_link(net.world, 0, 0, &(struct net_link){.latency_us = 5});
    world_link_get(net.world, bob, alice, &got);
    assert_int_equal(got.latency_us, 5);
    net_send(&net, bob, alice, V("hello"));
    net_run(&net, NEVER);
    assert_int_equal(net.arrivals[0].at_us, 5);
}

/* 64 kbit/s: a packet of 28 + 772 bytes takes 100 ms, and the second waits for the first. */
static void bandwidth_delays_and_queues(void **state)
{
    (void)state;
    static const char bytes[772];
    link_of((struct net_link){.latency_us = 1000, .bandwidth_bps = 64000});
    net_send(&net, alice, bob, (struct view){bytes, sizeof bytes});
    net_send(&net, alice, bob, (struct view){bytes, sizeof bytes});
    net_run(&net, NEVER);
    assert_int_equal(net.arrivals[0].at_us, 101000);
    assert_int_equal(net.arrivals[1].at_us, 201000);
}

static void what_is_larger_than_the_mtu_is_lost(void **state)
{
    (void)state;
    static const char bytes[1273];
    struct trace_event lost;
    link_of((struct net_link){.mtu = 1300});
    uint64_t out_seq = net_send(&net, alice, bob, (struct view){bytes, 1273});
    net_send(&net, alice, bob, (struct view){bytes, 1272});
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 1);
    assert_int_equal(net_count(&net, SIDE_SEEN, FATE_LOST, &lost), 1);
    assert_int_equal(lost.u.wire.was_out, out_seq);
    assert_true(view_equal(lost.u.wire.why, V("mtu alice>bob")));
}

static void loss_is_a_choice_that_the_trace_names(void **state)
{
    (void)state;
    struct trace_event lost, choice;
    link_of((struct net_link){.loss_ppm = MILLION});
    send_number(1);
    send_number(2);
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 0);
    assert_int_equal(net_count(&net, SIDE_SEEN, FATE_LOST, &lost), 2);
    assert_true(view_equal(lost.u.wire.why, V("net alice>bob loss 2")));
    assert_true(trace_get(net.trace, lost.cause, &choice));
    assert_int_equal(choice.kind, TRACE_CHOICE);
    assert_int_equal(choice.u.choice.choice.value, 1);
    assert_true(view_equal(choice.u.choice.key, V("net alice>bob loss 2")));
    assert_int_equal(choice.cause, lost.u.wire.was_out);
}

static void about_a_third_is_lost_of_a_link_with_a_third_of_loss(void **state)
{
    (void)state;
    link_of((struct net_link){.loss_ppm = 333333});
    for (uint32_t i = 0; i < MANY; i++)
        send_number(i);
    net_run(&net, NEVER);
    assert_in_range(net.arrival_count, MANY * 60 / 100, MANY * 73 / 100);
    assert_int_equal(net.arrival_count + net_count(&net, SIDE_SEEN, FATE_LOST, NULL), MANY);
}

static void a_duplicate_follows_at_once(void **state)
{
    (void)state;
    struct trace_event copied, in;
    link_of((struct net_link){.latency_us = 10, .duplicate_ppm = MILLION});
    uint64_t out_seq = net_send(&net, alice, bob, V("twice"));
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 2);
    assert_int_equal(net.arrivals[0].at_us, 10);
    assert_int_equal(net.arrivals[1].at_us, 10);
    assert_int_equal(net_count(&net, SIDE_SEEN, FATE_COPIED, &copied), 1);
    assert_true(view_equal(copied.u.wire.why, V("net alice>bob duplicate 1")));
    assert_true(trace_get(net.trace, net.arrivals[0].cause, &in));
    assert_int_equal(in.u.wire.copy_of, 0);
    assert_true(trace_get(net.trace, net.arrivals[1].cause, &in));
    assert_int_equal(in.u.wire.copy_of, out_seq);
    assert_int_equal(in.u.wire.was_out, out_seq);
    assert_int_equal(in.cause, copied.seq);
}

static void jitter_adds_between_nothing_and_its_bound(void **state)
{
    (void)state;
    uint64_t least = NEVER, most = 0;
    link_of((struct net_link){.latency_us = 1000, .jitter_us = 500});
    for (uint32_t i = 0; i < MANY; i++)
        send_number(i);
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, MANY);
    for (size_t i = 0; i < MANY; i++) {
        uint64_t at_us = net.arrivals[i].at_us;
        least = at_us < least ? at_us : least;
        most = at_us > most ? at_us : most;
    }
    assert_in_range(least, 1001, 1010);
    assert_in_range(most, 1490, 1500);
}

/* The first is held back for the second and follows it; the third waits in vain for a fourth. */
static void reorder_lets_the_next_one_pass(void **state)
{
    (void)state;
    link_of((struct net_link){.latency_us = 1000, .reorder_ppm = MILLION});
    for (uint32_t i = 1; i <= 3; i++)
        send_number(i);
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 3);
    assert_int_equal(number_at(0), 2);
    assert_int_equal(number_at(1), 1);
    assert_int_equal(net.arrivals[1].at_us, 1000);
    assert_int_equal(number_at(2), 3);
    assert_int_equal(net.arrivals[2].at_us, 101000);
}

static void corruption_turns_one_bit(void **state)
{
    (void)state;
    static const char sent[40];
    struct trace_event corrupted;
    link_of((struct net_link){.corrupt_ppm = MILLION});
    net_send(&net, alice, bob, (struct view){sent, sizeof sent});
    net_run(&net, NEVER);
    int bits = 0;
    for (size_t i = 0; i < sizeof sent; i++)
        bits += __builtin_popcount((unsigned char)net.arrivals[0].bytes->data[i]);
    assert_int_equal(bits, 1);
    assert_int_equal(net_count(&net, SIDE_SEEN, FATE_CORRUPTED, &corrupted), 1);
    assert_true(view_equal(corrupted.u.wire.was, (struct view){sent, sizeof sent}));
    assert_true(view_equal(corrupted.u.wire.bytes, blob_view(net.arrivals[0].bytes)));
}

static void an_empty_datagram_has_no_bit_to_turn(void **state)
{
    (void)state;
    link_of((struct net_link){.corrupt_ppm = MILLION});
    net_send(&net, alice, bob, (struct view){"", 0});
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 1);
}

static void a_partition_parts_one_way_until_it_heals(void **state)
{
    (void)state;
    struct trace_event lost;
    world_partition(net.world, alice, bob, true);
    net_send(&net, alice, bob, V("lost"));
    net_send(&net, bob, alice, V("arrives"));
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 1);
    assert_int_equal(net_count(&net, SIDE_SEEN, FATE_LOST, &lost), 1);
    assert_true(view_equal(lost.u.wire.why, V("partition alice>bob")));
    world_partition(net.world, 0, 0, false);
    net_send(&net, alice, bob, V("healed"));
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 2);
}

/* What had left before the partition arrives: it is a cut, not a vacuum cleaner. */
static void a_partition_spares_what_is_under_way(void **state)
{
    (void)state;
    net_send(&net, alice, bob, V("under way"));
    world_partition(net.world, alice, bob, true);
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 1);
}

static void a_black_hole_swallows_what_goes_in(void **state)
{
    (void)state;
    struct trace_event lost;
    world_blackhole(net.world, bob, true);
    net_send(&net, alice, bob, V("lost"));
    net_send(&net, bob, alice, V("arrives"));
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 1);
    net_count(&net, SIDE_SEEN, FATE_LOST, &lost);
    assert_true(view_equal(lost.u.wire.why, V("blackhole bob")));
    world_blackhole(net.world, bob, false);
    net_send(&net, alice, bob, V("arrives, too"));
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 2);
}

static void refusal_is_news_after_the_way_there_and_back(void **state)
{
    (void)state;
    struct trace_event refused;
    link_of((struct net_link){.latency_us = 30000});
    world_refuse(net.world, bob, true);
    uint64_t out_seq = net_send(&net, alice, bob, V("knock"));
    assert_int_equal(world_in_flight(net.world), 1);
    net_run(&net, NEVER);
    assert_int_equal(world_in_flight(net.world), 0);
    assert_int_equal(net.arrival_count, 1);
    assert_int_equal(net.arrivals[0].party, alice);
    assert_int_equal(net.arrivals[0].kind, PACKET_FAILED);
    assert_int_equal(net.arrivals[0].error, NET_REFUSED);
    assert_int_equal(net.arrivals[0].at_us, 31000);
    assert_int_equal(net_count(&net, SIDE_SEEN, FATE_REFUSED, &refused), 1);
    assert_int_equal(refused.u.wire.was_out, out_seq);
    assert_int_equal(refused.seq, net.arrivals[0].cause);
}

static void an_address_of_nobody_is_unreachable(void **state)
{
    (void)state;
    net.addrs[bob].ip[3] = 77;
    net_send(&net, alice, bob, V("hello?"));
    net_run(&net, NEVER);
    assert_int_equal(net.arrivals[0].kind, PACKET_FAILED);
    assert_int_equal(net.arrivals[0].error, NET_UNREACHABLE);
}

static void a_crash_loses_the_sockets_and_a_restart_has_them_again(void **state)
{
    (void)state;
    net_send(&net, alice, bob, V("under way"));
    world_crash(net.world, bob);
    world_crash(net.world, bob);
    assert_int_equal(net_send(&net, bob, alice, V("from the dead")), 0);
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 1);
    assert_int_equal(net.arrivals[0].error, NET_REFUSED);
    assert_int_equal(world_restart(net.world, bob, NULL), ERR_OK);
    net_send(&net, alice, bob, V("welcome"));
    net_send(&net, bob, alice, V("by a link of the former life"));
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 3);
    assert_int_equal(net.arrivals[1].party, bob);
    assert_int_equal(net.arrivals[2].party, alice);
}

static void a_restart_of_the_living_is_a_crash_first(void **state)
{
    (void)state;
    assert_int_equal(world_restart(net.world, bob, NULL), ERR_OK);
    net_send(&net, alice, bob, V("hello"));
    net_run(&net, NEVER);
    assert_int_equal(net.arrivals[0].party, bob);
    assert_int_equal(world_restart(net.world, 99, NULL), ERR_STATE);
}

static void the_same_key_makes_a_copy(void **state)
{
    (void)state;
    struct trace_event in;
    struct blob *bytes = blob_create(V("again"));
    uint64_t first = world_send(net.world, alice, net.links[alice], &net.addrs[bob], bytes, 5);
    world_send(net.world, alice, net.links[alice], &net.addrs[bob], bytes, 5);
    world_send(net.world, alice, net.links[alice], &net.addrs[bob], bytes, 6);
    blob_unref(bytes);
    net_run(&net, NEVER);
    const uint64_t expected[] = {0, first, 0};
    for (size_t i = 0; i < 3; i++) {
        assert_true(trace_get(net.trace, net.arrivals[i].cause, &in));
        assert_int_equal(in.u.wire.copy_of, expected[i]);
    }
}

static void a_wire_without_a_link_sends_by_its_first_socket(void **state)
{
    (void)state;
    net.links[alice] = (struct handle){0};
    net_send(&net, alice, bob, V("hello"));
    net_run(&net, NEVER);
    assert_int_equal(net.arrivals[0].party, bob);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, open_two, close_all)
    const struct CMUnitTest tests[] = {
        TEST(latency_is_one_way),
        TEST(a_link_of_everybody_is_everybodys),
        TEST(bandwidth_delays_and_queues),
        TEST(what_is_larger_than_the_mtu_is_lost),
        TEST(loss_is_a_choice_that_the_trace_names),
        TEST(about_a_third_is_lost_of_a_link_with_a_third_of_loss),
        TEST(a_duplicate_follows_at_once),
        TEST(jitter_adds_between_nothing_and_its_bound),
        TEST(reorder_lets_the_next_one_pass),
        TEST(corruption_turns_one_bit),
        TEST(an_empty_datagram_has_no_bit_to_turn),
        TEST(a_partition_parts_one_way_until_it_heals),
        TEST(a_partition_spares_what_is_under_way),
        TEST(a_black_hole_swallows_what_goes_in),
        TEST(refusal_is_news_after_the_way_there_and_back),
        TEST(an_address_of_nobody_is_unreachable),
        TEST(a_crash_loses_the_sockets_and_a_restart_has_them_again),
        TEST(a_restart_of_the_living_is_a_crash_first),
        TEST(the_same_key_makes_a_copy),
        TEST(a_wire_without_a_link_sends_by_its_first_socket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
