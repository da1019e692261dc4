#include "core/stack/usage/register.h"

#include "core/stack/pump_fixture.h"
#include "core/stack/usage/publish.h"

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

enum { ALICE, BOB };

static void begin(struct pump *pump)
{
    struct sip_stack_options bob = {.allow = V("REGISTER, PUBLISH")};
    pump_begin(pump);
    pump_add(pump, "alice", NULL);
    pump_add(pump, "bob", &bob);
}

/* The request at BOB gets its 200, with these rows. */
static void grant(struct pump *pump, const char *request, const struct sip_row *rows, size_t count)
{
    struct sip_response_options options = {.status = 200, .rows = rows, .row_count = count};
    struct pump_tell *asked = pump_take(pump, BOB, SIP_TELL_REQUEST, request);
    assert_int_equal(sip_respond(pump->stacks[BOB], pump->now_us, asked->tell.object, &options),
                     ERR_OK);
    pump_run(pump, pump->now_us + 10 * US_PER_MS);
}

/* RFC 3261 §10.2: no new one before the answer to the last. */
static void a_refresh_that_is_due_waits_for_the_answer_of_the_last(void **state)
{
    (void)state;
    struct pump pump;
    struct view contact = V("<sip:alice@192.0.2.1>");
    struct sip_register_options options = {.request = {.uri = V("sip:192.0.2.2")},
                                           .contacts = &contact,
                                           .contact_count = 1,
                                           .expires_s = 60};
    struct sip_row row = {.name = V("Contact"), .value = V("<sip:alice@192.0.2.1>;expires=60")};
    struct handle request, reg;
    struct sip_reg_info info;
    begin(&pump);
    assert_int_equal(sip_register(pump.stacks[ALICE], 0, &options, &request, &reg), ERR_OK);
    pump_run(&pump, US_PER_S);
    grant(&pump, "REGISTER", &row, 1);
    pump_run(&pump, 30 * US_PER_S); /* half of it is over at 31 s */
    assert_int_equal(sip_register_again(pump.stacks[ALICE], pump.now_us, reg, 60, &request),
                     ERR_OK);
    pump_run(&pump, 33 * US_PER_S);
    assert_int_equal(pump_tell_count(&pump, BOB, SIP_TELL_REQUEST, "REGISTER"), 2);
    grant(&pump, "REGISTER", &row, 1);
    assert_int_equal(sip_reg_info(pump.stacks[ALICE], reg, &info), ERR_OK);
    assert_int_equal(info.state, SIP_REG_REGISTERED);
    pump_run(&pump, 64 * US_PER_S); /* and refreshes from then on */
    assert_int_equal(pump_tell_count(&pump, BOB, SIP_TELL_REQUEST, "REGISTER"), 3);
    pump_end(&pump);
}

/* RFC 3903 §4: likewise. */
static void so_does_that_of_a_publication(void **state)
{
    (void)state;
    struct pump pump;
    struct sip_publish_options options = {
        .request = {.uri = V("sip:192.0.2.2")}, .event = V("presence"), .expires_s = 60};
    struct sip_row rows[] = {
        {.name = V("SIP-ETag"), .value = V("one")},
        {.name = V("Expires"),  .value = V("60") }
    };
    struct handle request, pub;
    begin(&pump);
    assert_int_equal(sip_publish(pump.stacks[ALICE], 0, &options, &request, &pub), ERR_OK);
    pump_run(&pump, US_PER_S);
    grant(&pump, "PUBLISH", rows, 2);
    pump_run(&pump, 30 * US_PER_S);
    assert_int_equal(sip_publish_again(pump.stacks[ALICE], pump.now_us, pub, 60, NULL, &request),
                     ERR_OK);
    pump_run(&pump, 33 * US_PER_S);
    assert_int_equal(pump_tell_count(&pump, BOB, SIP_TELL_REQUEST, "PUBLISH"), 2);
    pump_end(&pump);
}

static bool nothing_arrives(void *ctx, struct pump *pump, struct pump_sent *sent)
{
    (void)ctx;
    (void)pump;
    return sent->from == BOB;
}

/* RFC 5626 §4.2.1: what has no "reg-id" has no flow, whatever the registrar says; a fetch has not
 * even a Contact. */
static void a_fetch_has_no_flow(void **state)
{
    (void)state;
    struct pump pump;
    struct view none = {0};
    struct sip_register_options options = {.request = {.uri = V("sip:192.0.2.2")},
                                           .contacts = &none};
    struct sip_row rows[] = {
        {.name = V("Contact"), .value = V("<sip:alice@192.0.2.1>;expires=60")},
        {.name = V("Require"), .value = V("outbound")                        }
    };
    struct handle request, reg;
    struct sip_reg_info info;
    begin(&pump);
    pump.lose = nothing_arrives;
    assert_int_equal(sip_register(pump.stacks[ALICE], 0, &options, &request, &reg), ERR_OK);
    pump_run(&pump, 10 * US_PER_MS);
    grant(&pump, "REGISTER", rows, 2);
    struct packet packet = {
        .kind = PACKET_DATAGRAM,
        .link = {.index = 7, .gen = 1},
        .proto = PROTO_TCP,
        .local = pump.addrs[ALICE],
        .remote = pump.addrs[BOB],
        .bytes = pump_find(&pump, "200 REGISTER", 0)->bytes
    };
    assert_int_equal(sip_stack_receive(pump.stacks[ALICE], pump.now_us, &packet), ERR_OK);
    pump_drain(&pump);
    assert_int_equal(sip_reg_info(pump.stacks[ALICE], reg, &info), ERR_OK);
    assert_int_equal(info.state, SIP_REG_REGISTERED);
    pump_end(&pump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registrations_have_a_limit),
        cmocka_unit_test(a_423_loses_no_contact),
        cmocka_unit_test(a_refresh_that_is_due_waits_for_the_answer_of_the_last),
        cmocka_unit_test(so_does_that_of_a_publication),
        cmocka_unit_test(a_fetch_has_no_flow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
