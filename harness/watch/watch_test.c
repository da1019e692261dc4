/* The monitor in scenarios: what is held against whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "harness/agent/agents.h"
#include "harness/agent/device.h"
#include "harness/api/api.h"
#include "harness/target/target.h"
#include "harness/scene/scene_test.h"
#include "harness/watch/observer.h"
#include "harness/watch/watch_part.h"

static const struct scene_part *const parts[] = {&api_part, &watch_part, NULL};

/* Agents that break a rule, and nobody has told them to, as far as anybody can see. */
static void untell(struct scene *scene, const struct trace_event *event, struct blob *bytes,
                   struct sip_msg *msg)
{
    struct agent *agent;
    (void)event;
    (void)bytes;
    (void)msg;
    for (uint32_t at = 0; (agent = table_next(&scene->agents->agents, &at, NULL)) != NULL;)
        agent->stack.mutants = 0;
}
static const struct scene_part untold_part = {.name = "untold", .seen = untell};
static const struct scene_part *const untold_parts[] = {&api_part, &untold_part, &watch_part, NULL};

/* Between alice, who writes Content-Length one too large, and bob. */
#define ODD_TALK(opts)                                                                             \
    "scenario('s', {" opts "}, function(t)\n"                                                      \
    "  local bob = t:agent('bob')\n"                                                               \
    "  local alice = t:agent('alice', { breaks = { 'content-length-off-by-one' } })\n"             \
    "  alice:message(bob, 'hello'):response(400)\n"                                                \
    "end)\n"
#define BROKE "alice broke MSG-013c: the body is as long as Content-Length says "

static void check(const struct scene_part *const *with, const char *code, const char *wanted)
{
    struct scene_fixture *f = scene_fixture_create(with);
    check_play(f, code, wanted);
    scene_fixture_destroy(f);
}

static void an_agent_that_nobody_told_to_is_an_error(void **state)
{
    (void)state;
    check(untold_parts, ODD_TALK(""), "error 1: " BROKE "*");
    check(parts, ODD_TALK(""), "pass");
    check(untold_parts, ODD_TALK("allow = { 'MSG-013c' }"), "pass");
    check(untold_parts, ODD_TALK("allow = { 'MSG-013' }"), "error 1: " BROKE "*");
}

static void a_rule_that_is_off_in_the_run_is_off_in_each_scenario(void **state)
{
    const struct view ids[] = {V("CTI-001"), V("MSG-013c")};
    struct scene_fixture *f = scene_fixture_create(untold_parts);
    (void)state;
    f->scene_options.ignored = (struct view_list){ids, 2};
    check_play(f, ODD_TALK(""), "pass");
    f->scene_options.ignored.count = 1;
    check_play(f, ODD_TALK(""), "error 1: " BROKE "*");
    scene_fixture_destroy(f);
}

static void what_a_script_does_is_held_against_nobody(void **state)
{
    static const char *const bodies[] = {
        "local alice = t:wire('alice') alice:ignore('*') alice:send(bob, sip.request{ method = "
        "'OPTIONS', uri = bob.uri, "
        "headers = { ['Max-Forwards'] = false } })",
        "local alice = t:agent('alice') "
        "alice:on_send(function(m) return m:with{ headers = { ['Max-Forwards'] = false } } end) "
        "alice:options(bob):response('*')",
        "t:agent('alice'):options(bob, { headers = { ['Max-Forwards'] = false } }):response('*')",
        "local alice = t:agent('alice') t.net:corrupt('alice->>bob: *', function(bytes) "
        "return (bytes:gsub('Max%-Forwards: 70\\r\\n', '')) end) "
        "alice:options(bob):response('*')",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct buf code = {0};
        buf_printf(&code,
                   "scenario('s', function(t) local bob = t:agent('bob') %s t:sleep(1) "
                   "expect(1):equals(1) end)",
                   bodies[i]);
        buf_add_char(&code, '\0');
        check(parts, code.ptr, "pass");
        buf_deinit(&code);
    }
}

