#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/scene/scene_test.h"

static void a_scenario_that_asserts_passes(void **state)
{
    (void)state;
    static const struct play rows[] = {
        {"expect(1):equals(1)",                      "pass"                                },
        {"t:sleep('3s') expect(t:now()):equals(3)",  "pass"                                },
        {"t:sleep(1.5) expect(t:now()):equals(1.5)", "pass"                                },
        {"",                                         "inconclusive 1: nothing was asserted"},
        {"t:sleep(1)",                               "inconclusive 1: nothing was asserted"},
    };
    check_bodies(rows, sizeof rows / sizeof *rows);
}

static void a_failure_stays_whatever_pcall_does(void **state)
{
    (void)state;
    static const struct play rows[] = {
        {"t:fail('no')",                                                                   "fail 1: no"               },
        {"\nexpect(1):equals(2)",                                                          "fail 2: expected 2, got 1"},
        {"pcall(function() expect(1):equals(2) end) expect(1):equals(1)",
         "fail 1: expected 2, got 1"                                                                                  },
        {"pcall(t.fail, t, 'no') expect(1):equals(1)",                                     "fail 1: no"               },
        {"pcall(function() t:slep(1) end) expect(1):equals(1)",
         "error 1: unknown method or field 'slep' of t; did you mean 'sleep'?"                                        },
        {"coroutine.resume(coroutine.create(function() expect(1):equals(2) end)) "
         "expect(1):equals(1)",                                                   "fail 1: expected 2, got 1"},
        {"coroutine.wrap(function() expect(1):equals(2) end)()",                           "fail 1: expected 2, got 1"},
        {"xpcall(function() expect(1):equals(2) end, function() end) expect(1):equals(1)",
         "fail 1: expected 2, got 1"                                                                                  },
        {"expect.soft(1):equals(2) expect(1):equals(1)",                                   "fail 1: expected 2, got 1"},
        {"expect(1):equals(2, {soft = true}) expect(1):equals(1)",                         "fail 1: expected 2, got 1"},
        {"expect(1, {soft = true}):equals(2) expect(1):equals(1)",                         "fail 1: expected 2, got 1"},
        {"pcall(string.rep, 'x', 1e9) expect(1):equals(1)",
         "error 1: the script's memory limit was reached"                                                             },
    };
    check_bodies(rows, sizeof rows / sizeof *rows);
}

static void the_worst_verdict_goes_and_of_those_the_first(void **state)
{
    (void)state;
    static const struct play rows[] = {
        {"expect.soft(1):equals(2)\n expect.soft(1):equals(3)\n error('x')",                      "error 3: x"               },
        {"expect.soft(1):equals(2)\n expect.soft(1):equals(3)",                                   "fail 1: expected 2, got 1"},
        {"t:given(function() t:fail('pre') end)",                                                 "inconclusive 1: pre"      },
        {"pcall(t.given, t, function() t:fail('pre') end)\n t:fail('post')",                      "fail 2: post"             },
        {"t:given(function() expect(1):equals(1) end) t:fail('x')",                               "fail 1: x"                },
        {"t:given(function() t:sleep(1) end) t:fail('x')",                                        "fail 1: x"                },
        {"t:given(function() error('broken') end)",                                               "error 1: broken"          },
        {"t:given(function() t:spawn(function() t:fail('inner') end) t:sleep(1) end)",
         "inconclusive 1: inner"                                                                                             },
        {"t:spawn(function() t:sleep(1) t:fail('other') end) t:given(function() t:sleep(2) end)",
         "fail 1: other"                                                                                                     },
        {"t:skip('not today')",                                                                   "skip 1: not today"        },
        {"expect.soft(1):equals(2) t:skip('not today')",                                          "fail 1: expected 2, got 1"},
    };
    check_bodies(rows, sizeof rows / sizeof *rows);
}

static void a_script_error_is_an_error_with_its_line(void **state)
{
    (void)state;
    static const struct play rows[] = {
        {"\nerror('x')",                                                        "error 2: x"                                                       },
        {"\nlocal a = nil\na.b = 1",                                            "error 3: attempt to index a nil value (local 'a')"                },
        {"error({})",                                                           "error 1: table: 1"                                                },
        {"error()",                                                             "error 1: nil"                                                     },
        {"error(setmetatable({}, {__tostring = function() return 'own' end}))", "error 1: own"                                                     },
        {"\nt.spawn()",                                                         "error 2: *"                                                       },
        {"x = 1",                                                               "error 1: assignment to the undeclared global 'x'; write 'local x'"},
        {"return exepct(1)",                                                    "error 1: unknown global 'exepct'; did you mean 'expect'?"         },
        {"t:spawn(function()\n error('x') end) t:sleep(1) expect(1):equals(1)", "error 2: x"                                                       },
        {"expect(1):equals(1)\n t:spawn(function()\n error('x') end)",          "error 3: x"                                                       },
    };
    check_bodies(rows, sizeof rows / sizeof *rows);
}

