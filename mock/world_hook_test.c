/* Hooks and the judge: who may change, lose, delay or copy a message, and what the trace tells. */
#include "mock/world_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct net_fixture net;
static uint32_t alice, bob;
static struct fate wanted; /* of the next message; bytes are taken */
static struct view change; /* ptr NULL: the hook leaves it alone */
static bool swallow;
static uint64_t hook_calls, seen_calls, last_key;

static struct fate judge(void *ctx, uint32_t from, uint32_t to, struct sip_msg *msg,
                         struct blob *bytes)
{
    (void)ctx;
    assert_int_equal(from, alice);
    assert_int_equal(to, bob);
    assert_true(msg == NULL || sip_msg_blob(msg) == bytes);
    struct fate fate = wanted;
    wanted = (struct fate){0};
    return fate;
}

static enum trace_fate hook(struct blob **bytes)
{
    hook_calls++;
    if (swallow)
        return FATE_SWALLOWED;
    if (change.ptr == NULL)
        return FATE_NONE;
    blob_unref(*bytes);
    *bytes = blob_create(change);
    return FATE_CHANGED;
}

static enum trace_fate hook_out(void *ctx, uint32_t party, struct sip_msg *msg, uint64_t copy_key,
                                struct blob **bytes)
{
    (void)ctx;
    (void)msg;
    assert_int_equal(party, alice);
    last_key = copy_key;
    return hook(bytes);
}

static enum trace_fate hook_in(void *ctx, uint32_t from, uint32_t party, struct sip_msg *msg,
                               struct blob **bytes)
{
    (void)from;
    (void)ctx;
    (void)msg;
    assert_int_equal(party, bob);
    return hook(bytes);
}

static void seen(void *ctx, const struct trace_event *event, struct blob *bytes,
                 struct sip_msg *msg)
{
    (void)msg;
    (void)ctx;
    seen_calls++;
    assert_int_not_equal(event->seq, 0);
    assert_true(view_equal(event->u.wire.bytes, blob_view(bytes)));
}

static void open_with(const struct world_user *user)
{
    wanted = (struct fate){0};
    change = (struct view){0};
    swallow = false;
    hook_calls = seen_calls = 0;
    net_open_with(&net, &(struct world_options){.rng = {7}, .user = user});
    alice = net_wire(&net, V("alice"));
    bob = net_wire(&net, V("bob"));
}

static const struct world_user with_judge = {.judge = judge, .seen = seen};
static const struct world_user with_hook_out = {.hook_out = hook_out, .seen = seen};
static const struct world_user with_hook_in = {.hook_in = hook_in, .seen = seen};

static void the_judge_drops_and_says_why(void **state)
{
    (void)state;
    struct trace_event lost;
    open_with(&with_judge);
    wanted = (struct fate){.drop = true, .why = V("t.net:drop, line 7")};
    uint64_t out_seq = net_send(&net, alice, bob, V("one"));
    net_send(&net, alice, bob, V("two"));
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 1);
    assert_int_equal(net_count(&net, SIDE_SEEN, FATE_LOST, &lost), 1);
    assert_int_equal(lost.u.wire.was_out, out_seq);
    assert_true(view_equal(lost.u.wire.why, V("t.net:drop, line 7")));
    assert_int_equal(seen_calls, 4);
    net_close(&net);
}

static void the_judge_delays(void **state)
{
    (void)state;
    open_with(&with_judge);
    wanted = (struct fate){.delay_us = 5 * US_PER_S};
    net_send(&net, alice, bob, V("late"));
    net_send(&net, alice, bob, V("early"));
    assert_int_equal(world_in_flight(net.world), 2);
    net_run(&net, NEVER);
    assert_true(view_equal(blob_view(net.arrivals[0].bytes), V("early")));
    assert_true(view_equal(blob_view(net.arrivals[1].bytes), V("late")));
    assert_int_equal(net.arrivals[1].at_us, 5 * US_PER_S + 1000);
    assert_int_equal(world_in_flight(net.world), 0);
    net_close(&net);
}

static void the_judge_copies(void **state)
{
    (void)state;
    open_with(&with_judge);
    wanted = (struct fate){.copies = 2, .why = V("twice more")};
    net_send(&net, alice, bob, V("many"));
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 3);
    assert_int_equal(net_count(&net, SIDE_SEEN, FATE_COPIED, NULL), 2);
    net_close(&net);
}

