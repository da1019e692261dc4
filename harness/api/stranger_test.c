/* Somebody whom nobody knows speaks to us: no scenario can make that happen, a driver can. */
#include "harness/api/api.h"
#include "harness/scene/scene_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { STRANGER = 99 };

static const struct scene_part *const parts[] = {&api_part, NULL};

/* It leaves before the scenario has an agent, and arrives when there is one at 10.0.0.1. */
static void stranger_sends(struct driver *driver, struct view target, struct view bytes)
{
    struct addr from = {.family = 4}, to;
    struct handle link;
    assert_int_equal(driver->ops->bind(driver, STRANGER, PROTO_UDP, &from, &link), ERR_OK);
    assert_int_equal(addr_parse(target, &to), ERR_OK);
    struct effect effect = {
        .kind = DO_DATAGRAM, .proto = PROTO_UDP, .link = link, .local = from, .remote = to};
    effect.bytes = blob_create(bytes);
    assert_non_null(effect.bytes);
    driver->ops->perform(driver, STRANGER, &effect);
}

static void stranger_speaks(struct driver *driver)
{
    stranger_sends(driver, V("10.0.0.1:5060"),
                   V("OPTIONS sip:alice@10.0.0.1 SIP/2.0\r\n"
                     "Via: SIP/2.0/UDP 10.0.0.99:5060;branch=z9hG4bK1\r\n"
                     "From: <sip:eve@10.0.0.99>;tag=1\r\n"
                     "To: <sip:alice@10.0.0.1>\r\n"
                     "Call-ID: 1\r\n"
                     "CSeq: 1 OPTIONS\r\n"
                     "Max-Forwards: 70\r\n"
                     "Content-Length: 0\r\n\r\n"));
}

/* RTP, to the port of alice's first description. */
static void stranger_talks(struct driver *driver)
{
    stranger_sends(driver, V("10.0.0.1:40002"), V("\x80\x00\x00\x01\x00\x00\x00\xa0"));
}

static const char *play(struct scene_fixture *f, const char *options)
{
    static char code[400];
    snprintf(code, sizeof code,
             "scenario('x', { %s }, function(t)\n"
             "  local alice, bob = t:agents('alice', 'bob')\n"
             "  bob:options(alice):response(200)\n"
             "end)\n",
             options);
    return scene_play(f, code);
}

static void an_unknown_address_fails_the_scenario(void **state)
{
    struct scene_fixture *f = scene_fixture_create(parts);
    (void)state;
    assert_string_equal(play(f, ""), "pass");
    f->prepare = stranger_speaks;
    assert_string_equal(play(f, ""), "fail 1: an unknown address, 10.0.0.99:5060, spoke to alice");
    scene_fixture_destroy(f);
}

static void allow_may_name_it(void **state)
{
    struct scene_fixture *f = scene_fixture_create(parts);
    (void)state;
    f->prepare = stranger_speaks;
    assert_string_equal(play(f, "allow = { 'other->>*: *' }"), "pass");
    assert_string_equal(play(f, "allow = { 'bob->>*: *' }"),
                        "fail 1: an unknown address, 10.0.0.99:5060, spoke to alice");
    scene_fixture_destroy(f);
}

static void media_of_a_device_is_counted_and_no_message(void **state)
{
    struct scene_fixture *f = scene_fixture_create(parts);
    (void)state;
    f->prepare = stranger_talks;
    assert_string_equal(scene_play(f, "scenario('x', function(t)\n"
                                      "  local alice, bob = t:agents('alice', 'bob')\n"
                                      "  local call = alice:invite(bob)\n"
                                      "  bob:expect_invite():answer()\n"
                                      "  call:wait('confirmed')\n"
                                      "  expect(alice.media_received):equals(1)\n"
                                      "end)\n"),
                        "pass");
    for (uint64_t seq = 1; seq <= trace_last(f->trace); seq++) {
        struct trace_event event;
        if (trace_get(f->trace, seq, &event) && event.kind == TRACE_MESSAGE)
            assert_false(view_equal(event.u.wire.label, V("not SIP")));
    }
    scene_fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_address_fails_the_scenario),
        cmocka_unit_test(allow_may_name_it),
        cmocka_unit_test(media_of_a_device_is_counted_and_no_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
