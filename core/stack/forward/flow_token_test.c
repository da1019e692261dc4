#include "core/stack/forward/flow_token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    static const char *const addresses[] = {"127.0.0.1:8080", "255.255.255.255:65535",
                                            "[2001:db8::1]:443", "192.0.2.1"};
    for (size_t i = 0; i < 4; i++) {
        struct buf buf = {0};
        struct addr remote, back;
        struct handle flow = {0xffffffff, 7}, again;
        assert_int_equal(addr_parse(view_of(addresses[i]), &remote), ERR_OK);
        flow_token_write(&buf, flow, &remote);
        assert_true(flow_token_read(buf_view(&buf), &again, &back));
        assert_true(handle_equal(flow, again));
        assert_true(addr_equal(&remote, &back));
        buf_deinit(&buf);
    }
}

static void what_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "flow-",
                                        "flow-1-0-7f000001-1",
                                        "flow-1-1-7f0000-1",
                                        "flow-1-1-7f00000g-1",
                                        "flow-1-1-7f000001-10000",
                                        "flow-123456789-1-7f000001-1",
                                        "Flow-1-1-7f000001-1",
                                        "flow-1-1-7f000001-",
                                        "alice"};
    struct handle flow;
    struct addr remote;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(flow_token_read(view_of(texts[i]), &flow, &remote));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(what_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
