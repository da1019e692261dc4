/* A long load lets go of what is past: records do not pile up. */
#include "harness/api/api.h"
#include "harness/agent/agents.h"
#include "harness/scene/scene_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* More than are kept before the first of them are let go. */
enum { PILE = 1200 };

static uint32_t most; /* records of the kind that the test is about, at one time */
static const struct table *(*table_of)(const struct agents *agents);

static void look(struct scene *scene, const struct trace_event *event, struct blob *bytes,
                 struct sip_msg *msg)
{
    uint32_t live = table_of(scene->agents)->live;

    (void)event;
    (void)bytes;
    (void)msg;
    most = live > most ? live : most;
}

static const struct scene_part look_part = {.seen = look};
static const struct scene_part *const parts[] = {&api_part, &look_part, NULL};

static void load(const struct table *(*kind)(const struct agents *agents), const char *code)
{
    struct scene_fixture *f = scene_fixture_create(parts);

    most = 0;
    table_of = kind;
    assert_string_equal(scene_play(f, code), "pass");
    assert_in_range(most, 1, PILE);
    scene_fixture_destroy(f);
}

static const struct table *registrations(const struct agents *agents)
{
    return &agents->registrations;
}

static void registrations_that_are_taken_back_are_let_go(void **state)
{
    (void)state;
    load(registrations,
         "scenario('x', { timeout = '100m' }, function(t)\n"
         "  local reg = t:registrar('reg', { domain = 'example.com' })\n"
         "  local alice = t:agent('alice')\n"
         "  local kept = alice:register(reg)\n"
         "  kept:wait('registered')\n"
         "  for _ = 1, 2000 do\n"
         "    local registration = alice:register(reg, { aor = 'sip:b@example.com' })\n"
         "    registration:wait('registered')\n"
         "    registration:terminate()\n"
         "    registration:wait('unregistered')\n"
         "  end\n"
         "  expect(kept.state):equals('registered')\n"
         "  expect(kept.last_response.status):equals(200)\n"
         "end)\n");
}

static const struct table *publications(const struct agents *agents)
{
    return &agents->publications;
}

static void so_are_publications(void **state)
{
    (void)state;
    load(publications, "scenario('x', { timeout = '100m' }, function(t)\n"
                       "  local alice = t:agent('alice')\n"
                       "  local bob = t:agent('bob', { manual = { 'PUBLISH' } })\n"
                       "  for _ = 1, 2000 do\n"
                       "    local pub = alice:publish(bob, 'presence', 'x')\n"
                       "    bob:expect_publish():accept()\n"
                       "    pub:wait('active')\n"
                       "    pub:terminate()\n"
                       "    bob:expect_publish():accept { expires = 0 }\n"
                       "    pub:wait('terminated')\n"
                       "  end\n"
                       "end)\n");
}

static const struct table *connections(const struct agents *agents)
{
    return &agents->connections;
}

static void so_are_connections(void **state)
{
    (void)state;
    load(connections, "scenario('x', { timeout = '100m' }, function(t)\n"
                      "  local w = t:wire('w', { transport = 'tcp' })\n"
                      "  local v = t:wire('v', { transport = 'tcp' })\n"
                      "  for _ = 1, 2000 do\n"
                      "    local mine = w:connect(v)\n"
                      "    local theirs = v:expect_connect()\n"
                      "    mine:write('x')\n"
                      "    mine:close()\n"
                      "    theirs:expect_close()\n"
                      "    theirs:close()\n"
                      "  end\n"
                      "  expect(1):equals(1)\n"
                      "end)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registrations_that_are_taken_back_are_let_go),
        cmocka_unit_test(so_are_publications),
        cmocka_unit_test(so_are_connections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
