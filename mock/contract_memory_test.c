/* What a driver promises: that memory may fail. */
#include "mock/contract_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* Each allocation of a short life fails in turn: an error each time, and nothing is left over. */
static void life(uint64_t nth)
{
    struct addr a = addr_any(4), b = addr_any(4);
    struct handle from, to;
    mem_fail_at(nth, false);
    if (driver_create() != ERR_OK)
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

/* A stream is opened, written to and closed, for as long as all goes well. */
static void stream_life(uint64_t nth)
{
    struct addr there = addr_any(4);
    struct handle listener;
    struct packet packet;
    uint32_t party;
    mem_fail_at(nth, false);
    if (driver_create() != ERR_OK)
        return;
    uint64_t now_us = driver->ops->now(driver);
    if (driver->ops->bind(driver, BOB, PROTO_TCP, &there, &listener) == ERR_OK) {
        struct effect effect = {.kind = DO_OPEN, .proto = PROTO_TCP, .remote = there, .query = 1};
        driver->ops->perform(driver, ALICE, &effect);
        while (driver->ops->wait(driver, (struct moment){now_us + 5000, 0}, &now_us, &party,
                                 &packet)) {
            assert_true(packet.kind != PACKET_FAILED || packet.error != NET_REFUSED);
            blob_unref(packet.bytes);
            if (packet.kind != PACKET_OPENED)
                continue;
            effect = (struct effect){.kind = DO_WRITE, .link = packet.link};
            effect.bytes = blob_create(V("hello"));
            if (effect.bytes != NULL)
                driver->ops->perform(driver, ALICE, &effect);
            effect = (struct effect){.kind = DO_CLOSE, .link = packet.link};
            driver->ops->perform(driver, ALICE, &effect);
        }
    }
    driver->ops->destroy(driver);
}

static void every_allocation_may_fail(void **state)
{
    static void (*const lives[])(uint64_t) = {life, stream_life};
    real = *(const bool *)*state;
    for (int i = 0; i < 2; i++) {
        uint64_t before = mem_count();
        lives[i](0);
        uint64_t count = mem_count() - before;
        for (uint64_t nth = 1; nth <= count; nth++) {
            lives[i](nth);
            mem_fail_at(0, false);
            assert_int_equal(mem_live(), 0);
        }
    }
}

int main(void)
{
    static bool on[] = {false, true};
    const struct CMUnitTest tests[] = {
        {"sim: every_allocation_may_fail",  every_allocation_may_fail, NULL, NULL, &on[0]},
        {"real: every_allocation_may_fail", every_allocation_may_fail, NULL, NULL, &on[1]},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
