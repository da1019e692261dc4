/* The loop over wires on the simulated network. */
#include "mock/world_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct net_fixture net;
#define HELLO                                                                                      \
    V("OPTIONS sip:bob@10.0.0.2 SIP/2.0\r\n"                                                       \
      "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK77\r\n"                                        \
      "From: <sip:a@10.0.0.1>;tag=1\r\nTo: <sip:b@10.0.0.2>\r\n"                                   \
      "Call-ID: one@here\r\nCSeq: 7 OPTIONS\r\nContent-Length: 0\r\n\r\n")

static void a_datagram_arrives_after_the_latency_of_the_link(void **state)
{
    (void)state;
    net_open(&net, 1);
    uint32_t alice = net_wire(&net, V("alice")), bob = net_wire(&net, V("bob"));
    uint64_t out_seq = net_send(&net, alice, bob, HELLO);
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 1);
    assert_int_equal(net.arrivals[0].party, bob);
    assert_int_equal(net.arrivals[0].at_us, 1000);
    struct trace_event in;
    assert_int_equal(net_count(&net, SIDE_IN, FATE_NONE, &in), 1);
    assert_int_equal(in.u.wire.was_out, out_seq);
    assert_int_equal(in.cause, out_seq);
    assert_int_equal(in.seq, net.arrivals[0].cause);
    assert_int_equal(in.u.wire.from, alice);
    assert_int_equal(in.u.wire.to, bob);
    assert_true(view_equal(in.u.wire.label, V("OPTIONS")));
    assert_true(view_equal(in.u.wire.call_id, V("one@here")));
    assert_true(view_equal(in.u.wire.branch, V("z9hG4bK77")));
    assert_true(view_equal(in.u.wire.cseq, V("7 OPTIONS")));
    assert_true(in.u.wire.intended);
    net_close(&net);
}

static void what_is_not_sip_is_bytes_in_the_trace(void **state)
{
    (void)state;
    net_open(&net, 1);
    uint32_t alice = net_wire(&net, V("alice")), bob = net_wire(&net, V("bob"));
    net_send(&net, alice, bob, V("\r\n\r\n"));
    net_send(&net, alice, bob, (struct view){"", 0});
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 2);
    struct trace_event in;
    assert_int_equal(net_count(&net, SIDE_IN, FATE_NONE, &in), 2);
    assert_int_equal(in.kind, TRACE_BYTES);
    assert_true(view_equal(in.u.wire.label, V("not SIP")));
    net_close(&net);
}

static void nobody_there_is_news_for_the_sender(void **state)
{
    (void)state;
    net_open(&net, 1);
    uint32_t alice = net_wire(&net, V("alice")), bob = net_wire(&net, V("bob"));
    world_crash(net.world, bob);
    uint64_t out_seq = net_send(&net, alice, bob, HELLO);
    net_run(&net, NEVER);
    assert_int_equal(net.arrival_count, 1);
    assert_int_equal(net.arrivals[0].party, alice);
    assert_int_equal(net.arrivals[0].kind, PACKET_FAILED);
    assert_int_equal(net.arrivals[0].error, NET_REFUSED);
    assert_int_equal(net.arrivals[0].at_us, 2000);
    struct trace_event refused;
    assert_int_equal(net_count(&net, SIDE_SEEN, FATE_REFUSED, &refused), 1);
    assert_int_equal(refused.u.wire.was_out, out_seq);
    net_close(&net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_datagram_arrives_after_the_latency_of_the_link),
        cmocka_unit_test(what_is_not_sip_is_bytes_in_the_trace),
        cmocka_unit_test(nobody_there_is_news_for_the_sender),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
