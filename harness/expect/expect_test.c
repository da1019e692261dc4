#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/scene/scene_test.h"

static void checks_hold(void **state)
{
    (void)state;
    static const struct play rows[] = {
        {"expect(1):equals(1)",                                                      "pass"},
        {"expect(1):equals(1.0)",                                                    "pass"},
        {"expect('a'):equals('a')",                                                  "pass"},
        {"expect(nil):equals(nil)",                                                  "pass"},
        {"expect({1, {x = 2}}):equals{1, {x = 2}}",                                  "pass"},
        {"local t = {} t.t = t expect(t):equals(t)",                                 "pass"},
        {"expect('alice-2-5f0c'):matches('^alice-\\\\d+')",                          "pass"},
        {"expect(486):matches('^4')",                                                "pass"},
        {"expect('abc'):contains('bc')",                                             "pass"},
        {"expect('abc'):contains('')",                                               "pass"},
        {"expect({1, 2, {a = 1}}):contains{a = 1}",                                  "pass"},
        {"expect({x = 'y'}):contains('y')",                                          "pass"},
        {"expect(486):one_of{486, 600}",                                             "pass"},
        {"expect(5):between(5, 7)",                                                  "pass"},
        {"expect('b'):between('a', 'c')",                                            "pass"},
        {"expect(5):at_least(5)",                                                    "pass"},
        {"expect(false):exists()",                                                   "pass"},
        {"expect(nil):is_nil()",                                                     "pass"},
        {"expect(function() error('boom') end):raises('bo+m')",                      "pass"},
        {"expect(function() error({}) end):raises()",                                "pass"},
        {"expect(1):never():equals(2)",                                              "pass"},
        {"expect('a'):never():matches('b')",                                         "pass"},
        {"expect(nil):never():exists()",                                             "pass"},
        {"expect(function() end):never():raises()",                                  "pass"},
        {"expect(1):never():never():equals(1)",                                      "pass"},
        {"expect(5):at_least(1):between(1, 9):never():equals(6):equals(5)",          "pass"},
        {"expect.soft(1):equals(1)",                                                 "pass"},
        {"expect(setmetatable({1}, {__eq = function() return true end})):equals{2}", "pass"},
    };
    check_bodies(rows, sizeof rows / sizeof *rows);
}

