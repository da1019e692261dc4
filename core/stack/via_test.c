/* received, rport and where responses go: RFC 3261 §18.2, RFC 3581. */
#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *source, *via, *expected_via, *target;
};

static const struct row rows[] = {
  /* sent-by is the source */
    {"192.0.2.9:5060",  "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa",
     "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa",                                                                                       "192.0.2.9:5060"    },
    {"192.0.2.9:40000", "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKa",
     "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKa",                                                                                  "192.0.2.9:5070"    },
 /* it is not, or is a name: received */
    {"192.0.2.9:40000", "SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bKa",
     "SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bKa;received=192.0.2.9",                                                                "192.0.2.9:5070"    },
    {"192.0.2.9:40000", "SIP/2.0/UDP pc.example.com;branch=z9hG4bKa",
     "SIP/2.0/UDP pc.example.com;branch=z9hG4bKa;received=192.0.2.9",                                                               "192.0.2.9:5060"    },
 /* a received that somebody made up does not stay */
    {"192.0.2.9:40000", "SIP/2.0/UDP pc.example.com;received=10.9.9.9;branch=z9hG4bKa",
     "SIP/2.0/UDP pc.example.com;branch=z9hG4bKa;received=192.0.2.9",                                                               "192.0.2.9:5060"    },
 /* RFC 3581 §4: both, and to the source port */
    {"192.0.2.9:40000", "SIP/2.0/UDP 192.0.2.9:5060;rport;branch=z9hG4bKa",
     "SIP/2.0/UDP 192.0.2.9:5060;rport=40000;branch=z9hG4bKa;received=192.0.2.9",                                                   "192.0.2.9:40000"   },
    {"192.0.2.9:40000", "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa;RPORT;x",
     "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa;RPORT=40000;x;received=192.0.2.9",                                                       "192.0.2.9:40000"   },
 /* maddr goes before both */
    {"192.0.2.9:40000", "SIP/2.0/UDP 10.0.0.1:5071;rport;maddr=192.0.2.77;branch=z9hG4bKa",
     "SIP/2.0/UDP 10.0.0.1:5071;rport=40000;maddr=192.0.2.77;branch=z9hG4bKa;received=192.0.2.9",                                   "192.0.2.77:5071"   },
    {"192.0.2.9:40000", "SIP/2.0/UDP 192.0.2.9;maddr=192.0.2.77;branch=z9hG4bKa",
     "SIP/2.0/UDP 192.0.2.9;maddr=192.0.2.77;branch=z9hG4bKa",                                                                      "192.0.2.77:5060"   },
    {"192.0.2.9:40000", "SIP/2.0/UDP 192.0.2.9;maddr=[2001:db8::7];branch=z9hG4bKa",
     "SIP/2.0/UDP 192.0.2.9;maddr=[2001:db8::7];branch=z9hG4bKa",                                                                   "[2001:db8::7]:5060"},
 /* the values of other hops stay as they are, in the same row or not */
    {"192.0.2.9:5060",
     "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa , SIP/2.0/TCP x.example.com;branch=b;q=\"a,b\"",  "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa;received=192.0.2.9 , SIP/2.0/TCP "
     "x.example.com;branch=b;q=\"a,b\"", "192.0.2.9:5060"    },
    {"192.0.2.9:5060",
     "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa\r\nv:  SIP / 2.0 / UDP  y.example.com ;branch=c", "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa;received=192.0.2.9\r\nVia: SIP / 2.0 / UDP  "
     "y.example.com ;branch=c",         "192.0.2.9:5060"    },
};

