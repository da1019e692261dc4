/* The same loop over real sockets: what can be known of a datagram without a tag. */
#include "mock/world_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <signal.h>
#include <unistd.h>

static struct net_fixture net;
static uint32_t alice, bob;

static int open_real(void **state)
{
    (void)state;
    struct driver *driver;
    assert_int_equal(transport_create(&driver), ERR_OK);
    net_open_with(&net, &(struct world_options){.driver = driver, .rng = {7}});
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

/* Turns until so many arrived; a test that waits in vain fails after a second or two. */
static void run_until(size_t arrivals)
{
    uint64_t limit_us = world_now(net.world) + US_PER_S;
    net.deadline = order_next(world_order(net.world), limit_us);
    while (net.arrival_count < arrivals && net.deadline.at_us != NEVER && world_turn(net.world))
        continue;
    assert_int_equal(net.arrival_count, arrivals);
    net.deadline = moment_never;
}

static struct trace_event cause_of(size_t arrival)
{
    struct trace_event event;
    assert_true(trace_get(net.trace, net.arrivals[arrival].cause, &event));
    return event;
}

static void an_arrival_is_linked_to_what_was_sent(void **state)
{
    (void)state;
    uint64_t first = net_send(&net, alice, bob, V("one"));
    uint64_t second = net_send(&net, alice, bob, V("two"));
    uint64_t third = net_send(&net, bob, alice, V("one"));
    run_until(3);
    assert_int_equal(world_in_flight(net.world), 0);
    assert_int_equal(cause_of(0).u.wire.was_out, first);
    assert_int_equal(cause_of(1).u.wire.was_out, second);
    assert_int_equal(cause_of(2).u.wire.was_out, third);
    assert_int_equal(cause_of(0).cause, first);
    assert_int_equal(cause_of(0).u.wire.from, alice);
    assert_true(cause_of(0).u.wire.intended);
}

static void times_of_the_trace_never_go_back(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        net_send(&net, alice, bob, V("there"));
        net_send(&net, bob, alice, V("back"));
    }
    run_until(100);
    struct trace_event event;
    uint64_t last_us = 0;
    for (uint64_t seq = 1; trace_get(net.trace, seq, &event); seq++) {
        assert_true(event.time_us >= last_us);
        last_us = event.time_us;
    }
}

static void a_port_of_nobody_refuses(void **state)
{
    (void)state;
    struct trace_event refused;
    world_crash(net.world, bob);
    uint64_t out_seq = net_send(&net, alice, bob, V("anybody?"));
    run_until(1);
    assert_int_equal(net.arrivals[0].party, alice);
    assert_int_equal(net.arrivals[0].error, NET_REFUSED);
    assert_int_equal(net_count(&net, SIDE_SEEN, FATE_REFUSED, &refused), 1);
    assert_int_equal(refused.u.wire.was_out, out_seq);
    assert_true(view_equal(refused.u.wire.bytes, V("anybody?")));
    assert_int_equal(world_restart(net.world, bob, NULL), ERR_OK);
    net_send(&net, alice, bob, V("there you are"));
    run_until(2);
}

static void a_link_delays_there_too(void **state)
{
    (void)state;
    world_link(net.world, alice, bob, &(struct net_link){.latency_us = 3000});
    net_send(&net, alice, bob, V("slow"));
    net_send(&net, bob, alice, V("fast"));
    assert_true(world_in_flight(net.world) >= 1); /* the one that the loop holds */
    run_until(2);
    assert_int_equal(net.arrivals[0].party, alice);
    struct trace_event in = cause_of(1), out;
    assert_true(trace_get(net.trace, in.u.wire.was_out, &out));
    assert_true(in.time_us - out.time_us >= 3000);
}

static void loss_and_partition_act_there_too(void **state)
{
    (void)state;
    world_link(net.world, alice, bob, &(struct net_link){.loss_ppm = 1000000});
    world_partition(net.world, bob, alice, true);
    net_send(&net, alice, bob, V("lost"));
    net_send(&net, bob, alice, V("parted"));
    world_partition(net.world, bob, alice, false);
    net_send(&net, bob, alice, V("arrives"));
    run_until(1);
    assert_int_equal(net_count(&net, SIDE_SEEN, FATE_LOST, NULL), 2);
}

/* A socket that the world does not know sends and is sent to: a device. */
struct device {
    struct driver *driver;
    struct handle link;
    struct addr addr;
};

static void device_open(struct device *device)
{
    *device = (struct device){.addr = {.family = 4}};
    assert_int_equal(transport_create(&device->driver), ERR_OK);
    assert_int_equal(
        device->driver->ops->bind(device->driver, 1, PROTO_UDP, &device->addr, &device->link),
        ERR_OK);
}

static void device_send(struct device *device, const struct addr *to, struct view bytes)
{
    struct effect effect = {.kind = DO_DATAGRAM,
                            .link = device->link,
                            .local = device->addr,
                            .remote = *to,
                            .bytes = blob_create(bytes)};
    device->driver->ops->perform(device->driver, 1, &effect);
}

