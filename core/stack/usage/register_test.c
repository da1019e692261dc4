#include "core/stack/usage/register.h"

#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static enum err ask(struct pump *pump, struct handle *out_reg)
{
    struct sip_register_options options = {.request = {.uri = V("sip:192.0.2.9")}, .expires_s = 60};
    struct handle request;
    enum err err = sip_register(pump->stacks[0], pump->now_us, &options, &request, out_reg);
    pump_run(pump, pump->now_us + 40 * US_PER_S); /* nobody answers */
    return err;
}

/* What has failed is its user's to drop, and counts until then. */
static void registrations_have_a_limit(void **state)
{
    (void)state;
    struct pump pump;
    struct sip_stack_options options = {.transaction_limit = 2};
    struct handle reg;
    pump_begin(&pump);
    pump_add(&pump, "alice", &options);
    assert_int_equal(ask(&pump, &reg), ERR_OK);
    assert_int_equal(ask(&pump, &reg), ERR_OK);
    assert_int_equal(ask(&pump, &reg), ERR_LIMIT);
    sip_register_drop(pump.stacks[0], reg);
    assert_int_equal(ask(&pump, &reg), ERR_OK);
    pump_end(&pump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(registrations_have_a_limit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
