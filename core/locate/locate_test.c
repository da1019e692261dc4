/* RFC 3263 §4: which transport, which questions, which targets. */
#include "core/locate/locate_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const char example[] = /* of RFC 3263 §4.1 */
    "example.com NAPTR 50 50 s SIPS+D2T _sips._tcp.example.com.\n"
    "example.com NAPTR 90 50 s SIP+D2T _sip._tcp.example.com\n"
    "example.com NAPTR 100 50 s SIP+D2U _sip._udp.example.com.\n"
    "_sip._tcp.example.com SRV 0 1 5060 server1.example.com\n"
    "_sip._tcp.example.com SRV 1 2 5070 server2.example.com\n"
    "_sip._udp.example.com SRV 0 1 5080 server2.example.com\n"
    "_sips._tcp.example.com SRV 0 1 5061 server1.example.com\n"
    "server1.example.com A 192.0.2.1\n"
    "server2.example.com A 192.0.2.2\n"
    "server2.example.com A 192.0.2.3\n"
    "example.com A 192.0.2.9";

enum { UDP = 1u << PROTO_UDP, TCP = 1u << PROTO_TCP, TLS = 1u << PROTO_TLS };

static void naptr_chooses_what_both_speak(void **state)
{
    (void)state;
    dns_open(example);
    dns.ip4 = UDP | TCP;
    dns_expect("sip:bob@example.com", "tcp 192.0.2.1:5060, tcp 192.0.2.2:5070, tcp 192.0.2.3:5070");
    dns_expect_asked("NAPTR example.com, SRV _sip._tcp.example.com, A server1.example.com, "
                     "A server2.example.com");
    dns.ip4 = UDP | TCP | TLS;
    dns_expect("sip:bob@example.com", "tls 192.0.2.1:5061");
    dns.ip4 = UDP;
    dns_expect("sip:bob@example.com", "udp 192.0.2.2:5080, udp 192.0.2.3:5080");
    dns_close();
}

static void a_number_needs_no_question(void **state)
{
    (void)state;
    dns_open("");
    dns.ip6 = dns.ip4;
    dns_expect("sip:bob@192.0.2.1", "udp 192.0.2.1:5060");
    dns_expect("sip:bob@192.0.2.1:5090", "udp 192.0.2.1:5090");
    dns_expect("sips:bob@192.0.2.1", "tls 192.0.2.1:5061");
    dns_expect("sip:bob@192.0.2.1;transport=tcp", "tcp 192.0.2.1:5060");
    dns_expect("sip:bob@192.0.2.1;transport=TLS", "tls 192.0.2.1:5061");
    dns_expect("sip:bob@[2001:db8::1]", "udp [2001:db8::1]:5060");
    dns_expect("sips:bob@[2001:db8::1]:5099", "tls [2001:db8::1]:5099");
    dns_expect("sip:example.com;maddr=192.0.2.7", "udp 192.0.2.7:5060");
    dns_expect("sip:example.com:5070;maddr=192.0.2.7;transport=tcp", "tcp 192.0.2.7:5070");
    dns_expect("sip:example.com;maddr=[2001:db8::7]", "udp [2001:db8::7]:5060");
    dns_expect_asked("");
    dns_close();
}

static void a_port_needs_addresses_alone(void **state)
{
    (void)state;
    dns_open(example);
    dns_expect("sip:bob@example.com:5060", "udp 192.0.2.9:5060");
    dns_expect("sips:bob@example.com:5099", "tls 192.0.2.9:5099");
    dns_expect("sip:bob@server2.example.com:5071;transport=tcp",
               "tcp 192.0.2.2:5071, tcp 192.0.2.3:5071");
    dns_expect_asked("A example.com, A example.com, A server2.example.com");
    dns_close();
}

static void a_transport_goes_straight_to_srv(void **state)
{
    (void)state;
    dns_open(example);
    dns_expect("sip:bob@example.com;transport=udp", "udp 192.0.2.2:5080, udp 192.0.2.3:5080");
    dns_expect("sip:bob@example.com;transport=tls", "tls 192.0.2.1:5061");
    dns_expect("sips:bob@example.com;transport=tcp", "tls 192.0.2.1:5061");
    dns_expect_asked("SRV _sip._udp.example.com, A server2.example.com, "
                     "SRV _sips._tcp.example.com, A server1.example.com, "
                     "SRV _sips._tcp.example.com, A server1.example.com");
    dns_close();
}

static void without_naptr_each_transport_is_asked_for(void **state)
{
    (void)state;
    dns_open("_sip._tcp.example.com SRV 0 0 5062 a.example.com\n"
             "a.example.com A 192.0.2.1");
    dns_expect("sip:example.com", "tcp 192.0.2.1:5062");
    dns_expect_asked("NAPTR example.com, SRV _sip._udp.example.com, SRV _sip._tcp.example.com, "
                     "A a.example.com");
    dns_close();
}

