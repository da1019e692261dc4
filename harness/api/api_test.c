/* Calls from a script's side, on the simulated network. */
#include "harness/api/api.h"
#include "harness/scene/scene_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static const struct scene_part *const parts[] = {&api_part, NULL};

static void a_call_is_set_up_and_torn_down(void **state)
{
    struct scene_fixture *f = scene_fixture_create(parts);
    (void)state;
    assert_string_equal(scene_play(f, "scenario('x', function(t)\n"
                                      "  local alice, bob = t:agents('alice', 'bob')\n"
                                      "  local call = alice:invite(bob)\n"
                                      "  local leg = bob:expect_invite()\n"
                                      "  leg:ring() leg:answer()\n"
                                      "  call:wait('confirmed')\n"
                                      "  leg:wait('confirmed')\n"
                                      "  t:sleep('3s')\n"
                                      "  leg:bye()\n"
                                      "  call:wait('terminated')\n"
                                      "  expect(call.ended):equals('remote bye')\n"
                                      "end)\n"),
                        "pass");
    scene_fixture_destroy(f);
}

/* Timer M of the INVITE, Timer F of the BYE and the end of the wait are due at one microsecond. */
static void what_was_armed_first_at_one_instant_comes_first(void **state)
{
    struct scene_fixture *f = scene_fixture_create(parts);
    (void)state;
    assert_string_equal(scene_play(f, "scenario('x', function(t)\n"
                                      "  local alice, bob = t:agents('alice', 'bob')\n"
                                      "  local call = alice:invite(bob)\n"
                                      "  bob:expect_invite():answer()\n"
                                      "  call:wait('confirmed')\n"
                                      "  t.net:partition('alice', 'bob')\n"
                                      "  call:bye():response('timeout')\n"
                                      "end)\n"),
                        "pass");
    scene_fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_set_up_and_torn_down),
        cmocka_unit_test(what_was_armed_first_at_one_instant_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
