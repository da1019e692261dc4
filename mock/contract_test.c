/* What a driver promises, held against both: the simulated network and the real one. */
#include "core/core.h"
#include "mock/mock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

enum { ALICE = 1, BOB = 2, SECOND_US = 1000000 };

static struct driver *driver;
static bool real;

static struct addr addr_any(uint8_t family)
{
    return (struct addr){.family = family};
}

static struct handle bound(uint32_t party, struct addr *addr)
{
    struct handle link;
    assert_int_equal(driver->ops->bind(driver, party, PROTO_UDP, addr, &link), ERR_OK);
    assert_int_not_equal(link.gen, 0);
    return link;
}

static void send(uint32_t party, struct handle link, const struct addr *local,
                 const struct addr *remote, struct view bytes)
{
    struct effect effect = {
        .kind = DO_DATAGRAM, .link = link, .local = *local, .remote = *remote, .tag = 42};
    effect.bytes = blob_create(bytes);
    assert_non_null(effect.bytes);
    driver->ops->perform(driver, party, &effect);
}

/* The next packet; a test that waits in vain fails after a second. */
static struct packet receive(uint32_t *party)
{
    struct packet packet;
    uint64_t now_us = driver->ops->now(driver);
    struct moment until = {now_us + SECOND_US, UINT64_MAX};
    assert_true(driver->ops->wait(driver, until, &now_us, party, &packet));
    assert_true(packet.at_us <= now_us);
    assert_int_equal(packet.tag, real ? 0 : 42);
    return packet;
}

static void expect_bytes(uint32_t who, struct view bytes)
{
    uint32_t party;
    struct packet packet = receive(&party);
    assert_int_equal(packet.kind, PACKET_DATAGRAM);
    assert_int_equal(party, who);
    assert_true(view_equal(blob_view(packet.bytes), bytes));
    blob_unref(packet.bytes);
}

static void expect_nothing_now(void)
{
    struct packet packet;
    uint32_t party;
    uint64_t now_us = driver->ops->now(driver);
    assert_false(driver->ops->wait(driver, (struct moment){now_us, 0}, &now_us, &party, &packet));
}

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

static void streams_are_not_there_yet(void)
{
    struct addr addr = addr_any(4);
    struct handle link;
    assert_int_equal(driver->ops->bind(driver, ALICE, PROTO_TCP, &addr, &link), ERR_UNSUPPORTED);
}

static void there_and_back(uint8_t family)
{
    struct addr a = addr_any(family), b = addr_any(family);
    struct handle from = bound(ALICE, &a), to = bound(BOB, &b);
    uint32_t party;
    send(ALICE, from, &a, &b, V("hello"));
    struct packet packet = receive(&party);
    assert_int_equal(party, BOB);
    assert_int_equal(packet.kind, PACKET_DATAGRAM);
    assert_int_equal(packet.proto, PROTO_UDP);
    assert_true(handle_equal(packet.link, to));
    assert_true(addr_equal(&packet.local, &b));
    assert_true(addr_equal(&packet.remote, &a));
    assert_true(view_equal(blob_view(packet.bytes), V("hello")));
    send(BOB, packet.link, &packet.local, &packet.remote, V("and you"));
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
    send(ALICE, link, &a, &a, V("me"));
    expect_bytes(ALICE, V("me"));
}

static void expect_refused(struct handle link, const struct addr *local, const struct addr *remote)
{
    uint32_t party;
    struct packet packet = receive(&party);
    assert_int_equal(packet.kind, PACKET_FAILED);
    assert_int_equal(packet.error, NET_REFUSED);
    assert_int_equal(party, ALICE);
    assert_true(handle_equal(packet.link, link));
    assert_true(addr_equal(&packet.local, local));
    assert_true(addr_equal(&packet.remote, remote));
    assert_null(packet.bytes);
}

static void a_port_without_a_listener_refuses(uint8_t family)
{
    struct addr a = addr_any(family), b = addr_any(family);
    struct handle link = bound(ALICE, &a);
    driver->ops->unbind(driver, bound(ALICE, &b));
    send(ALICE, link, &a, &b, V("anybody?"));
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
    send(ALICE, link, &a, &gone, V("anybody?"));
    send(ALICE, link, &a, &b, V("hello"));
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
    send(ALICE, from, &a, &b, V("first"));
    expect_bytes(BOB, V("first"));
    driver->ops->unbind(driver, to);
    send(ALICE, from, &a, &b, V("second"));
    expect_refused(from, &a, &b);
    bound(BOB, &b);
    expect_nothing_now();
    send(ALICE, from, &a, &b, V("third"));
    expect_bytes(BOB, V("third"));
}

static void an_unbound_socket_sends_no_more(void)
{
    struct addr a = addr_any(4), b = addr_any(4);
    struct handle link = bound(ALICE, &a);
    bound(BOB, &b);
    driver->ops->unbind(driver, link);
    send(ALICE, link, &a, &b, V("ghost"));
    if (real)
        expect_nothing_now();
    else /* the loop held it back, as a long link would: it had left before */
        expect_bytes(BOB, V("ghost"));
}