/* A driver can be somebody whom no scenario makes. */
enum { DEVICE = 99 };
static void device_sends(struct driver *driver, const struct view *texts, size_t count)
{
    struct addr from = {.family = 4}, to;
    struct handle link;
    assert_int_equal(driver->ops->bind(driver, DEVICE, PROTO_UDP, &from, &link), ERR_OK);
    assert_int_equal(addr_parse(V("10.0.0.2:5060"), &to), ERR_OK);
    for (size_t i = 0; i < count; i++) {
        struct effect effect = {
            .kind = DO_DATAGRAM, .proto = PROTO_UDP, .link = link, .local = from, .remote = to};
        effect.bytes = blob_create(texts[i]);
        assert_non_null(effect.bytes);
        driver->ops->perform(driver, DEVICE, &effect);
    }
}

#define DEVICE_SAYS(method, number, more)                                                          \
    method " sip:10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.99:5060;branch=z9hG4bK" number        \
           "\r\nFrom: <sip:eve@10.0.0.99>;tag=1\r\nTo: <sip:eve@10.0.0.99>\r\nCall-ID: 1\r\n"      \
           "CSeq: " number " " method "\r\nContent-Length: 0\r\n" more "\r\n"

static void device_speaks(struct driver *driver)
{
    device_sends(driver, (const struct view[]){V(DEVICE_SAYS("OPTIONS", "1", ""))}, 1);
}

static void device_registers(struct driver *driver)
{
    const struct view texts[] = {V(DEVICE_SAYS("REGISTER", "2", "Max-Forwards: 70\r\n")),
                                 V(DEVICE_SAYS("REGISTER", "3", "Max-Forwards: 70\r\n"))};
    device_sends(driver, texts, 2);
}

/* The first party of the world, before it speaks to the second. */
static enum err device_known(struct scene *scene)
{
    struct device *device;
    struct device_options options = {.name = V("phone"), .uri = V("sip:eve@10.0.0.99")};
    static const struct target target;
    options.target = &target;
    enum err err = addr_parse(V("10.0.0.99:5060"), &options.addr);
    return err == ERR_OK ? device_create(scene->agents, &options, &device) : err;
}

static void a_device_fails_the_scenario(void **state)
{
    static const struct scene_part known_part = {.name = "known", .create = device_known};
    static const struct scene_part *const known_parts[] = {&api_part, &known_part, &watch_part,
                                                           NULL};
    struct scene_fixture *f = scene_fixture_create(known_parts);
    (void)state;
    f->prepare = device_speaks;
    check_play(f,
               "scenario('x', function(t) local alice = t:agent('alice') t:sleep(1) "
               "expect(1):equals(1) end)",
               "fail 1: phone broke MSG-017b: every request has Max-Forwards *");
    scene_fixture_destroy(f);
}

/* The second REGISTER comes first, and the first one has a lower CSeq. */
static void what_the_network_keeps_back_is_not_the_devices_fault(void **state)
{
    static const struct scene_part known_part = {.name = "known", .create = device_known};
    static const struct scene_part *const known_parts[] = {&api_part, &known_part, &watch_part,
                                                           NULL};
    struct scene_fixture *f = scene_fixture_create(known_parts);
    (void)state;
    f->prepare = device_registers;
    check_play(f,
               "scenario('x', function(t) local alice = t:agent('alice') "
               "t.net:delay('phone->>alice: REGISTER', '5s') t:sleep(9) "
               "expect(#t:messages('phone->>alice: REGISTER')):equals(2) end)",
               "pass");
    scene_fixture_destroy(f);
}

/* The mutants' scenarios, of which each breaks one rule: which of them an outsider sees. */
static const struct {
    const char *mutant, *rule;
} oracle[] = {
    {"answers-twice",             "MON-001" },
    {"branch-bare",               "MAT-003" },
    {"challenged-cseq-kept",      "UAC-014" },
    {"content-length-off-by-one", "MSG-013c"},
    {"cseq-frozen",               "DLG-008" },
    {"no-subscription-state",     "EVT-004" },
    {"no-tag",                    "UAS-010b"},
    {"nonce-count-frozen",        "AUT-005" },
    {"rack-wrong",                "PRK-009b"},
    {"rseq-frozen",               "PRK-003b"},
    {"timer-a-capped",            "CTI-001" },
};