static void checks_that_do_not_hold_say_what_was_expected_and_what_came(void **state)
{
    (void)state;
    static const struct play rows[] = {
        {"expect(1):equals(2)",                                             "fail 1: expected 2, got 1"                              },
        {"expect(1, 'status'):equals(2)",                                   "fail 1: status: expected 2, got 1"                      },
        {"expect('1'):equals(1)",                                           "fail 1: expected 1, got \"1\""                          },
        {"expect('a\\r\\n\\0b'):equals('x')",                               "fail 1: expected \"x\", got \"a\\r\\n\\x00b\""          },
        {"expect(nil):equals(false)",                                       "fail 1: expected false, got nil"                        },
        {"expect({1, 2}):equals{1, 3}",
         "fail 1: expected { 1, 3 }, got { 1, 2 }; they differ at [2]: expected 3, got 2"                                            },
        {"expect({a = {b = {1}}}):equals{a = {b = {}}}",
         "fail 1: expected { a = { b = {} } }, got { a = { b = { 1 } } }; they differ at "
         "[\"a\"][\"b\"][1]: expected nil, got 1"                                                                                    },
        {"expect({a = 1}):equals{}",
         "fail 1: expected {}, got { a = 1 }; they differ at [\"a\"]: expected nil, got 1"                                           },
        {"expect({}):equals{a = 1}",
         "fail 1: expected { a = 1 }, got {}; they differ at [\"a\"]: expected 1, got nil"                                           },
        {"expect('abc'):matches('^b')",                                     "fail 1: expected a match of /^b/, got \"abc\""          },
        {"expect(nil):matches('^b')",                                       "fail 1: expected a match of /^b/, got nil"              },
        {"expect('abc'):contains('x')",
         "fail 1: expected something that contains \"x\", got \"abc\""                                                               },
        {"expect(nil):contains('x')",                                       "fail 1: expected something that contains \"x\", got nil"},
        {"expect(5):one_of{1, 2}",                                          "fail 1: expected one of { 1, 2 }, got 5"                },
        {"expect(9):between(5, 7)",                                         "fail 1: expected a value between 5 and 7, got 9"        },
        {"expect('6'):between(5, 7)",                                       "fail 1: expected a value between 5 and 7, got \"6\""    },
        {"expect(0 / 0):between(5, 7)",                                     "fail 1: expected a value between 5 and 7, got *"        },
        {"expect(nil):at_least(3)",                                         "fail 1: expected at least 3, got nil"                   },
        {"expect(nil):exists()",                                            "fail 1: expected a value, got nil"                      },
        {"expect(1):is_nil()",                                              "fail 1: expected nil, got 1"                            },
        {"expect(1):never():equals(1)",                                     "fail 1: expected not 1, got 1"                          },
        {"expect(function() end):raises()",                                 "fail 1: expected an error, got \"no error\""            },
        {"expect(function() error('x') end):raises('y')",
         "fail 1: expected an error that matches /y/, got \"test.lua:1: x\""                                                         },
        {"expect(5):at_least(1):equals(6)",                                 "fail 1: expected 6, got 5"                              },
        {"expect(print):equals(1)",                                         "fail 1: expected 1, got function: 1"                    },
        {"local t = {} for i = 1, 100 do t[i] = i end expect(t):equals(1)",
         "fail 1: expected 1, got { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, … }"                                    },
        {"expect(('x'):rep(1000)):equals(1)",                               "fail 1: expected 1, got \"xxx*"                         },
    };
    check_bodies(rows, sizeof rows / sizeof *rows);
}

static void misuse_of_expect_is_an_error(void **state)
{
    (void)state;
    static const struct play rows[] = {
        {"expect()",                               "error 1: expect wants a value"                                            },
        {"expect(1):equal(1)",                     "error 1: unknown check 'equal' of expect; did you mean 'equals'?"         },
        {"expect(1):at_lest(1)",
         "error 1: unknown check 'at_lest' of expect; did you mean 'at_least'?"                                               },
        {"expect(1):neverr()",                     "error 1: unknown check 'neverr' of expect; did you mean 'never'?"         },
        {"expect.sotf(1)",                         "error 1: unknown field 'sotf' of expect; did you mean 'expect.soft'?"     },
        {"expect(1):equals()",                     "error 1: expect(value):equals: its argument is missing"                   },
        {"expect(1):between(1)",                   "error 1: expect(value):between: arguments are missing"                    },
        {"expect(1):equals(1, 2)",
         "error 1: expect(value):equals takes 1 argument and { soft = true }"                                                 },
        {"expect(1):equals(1, {sotf = true})",
         "error 1: the only option of a check is { soft = true }"                                                             },
        {"expect(1, 2):equals(1)",
         "error 1: expect(value, what): what is a name for the value, a string"                                               },
        {"expect(1).equals(1)",                    "error 1: call it with a colon, as in expect(value):equals(…)"           },
        {"expect('a'):matches('(')",               "error 1: regular expression '(': *"                                       },
        {"expect('a'):matches(1)",                 "error 1: a regular expression is wanted, a string, got number"            },
        {"expect(1):one_of(1)",
         "error 1: expect(value):one_of wants a list, as in one_of{ 486, 600 }"                                               },
        {"expect(1):at_least('a')",                "fail 1: expected at least \"a\", got 1"                                   },
        {"expect(1):at_least({})",                 "error 1: expect(value):at_least wants a number, got table"                },
        {"expect('a'):contains({})",               "error 1: expect(string):contains wants a string, got table"               },
        {"expect(1):raises('x')",                  "error 1: expect(function):raises wants a function, got number"            },
        {"expect(1):is('INVITE')",
         "error 1: expect(message):is(pattern): there are no messages here"                                                   },
        {"local a, b = {}, {} a.x = b b.x = a local c, d = {}, {} c.x = d d.x = c "
         "expect(a):equals(c)",           "error 1: the tables are nested more than 60 deep, or go round in a circle"},
        {"expect({[{}] = 1, [{}] = 2}):equals(1)",
         "error 1: cannot go through a table with two keys of type table*"                                                    },
        {"expect(1).soft = true",                  "error 1: attempt to index a expectation value*"                           },
    };
    check_bodies(rows, sizeof rows / sizeof *rows);
}

