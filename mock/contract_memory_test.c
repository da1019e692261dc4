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

int main(void)
{
    static bool on[] = {false, true};
    const struct CMUnitTest tests[] = {
        {"sim: every_allocation_may_fail",  every_allocation_may_fail, NULL, NULL, &on[0]},
        {"real: every_allocation_may_fail", every_allocation_may_fail, NULL, NULL, &on[1]},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
