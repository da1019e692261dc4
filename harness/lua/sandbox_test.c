#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/lua/lua_test.h"

static void what_reaches_out_is_not_there(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"return io",                                                                             "error: test.lua:1: 'io' is not there in scenarios unless the run says "
                      "--unsafe; file(path) gives*"                                                                                          },
        {"return debug",
         "error: test.lua:1: 'debug' is not there in scenarios unless the run says --unsafe"                                                                      },
        {"return package",                                                                        "error: test.lua:1: 'package' is not there in scenarios*"       },
        {"return dofile",                                                                         "error: test.lua:1: 'dofile' is not there in scenarios*"        },
        {"return loadfile",                                                                       "error: test.lua:1: 'loadfile' is not there in scenarios*"      },
        {"return collectgarbage",                                                                 "error: test.lua:1: 'collectgarbage' is not there in scenarios*"},
        {"return os.execute, os.getenv, os.exit, os.remove, os.rename, os.tmpname, os.setlocale",
         "nil nil nil nil nil nil nil"                                                                                                                            },
        {"return string.dump",                                                                    "nil"                                                           },
        {"return warn",                                                                           "error: test.lua:1: unknown global 'warn'*"                     },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void load_takes_text_only(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"return load('return 1 + 1')()",                                                    "2"                                                          },
        {"return load('return x', 'chunk', 't', {x = 5})()",                                 "5"                                                          },
        {"return load('\\27Lua')",                                                           "nil attempt to load a binary chunk (mode is 't')"           },
        {"return load(function() return nil end)",                                           "function: 1"                                                },
        {"load('return 1', 'c', 'b')",                                                       "error: test.lua:1: load takes text only in scenarios*"      },
        {"local n = 0 return load(function() n = n + 1 return ({'return ', '7'})[n] end)()", "7"                                                          },
        {"load('x = 1')() return 1",                                                         "error: test.lua:1: assignment to the undeclared global 'x'*"},
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void globals_are_strict(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"x = 1",                                                 "error: test.lua:1: assignment to the undeclared global 'x'; write 'local x'"},
        {"function helper() end",                                 "error: test.lua:1: assignment to the undeclared global "
                                  "'helper'; write 'local function helper'"                                   },
        {"return pirnt",                                          "error: test.lua:1: unknown global 'pirnt'; did you mean 'print'?"           },
        {"return zzzzzz",                                         "error: test.lua:1: unknown global 'zzzzzz': no variable of that name "
                          "can be seen here; local zzzzzz = … above it makes one"                                   },
        {"_G[1] = 2",                                             "error: test.lua:1: assignment to an undeclared global"                      },
        {"return _G[1]",                                          "error: test.lua:1: unknown global of type number"                           },
        {"setmetatable(_G, {})",                                  "error: test.lua:1: cannot change a protected metatable"                     },
        {"setmetatable(_G, nil)",                                 "error: test.lua:1: cannot change a protected metatable"                     },
        {"return getmetatable(_G)",                               "false"                                                                      },
        {"print = nil return pcall(function() return print end)",
         "false test.lua:1: unknown global 'print': no variable of that name can be seen here; "
         "local print = … above it makes one"                                                                                                },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void finalizers_are_refused(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"setmetatable({}, {__gc = function() end})",
         "error: test.lua:1: __gc is not there in scenarios*"                                                                        },
        {"local mt = {} local t = setmetatable({}, mt) mt.__gc = error t = nil for i = 1, 1e5 do "
         "local x = {} end return 'on'",                             "on"                                                   },
        {"return getmetatable(setmetatable({}, {__index = {a = 1}})) ~= nil", "true"                                                 },
        {"setmetatable(1, {})",                                               "error: test.lua:1: bad argument #1 to 'setmetatable'*"},
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void scripts_that_override_builtins_harm_only_themselves(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"pcall = function() return true end error('still')",                                   "error: test.lua:1: still"},
        {"pairs = nil tostring = nil string.format = nil table.sort = nil spawn(function() "
         "error('x') end) sleep(1) return 'on'",                                       "on"                      },
        {"assert = function() end error = function() end assert(false) error('x') return 'on'",
         "on"                                                                                                             },
        {"getmetatable('').__index = nil return pcall(function() return ('x'):rep(2) end)",
         "false *"                                                                                                        },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void odd_errors_are_errors(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"error()",                                                                             "error: an error that is no text"},
        {"error(nil)",                                                                          "error: an error that is no text"},
        {"error({})",                                                                           "error: an error that is no text"},
        {"error(setmetatable({}, {__tostring = function() error('inner') end}))",
         "error: an error that is no text"                                                                                       },
        {"return xpcall(error, function() error('again') end)",                                 "false *"                        },
        {"local x <close> = setmetatable({}, {__close = function() error('in close', 0) end})",
         "error: in close"                                                                                                       },
        {"local x <close> = setmetatable({}, {__close = function() sleep(2) end}) sleep(1)",    ""                               },
        {"return select(2, pcall(error, true))",                                                "true"                           },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void unsafe_opens_what_is_closed(void **state)
{
    (void)state;
    struct engine_options options = {.unsafe = true};
    struct lua_fixture *f = lua_fixture_create(&options);
    assert_string_equal(lua_run(f, "return type(io.open), type(os.getenv), type(debug.traceback), "
                                   "type(string.dump), type(package.path), type(dofile)"),
                        "function function function function string function");
    lua_fixture_destroy(f);
}

/* Whatever allocation fails, the state is made or refused, and nothing leaks. */
static void creating_survives_every_failed_allocation(void **state)
{
    (void)state;
    struct engine_options options = {0};
    uint64_t live = mem_live();
    bool made = false;
    for (uint64_t nth = 1; !made; nth += nth < 40 ? 1 : 17) {
        struct engine *engine = NULL;
        mem_fail_at(nth, true);
        made = engine_create(&options, &engine) == ERR_OK;
        mem_fail_at(0, false);
        engine_destroy(engine);
        assert_true(mem_live() == live);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_reaches_out_is_not_there),
        cmocka_unit_test(load_takes_text_only),
        cmocka_unit_test(globals_are_strict),
        cmocka_unit_test(finalizers_are_refused),
        cmocka_unit_test(scripts_that_override_builtins_harm_only_themselves),
        cmocka_unit_test(odd_errors_are_errors),
        cmocka_unit_test(unsafe_opens_what_is_closed),
        cmocka_unit_test(creating_survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
