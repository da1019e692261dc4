/* What a driver promises: sockets and datagrams. */
#include "mock/contract_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static void bind_gives_a_concrete_address(void)
{
    static const uint8_t none[16];
    struct addr addr = addr_any(0), other = addr_any(4);
    bound(ALICE, &addr);
    bound(ALICE, &other);
    assert_int_equal(addr.family, 4);
    assert_true(memcmp(addr.ip, none, 4) != 0);
    assert_true(addr.port != 0);
    assert_true(addr_ip_equal(&addr, &other));
    assert_true(addr.port != other.port);
}

static void a_port_is_bound_once(void)
{
    struct addr addr = addr_any(4);
    struct handle link = bound(ALICE, &addr), second;
    struct addr same = addr;
    assert_int_equal(driver->ops->bind(driver, ALICE, PROTO_UDP, &same, &second), ERR_CONFLICT);
    assert_int_equal(driver->ops->bind(driver, BOB, PROTO_UDP, &same, &second), ERR_CONFLICT);
    assert_true(addr_equal(&same, &addr));
    driver->ops->unbind(driver, link);
    driver->ops->unbind(driver, link);
    second = bound(ALICE, &same);
    assert_false(handle_equal(link, second));
}

static void there_and_back(uint8_t family)
{
    struct addr a = addr_any(family), b = addr_any(family);
    struct handle from = bound(ALICE, &a), to = bound(BOB, &b);
    uint32_t party;
    send_bytes(ALICE, from, &a, &b, V("hello"));
    struct packet packet = receive(&party);
    assert_int_equal(party, BOB);
    assert_int_equal(packet.kind, PACKET_DATAGRAM);
    assert_int_equal(packet.proto, PROTO_UDP);
    assert_true(handle_equal(packet.link, to));
    assert_true(addr_equal(&packet.local, &b));
    assert_true(addr_equal(&packet.remote, &a));
    assert_true(view_equal(blob_view(packet.bytes), V("hello")));
    send_bytes(BOB, packet.link, &packet.local, &packet.remote, V("and you"));
    blob_unref(packet.bytes);
    expect_bytes(ALICE, V("and you"));
    expect_nothing_now();
}

static void a_datagram_goes_there_and_back(void)
{
    there_and_back(4);
}

static void ipv6_goes_there_and_back(void)
{
    there_and_back(6);
}

static void one_may_write_to_oneself(void)
{
    struct addr a = addr_any(4);
    struct handle link = bound(ALICE, &a);
    send_bytes(ALICE, link, &a, &a, V("me"));
    expect_bytes(ALICE, V("me"));
}

static void a_port_without_a_listener_refuses(uint8_t family)
{
    struct addr a = addr_any(family), b = addr_any(family);
    struct handle link = bound(ALICE, &a);
    driver->ops->unbind(driver, bound(ALICE, &b));
    send_bytes(ALICE, link, &a, &b, V("anybody?"));
    expect_refused(link, &a, &b);
    expect_nothing_now();
}

static void a_refused_datagram_is_told(void)
{
    a_port_without_a_listener_refuses(4);
}

static void a_refused_ipv6_datagram_is_told(void)
{
    a_port_without_a_listener_refuses(6);
}

/* The news must not swallow the next datagram, nor be taken for its own. */
static void after_a_refusal_the_next_one_goes(void)
{
    struct addr a = addr_any(4), b = addr_any(4), gone = addr_any(4);
    struct handle link = bound(ALICE, &a);
    bound(BOB, &b);
    driver->ops->unbind(driver, bound(BOB, &gone));
    bool heard = false, told = false;
    send_bytes(ALICE, link, &a, &gone, V("anybody?"));
    send_bytes(ALICE, link, &a, &b, V("hello"));
    for (int i = 0; i < 2; i++) {
        uint32_t party;
        struct packet packet = receive(&party);
        heard |= packet.kind == PACKET_DATAGRAM && party == BOB;
        told |= packet.kind == PACKET_FAILED && party == ALICE;
        blob_unref(packet.bytes);
    }
    assert_true(heard);
    assert_true(told);
    expect_nothing_now();
}

