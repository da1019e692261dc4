#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/lua/lua_test.h"

static void values_print_without_addresses(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"return tostring({}), tostring({}), tostring(print), tostring(coroutine.create(print))",
         "table: 1 table: 2 function: 3 thread: 4"                                                                                                   },
        {"local t = {} return tostring(t) == tostring(t)",                                        "true"                                             },
        {"return tostring(nil), tostring(true), tostring(1), tostring(1.5), tostring('x')",
         "nil true 1 1.5 x"                                                                                                                          },
        {"return tostring(setmetatable({}, {__name = 'thing'}))",                                 "thing: 1"                                         },
        {"return tostring(setmetatable({}, {__tostring = function() return 'own' end}))",         "own"                                              },
        {"return tostring(setmetatable({}, {__tostring = function() return 1 end}))",             "1"                                                },
        {"return tostring(setmetatable({}, {__tostring = function() return {} end}))",
         "error: test.lua:1: '__tostring' must return a string"                                                                                      },
        {"return tostring()",                                                                     "error: test.lua:1: bad argument #1 to 'tostring'*"},
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void format_prints_without_addresses(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"return string.format('%s %s', {}, print)",                                                 "table: 1 function: 2"                                     },
        {"return ('%5s|%-5s|%.2s'):format('a', 'b', 'cde')",                                         "    a|b    |cd"                                           },
        {"return string.format('%d %5.2f %x %q %%s %c', 7, 1.5, 255, 'a\\nb', 65)",
         "7  1.50 ff \"a\\\n"
         "b\" %s A"                                                                                                                                             },
        {"return string.format('%s', setmetatable({}, {__tostring = function() return 'own' end}))",
         "own"                                                                                                                                                  },
        {"return string.format('%p', {})",                                                           "error: test.lua:1: string.format knows no %p here*"       },
        {"return string.format('%s')",                                                               "error: test.lua:1: bad argument #2 to 'format' (no value)"},
        {"return string.format('%d', 'x')",                                                          "error: test.lua:1: bad argument #2 to 'format'*"          },
        {"return string.format('%')",                                                                "error: test.lua:1: bad argument #2 to 'format' (no value)"},
        {"return string.format('%f %g', 0.1, 1e100)",                                                "0.100000 1e+100"                                          },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_print_without_addresses),
        cmocka_unit_test(format_prints_without_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
