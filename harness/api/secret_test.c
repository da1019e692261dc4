/* A secret() is in nothing that is written, and neither is what a digest proves with it. */
#include "harness/api/api.h"
#include "harness/scene/scene_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct scene_part *const parts[] = {&api_part, NULL};
static const struct named_text secrets[] = {
    {{"PHONE", 5}, {"hunter2", 7}}
};

/* body: in a scenario in which alice has registered; `proof` is her response=. */
static struct scene_fixture *play(const char *body, const char *wanted)
{
    static char code[1000];
    struct scene_fixture *f = scene_fixture_create(parts);
    f->suite_options.secrets = secrets;
    f->suite_options.secret_count = 1;
    snprintf(code, sizeof code,
             "scenario('s', function(t)\n"
             "  local pw = secret('PHONE')\n"
             "  local reg = t:registrar('reg', { users = { alice = pw } })\n"
             "  local alice = t:agent('alice', { auth = { password = pw } })\n"
             "  alice:register(reg):wait('registered')\n"
             "  local sent = t:messages('alice->>reg: REGISTER [Authorization]')[1]\n"
             "  local given = sent:header('Authorization')\n"
             "  local proof = given:match('response=\"(%%x+)\"')\n"
             "  expect(#proof):equals(32)\n"
             "  %s\n"
             "end)\n",
             body);
    const char *result = scene_play(f, code);
    if (strncmp(result, wanted, strlen(wanted)) != 0)
        fail_msg("%s\n  expected: %s\n  but it is: %s", body, wanted, result);
    return f;
}

/* Runs of 32 digits that are no stars: in all that the trace has, and in the verdict. */
static void nothing_proves_anything(struct scene_fixture *f)
{
    struct view run = trace_unsent(f->trace);
    assert_true(view_find(run, V("hunter2")) == run.len);
    for (struct trace_event event; run.len > 0;) {
        run = view_skip(run, trace_decode(run, NULL, &event));
        if (event.kind != TRACE_MESSAGE)
            continue;
        struct view bytes = event.u.wire.bytes;
        size_t at = view_find(bytes, V("response=\""));
        if (at < bytes.len)
            assert_true(
                view_starts(view_skip(bytes, at + 10), V("********************************")));
    }
    assert_true(view_find(f->result.detail, V("hunter2")) == f->result.detail.len);
    scene_fixture_destroy(f);
}

static void the_trace_has_no_proof(void **state)
{
    (void)state;
    struct scene_fixture *f = play("t:log('%s %s', proof, pw)", "pass");
    assert_string_equal(scene_events(f, TRACE_LOG),
                        "10 log ******************************** *******\n");
    nothing_proves_anything(f);
}

static void a_failure_has_none(void **state)
{
    (void)state;
    nothing_proves_anything(
        play("expect(proof):equals('x')",
             "fail 10: expected \"x\", got \"********************************\""));
    nothing_proves_anything(play("t:fail(given:match('response=.*'))",
                                 "fail 10: response=\"********************************\""));
    nothing_proves_anything(
        play("error(pw .. ' ' .. proof)", "error 10: ******* ********************************"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_trace_has_no_proof),
        cmocka_unit_test(a_failure_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