static void our_own_transport_comes_first(void **state)
{
    (void)state;
    dns_open("_sip._tcp.example.com SRV 0 0 5062 a.example.com\n"
             "_sip._udp.example.com SRV 0 0 5063 a.example.com\n"
             "a.example.com A 192.0.2.1");
    dns_expect("sip:example.com", "udp 192.0.2.1:5063");
    dns.proto = PROTO_TCP;
    dns_expect("sip:example.com", "tcp 192.0.2.1:5062");
    dns_close();
}

static void without_srv_the_name_itself_is_asked_for(void **state)
{
    (void)state;
    dns_open("example.com A 192.0.2.9\nexample.com A 192.0.2.10");
    dns_expect("sip:example.com", "udp 192.0.2.9:5060, udp 192.0.2.10:5060");
    dns_expect("sips:example.com", "tls 192.0.2.9:5061, tls 192.0.2.10:5061");
    dns_expect("sip:example.com;transport=tcp", "tcp 192.0.2.9:5060, tcp 192.0.2.10:5060");
    dns_close();
}

/* TRP-030, TRP-030b: records without SIPS are nothing to sips, and there is no clear text. */
static void sips_means_tls(void **state)
{
    (void)state;
    dns_open("example.com NAPTR 10 50 s SIP+D2U _sip._udp.example.com\n"
             "example.com NAPTR 20 50 s SIP+D2T _sip._tcp.example.com\n"
             "_sip._udp.example.com SRV 0 1 5060 a.example.com\n"
             "_sip._tcp.example.com SRV 0 1 5060 a.example.com\n"
             "a.example.com A 192.0.2.1\n"
             "example.com A 192.0.2.9");
    dns_expect("sips:bob@example.com", "tls 192.0.2.9:5061");
    dns_expect_asked("NAPTR example.com, SRV _sips._tcp.example.com, A example.com");
    dns_expect("sips:bob@example.com;transport=udp", "absent");
    dns.ip4 = UDP | TCP;
    dns_expect("sips:bob@example.com", "absent");
    dns_close();
}

static void websocket_is_found_by_naptr_or_by_its_port(void **state)
{
    (void)state;
    dns_open("example.com NAPTR 10 50 s SIPS+D2W _sips._wss.example.com\n"
             "example.com NAPTR 20 50 S sip+d2w _sip._ws.example.com\n"
             "_sips._wss.example.com SRV 0 1 4443 a.example.com\n"
             "_sip._ws.example.com SRV 0 1 8080 a.example.com\n"
             "a.example.com A 192.0.2.1\n"
             "plain.example.com A 192.0.2.9");
    dns.ip4 = 1u << PROTO_WS | 1u << PROTO_WSS;
    dns.proto = PROTO_WS;
    dns_expect("sip:example.com", "wss 192.0.2.1:4443");
    dns_expect("sip:plain.example.com", "ws 192.0.2.9:80");
    dns_expect("sip:192.0.2.3", "ws 192.0.2.3:80");
    dns_expect("sips:192.0.2.3", "wss 192.0.2.3:443");
    dns.ip4 = 1u << PROTO_WS;
    dns_expect("sip:example.com", "ws 192.0.2.1:8080");
    dns_close();
}

static void naptr_that_makes_no_sense_is_passed_over(void **state)
{
    (void)state;
    dns_open("example.com NAPTR 1 1 u SIP+D2U _sip._udp.example.com\n"
             "example.com NAPTR 2 1 s SIP+D2S _sip._sctp.example.com\n"
             "example.com NAPTR 3 1 s E2U+sip _sip._udp.example.com\n"
             "example.com NAPTR 4 1 s SIP+D2U _sip._udp.example.com !^.*$!sip:x@y!\n"
             "example.com NAPTR 5 1 s SIP+D2U .\n"
             "example.com NAPTR 6 1 '' SIP+D2U _sip._udp.example.com\n"
             "example.com NAPTR 9 2 s SIP+D2T _sip._tcp.else.example\n"
             "example.com NAPTR 9 1 s SIP+D2U _sip._udp.else.example\n"
             "_sip._tcp.else.example SRV 0 0 5062 a.example.com\n"
             "_sip._udp.else.example SRV 0 0 5063 a.example.com\n"
             "a.example.com A 192.0.2.1");
    dns_expect("sip:example.com", "udp 192.0.2.1:5063");
    dns_expect_asked("NAPTR example.com, SRV _sip._udp.else.example, SRV _sip._tcp.else.example, "
                     "A a.example.com");
    dns_close();
}

static void a_dot_says_that_there_is_no_such_service(void **state)
{
    (void)state;
    dns_open("_sip._udp.example.com SRV 0 0 0 .\n"
             "_sip._tcp.none.example SRV 0 0 0 .\n"
             "_sip._udp.none.example SRV 0 0 0 .\n"
             "none.example A 192.0.2.2\n"
             "example.com A 192.0.2.1");
    dns_expect("sip:example.com;transport=udp", "");
    dns_expect("sip:example.com", "tcp 192.0.2.1:5060");
    dns_expect("sip:none.example", "");
    dns_close();
}