static void what_is_left_over_fails(void **state)
{
    (void)state;
    static const struct play rows[] = {
        {"expect(1):equals(1)\n expect(2)",
         "fail 2: expect(value) without a check after it asserts nothing"                     },
        {"expect(1):equals(1)\n expect(2):never()",
         "fail 2: expect(value) without a check after it asserts nothing"                     },
        {"expect(1):equals(1) t:spawn(function() t:sleep(9) end)",
         "fail 1: task 2 of t:spawn still runs when what spawned it returns; sleeping"        },
        {"expect(1):equals(1)\n local co = coroutine.create(function() expect(1):equals(2) end)",
         "fail 2: a coroutine was made and never resumed: nothing in it was checked"          },
        {"expect(1):equals(1)\n t:sleep('11m')",
         "fail 2: the scenario did not end within its time, "
         "600 s on its clock; sleeping at test.lua:2"                                         },
        {"expect(1):equals(1)\n t:sleep(1)\n t:spawn(function()\n t:sleep('11m') end)\n t:all()",
         "fail 5: the scenario did not end within its time, "
         "600 s on its clock; waiting for a task to end at test.lua:5; sleeping at test.lua:4"},
    };
    check_bodies(rows, sizeof rows / sizeof *rows);
}

static void endless_scripts_are_errors(void **state)
{
    (void)state;
    static const char *const loops[] = {
        "\nwhile true do end",
        "\nwhile true do pcall(function() local x = 1 end) end",
        "\nt:spawn(function() while true do end end) t:sleep(1)",
        "\nt:cleanup(function() while true do end end) expect(1):equals(1)",
        "\nwhile true do t:sleep(0) end",
    };
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++) {
        struct scene_fixture *f = scene_fixture_create(NULL);
        struct buf code = {0};
        f->suite_options.instruction_limit = 300000;
        buf_printf(&code, "scenario('s', function(t) %s end)", loops[i]);
        buf_add_char(&code, '\0');
        check_play(f, code.ptr, "error 2: the script's budget of instructions is spent*");
        buf_deinit(&code);
        scene_fixture_destroy(f);
    }
}

static void all_waits_and_gives_results(void **state)
{
    (void)state;
    static const struct play rows[] = {
        {"local a = t:spawn(function(n) t:sleep(2) return n end, 7)\n"
         "local b = t:spawn(function() t:sleep(1) return 1, 2 end)\n"
         "local x, y, z = t:all(a, b) expect({x, y, z}):equals{7, 1, 2} expect(t:now()):equals(2)", "pass"                                                         },
        {"for i = 1, 3 do t:spawn(function() t:sleep(4 - i) return i end) end\n"
         "expect({t:all()}):equals{1, 2, 3} expect(t:now()):equals(3)",                             "pass"                                                         },
        {"for i = 1, 3 do t:spawn(function() return i end) end t:sleep(5)\n"
         "expect({t:all()}):equals{1, 2, 3} expect({t:all()}):equals{}",                            "pass"                                                         },
        {"local a = t:spawn(function() end) expect(select('#', t:all(a))):equals(0)",                        "pass"                                                         },
        {"local a = t:spawn(function() t:fail('in a') end) pcall(t.all, t, a) expect(1):equals(1)",
         "fail 1: in a"                                                                                                                                                     },
        {"t:all(1)",                                                                                         "error 1: t:all wants tasks, as t:spawn gives them, got number"},
        {"local a a = t:spawn(function() t:all(a) end) t:all(a)",
         "error 1: t:all: a task cannot wait for itself"                                                                                                                    },
    };
    check_bodies(rows, sizeof rows / sizeof *rows);
}

static void hooks_around_run_in_order_whatever_happens(void **state)
{
    (void)state;
    struct scene_fixture *f = scene_fixture_create(NULL);
    check_play(
        f,
        "before_each(function(t) t:log('b1') end)\n"
        "after_each(function(t) t:log('a1') end)\n"
        "group('g', function()\n"
        "  before_each(function(t) t:log('b2') t:cleanup(function(u) t:sleep(1) t:log('c1') end) "
        "end)\n"
        "  after_each(function(t) t:log('a2') end)\n"
        "  scenario('s', function(t) t:cleanup(function() t:log('c2') end) t:fail('x') end)\n"
        "end)\n"
        "group('other', function() before_each(function(t) t:log('no') end) end)",
        "fail 6: x");
    assert_string_equal(scene_events(f, TRACE_LOG),
                        "1 log b1\n4 log b2\n5 log a2\n2 log a1\n6 log c2\n4 log c1\n");
    scene_fixture_destroy(f);
}

static void what_the_tear_down_leaves_over_fails_too(void **state)
{
    (void)state;
    static const struct play rows[] = {
        {"t:cleanup(function()\n expect(2) end) expect(1):equals(1)",
         "fail 2: expect(value) without a check after it asserts nothing"                                   },
        {"t:cleanup(function() t:spawn(function() t:sleep(9) end) end) expect(1):equals(1)",
         "fail 1: task 3 of t:spawn still runs when what spawned it returns; sleeping"                      },
        {"t:cleanup(function() expect(2) end) t:fail('first')",                              "fail 1: first"},
        {"t:cleanup(function() local r = t:all(t:spawn(function() t:sleep(9) return 5 end)) "
         "expect(r):equals(5) end)",                                                "pass"         },
    };
    check_bodies(rows, sizeof rows / sizeof *rows);
}

