#include "core/net/addr_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct addr addr(struct view text)
{
    struct addr addr;
    assert_int_equal(addr_parse(text, &addr), ERR_OK);
    return addr;
}

static void protocol_address_and_port_make_the_place(void **state)
{
    (void)state;
    static const struct view places[] = {
        {"10.0.0.1:5060",  13},
        {"10.0.0.1:5061",  13},
        {"10.0.0.2:5060",  13},
        {"[fd00::1]:5060", 14}
    };
    struct addr_map map = {0};
    int objects[4];
    for (int i = 0; i < 4; i++) {
        struct addr at = addr(places[i]);
        assert_null(addr_map_find(&map, PROTO_UDP, &at));
        assert_int_equal(addr_map_put(&map, PROTO_UDP, &at, &objects[i]), ERR_OK);
        assert_int_equal(addr_map_put(&map, PROTO_UDP, &at, &map), ERR_CONFLICT);
    }
    for (int i = 0; i < 4; i++) {
        struct addr at = addr(places[i]);
        assert_ptr_equal(addr_map_find(&map, PROTO_UDP, &at), &objects[i]);
        assert_null(addr_map_find(&map, PROTO_TCP, &at));
        addr_map_remove(&map, PROTO_UDP, &at);
        addr_map_remove(&map, PROTO_UDP, &at);
        assert_null(addr_map_find(&map, PROTO_UDP, &at));
    }
    addr_map_deinit(&map);
}

/* The bytes behind an IPv4 address are nobody's. */
static void ipv4_is_four_bytes(void **state)
{
    (void)state;
    struct addr_map map = {0};
    struct addr at = addr(V("10.0.0.1:5060"));
    assert_int_equal(addr_map_put(&map, PROTO_UDP, &at, &map), ERR_OK);
    at.ip[9] = 77;
    assert_ptr_equal(addr_map_find(&map, PROTO_UDP, &at), &map);
    addr_map_deinit(&map);
    assert_int_equal(mem_live(), 0);
}

static void memory_may_fail(void **state)
{
    (void)state;
    struct addr_map map = {0};
    struct addr at = addr(V("10.0.0.1:5060"));
    enum err err = ERR_MEMORY;
    for (uint64_t nth = 1; err != ERR_OK; nth++) {
        mem_fail_at(nth, false);
        err = addr_map_put(&map, PROTO_UDP, &at, &map);
        mem_fail_at(0, false);
        assert_true(err == ERR_OK || addr_map_find(&map, PROTO_UDP, &at) == NULL);
    }
    addr_map_deinit(&map);
    assert_int_equal(mem_live(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(protocol_address_and_port_make_the_place),
        cmocka_unit_test(ipv4_is_four_bytes),
        cmocka_unit_test(memory_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