static void raises_takes_back_what_it_caught_and_only_that(void **state)
{
    (void)state;
    static const struct play rows[] = {
        {"expect(function() expect(1):equals(2) end):raises('expected 2')",                     "pass"             },
        {"expect(function() t:slep(1) end):raises('did you mean')",                             "pass"             },
        {"expect(function() expect(1):equalz(2) end):raises('equals')",                         "pass"             },
        {"expect(function() t:given(function() t:fail('x') end) end):raises('x')",              "pass"             },
        {"expect(function() t:sleep(1) t:fail('x') end):raises('x') expect(t:now()):equals(1)",
         "pass"                                                                                                    },
        {"expect(function() pcall(t.fail, t, 'swallowed') t:fail('x') end):raises('x')",
         "fail 1: swallowed"                                                                                       },
        {"expect(function() expect.soft(1):equals(2) t:fail('x') end):raises('x')",
         "fail 1: expected 2, got 1"                                                                               },
        {"expect(function() expect(1):equals(2) end):raises('nothing like it')",
         "fail 1: expected an error that matches /nothing like it/*"                                               },
        {"expect(function() expect(7) t:fail('x') end):raises('x')",                            "pass"             },
        {"local e = expect(7) expect(function() t:fail('x') end):raises('x')",
         "fail 1: expect(value) without a check after it asserts nothing"                                          },
        {"t:spawn(function() t:sleep(1) t:fail('elsewhere') end)\n"
         "expect(function() t:sleep(2) t:fail('x') end):raises('x')",                  "fail 1: elsewhere"},
        {"pcall(function() expect(function() t:fail('x') end):raises('y') end)",
         "fail 1: expected an error*"                                                                              },
    };
    check_bodies(rows, sizeof rows / sizeof *rows);
}

static void every_check_is_in_the_trace(void **state)
{
    (void)state;
    struct scene_fixture *f = scene_fixture_create(NULL);
    check_play(f, "scenario('s', function(t)\nexpect(1):equals(1)\nexpect.soft(2):equals(3)\nend)",
               "fail 3: expected 3, got 2");
    assert_string_equal(scene_events(f, TRACE_EXPECT), "2 ok 1\n3 no expected 3, got 2\n");
    assert_true(f->result.assertions == 2);
    scene_fixture_destroy(f);
}

/* As in the sentence of one that does not hold: its name, and whether it was turned round. */
static void what_held_is_told_as_it_was_asked(void **state)
{
    (void)state;
    struct scene_fixture *f = scene_fixture_create(NULL);
    check_play(f,
               "scenario('s', function(t)\nexpect(2, 'how many'):equals(2)\n"
               "expect(8, 'the seed'):never():equals(7):equals(8)\n"
               "expect(8):never():equals(7)\nend)",
               "pass");
    assert_string_equal(scene_events(f, TRACE_EXPECT), "2 ok how many: 2\n3 ok the seed: not 7\n"
                                                       "3 ok the seed: 8\n4 ok not 7\n");
    scene_fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_hold),
        cmocka_unit_test(checks_that_do_not_hold_say_what_was_expected_and_what_came),
        cmocka_unit_test(misuse_of_expect_is_an_error),
        cmocka_unit_test(raises_takes_back_what_it_caught_and_only_that),
        cmocka_unit_test(every_check_is_in_the_trace),
        cmocka_unit_test(what_held_is_told_as_it_was_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