static void both_families_are_asked_for_and_ipv6_goes_first(void **state)
{
    (void)state;
    dns_open("a.example.com A 192.0.2.1\na.example.com AAAA 2001:db8::1\n"
             "a.example.com AAAA 2001:db8::2");
    dns.ip6 = UDP;
    dns_expect("sip:a.example.com:5060",
               "udp [2001:db8::1]:5060, udp [2001:db8::2]:5060, udp 192.0.2.1:5060");
    dns_expect("sip:a.example.com:5060;transport=tcp", "tcp 192.0.2.1:5060");
    dns.ip4 = 0;
    dns_expect("sip:a.example.com:5060", "udp [2001:db8::1]:5060, udp [2001:db8::2]:5060");
    dns_expect("sip:192.0.2.1", "");
    dns_close();
}

static void a_transport_that_we_lack_is_absent(void **state)
{
    (void)state;
    dns_open(example);
    dns.ip4 = UDP;
    dns_expect("sip:bob@example.com;transport=tcp", "absent");
    dns_expect("sip:bob@192.0.2.1;transport=tls", "absent");
    dns_expect("sip:bob@192.0.2.1;transport=sctp", "absent");
    dns_expect("sips:bob@192.0.2.1", "absent");
    dns_expect("tel:+358-555-1234567", "absent");
    dns_close();
}

/* RFC 5922 §7.3: the certificate is for what was asked for, whatever the DNS says. */
static void the_name_is_the_one_that_was_asked_for(void **state)
{
    (void)state;
    struct handle lookup;
    struct locate_target target;
    dns_open(example);
    assert_int_equal(dns_begin("sips:bob@Example.com", &lookup), ERR_OK);
    dns_answer_all();
    assert_int_equal(locate_take(dns.locate, lookup, &target), LOCATED);
    assert_true(view_equal(target.name, V("Example.com")));
    assert_int_equal(dns_begin("sips:bob@example.org;maddr=192.0.2.1", &lookup), ERR_OK);
    assert_int_equal(locate_take(dns.locate, lookup, &target), LOCATED);
    assert_true(view_equal(target.name, V("example.org")));
    assert_int_equal(dns_begin("sips:bob@192.0.2.1", &lookup), ERR_OK);
    assert_int_equal(locate_take(dns.locate, lookup, &target), LOCATED);
    assert_int_equal(target.name.len, 0);
    dns_close();
}

/* RFC 3263 §5 */
static void responses_are_located_by_sent_by(void **state)
{
    (void)state;
    static const struct {
        const char *transport, *host;
        uint16_t port;
        const char *asked;
    } cases[] = {
        {"UDP", "example.com", 5070, "A example.com"             },
        {"UDP", "example.com", 0,    "SRV _sip._udp.example.com" },
        {"TCP", "example.com", 0,    "SRV _sip._tcp.example.com" },
        {"TLS", "example.com", 0,    "SRV _sips._tcp.example.com"},
        {"TLS", "192.0.2.1",   0,    ""                          },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sip_via via = {.transport = view_of(cases[i].transport),
                              .host = view_of(cases[i].host),
                              .port = cases[i].port};
        struct locate_question question;
        struct handle lookup;
        dns_open("");
        struct locate_ask ask = {.ip4 = dns.ip4};
        assert_int_equal(locate_ask_via(&via, &ask), ERR_OK);
        assert_int_equal(locate_begin(dns.locate, 0, &ask, &lookup), ERR_OK);
        if (locate_question(dns.locate, &question)) {
            struct packet none = {.kind = PACKET_ANSWER, .query = question.number};
            buf_printf(&dns.asked, "%s %.*s", question.type == DNS_A ? "A" : "SRV",
                       VIEW_ARG(question.name));
            assert_int_equal(locate_answer(dns.locate, 0, &none), ERR_OK);
        }
        dns_expect_asked(cases[i].asked);
        dns_close();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(naptr_chooses_what_both_speak),
        cmocka_unit_test(a_number_needs_no_question),
        cmocka_unit_test(a_port_needs_addresses_alone),
        cmocka_unit_test(a_transport_goes_straight_to_srv),
        cmocka_unit_test(without_naptr_each_transport_is_asked_for),
        cmocka_unit_test(our_own_transport_comes_first),
        cmocka_unit_test(without_srv_the_name_itself_is_asked_for),
        cmocka_unit_test(sips_means_tls),
        cmocka_unit_test(websocket_is_found_by_naptr_or_by_its_port),
        cmocka_unit_test(naptr_that_makes_no_sense_is_passed_over),
        cmocka_unit_test(a_dot_says_that_there_is_no_such_service),
        cmocka_unit_test(both_families_are_asked_for_and_ipv6_goes_first),
        cmocka_unit_test(a_transport_that_we_lack_is_absent),
        cmocka_unit_test(the_name_is_the_one_that_was_asked_for),
        cmocka_unit_test(responses_are_located_by_sent_by),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
