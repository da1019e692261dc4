/* What the other side of its connections sees of a party that goes, on both networks. */
#include "mock/world_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct net_fixture net;
static uint32_t alice, bob;
static bool opened;       /* both ends know */
static bool ended, reset; /* bob's */
static unsigned open_ends;

static void moved(void *ctx, uint32_t party, const struct flow_news *news)
{
    (void)ctx;
    open_ends += news->kind == FLOW_MOVED && news->to == FLOW_OPEN;
    opened = open_ends == 2;
    if (party != bob)
        return;
    ended |= news->kind == FLOW_ENDED;
    reset |= news->kind == FLOW_MOVED && news->to == FLOW_GONE && news->error == NET_RESET;
}

static void run_until(const bool *done)
{
    net.deadline = order_next(world_order(net.world), world_now(net.world) + 2 * US_PER_S);
    while (!*done && net.deadline.at_us != NEVER && world_turn(net.world))
        continue;
    net.deadline = moment_never;
    assert_true(*done);
}

static void connect_them(struct driver *driver)
{
    struct addr there = {.family = 4}, from = {.family = 4};
    struct handle listener, flow;
    opened = ended = reset = false;
    open_ends = 0;
    net_open_with(&net, &(struct world_options){.driver = driver, .rng = {7}});
    net.user.flow = moved;
    alice = net_wire(&net, V("alice"));
    bob = net_wire(&net, V("bob"));
    assert_int_equal(world_bind(net.world, bob, PROTO_TCP, &there, &listener), ERR_OK);
    struct flows *flows = world_flows(net.world, alice);
    enum err err =
        flows_open(flows, world_now(net.world), PROTO_TCP, &from, &there, (struct view){0}, &flow);
    assert_int_equal(err, ERR_OK);
    world_flows_run(net.world, alice);
    run_until(&opened);
}

static void goes(struct driver *driver, void (*leave)(struct world *, uint32_t), const bool *seen,
                 const bool *not_seen)
{
    connect_them(driver);
    leave(net.world, alice);
    run_until(seen);
    assert_false(*not_seen);
    net_close(&net);
}

static struct driver *simulated(void)
{
    struct driver *driver;
    assert_int_equal(mock_create(&(struct mock_options){0}, &driver), ERR_OK);
    return driver;
}

static struct driver *real(void)
{
    struct driver *driver;
    assert_int_equal(transport_create(&driver), ERR_OK);
    return driver;
}

static void who_stops_sends_a_fin(void **state)
{
    (void)state;
    goes(simulated(), world_stop, &ended, &reset);
    goes(real(), world_stop, &ended, &reset);
}

static void who_crashes_sends_a_rst(void **state)
{
    (void)state;
    goes(simulated(), world_crash, &reset, &ended);
    goes(real(), world_crash, &reset, &ended);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_stops_sends_a_fin),
        cmocka_unit_test(who_crashes_sends_a_rst),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
