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

/* RFC 3261 §10.2.8: every Contact is in the second REGISTER, or there is none. */
static void a_423_loses_no_contact(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 40, 100};
    for (size_t i = 0; i < 3; i++) {
        struct pump pump;
        struct view contacts[100];
        struct sip_register_options options = {
            .request = {.uri = V("sip:192.0.2.2"), .again = SIP_AGAIN_EXPIRES},
            .contacts = contacts,
            .contact_count = counts[i],
            .expires_s = 60
        };
        struct sip_row least = {.name = V("Min-Expires"), .value = V("120")};
        struct sip_response_options brief = {.status = 423, .rows = &least, .row_count = 1};
        struct sip_stack_options bob = {.allow = V("REGISTER")};
        struct handle request, reg;
        for (size_t k = 0; k < counts[i]; k++)
            contacts[k] = V("<sip:alice@192.0.2.1>;expires=60");
        pump_begin(&pump);
        pump_add(&pump, "alice", NULL);
        pump_add(&pump, "bob", &bob);
        assert_int_equal(sip_register(pump.stacks[0], 0, &options, &request, &reg), ERR_OK);
        pump_run(&pump, 10 * US_PER_MS);
        struct pump_tell *asked = pump_take(&pump, 1, SIP_TELL_REQUEST, "REGISTER");
        assert_int_equal(sip_respond(pump.stacks[1], pump.now_us, asked->tell.object, &brief),
                         ERR_OK);
        pump_run(&pump, 20 * US_PER_MS);
        assert_int_equal(pump_tell_count(&pump, 1, SIP_TELL_REQUEST, "REGISTER"),
                         counts[i] < 100 ? 2 : 1);
        if (counts[i] < 100)
            assert_int_equal(sip_msg_count(pump_take(&pump, 1, SIP_TELL_REQUEST, "REGISTER")->msg,
                                           SIP_HEADER_CONTACT),
                             counts[i]);
        pump_end(&pump);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registrations_have_a_limit),
        cmocka_unit_test(a_423_loses_no_contact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