static bool was_found(struct scene_fixture *f, struct view rule)
{
    struct trace_event event;
    for (uint64_t seq = 1; seq <= trace_last(f->trace); seq++)
        if (trace_get(f->trace, seq, &event) && event.kind == TRACE_FINDING &&
            view_equal(event.u.finding.rule, rule))
            return true;
    return false;
}

static bool mutant_seen(const char *mutant, const char *rule, bool told)
{
    struct scene_fixture *f = scene_fixture_create(told ? parts : untold_parts);
    char path[200];
    struct named_text param = {V("mutant"), view_of(mutant)};
    snprintf(path, sizeof path, "scenarios/mutants/%s.lua", mutant);
    f->suite_options.path = path;
    f->suite_options.name = view_of(path);
    f->suite_options.params = &param;
    f->suite_options.param_count = 1;
    assert_int_equal(suite_load(&f->suite_options, &f->suite, &f->load_error), ERR_OK);
    scene_play_at(f, 0);
    bool found = was_found(f, view_of(rule));
    scene_fixture_destroy(f);
    return found;
}

static void what_mutants_do_is_found_unless_they_were_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof oracle / sizeof *oracle; i++) {
        if (!mutant_seen(oracle[i].mutant, oracle[i].rule, false))
            fail_msg("%s: %s is not found", oracle[i].mutant, oracle[i].rule);
        if (mutant_seen(oracle[i].mutant, oracle[i].rule, true))
            fail_msg("%s: it was told to break %s", oracle[i].mutant, oracle[i].rule);
    }
}

/* Of 1,100 calls the first thousand are judged, and some. */
static void of_a_load_the_first_thousand_and_a_sample_are_judged(void **state)
{
    struct scene_fixture *f = scene_fixture_create(untold_parts);
    const char *result = scene_play(f, "scenario('s', function(t)\n"
                                       "  local bob = t:agent('bob', { auto = { reject = 486 } })\n"
                                       "  local alice = t:agent('alice', { breaks = { "
                                       "'content-length-off-by-one' } })\n"
                                       "  for i = 1, 1640 do alice:options(bob):response('*') end\n"
                                       "end)\n");
    unsigned long more = 0;
    const char *found = strstr(result, "), and ");
    (void)state;
    if (found != NULL)
        more = strtoul(found + 7, NULL, 10);
    assert_in_range(more, 1001, 1030); /* 640 / 64 are ten more */
    scene_fixture_destroy(f);
}

static void without_memory_it_is_an_error_and_nothing_is_lost(void **state)
{
    bool failed = true;
    (void)state;
    for (uint64_t nth = 1; failed && nth < 5000; nth += 7) {
        struct observer *observer = NULL;
        uint64_t live = mem_live(), count = mem_count();
        struct scene scene = {0};
        mem_fail_at(nth, false);
        enum err err = observer_create(&scene, &observer);
        mem_fail_at(0, false);
        failed = mem_count() - count >= nth;
        assert_int_equal(err, failed ? ERR_MEMORY : ERR_OK);
        observer_destroy(observer);
        assert_int_equal(mem_live(), live);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_agent_that_nobody_told_to_is_an_error),
        cmocka_unit_test(a_rule_that_is_off_in_the_run_is_off_in_each_scenario),
        cmocka_unit_test(what_a_script_does_is_held_against_nobody),
        cmocka_unit_test(a_device_fails_the_scenario),
        cmocka_unit_test(what_the_network_keeps_back_is_not_the_devices_fault),
        cmocka_unit_test(what_mutants_do_is_found_unless_they_were_told),
        cmocka_unit_test(of_a_load_the_first_thousand_and_a_sample_are_judged),
        cmocka_unit_test(without_memory_it_is_an_error_and_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
