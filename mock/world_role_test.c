/* A party with a role: the role hears first, answers by commands, and has timers of its own. */
#include "mock/world_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct net_fixture net;

struct answerer { /* answers MESSAGE 202, a second after the first one came */
    struct role role;
    struct handle waiting;
    struct moment at;
    uint32_t *destroyed;
};

static bool answerer_tell(struct role *role, struct sip_stack *stack, uint64_t now_us,
                          const struct tell *tell)
{
    struct answerer *a = (struct answerer *)role;
    (void)stack;
    if (tell->what != SIP_TELL_REQUEST || sip_msg_method(tell->msg) != SIP_MESSAGE)
        return false;
    a->waiting = tell->object;
    a->at = order_next(world_order(net.world), now_us + US_PER_S);
    return true;
}

static struct moment answerer_deadline(const struct role *role)
{
    return ((const struct answerer *)role)->at;
}

static void answerer_expire(struct role *role, struct sip_stack *stack, uint64_t now_us)
{
    struct answerer *a = (struct answerer *)role;
    struct sip_response_options options = {.status = 202};
    a->at = moment_never;
    assert_int_equal(sip_respond(stack, now_us, a->waiting, &options), ERR_OK);
}

static void answerer_destroy(struct role *role)
{
    ++*((struct answerer *)role)->destroyed;
    free(role);
}

static const struct role_ops answerer_ops = {answerer_tell, answerer_deadline, answerer_expire,
                                             NULL, answerer_destroy};
static uint32_t destroyed;

static void answerer_add(uint32_t party, bool noted)
{
    struct answerer *a = calloc(1, sizeof *a);
    *a = (struct answerer){
        {&answerer_ops, NULL, noted},
        {0       },
        moment_never, &destroyed
    };
    assert_int_equal(world_role_add(net.world, party, &a->role), ERR_OK);
}

static void send(uint32_t from, uint32_t to, struct view method)
{
    struct handle request;
    struct sip_request_options options = {
        .method = method, .uri = V("sip:bob@192.0.2.2"), .remote = net.addrs[to]};
    assert_int_equal(sip_request_send(world_stack(net.world, from), world_now(net.world), &options,
                                      &request, NULL),
                     ERR_OK);
    world_touch(net.world, from);
}

static size_t told(uint32_t party, enum sip_tell what)
{
    size_t count = 0;
    for (size_t i = 0; i < net.tell_count; i++)
        count += net.tells[i].party == party && net.tells[i].what == what;
    return count;
}

static void what_a_role_takes_the_user_does_not_hear(void **state)
{
    (void)state;
    net_open(&net, 7);
    destroyed = 0;
    uint32_t alice = net_agent(&net, V("alice")), bob = net_agent(&net, V("bob"));
    answerer_add(bob, false);
    send(alice, bob, V("MESSAGE"));
    send(alice, bob, V("INFO"));
    net_run(&net, 3 * US_PER_S);
    assert_int_equal(told(bob, SIP_TELL_REQUEST), 1); /* the INFO */
    assert_int_equal(told(alice, SIP_TELL_RESPONSE), 1);
    net_close(&net);
    assert_int_equal(destroyed, 1);
}

static void what_it_does_it_does_when_its_timer_is_due(void **state)
{
    (void)state;
    struct trace_event in;
    net_open(&net, 7);
    uint32_t alice = net_agent(&net, V("alice")), bob = net_agent(&net, V("bob"));
    answerer_add(bob, false);
    send(alice, bob, V("MESSAGE"));
    net_run(&net, 5 * US_PER_S);
    net_count(&net, SIDE_IN, FATE_NONE, &in);
    assert_true(view_equal(in.u.wire.label, V("202 MESSAGE")));
    assert_int_equal(in.time_us, US_PER_S + 2000);
    net_close(&net);
}

static void a_noted_one_is_shown_as_answered(void **state)
{
    (void)state;
    net_open(&net, 7);
    uint32_t alice = net_agent(&net, V("alice")), bob = net_agent(&net, V("bob"));
    answerer_add(bob, true);
    send(alice, bob, V("MESSAGE"));
    net_run(&net, 5 * US_PER_S);
    assert_int_equal(told(bob, SIP_TELL_REQUEST), 0);
    assert_int_equal(told(bob, SIP_TELL_ANSWERED), 1);
    net_close(&net);
}

static void roles_are_asked_in_order_and_go_with_the_stack(void **state)
{
    (void)state;
    net_open(&net, 7);
    destroyed = 0;
    uint32_t alice = net_agent(&net, V("alice")), bob = net_agent(&net, V("bob"));
    answerer_add(bob, true);
    answerer_add(bob, false);
    send(alice, bob, V("MESSAGE"));
    net_run(&net, US_PER_S / 2);
    assert_int_equal(told(bob, SIP_TELL_ANSWERED), 1);
    world_crash(net.world, bob);
    assert_int_equal(destroyed, 2);
    net_run(&net, 5 * US_PER_S); /* its timer is gone too */
    net_close(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_role_takes_the_user_does_not_hear),
        cmocka_unit_test(what_it_does_it_does_when_its_timer_is_due),
        cmocka_unit_test(a_noted_one_is_shown_as_answered),
        cmocka_unit_test(roles_are_asked_in_order_and_go_with_the_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
