#include "harness/replay/secure.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The nth allocation fails; what is asked for again is there, and nothing is left behind. False:
 * there was none so late. */
static bool failed_well(const struct filter_ask *ask, uint64_t nth)
{
    struct secure secure = {0};
    struct filter *filters[FLOW_FILTERS_MAX];
    size_t count = 0;
    uint64_t live = mem_live();
    mem_fail_at(nth, false);
    enum err err = secure_make(&secure, ask, filters, &count);
    mem_fail_at(0, false);
    bool failed = err != ERR_OK;
    if (failed)
        err = secure_make(&secure, ask, filters, &count);
    assert_int_equal(err, ERR_OK);
    while (count > 0)
        filter_destroy(filters[--count]);
    secure_deinit(&secure);
    assert_int_equal(mem_live(), live);
    return failed;
}

static void what_failed_for_memory_is_made_once_more(void **state)
{
    static const enum proto protos[] = {PROTO_TLS, PROTO_WS, PROTO_WSS};
    (void)state;
    for (size_t i = 0; i < sizeof protos / sizeof *protos; i++) {
        struct filter_ask ask = {.proto = protos[i], .client = true, .number = 1};
        assert_int_equal(addr_parse(V("192.0.2.1:5061"), &ask.remote), ERR_OK);
        for (uint64_t nth = 1; failed_well(&ask, nth);)
            nth++;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_failed_for_memory_is_made_once_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
