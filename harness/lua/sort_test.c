#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/lua/lua_test.h"

static void sorting_sorts(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"local t = {3, 1, 2} table.sort(t) return table.concat(t, ' ')",                 "1 2 3"},
        {"local t = {'b', 'a', 'C'} table.sort(t, function(a, b) return a:lower() < b:lower() end) "
         "return table.concat(t, ' ')",                                          "a b C"},
        {"local t = {} table.sort(t) return #t",                                          "0"    },
        {"local t = {1} table.sort(t, function() error('never called') end) return t[1]", "1"    },
        {"local t = {} for i = 1, 1000 do t[i] = (i * 7919) % 1009 end table.sort(t) for i = 2, "
         "1000 do assert(t[i - 1] <= t[i]) end return #t",                       "1000" },
        {"local p = setmetatable({}, {__index = function(_, i) return ({3, 2, 1})[i] end, __len = "
         "function() return 3 end, __newindex = rawset})\n"
         "table.sort(p) return p[1], p[2], p[3]",                                "1 2 3"},
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void sorting_is_stable(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"local t = {} for i = 1, 300 do t[i] = {key = i % 3, i = i} end\n"
         "table.sort(t, function(a, b) return a.key < b.key end)\n"
         "for i = 2, 300 do assert(t[i - 1].key < t[i].key or t[i - 1].i < t[i].i) end return "
         "'stable'",                                                  "stable"},
        {"local t = {} for i = 1, 200 do t[i] = {i = i} end table.sort(t, function() return false "
         "end)\n"
         "for i = 1, 200 do assert(t[i].i == i) end return 'stable'", "stable"},
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void a_comparison_that_makes_no_sense_does_no_harm(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"local t = {3, 1, 2, 5, 4} table.sort(t, function() return true end) return #t",           "5"                                            },
        {"local t = {3, 1, 2} table.sort(t, function() error('no', 0) end)",                        "error: no"                                    },
        {"table.sort({1, 'x'})",                                                                    "error: attempt to compare string with number" },
        {"table.sort({1, 2}, 3)",                                                                   "error: test.lua:1: bad argument #2 to 'sort'*"},
        {"table.sort(setmetatable({}, {__len = function() return 1 << 40 end}))",
         "error: test.lua:1: bad argument #1 to 'sort' (array too big)"                                                                            },
        {"local t = {2, 1, 3} table.sort(t, function(a, b) t[1] = nil return a < b end) return #t",
         "3"                                                                                                                                       },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorting_sorts),
        cmocka_unit_test(sorting_is_stable),
        cmocka_unit_test(a_comparison_that_makes_no_sense_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