static void what_is_printed_is_in_the_trace(void **state)
{
    (void)state;
    struct scene_fixture *f = scene_fixture_create(NULL);
    check_play(f,
               "print('top', {})\nscenario('s', function(t) print('in', nil, 1.5) t:log('%s is "
               "%d', 'x', 5) "
               "t:attach('a', 'bytes', 'text/html') t:step('one', function() t:step('two') end) "
               "expect(1):equals(1) end)",
               "pass");
    assert_string_equal(scene_events(f, TRACE_LOG),
                        "1 print top\ttable: 1\n2 print in\tnil\t1.5\n2 log x is 5\n");
    assert_string_equal(scene_events(f, TRACE_ATTACH), "2 a bytes\n");
    assert_string_equal(scene_events(f, TRACE_STEP), "2 one begin\n2 two begin\n2 one end\n");
    scene_fixture_destroy(f);
}

static void an_error_in_a_cleanup_is_an_error(void **state)
{
    (void)state;
    static const struct play rows[] = {
        {"t:cleanup(function() error('c') end) expect(1):equals(1)",       "error 1: c"},
        {"t:cleanup(function() t:fail('c') end) expect(1):equals(1)",      "fail 1: c" },
        {"t:cleanup(function() t:cleanup(print) end) expect(1):equals(1)",
         "error 1: t:cleanup comes too late here: the cleanups run already"            },
        {"t:cleanup(function() t:sleep('1h') end) expect(1):equals(1)",
         "fail 1: a cleanup did not end within its time*"                              },
    };
    check_bodies(rows, sizeof rows / sizeof *rows);
}

static void xfail_turns_failures_and_passes_round(void **state)
{
    (void)state;
    static const struct play rows[] = {
        {"scenario('s', {xfail = 'bug 1'}, function(t) t:fail('x') end)",
         "skip 1: fails as expected (bug 1): x"                                                  },
        {"scenario('s', {xfail = 'bug 1'}, function(t) expect(1):equals(1) end)",
         "fail 0: it passed, though it is expected to fail: bug 1"                               },
        {"scenario('s', {xfail = 'bug 1'}, function(t) error('x') end)",          "error 1: x"   },
        {"scenario('s', {xfail = 'bug 1'}, function(t) end)",
         "inconclusive 1: nothing was asserted"                                                  },
        {"scenario('s', {skip = 'later'}, function(t) error('x') end)",           "skip 0: later"},
    };
    check_files(rows, sizeof rows / sizeof *rows);
}

static void nothing_is_carried_over(void **state)
{
    (void)state;
    struct scene_fixture *f = scene_fixture_create(NULL);
    const char *code =
        "local n = 0\n"
        "local function next(t) n = n + 1 expect(n):equals(1) string.x = 'x' end\n"
        "scenario('a', next) scenario('b', function(t) next(t) expect(string.y):is_nil() end)";
    check_play(f, code, "pass");
    assert_string_equal(scene_play_at(f, 1), "pass");
    assert_string_equal(scene_play_at(f, 0), "pass");
    scene_fixture_destroy(f);
}

static void random_numbers_come_from_the_seed(void **state)
{
    (void)state;
    const char *code =
        "scenario('a', function(t) t:log('%d %.17g', math.random(1000000), math.random())\n"
        "t:log('%d', t.seed) expect(1):equals(1) end)\n"
        "scenario('b', {seed = 9}, function(t) t:log('%d', t.seed) expect(1):equals(1) end)";
    struct scene_fixture *f = scene_fixture_create(NULL);
    char first[200];
    check_play(f, code, "pass");
    snprintf(first, sizeof first, "%s", scene_events(f, TRACE_LOG));
    scene_play_at(f, 0);
    assert_string_equal(scene_events(f, TRACE_LOG), first);
    f->scene_options.seed = 8;
    scene_play_at(f, 0);
    assert_string_not_equal(scene_events(f, TRACE_LOG), first);
    scene_play_at(f, 1);
    assert_string_equal(scene_events(f, TRACE_LOG), "3 log 9\n");
    scene_fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_that_asserts_passes),
        cmocka_unit_test(a_failure_stays_whatever_pcall_does),
        cmocka_unit_test(the_worst_verdict_goes_and_of_those_the_first),
        cmocka_unit_test(a_script_error_is_an_error_with_its_line),
        cmocka_unit_test(what_is_left_over_fails),
        cmocka_unit_test(endless_scripts_are_errors),
        cmocka_unit_test(all_waits_and_gives_results),
        cmocka_unit_test(hooks_around_run_in_order_whatever_happens),
        cmocka_unit_test(what_the_tear_down_leaves_over_fails_too),
        cmocka_unit_test(what_is_printed_is_in_the_trace),
        cmocka_unit_test(an_error_in_a_cleanup_is_an_error),
        cmocka_unit_test(xfail_turns_failures_and_passes_round),
        cmocka_unit_test(nothing_is_carried_over),
        cmocka_unit_test(random_numbers_come_from_the_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