static void a_datagram_may_be_large_or_empty(void)
{
    static char large[65507];
    struct addr a = addr_any(4), b = addr_any(4);
    struct handle from = bound(ALICE, &a);
    bound(BOB, &b);
    for (size_t i = 0; i < sizeof large; i++)
        large[i] = (char)('a' + i % 23);
    send(ALICE, from, &a, &b, (struct view){large, sizeof large});
    expect_bytes(BOB, (struct view){large, sizeof large});
    send(ALICE, from, &a, &b, (struct view){large, 0});
    expect_bytes(BOB, (struct view){large, 0});
    send(ALICE, from, &a, &b, (struct view){large, 1});
    expect_bytes(BOB, (struct view){large, 1});
}

/* To two sockets in turn: the order of sending is the order of arrival over all of them. */
static void many_arrive_in_order(void)
{
    struct addr a = addr_any(4), b[2] = {addr_any(4), addr_any(4)};
    struct handle from = bound(ALICE, &a);
    bound(BOB, &b[0]);
    bound(BOB, &b[1]);
    for (uint32_t i = 0; i < 500; i++) {
        char text[4];
        memcpy(text, &i, sizeof i);
        send(ALICE, from, &a, &b[i % 2], (struct view){text, sizeof text});
    }
    for (uint32_t i = 0; i < 500; i++) {
        char text[4];
        memcpy(text, &i, sizeof i);
        expect_bytes(BOB, (struct view){text, sizeof text});
    }
    expect_nothing_now();
}

static void wait_ends_at_the_instant_and_not_before(void)
{
    struct addr a = addr_any(4);
    bound(ALICE, &a);
    for (uint64_t step_us = 0; step_us <= 3000; step_us += 1000) {
        struct packet packet;
        uint32_t party;
        uint64_t now_us, until_us = driver->ops->now(driver) + step_us;
        struct moment until = {until_us, 1};
        assert_false(driver->ops->wait(driver, until, &now_us, &party, &packet));
        assert_true(now_us >= until_us);
        assert_true(real || now_us == until_us);
    }
}

static void wait_does_not_go_back_for_an_instant_that_is_past(void)
{
    struct addr a = addr_any(4);
    struct packet packet;
    uint32_t party;
    uint64_t before_us, now_us;
    bound(ALICE, &a);
    struct moment until = {driver->ops->now(driver) + 2000, 1};
    assert_false(driver->ops->wait(driver, until, &before_us, &party, &packet));
    assert_false(driver->ops->wait(driver, (struct moment){0, 0}, &now_us, &party, &packet));
    assert_true(now_us >= before_us);
    assert_true(driver->ops->now(driver) >= now_us);
}

static void nothing_can_come_where_nobody_listens(void)
{
    struct packet packet;
    uint32_t party;
    uint64_t now_us;
    assert_false(driver->ops->wait(driver, moment_never, &now_us, &party, &packet));
}

/* What came before the instant is handed out before it, however late one asks. */
static void what_arrived_before_the_instant_comes_first(void)
{
    struct addr a = addr_any(4), b = addr_any(4);
    struct handle from = bound(ALICE, &a);
    struct packet packet;
    uint32_t party;
    uint64_t now_us;
    bound(BOB, &b);
    send(ALICE, from, &a, &b, V("early"));
    struct moment until = {driver->ops->now(driver) + 5000, 1};
    assert_true(driver->ops->wait(driver, until, &now_us, &party, &packet));
    assert_true(packet.at_us < until.at_us);
    blob_unref(packet.bytes);
    assert_false(driver->ops->wait(driver, until, &now_us, &party, &packet));
}

static void wait_returns_at_once_however_much_is_there(void)
{
    struct addr a = addr_any(4), b = addr_any(4);
    struct handle from = bound(ALICE, &a);
    struct packet packet;
    uint32_t party;
    uint64_t now_us;
    bound(BOB, &b);
    for (int i = 0; i < 50; i++)
        send(ALICE, from, &a, &b, V("one of many"));
    assert_false(driver->ops->wait(driver, (struct moment){0, 0}, &now_us, &party, &packet));
    for (int i = 0; i < 50; i++)
        expect_bytes(BOB, V("one of many"));
}

static void bytes_are_shared_and_given_back(void)
{
    struct addr a = addr_any(4), b = addr_any(4);
    struct handle from = bound(ALICE, &a);
    bound(BOB, &b);
    struct blob *bytes = blob_create(V("mine"));
    struct effect effect = {
        .kind = DO_DATAGRAM, .link = from, .local = a, .remote = b, .bytes = bytes, .tag = 42};
    blob_ref(bytes);
    driver->ops->perform(driver, ALICE, &effect);
    expect_bytes(BOB, V("mine"));
    assert_int_equal(bytes->refs, 1);
    blob_unref(bytes);
    send(ALICE, from, &a, &b, V("under way when the driver is destroyed"));
}

