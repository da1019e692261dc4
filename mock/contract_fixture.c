#include "mock/contract_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { PROMISES_MAX = 64, NAME_MAX_LEN = 100 };

struct driver *driver;
bool real;

struct addr addr_any(uint8_t family)
{
    return (struct addr){.family = family};
}

struct handle bound(uint32_t party, struct addr *addr)
{
    struct handle link;
    assert_int_equal(driver->ops->bind(driver, party, PROTO_UDP, addr, &link), ERR_OK);
    assert_int_not_equal(link.gen, 0);
    return link;
}

void send_bytes(uint32_t party, struct handle link, const struct addr *local,
                const struct addr *remote, struct view bytes)
{
    struct effect effect = {
        .kind = DO_DATAGRAM, .link = link, .local = *local, .remote = *remote, .tag = 42};
    effect.bytes = blob_create(bytes);
    assert_non_null(effect.bytes);
    driver->ops->perform(driver, party, &effect);
}

struct packet receive(uint32_t *party)
{
    struct packet packet;
    uint64_t now_us = driver->ops->now(driver);
    struct moment until = {now_us + SECOND_US, UINT64_MAX};
    assert_true(driver->ops->wait(driver, until, &now_us, party, &packet));
    assert_true(packet.at_us <= now_us);
    assert_int_equal(packet.tag, real ? 0 : 42);
    return packet;
}

void expect_bytes(uint32_t who, struct view bytes)
{
    uint32_t party;
    struct packet packet = receive(&party);
    assert_int_equal(packet.kind, PACKET_DATAGRAM);
    assert_int_equal(party, who);
    assert_true(view_equal(blob_view(packet.bytes), bytes));
    blob_unref(packet.bytes);
}

void expect_nothing_now(void)
{
    struct packet packet;
    uint32_t party;
    uint64_t now_us = driver->ops->now(driver);
    assert_false(driver->ops->wait(driver, (struct moment){now_us, 0}, &now_us, &party, &packet));
}

void expect_refused(struct handle link, const struct addr *local, const struct addr *remote)
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

enum err driver_create(void)
{
    return real ? transport_create(&driver) : mock_create(&(struct mock_options){0}, &driver);
}

struct run {
    bool real;
    const struct promise *promise;
};

static void keep(void **state)
{
    const struct run *run = *state;
    real = run->real;
    assert_int_equal(driver_create(), ERR_OK);
    run->promise->keep();
    driver->ops->destroy(driver);
    assert_int_equal(mem_live(), 0);
}

static int run_on(const struct promise *promises, size_t count, size_t drivers)
{
    static struct run runs[2 * PROMISES_MAX];
    static char names[2 * PROMISES_MAX][NAME_MAX_LEN];
    static struct CMUnitTest tests[2 * PROMISES_MAX];
    assert_true(count <= PROMISES_MAX);
    for (size_t i = 0; i < drivers * count; i++) {
        const struct promise *promise = &promises[i % count];
        runs[i] = (struct run){i >= count, promise};
        snprintf(names[i], sizeof *names, "%s: %s", i >= count ? "real" : "sim", promise->name);
        tests[i] = (struct CMUnitTest){names[i], keep, NULL, NULL, &runs[i]};
    }
    return _cmocka_run_group_tests("contract", tests, drivers * count, NULL, NULL);
}

int contract_run(const struct promise *promises, size_t count)
{
    return run_on(promises, count, 2);
}

int contract_run_simulated(const struct promise *promises, size_t count)
{
    return run_on(promises, count, 1);
}
