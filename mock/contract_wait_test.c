/* What a driver promises: order, time, and whose the bytes are. */
#include "mock/contract_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

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
        send_bytes(ALICE, from, &a, &b[i % 2], (struct view){text, sizeof text});
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
    send_bytes(ALICE, from, &a, &b, V("early"));
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
        send_bytes(ALICE, from, &a, &b, V("one of many"));
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
    send_bytes(ALICE, from, &a, &b, V("under way when the driver is destroyed"));
}

static void what_makes_no_sense_is_given_back(void)
{
    struct addr a = addr_any(4);
    struct effect effect = {.kind = DO_WRITE, .proto = PROTO_TCP, .link = bound(ALICE, &a)};
    effect.bytes = blob_create(V("stream"));
    driver->ops->perform(driver, ALICE, &effect);
    expect_nothing_now();
}

int main(void)
{
    static const struct promise promises[] = {
        PROMISE(many_arrive_in_order),
        PROMISE(wait_ends_at_the_instant_and_not_before),
        PROMISE(wait_does_not_go_back_for_an_instant_that_is_past),
        PROMISE(nothing_can_come_where_nobody_listens),
        PROMISE(what_arrived_before_the_instant_comes_first),
        PROMISE(wait_returns_at_once_however_much_is_there),
        PROMISE(bytes_are_shared_and_given_back),
        PROMISE(what_makes_no_sense_is_given_back),
    };
    return contract_run(promises, sizeof promises / sizeof *promises);
}
