/* Two stacks in one world: they meet through the network, and the same seed gives the same trace.
 */
#include "mock/world_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUNS = 20, REQUESTS = 10 };

static struct net_fixture net;

static size_t tells(uint32_t party, enum sip_tell what, uint16_t status)
{
    size_t count = 0;
    for (size_t i = 0; i < net.tell_count; i++)
        count += net.tells[i].party == party && net.tells[i].what == what &&
                 net.tells[i].status == status;
    return count;
}

static size_t copies_of_messages(enum trace_side side)
{
    size_t count = 0;
    struct trace_event event;
    for (uint64_t seq = 1; trace_get(net.trace, seq, &event); seq++)
        count +=
            event.kind == TRACE_MESSAGE && event.u.wire.side == side && event.u.wire.copy_of != 0;
    return count;
}

static void options_is_answered(void **state)
{
    (void)state;
    net_open(&net, 7);
    uint32_t alice = net_agent(&net, V("alice")), bob = net_agent(&net, V("bob"));
    net_options(&net, alice, bob);
    net_run(&net, NEVER);
    assert_null(world_broken(net.world));
    assert_int_equal(tells(alice, SIP_TELL_RESPONSE, 200), 1);
    struct trace_event in;
    assert_int_equal(net_count(&net, SIDE_IN, FATE_NONE, &in), 2);
    assert_true(view_equal(in.u.wire.label, V("200 OPTIONS")));
    assert_false(in.u.wire.intended);
    assert_int_equal(in.time_us, 2000);
    net_close(&net);
}

static uint64_t lossy_run(void)
{
    net_open(&net, 7);
    uint32_t alice = net_agent(&net, V("alice")), bob = net_agent(&net, V("bob"));
    world_link(
        net.world, 0, 0,
        &(struct net_link){
            .latency_us = 1000, .jitter_us = 900, .loss_ppm = 300000, .duplicate_ppm = 100000});
    for (int i = 0; i < REQUESTS; i++) {
        net_options(&net, alice, bob);
        net_options(&net, bob, alice);
    }
    net_run(&net, NEVER);
    assert_null(world_broken(net.world));
    uint64_t digest = net_digest(&net);
    assert_int_equal(tells(alice, SIP_TELL_RESPONSE, 200), REQUESTS);
    assert_int_equal(tells(bob, SIP_TELL_RESPONSE, 200), REQUESTS);
    assert_true(copies_of_messages(SIDE_OUT) > 5);
    assert_true(net_count(&net, SIDE_SEEN, FATE_LOST, NULL) > 5);
    net_close(&net);
    return digest;
}

static void options_survive_loss_with_the_same_trace_each_time(void **state)
{
    (void)state;
    uint64_t digest = lossy_run();
    for (int i = 1; i < 2 * RUNS; i++)
        assert_int_equal(lossy_run(), digest);
}