static void what_is_not_supported_is_given_back(void)
{
    struct addr a = addr_any(4);
    struct effect effect = {.kind = DO_WRITE, .proto = PROTO_TCP, .link = bound(ALICE, &a)};
    effect.bytes = blob_create(V("stream"));
    driver->ops->perform(driver, ALICE, &effect);
    expect_nothing_now();
}

static enum err create(void)
{
    return real ? transport_create(&driver) : mock_create(&(struct mock_options){0}, &driver);
}

/* Each allocation of a short life fails in turn: an error each time, and nothing is left over. */
static void life(uint64_t nth)
{
    struct addr a = addr_any(4), b = addr_any(4);
    struct handle from, to;
    mem_fail_at(nth, false);
    if (create() != ERR_OK)
        return;
    if (driver->ops->bind(driver, ALICE, PROTO_UDP, &a, &from) == ERR_OK &&
        driver->ops->bind(driver, BOB, PROTO_UDP, &b, &to) == ERR_OK) {
        struct effect effect = {
            .kind = DO_DATAGRAM, .link = from, .local = a, .remote = b, .tag = 42};
        struct packet packet;
        uint32_t party;
        uint64_t now_us = driver->ops->now(driver);
        effect.bytes = blob_create(V("hello"));
        if (effect.bytes != NULL)
            driver->ops->perform(driver, ALICE, &effect);
        if (driver->ops->wait(driver, (struct moment){now_us + 2000, 0}, &now_us, &party,
                              &packet)) {
            bool arrived = packet.kind == PACKET_DATAGRAM && party == BOB;
            bool known = packet.kind == PACKET_FAILED && packet.error == NET_LIMIT;
            assert_true(arrived || known);
            blob_unref(packet.bytes);
        }
    }
    driver->ops->destroy(driver);
}

static void every_allocation_may_fail(void **state)
{
    real = *(const bool *)*state;
    uint64_t before = mem_count();
    life(0);
    uint64_t count = mem_count() - before;
    for (uint64_t nth = 1; nth <= count; nth++) {
        life(nth);
        mem_fail_at(0, false);
        assert_int_equal(mem_live(), 0);
    }
}

struct promise {
    const char *name;
    void (*keep)(void);
};
static const struct promise promises[] = {
#define PROMISE(function)                                                                          \
    {                                                                                              \
#function, function                                                                        \
    }
    PROMISE(bind_gives_a_concrete_address),
    PROMISE(a_port_is_bound_once),
    PROMISE(streams_are_not_there_yet),
    PROMISE(a_datagram_goes_there_and_back),
    PROMISE(ipv6_goes_there_and_back),
    PROMISE(one_may_write_to_oneself),
    PROMISE(a_refused_datagram_is_told),
    PROMISE(a_refused_ipv6_datagram_is_told),
    PROMISE(after_a_refusal_the_next_one_goes),
    PROMISE(nobody_hears_after_unbind),
    PROMISE(an_unbound_socket_sends_no_more),
    PROMISE(a_datagram_may_be_large_or_empty),
    PROMISE(many_arrive_in_order),
    PROMISE(wait_ends_at_the_instant_and_not_before),
    PROMISE(wait_does_not_go_back_for_an_instant_that_is_past),
    PROMISE(nothing_can_come_where_nobody_listens),
    PROMISE(what_arrived_before_the_instant_comes_first),
    PROMISE(wait_returns_at_once_however_much_is_there),
    PROMISE(bytes_are_shared_and_given_back),
    PROMISE(what_is_not_supported_is_given_back),
};
enum { PROMISES = sizeof promises / sizeof *promises };

struct run {
    bool real;
    const struct promise *promise;
};

static void keep(void **state)
{
    const struct run *run = *state;
    real = run->real;
    assert_int_equal(create(), ERR_OK);
    run->promise->keep();
    driver->ops->destroy(driver);
    assert_int_equal(mem_live(), 0);
}

int main(void)
{
    static const bool on[] = {false, true};
    static struct run runs[2 * PROMISES];
    static char names[2 * PROMISES][100];
    struct CMUnitTest tests[2 * PROMISES + 2];
    size_t count = 0;
    for (size_t net = 0; net < 2; net++) {
        for (size_t i = 0; i < PROMISES; i++, count++) {
            runs[count] = (struct run){on[net], &promises[i]};
            snprintf(names[count], sizeof *names, "%s: %s", on[net] ? "real" : "sim",
                     promises[i].name);
            tests[count] = (struct CMUnitTest){names[count], keep, NULL, NULL, &runs[count]};
        }
    }
    tests[count++] = (struct CMUnitTest){"sim: every_allocation_may_fail",
                                         every_allocation_may_fail, NULL, NULL, (void *)&on[0]};
    tests[count++] = (struct CMUnitTest){"real: every_allocation_may_fail",
                                         every_allocation_may_fail, NULL, NULL, (void *)&on[1]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