static void nobody_hears_after_unbind(void)
{
    struct addr a = addr_any(4), b = addr_any(4);
    struct handle from = bound(ALICE, &a), to = bound(BOB, &b);
    send_bytes(ALICE, from, &a, &b, V("first"));
    expect_bytes(BOB, V("first"));
    driver->ops->unbind(driver, to);
    send_bytes(ALICE, from, &a, &b, V("second"));
    expect_refused(from, &a, &b);
    bound(BOB, &b);
    expect_nothing_now();
    send_bytes(ALICE, from, &a, &b, V("third"));
    expect_bytes(BOB, V("third"));
}

static void an_unbound_socket_sends_no_more(void)
{
    struct addr a = addr_any(4), b = addr_any(4);
    struct handle link = bound(ALICE, &a);
    bound(BOB, &b);
    driver->ops->unbind(driver, link);
    send_bytes(ALICE, link, &a, &b, V("ghost"));
    if (real)
        expect_nothing_now();
    else /* the loop held it back, as a long link would: it had left before */
        expect_bytes(BOB, V("ghost"));
}

/* B39 */
static void a_datagram_may_be_large_or_empty(void)
{
    static char large[65507];
    struct addr a = addr_any(4), b = addr_any(4);
    struct handle from = bound(ALICE, &a);
    bound(BOB, &b);
    for (size_t i = 0; i < sizeof large; i++)
        large[i] = (char)('a' + i % 23);
    send_bytes(ALICE, from, &a, &b, (struct view){large, sizeof large});
    expect_bytes(BOB, (struct view){large, sizeof large});
    send_bytes(ALICE, from, &a, &b, (struct view){large, 0});
    expect_bytes(BOB, (struct view){large, 0});
    send_bytes(ALICE, from, &a, &b, (struct view){large, 1});
    expect_bytes(BOB, (struct view){large, 1});
}

static void a_datagram_that_no_packet_holds_is_told(uint8_t family, size_t most)
{
    static char large[UINT16_MAX];
    struct addr a = addr_any(family), b = addr_any(family);
    struct handle from = bound(ALICE, &a);
    bound(BOB, &b);
    memset(large, 'x', sizeof large);
    send_bytes(ALICE, from, &a, &b, (struct view){large, most + 1});
    uint32_t party;
    struct packet packet = receive(&party);
    assert_int_equal(party, ALICE);
    assert_int_equal(packet.kind, PACKET_FAILED);
    assert_int_equal(packet.error, NET_TOO_BIG);
    assert_true(addr_equal(&packet.remote, &b));
    send_bytes(ALICE, from, &a, &b, (struct view){large, most});
    expect_bytes(BOB, (struct view){large, most});
}

static void a_datagram_too_big_for_ipv4_is_told(void)
{
    a_datagram_that_no_packet_holds_is_told(4, 65507);
}

static void a_datagram_too_big_for_ipv6_is_told(void)
{
    a_datagram_that_no_packet_holds_is_told(6, 65527);
}

int main(void)
{
    static const struct promise promises[] = {
        PROMISE(bind_gives_a_concrete_address),
        PROMISE(a_port_is_bound_once),
        PROMISE(a_datagram_goes_there_and_back),
        PROMISE(ipv6_goes_there_and_back),
        PROMISE(one_may_write_to_oneself),
        PROMISE(a_refused_datagram_is_told),
        PROMISE(a_refused_ipv6_datagram_is_told),
        PROMISE(after_a_refusal_the_next_one_goes),
        PROMISE(nobody_hears_after_unbind),
        PROMISE(an_unbound_socket_sends_no_more),
        PROMISE(a_datagram_may_be_large_or_empty),
        PROMISE(a_datagram_too_big_for_ipv4_is_told),
        PROMISE(a_datagram_too_big_for_ipv6_is_told),
    };
    return contract_run(promises, sizeof promises / sizeof *promises);
}