static void the_judge_corrupts_and_nobody_is_to_blame(void **state)
{
    (void)state;
    struct trace_event corrupted, in;
    open_with(&with_judge);
    wanted = (struct fate){.bytes = blob_create(V("bad"))};
    net_send(&net, alice, bob, V("good"));
    net_run(&net, NEVER);
    assert_true(view_equal(blob_view(net.arrivals[0].bytes), V("bad")));
    assert_int_equal(net_count(&net, SIDE_SEEN, FATE_CORRUPTED, &corrupted), 1);
    assert_true(view_equal(corrupted.u.wire.was, V("good")));
    assert_int_equal(net_count(&net, SIDE_IN, FATE_NONE, &in), 1);
    assert_int_equal(in.cause, corrupted.seq);
    assert_true(in.u.wire.intended);
    net_close(&net);
}

static void a_hook_changes_what_leaves(void **state)
{
    (void)state;
    struct trace_event out;
    open_with(&with_hook_out);
    change = V("changed");
    net_send(&net, alice, bob, V("original"));
    net_run(&net, NEVER);
    assert_true(view_equal(blob_view(net.arrivals[0].bytes), V("changed")));
    assert_int_equal(net_count(&net, SIDE_OUT, FATE_CHANGED, &out), 1);
    assert_true(view_equal(out.u.wire.bytes, V("changed")));
    assert_true(view_equal(out.u.wire.was, V("original")));
    assert_true(out.u.wire.intended);
    net_close(&net);
}

static void a_hook_swallows_what_would_leave(void **state)
{
    (void)state;
    struct trace_event out;
    open_with(&with_hook_out);
    swallow = true;
    assert_int_not_equal(net_send(&net, alice, bob, V("never")), 0);
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 0);
    assert_int_equal(net_count(&net, SIDE_OUT, FATE_SWALLOWED, &out), 1);
    assert_true(view_equal(out.u.wire.bytes, V("never")));
    assert_int_equal(world_in_flight(net.world), 0);
    net_close(&net);
}

static void a_hook_runs_for_each_copy_on_the_original(void **state)
{
    (void)state;
    struct trace_event out;
    open_with(&with_hook_out);
    change = V("changed");
    struct blob *bytes = blob_create(V("original"));
    uint64_t first = world_send(net.world, alice, net.links[alice], &net.addrs[bob], bytes, 9);
    world_send(net.world, alice, net.links[alice], &net.addrs[bob], bytes, 9);
    assert_int_equal(hook_calls, 2);
    assert_int_equal(last_key, 9);
    net_run(&net, NEVER);
    assert_int_equal(net_count(&net, SIDE_OUT, FATE_CHANGED, &out), 2);
    assert_int_equal(out.u.wire.copy_of, first);
    assert_true(view_equal(out.u.wire.was, V("original")));
    assert_int_equal(bytes->refs, 1);
    blob_unref(bytes);
    net_close(&net);
}

static void a_hook_changes_what_arrives(void **state)
{
    (void)state;
    struct trace_event in;
    open_with(&with_hook_in);
    change = V("changed");
    net_send(&net, alice, bob, V("original"));
    net_run(&net, NEVER);
    assert_true(view_equal(blob_view(net.arrivals[0].bytes), V("changed")));
    assert_int_equal(net_count(&net, SIDE_IN, FATE_CHANGED, &in), 1);
    assert_true(view_equal(in.u.wire.was, V("original")));
    net_close(&net);
}

static void a_hook_swallows_what_would_arrive(void **state)
{
    (void)state;
    open_with(&with_hook_in);
    swallow = true;
    net_send(&net, alice, bob, V("never"));
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 0);
    assert_int_equal(net_count(&net, SIDE_IN, FATE_SWALLOWED, NULL), 1);
    net_close(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_judge_drops_and_says_why),
        cmocka_unit_test(the_judge_delays),
        cmocka_unit_test(the_judge_copies),
        cmocka_unit_test(the_judge_corrupts_and_nobody_is_to_blame),
        cmocka_unit_test(a_hook_changes_what_leaves),
        cmocka_unit_test(a_hook_swallows_what_would_leave),
        cmocka_unit_test(a_hook_runs_for_each_copy_on_the_original),
        cmocka_unit_test(a_hook_changes_what_arrives),
        cmocka_unit_test(a_hook_swallows_what_would_arrive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
