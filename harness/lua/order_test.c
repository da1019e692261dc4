#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/lua/lua_test.h"

/* What a walk over each must give; how it walks is put before. */
static const struct snippet walks[] = {
    {"return walk{}",                                                                             ""                                                                      },
    {"return walk{10, 20, 30}",                                                                   "1 2 3"                                                                 },
    {"return walk{zeta = 1, alpha = 2, [3] = 3, [1] = 4, [-5] = 5, [true] = 6, [false] = 7, "
     "[2.5] = 8, Beta = 9}",                                                                 "false true -5 1 2.5 3 Beta alpha zeta"                                 },
    {"return walk{[1e300] = 1, [math.maxinteger] = 2, [-1e300] = 3, [math.mininteger] = 4, "
     "[0.5] = 5, [0] = 6, [1 / 0] = 7, [-1 / 0] = 8}",                                       "-inf -1e+300 -9223372036854775808 0 0.5 9223372036854775807 1e+300 inf"},
    {"return walk{1, 2, nil, 4}",                                                                 "1 2 4"                                                                 },
    {"local t = {a = 1} t[t] = 2 return walk(t)",                                                 "a table: 1"                                                            },
    {"local t = {} for i = 1, 100 do t['k' .. i % 10 .. i] = i t[i * 2] = i end return #walk(t)",
     "838"                                                                                                                                                                },
};

static void check_walks(const char *walk)
{
    for (size_t i = 0; i < sizeof walks / sizeof *walks; i++) {
        struct buf code = {0};
        buf_printf(&code, "%s %s", walk, walks[i].code);
        buf_add_char(&code, '\0');
        const struct snippet row = {code.ptr, walks[i].result};
        check_snippets(&row, 1);
        buf_deinit(&code);
    }
}

static void pairs_goes_by_booleans_numbers_strings(void **state)
{
    (void)state;
    check_walks(
        "local function walk(t) local s = {} for k in pairs(t) do s[#s + 1] = tostring(k) end "
        "return table.concat(s, ' ') end");
}

static void next_goes_in_the_same_order(void **state)
{
    (void)state;
    check_walks("local function walk(t) local s, k = {}, next(t) while k ~= nil do "
                "s[#s + 1] = tostring(k) k = next(t, k) end return table.concat(s, ' ') end");
}

static void two_keys_without_an_order_are_refused(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"local t = {[{}] = 1, [{}] = 2} for k in pairs(t) do end",
         "error: test.lua:1: cannot go through a table with two keys of type table: they have no "
         "order*"                                                                      },
        {"local t = {[print] = 1, [pairs] = 2} return next(t)",
         "error: test.lua:1: cannot go through a table with two keys of type function*"},
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void a_traversal_may_clear_what_it_sees(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"local t, n = {a = 1, b = 2, c = 3, 1, 2, 3}, 0 for k in pairs(t) do t[k] = nil n = n + 1 "
         "end return n, next(t)",                                                   "6 nil"                      },
        {"local t, s = {a = 1, b = 2, c = 3}, '' for k in pairs(t) do s = s .. k t.b = nil end "
         "return s",                                                                "ac"                         },
        {"local t, s = {a = 1, b = 2, c = 3}, '' for k in pairs(t) do for j in pairs(t) do s = s "
         ".. k .. j .. ' ' end end return s",                                       "aa ab ac ba bb bc ca cb cc "},
        {"local t, s = {a = 1, b = 2, c = 3}, '' local k = next(t) while k do s = s .. k t[k] = "
         "nil k = next(t, k) end return s",                                         "abc"                        },
        {"local t, s = {1, 2, 3}, 0 for i in pairs(t) do s = s + i t[i] = nil end return s", "6"                          },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void next_follows_tables_that_change(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"local t = {a = 1, c = 3} local k = next(t, 'a') t.b = 2 return k, next(t, 'a'), next(t, "
         "'b')",                                 "c b c 3"},
        {"local t = {a = 1, b = 2} return next(t, 'zz')", "nil"    },
        {"local t = {} return next(t), next(t, 1)",       "nil nil"},
        {"local a, b = {x = 1, y = 2}, {x = 3, y = 4} local k = next(a) local j = next(b) return "
         "next(a, k), next(b, j)",               "y y 4"  },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void pairs_obeys_its_metamethod_and_checks_its_argument(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"local t = setmetatable({}, {__pairs = function() return function(_, k) if not k then "
         "return 1, 2 end end, nil, nil end})\n"
         "for k, v in pairs(t) do return k, v end",        "1 2"                                           },
        {"pairs(nil)",                                              "error: test.lua:1: bad argument #1 to 'pairs'*"},
        {"pairs()",                                                 "error: test.lua:1: bad argument #1 to 'pairs'*"},
        {"next(1)",                                                 "error: test.lua:1: bad argument #1 to 'next'*" },
        {"local f = pairs({a = 1}) f()",
         "error: test.lua:1: bad argument #1 to 'f' (table expected*"                                               },
        {"local t = setmetatable({}, {__pairs = function() sleep(1) return next, {a = 1}, nil "
         "end}) for k in pairs(t) do return k, now() end", "a 1.0"                                         },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_goes_by_booleans_numbers_strings),
        cmocka_unit_test(next_goes_in_the_same_order),
        cmocka_unit_test(two_keys_without_an_order_are_refused),
        cmocka_unit_test(a_traversal_may_clear_what_it_sees),
        cmocka_unit_test(next_follows_tables_that_change),
        cmocka_unit_test(pairs_obeys_its_metamethod_and_checks_its_argument),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