static void a_device_is_named_and_its_copies_are_seen(void **state)
{
    (void)state;
    struct device phone, stranger;
    uint32_t party;
    device_open(&phone);
    device_open(&stranger);
    assert_int_equal(world_foreign_add(net.world, V("phone"), &phone.addr, false, &party), ERR_OK);
    device_send(&phone, &net.addrs[bob], V("REGISTER"));
    device_send(&phone, &net.addrs[bob], V("REGISTER"));
    device_send(&phone, &net.addrs[alice], V("REGISTER"));
    device_send(&stranger, &net.addrs[bob], V("REGISTER"));
    run_until(4);
    assert_int_equal(cause_of(0).u.wire.from, party);
    assert_int_equal(cause_of(0).u.wire.copy_of, 0);
    assert_int_equal(cause_of(0).u.wire.was_out, 0);
    assert_false(cause_of(0).u.wire.intended);
    assert_int_equal(cause_of(1).u.wire.copy_of, net.arrivals[0].cause);
    assert_int_equal(cause_of(2).u.wire.copy_of, 0);
    assert_int_equal(cause_of(3).u.wire.copy_of, 0);
    assert_int_equal(cause_of(3).u.wire.from, 0);
    phone.driver->ops->destroy(phone.driver);
    stranger.driver->ops->destroy(stranger.driver);
}

static void a_device_may_send_from_any_port(void **state)
{
    (void)state;
    struct device phone;
    uint32_t party;
    device_open(&phone);
    assert_int_equal(world_foreign_add(net.world, V("phone"), &phone.addr, true, &party), ERR_OK);
    device_send(&phone, &net.addrs[bob], V("one"));
    phone.driver->ops->unbind(phone.driver, phone.link);
    phone.addr.port = 0;
    assert_int_equal(phone.driver->ops->bind(phone.driver, 1, PROTO_UDP, &phone.addr, &phone.link),
                     ERR_OK);
    device_send(&phone, &net.addrs[bob], V("two"));
    net_send(&net, alice, bob, V("three"));
    run_until(3);
    assert_int_equal(cause_of(0).u.wire.from, party);
    assert_int_equal(cause_of(1).u.wire.from, party);
    assert_int_equal(cause_of(2).u.wire.from, alice);
    phone.driver->ops->destroy(phone.driver);
}

static void what_a_device_sends_may_be_lost_on_its_way_in(void **state)
{
    (void)state;
    struct device phone;
    uint32_t party;
    struct trace_event lost;
    device_open(&phone);
    assert_int_equal(world_foreign_add(net.world, V("phone"), &phone.addr, false, &party), ERR_OK);
    world_partition(net.world, party, bob, true);
    device_send(&phone, &net.addrs[bob], V("lost"));
    device_send(&phone, &net.addrs[alice], V("arrives"));
    run_until(1);
    assert_int_equal(net_count(&net, SIDE_SEEN, FATE_LOST, &lost), 1);
    assert_true(view_equal(lost.u.wire.why, V("partition phone>bob")));
    assert_int_equal(lost.u.wire.was_out, 0);
    phone.driver->ops->destroy(phone.driver);
}

static void a_wake_reaches_the_user(void **state)
{
    (void)state;
    assert_int_equal(write(transport_wake_fd(net.driver), "\x02\x0f", 2), 2);
    run_until(1);
    assert_int_equal(net.arrivals[0].party, 0);
    assert_int_equal(net.arrivals[0].kind, PACKET_WAKE);
    assert_true(view_equal(blob_view(net.arrivals[0].bytes), V("\x02\x0f")));
}

static int wake_fd;
static void on_signal(int number)
{
    char byte = (char)number;
    (void)!write(wake_fd, &byte, 1);
}

/* The loop sleeps in the kernel, without any deadline, when the signal comes. */
static void a_signal_wakes_the_sleeping_loop(void **state)
{
    (void)state;
    wake_fd = transport_wake_fd(net.driver);
    signal(SIGALRM, on_signal);
    ualarm(5000, 0);
    while (net.arrival_count == 0 && world_turn(net.world))
        continue;
    assert_int_equal(net.arrivals[0].kind, PACKET_WAKE);
    assert_int_equal(net.arrivals[0].bytes->data[0], SIGALRM);
    signal(SIGALRM, SIG_DFL);
}

static void two_stacks_meet(void **state)
{
    (void)state;
    uint32_t carol = net_agent(&net, V("carol")), dave = net_agent(&net, V("dave"));
    net_options(&net, carol, dave);
    net.deadline = order_next(world_order(net.world), world_now(net.world) + US_PER_S);
    bool answered = false;
    while (!answered && net.deadline.at_us != NEVER && world_turn(net.world))
        for (size_t i = 0; i < net.tell_count; i++)
            answered |= net.tells[i].what == SIP_TELL_RESPONSE && net.tells[i].status == 200;
    assert_true(answered);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, open_real, close_all)
    const struct CMUnitTest tests[] = {
        TEST(an_arrival_is_linked_to_what_was_sent),
        TEST(times_of_the_trace_never_go_back),
        TEST(a_port_of_nobody_refuses),
        TEST(a_link_delays_there_too),
        TEST(loss_and_partition_act_there_too),
        TEST(a_device_is_named_and_its_copies_are_seen),
        TEST(a_device_may_send_from_any_port),
        TEST(what_a_device_sends_may_be_lost_on_its_way_in),
        TEST(a_wake_reaches_the_user),
        TEST(a_signal_wakes_the_sleeping_loop),
        TEST(two_stacks_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
