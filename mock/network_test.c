/* Addresses and bounds of the simulated network; the rest of what it promises: contract_*_test.c.
 */
#include "core/core.h"
#include "mock/mock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct driver *driver;

static int open_it(void **state)
{
    (void)state;
    assert_int_equal(mock_create(&(struct mock_options){.queue_limit = 3}, &driver), ERR_OK);
    return 0;
}

static int close_it(void **state)
{
    (void)state;
    driver->ops->destroy(driver);
    assert_int_equal(mem_live(), 0);
    return 0;
}

static void expect_bound(uint32_t party, uint8_t family, struct view expected)
{
    char room[ADDR_TEXT_MAX];
    struct addr addr = {.family = family};
    struct handle link;
    assert_int_equal(driver->ops->bind(driver, party, PROTO_UDP, &addr, &link), ERR_OK);
    struct view text = addr_text(&addr, room);
    if (!view_equal(text, expected))
        fail_msg("party %u: %s", party, room);
}

static void each_party_is_a_host_of_its_own(void **state)
{
    (void)state;
    expect_bound(1, 0, V("10.0.0.1:5060"));
    expect_bound(254, 4, V("10.0.0.254:5060"));
    expect_bound(255, 4, V("10.0.1.1:5060"));
    expect_bound(65024, 4, V("10.0.255.254:5060"));
    expect_bound(65025, 4, V("10.1.0.1:5060"));
    expect_bound(1, 6, V("[fd00::1]:5060"));
    expect_bound(77777, 6, V("[fd00::1:2fd1]:5060"));
}

static void ports_count_up_from_5060(void **state)
{
    (void)state;
    struct addr taken = {.family = 4, .port = 5061};
    struct handle link;
    assert_int_equal(driver->ops->bind(driver, 1, PROTO_UDP, &taken, &link), ERR_OK);
    expect_bound(1, 4, V("10.0.0.1:5060"));
    expect_bound(1, 4, V("10.0.0.1:5062"));
    expect_bound(2, 4, V("10.0.0.2:5060"));
}

static void an_address_may_be_chosen(void **state)
{
    (void)state;
    struct addr addr;
    struct handle link;
    assert_int_equal(addr_parse(V("192.0.2.7:5080"), &addr), ERR_OK);
    assert_int_equal(driver->ops->bind(driver, 1, PROTO_UDP, &addr, &link), ERR_OK);
    assert_int_equal(driver->ops->bind(driver, 2, PROTO_UDP, &addr, &link), ERR_CONFLICT);
}

static void more_than_the_bound_is_made_known(void **state)
{
    (void)state;
    struct addr addr = {.family = 4};
    struct handle link;
    struct packet packet;
    uint32_t party = 7;
    uint64_t now_us;
    assert_int_equal(driver->ops->bind(driver, 1, PROTO_UDP, &addr, &link), ERR_OK);
    for (int i = 0; i < 4; i++) {
        struct effect effect = {.kind = DO_DATAGRAM, .link = link, .local = addr, .remote = addr};
        effect.bytes = blob_create(V("hello"));
        driver->ops->perform(driver, 1, &effect);
    }
    assert_int_equal(driver->ops->in_flight(driver), 3);
    assert_true(driver->ops->wait(driver, moment_never, &now_us, &party, &packet));
    assert_int_equal(party, 0);
    assert_int_equal(packet.kind, PACKET_FAILED);
    assert_int_equal(packet.error, NET_LIMIT);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, open_it, close_it)
    const struct CMUnitTest tests[] = {
        TEST(each_party_is_a_host_of_its_own),
        TEST(ports_count_up_from_5060),
        TEST(an_address_may_be_chosen),
        TEST(more_than_the_bound_is_made_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