/* Another process of this very program, with other addresses and another past. */
static void another_process_has_the_same_trace(void **state)
{
    (void)state;
    int ends[2];
    uint64_t digest = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execl("/proc/self/exe", "world_stack", "--digest", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    ssize_t len = read(ends[0], &digest, sizeof digest);
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(len, sizeof digest);
    assert_int_equal(digest, lossy_run());
}

static void a_copy_is_linked_to_its_first_transmission(void **state)
{
    (void)state;
    net_open(&net, 7);
    uint32_t alice = net_agent(&net, V("alice")), bob = net_agent(&net, V("bob"));
    world_blackhole(net.world, bob, true);
    net_options(&net, alice, bob);
    net_run(&net, NEVER);
    assert_int_equal(tells(alice, SIP_TELL_RESPONSE, 408), 1);
    struct trace_event event, first = {0};
    size_t count = 0;
    for (uint64_t seq = 1; trace_get(net.trace, seq, &event); seq++) {
        if (event.kind != TRACE_MESSAGE || event.u.wire.side != SIDE_OUT)
            continue;
        if (count++ == 0)
            first = event;
        else
            assert_int_equal(event.u.wire.copy_of, first.seq);
    }
    assert_int_equal(first.u.wire.copy_of, 0);
    assert_int_equal(count, 11); /* RFC 3261 §17.1.2.2: Timer E, until F */
    net_close(&net);
}

static void a_partition_in_the_middle_heals(void **state)
{
    (void)state;
    net_open(&net, 7);
    uint32_t alice = net_agent(&net, V("alice")), bob = net_agent(&net, V("bob"));
    world_partition(net.world, 0, bob, true);
    net_options(&net, alice, bob);
    net.deadline = order_next(world_order(net.world), 4 * US_PER_S);
    net_run(&net, 4 * US_PER_S);
    assert_int_equal(tells(alice, SIP_TELL_RESPONSE, 200), 0);
    world_partition(net.world, alice, bob, false);
    net_run(&net, NEVER);
    assert_int_equal(tells(alice, SIP_TELL_RESPONSE, 200), 1);
    net_close(&net);
}

static void refusal_is_a_transport_error(void **state)
{
    (void)state;
    net_open(&net, 7);
    uint32_t alice = net_agent(&net, V("alice")), bob = net_agent(&net, V("bob"));
    world_crash(net.world, bob);
    net_options(&net, alice, bob);
    net_run(&net, NEVER);
    assert_int_equal(tells(alice, SIP_TELL_RESPONSE, 503), 1);
    assert_int_equal(world_now(net.world), 2000);
    net_close(&net);
}

static void a_crashed_stack_is_gone_and_a_restarted_one_answers(void **state)
{
    (void)state;
    net_open(&net, 7);
    uint32_t alice = net_agent(&net, V("alice")), bob = net_agent(&net, V("bob"));
    net_options(&net, bob, alice);
    world_crash(net.world, bob);
    assert_null(world_stack(net.world, bob));
    net_run(&net, NEVER);
    assert_int_equal(net_count(&net, SIDE_OUT, FATE_NONE, NULL), 0);
    struct sip_stack_options options = {.name = V("bob"),
                                        .ids = rng_stream((struct rng){1}, V("bob 2"))};
    assert_int_equal(world_restart(net.world, bob, &options), ERR_OK);
    net_options(&net, alice, bob);
    net_options(&net, bob, alice);
    net_run(&net, NEVER);
    assert_int_equal(tells(alice, SIP_TELL_RESPONSE, 200), 1);
    assert_int_equal(tells(bob, SIP_TELL_RESPONSE, 200), 1);
    net_close(&net);
}

/* From inside a hook, while the stack's own effects are drained. */
static enum trace_fate crash_it(void *ctx, uint32_t party, struct sip_msg *msg, uint64_t copy_key,
                                struct blob **bytes)
{
    (void)ctx;
    (void)msg;
    (void)copy_key;
    (void)bytes;
    world_crash(net.world, party);
    return FATE_NONE;
}

/* B51 */
static void a_hook_may_crash_its_own_party(void **state)
{
    (void)state;
    const struct world_user user = {.hook_out = crash_it};
    net_open_with(&net, &(struct world_options){.rng = {7}, .user = &user});
    uint32_t alice = net_agent(&net, V("alice")), bob = net_agent(&net, V("bob"));
    net_options(&net, alice, bob);
    net_options(&net, alice, bob);
    net_run(&net, NEVER);
    assert_null(world_stack(net.world, alice));
    assert_null(world_broken(net.world));
    net_close(&net);
}

/* Each allocation of a short life of two stacks fails in turn: either it ends well, or the world
 * says that it broke; nothing is left over. */
static bool life(void)
{
    struct driver *driver = NULL;
    struct trace *trace = NULL;
    struct world *world = NULL;
    bool well = false;
    struct addr addrs[2] = {{.family = 4}, {.family = 4}};
    struct handle link, request;
    uint32_t parties[2];
    struct world_user user = {.tell = net.user.tell, .ctx = &net};
    struct world_options options = {.rng = {7}, .user = &user};
    if (mock_create(&(struct mock_options){0}, &driver) != ERR_OK ||
        trace_create(NULL, &trace) != ERR_OK)
        goto done;
    options.driver = driver;
    options.trace = trace;
    if (world_create(&options, &world) != ERR_OK)
        goto done;
    net.world = world;
    net.tell_count = 0;
    for (int i = 0; i < 2; i++) {
        struct sip_stack_options stack = {.name = V("party"), .ids = {(uint64_t)i}};
        if (world_party_add(world, stack.name, &stack, &parties[i]) != ERR_OK ||
            world_bind(world, parties[i], PROTO_UDP, &addrs[i], &link) != ERR_OK)
            goto done;
    }
    struct sip_request_options ping = {
        .method = V("OPTIONS"), .uri = V("sip:bob@10.0.0.2"), .remote = addrs[1]};
    if (sip_request_send(world_stack(world, parties[0]), 0, &ping, &request, NULL) != ERR_OK)
        goto done;
    world_touch(world, parties[0]);
    while (world_turn(world))
        continue;
    well = world_broken(world) == NULL && !trace_cut(trace);
    assert_true(!well || tells(parties[0], SIP_TELL_RESPONSE, 200) == 1);
done:
    world_destroy(world);
    trace_destroy(trace);
    if (driver != NULL)
        driver->ops->destroy(driver);
    sip_msg_pool_drop();
    return well;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    net_open(&net, 7); /* for its tell */
    net_close(&net);
    uint64_t before = mem_count();
    assert_true(life());
    uint64_t count = mem_count() - before;
    for (uint64_t nth = 1; nth <= count; nth++) {
        mem_fail_at(nth, false);
        life();
        mem_fail_at(0, false);
        assert_int_equal(mem_live(), 0);
    }
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--digest") == 0) {
        uint64_t digest = lossy_run();
        return write(STDOUT_FILENO, &digest, sizeof digest) == sizeof digest ? 0 : 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_is_answered),
        cmocka_unit_test(options_survive_loss_with_the_same_trace_each_time),
        cmocka_unit_test(another_process_has_the_same_trace),
        cmocka_unit_test(a_copy_is_linked_to_its_first_transmission),
        cmocka_unit_test(a_partition_in_the_middle_heals),
        cmocka_unit_test(refusal_is_a_transport_error),
        cmocka_unit_test(a_crashed_stack_is_gone_and_a_restarted_one_answers),
        cmocka_unit_test(a_hook_may_crash_its_own_party),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