static void a_response_goes_where_via_and_source_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pump pump;
        struct buf text = {0}, expected = {0};
        pump_begin(&pump);
        pump_add(&pump, "alice", NULL);
        buf_printf(&text,
                   "OPTIONS sip:alice@192.0.2.1 SIP/2.0\r\nVia: %s\r\nMax-Forwards: 70\r\n"
                   "From: <sip:x@192.0.2.9>;tag=1\r\nTo: <sip:alice@192.0.2.1>\r\nCall-ID: c\r\n"
                   "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n%c",
                   rows[i].via, 0);
        pump_inject(&pump, 0, rows[i].source, text.ptr);
        assert_int_equal(pump.sent_count, 1);
        struct addr target = pump_addr(rows[i].target);
        assert_true(addr_equal(&pump.sent[0].remote, &target));
        buf_printf(&expected, "\r\nVia: %s\r\nFrom:", rows[i].expected_via);
        struct view sent = blob_view(pump.sent[0].bytes);
        if (view_find(sent, buf_view(&expected)) == sent.len)
            fail_msg("%s: %.*s", rows[i].via, VIEW_ARG(sent));
        buf_deinit(&text);
        buf_deinit(&expected);
        pump_end(&pump);
    }
}

static void a_response_leaves_by_the_address_that_was_asked(void **state)
{
    (void)state;
    struct pump pump;
    struct addr second = pump_addr("192.0.2.1:5062");
    pump_begin(&pump);
    struct sip_stack *alice = pump_add(&pump, "alice", NULL);
    assert_int_equal(sip_stack_bound(alice, (struct handle){7, 1}, PROTO_UDP, &second), ERR_OK);
    struct blob *bytes =
        blob_create(V("OPTIONS sip:alice@192.0.2.1:5062 SIP/2.0\r\n"
                      "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa\r\nMax-Forwards: 70\r\n"
                      "From: <sip:x@192.0.2.9>;tag=1\r\nTo: <sip:alice@192.0.2.1>\r\n"
                      "Call-ID: c\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"));
    struct packet packet = {
        .kind = PACKET_DATAGRAM,
        .link = {7, 1},
        .proto = PROTO_UDP,
        .local = second,
        .remote = pump_addr("192.0.2.9:5060"),
        .bytes = bytes
    };
    struct effect effect;
    assert_int_equal(sip_stack_receive(alice, 0, &packet), ERR_OK);
    assert_true(sip_stack_next(alice, &effect));
    assert_int_equal(effect.kind, DO_DATAGRAM);
    assert_true(addr_equal(&effect.local, &second));
    assert_true(handle_equal(effect.link, packet.link));
    effect_deinit(&effect);
    blob_unref(bytes);
    pump_end(&pump);
}

static void ipv6_has_its_brackets_in_via_and_none_in_received(void **state)
{
    (void)state;
    struct pump pump;
    struct addr six = pump_addr("[2001:db8::1]:5060");
    pump_begin(&pump);
    struct sip_stack *alice = pump_add(&pump, "alice", NULL);
    assert_int_equal(sip_stack_bound(alice, (struct handle){7, 1}, PROTO_UDP, &six), ERR_OK);
    pump_request(&pump, 0, "OPTIONS", "sip:x@[2001:db8::2]", (struct handle){0});
    pump_drain(&pump);
    struct view sent = blob_view(pump.sent[0].bytes);
    assert_true(view_find(sent, V("Via: SIP/2.0/UDP [2001:db8::1]:5060;branch=")) < sent.len);
    struct blob *bytes =
        blob_create(V("OPTIONS sip:alice@[2001:db8::1] SIP/2.0\r\n"
                      "Via: SIP/2.0/UDP [2001:db8::9];branch=z9hG4bKa\r\nMax-Forwards: 70\r\n"
                      "From: <sip:x@192.0.2.9>;tag=1\r\nTo: <sip:alice@192.0.2.1>\r\n"
                      "Call-ID: c\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"));
    struct packet packet = {
        .kind = PACKET_DATAGRAM,
        .link = {7, 1},
        .proto = PROTO_UDP,
        .local = six,
        .remote = pump_addr("[2001:db8::7]:5060"),
        .bytes = bytes
    };
    assert_int_equal(sip_stack_receive(alice, 0, &packet), ERR_OK);
    pump_drain(&pump);
    sent = blob_view(pump.sent[1].bytes);
    assert_true(view_find(sent, V("branch=z9hG4bKa;received=2001:db8::7\r\n")) < sent.len);
    blob_unref(bytes);
    pump_end(&pump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_response_goes_where_via_and_source_say),
        cmocka_unit_test(a_response_leaves_by_the_address_that_was_asked),
        cmocka_unit_test(ipv6_has_its_brackets_in_via_and_none_in_received),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
