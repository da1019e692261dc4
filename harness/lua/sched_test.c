#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/lua/lua_test.h"

static void a_task_sleeps_and_goes_on(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"local e = sleep(5) return e, now()",                                             "true 5.0"},
        {"sleep(0) return now()",                                                          "0.0"     },
        {"for i = 1, 3 do sleep(i) end return now()",                                      "6.0"     },
        {"local ok, e = pcall(function() sleep(1) error('x', 0) end) return ok, e, now()",
         "false x 1.0"                                                                               },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void tasks_run_in_the_order_in_which_they_became_ready(void **state)
{
    (void)state;
    struct lua_fixture *f = lua_fixture_create(NULL);
    const char *result = lua_run(f, "local seen = {}\n"
                                    "for i = 1, 4 do spawn(function(n)\n"
                                    "  sleep(n % 2) seen[#seen + 1] = n end, i) end\n"
                                    "sleep(3) return table.concat(seen, ' ')");
    assert_string_equal(result, "2 4 1 3");
    lua_fixture_destroy(f);
}

static void an_error_in_a_task_is_told_with_its_line(void **state)
{
    (void)state;
    struct lua_fixture *f = lua_fixture_create(NULL);
    assert_string_equal(lua_run(f, "spawn(function()\n error('bad') end) sleep(1) return 'on'"),
                        "on");
    assert_string_equal(f->log.ptr, "2: error: test.lua:2: bad\n");
    lua_fixture_destroy(f);
}

static void ten_thousand_tasks_wait(void **state)
{
    (void)state;
    struct lua_fixture *f = lua_fixture_create(NULL);
    const char *result =
        lua_run(f, "local n = 0\n"
                   "for i = 1, 10000 do spawn(function() sleep(10000 - i) n = n + 1 end) end\n"
                   "sleep(20000) return n");
    assert_string_equal(result, "10000");
    assert_int_equal(sched_live(f->sched), 0);
    lua_fixture_destroy(f);
}

static void what_cannot_wait_says_so(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"table.sort({2, 1}, function() sleep(1) end)",
         "error: test.lua:1: nothing can wait here: the function was called by one*"                                  },
        {"('x'):gsub('.', function() sleep(1) end)",                       "error: test.lua:1: nothing can wait here*"},
        {"hook(function() sleep(1) end)",
         "error: test.lua:1: a function that is called for a message may not wait"                                    },
        {"hook(function() coroutine.wrap(function() sleep(1) end)() end)",
         "error: test.lua:1: a function that is called for a message may not wait"                                    },
        {"hook(function() coroutine.yield(1) end)",
         "error: test.lua:1: coroutine.yield outside of a coroutine of the script*"                                   },
        {"coroutine.yield(1)",
         "error: test.lua:1: coroutine.yield outside of a coroutine of the script*"                                   },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void a_hook_gives_its_results_or_its_error(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"return hook(function(a, b) return b, a end, 1, 2)", "2 1"                 },
        {"return hook(function() end)",                       ""                    },
        {"return pcall(hook, function() error('no') end)",    "false test.lua:1: no"},
        {"local c = 0 pcall(hook, function()\n"
         "local x <close> = setmetatable({}, {__close = function() c = c + 1 end}) error('no') "
         "end)\n"
         "return c",                                 "1"                   },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void a_wait_passes_through_generators(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"local gen = coroutine.wrap(function() for i = 1, 3 do sleep(i) coroutine.yield(i) end "
         "end)\n"
         "local sum = 0 for v in gen do sum = sum + v end return sum, now()",            "6 6.0"          },
        {"local inner = coroutine.wrap(function() sleep(1) coroutine.yield('a') sleep(1) return "
         "'b' end)\n"
         "local outer = coroutine.wrap(function() coroutine.yield(inner()) sleep(1) return inner() "
         "end)\n"
         "return outer(), outer(), now()",                                               "a b 3.0"        },
        {"local co = coroutine.create(function() sleep(1) return 7 end)\n"
         "local ok, v = coroutine.resume(co) return ok, v, coroutine.status(co), now()", "true 7 dead 1.0"},
        {"local co = coroutine.create(function() sleep(1) error('e', 0) end)\n"
         "local ok, v = coroutine.resume(co) return ok, v",                              "false e"        },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void nothing_waits_while_a_failed_coroutine_is_closed(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"spawn(function() local x <close> = setmetatable({}, {__close = function() sleep(1) "
         "end})\n"
         "error('e') end) sleep(3) return now()",               "3.0"                                     },
        {"local closed local co = coroutine.wrap(function()\n"
         "local x <close> = setmetatable({}, {__close = function() sleep(1) closed = true end}) "
         "error('e', 0) end)\n"
         "local ok, e = pcall(co) return ok, e, closed, now()", "false test.lua:2: nothing can wait here*"},
        {"local co = coroutine.create(function()\n"
         "local x <close> = setmetatable({}, {__close = function() sleep(1) end}) "
         "coroutine.yield() end)\n"
         "coroutine.resume(co) return coroutine.close(co)",     "false test.lua:2: nothing can wait here*"},
        {"local n = 0 local x <close> = setmetatable({}, {__close = function() sleep(1) n = now() "
         "end})\n"
         "do local y <close> = setmetatable({}, {__close = function() sleep(1) end}) end return "
         "now()",                                               "1.0"                                     },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void a_parked_coroutine_refuses_a_second_resume(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"local co = coroutine.create(function() sleep(5) return 'done' end)\n"
         "local second\n"
         "spawn(function() sleep(1) second = table.pack(coroutine.resume(co)) end)\n"
         "local ok, v = coroutine.resume(co)\n"
         "return ok, v, second[1], second[2], now()", "true done false cannot resume a coroutine that waits for the scenario's clock or a "
         "message "
         "5.0"                                           },
        {"local w = coroutine.wrap(function() sleep(5) return 'done' end)\n"
         "local second\n"
         "spawn(function() sleep(1) second = select(2, pcall(function() return (w()) end)) end)\n"
         "local v = w() return v, second",            "done test.lua:3: cannot resume a coroutine that waits*"},
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void endless_loops_end(void **state)
{
    (void)state;
    static const char *const loops[] = {
        "while true do end",
        "while true do pcall(function() local x = 1 end) end",
        "while true do pcall(error) end",
        "local function f() while true do pcall(f) end end f()",
        "coroutine.wrap(function() while true do end end)()",
        "coroutine.wrap(function() while true do pcall(coroutine.wrap(function() while true do end "
        "end)) end end)()",
        "while true do coroutine.resume(coroutine.create(function() while true do end end)) end",
        "table.sort({3, 2, 1}, function() while true do pcall(error) end end)",
        "('x'):gsub('.', function() while true do pcall(error) end end)",
        "hook(function() while true do pcall(error) end end)",
        "spawn(function() while true do end end) sleep(1)",
        "local x <close> = setmetatable({}, {__close = function() while true do end end})",
        "spawn(function() local x <close> = setmetatable({}, {__close = function() while true do "
        "end end})"
        " error('x') end) sleep(1)",
        "xpcall(function() while true do end end, function() while true do end end)",
        "setmetatable({}, {__index = function() while true do end end}).x = setmetatable({}, "
        "{__index = "
        "function() while true do end end}).y",
        "while true do sleep(0) end",
    };
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++) {
        struct engine_options options = {.instruction_limit = 200000};
        struct lua_fixture *f = lua_fixture_create(&options);
        const char *result = lua_run(f, loops[i]);
        if (!text_fits(result, "the script's budget of instructions is spent*"))
            fail_msg("%s\n  gave %s", loops[i], result);
        lua_fixture_destroy(f);
    }
}

static void out_of_memory_is_not_undone_by_pcall(void **state)
{
    (void)state;
    static const char *const bombs[] = {
        "local s = string.rep('x', 1e9) return 'on'",
        "pcall(string.rep, 'x', 1e9) return 'on'",
        "pcall(function() local t = {} for i = 1, 1e9 do t[i] = i end end) return 'on'",
        "pcall(function() local s = 'x' while true do s = s .. s end end) return 'on'",
        "local t = {} for i = 1, 1e6 do t[i] = coroutine.wrap(function() end) end return 'on'",
        "local t = {} pcall(function() while true do t[#t + 1] = coroutine.wrap(print) end end)",
    };
    for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
        struct engine_options options = {.memory_limit = 8 << 20};
        struct lua_fixture *f = lua_fixture_create(&options);
        const char *result = lua_run(f, bombs[i]);
        if (!text_fits(result, "the script's memory limit was reached"))
            fail_msg("%s\n  gave %s", bombs[i], result);
        lua_fixture_destroy(f);
    }
}

static void garbage_near_the_limit_is_no_fault(void **state)
{
    (void)state;
    struct engine_options options = {.memory_limit = 512 << 10};
    struct lua_fixture *f = lua_fixture_create(&options);
    assert_string_equal(
        lua_run(f, "for i = 1, 60 do local s = string.rep('x', 180000 + i) end return 'on'"), "on");
    lua_fixture_destroy(f);
}

static void deep_recursion_is_an_error_and_no_crash(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"local function f() return 1 + f() end return (select(2, pcall(f)))",
         "test.lua:1: stack overflow*"                                                           },
        {"local t = setmetatable({}, {}) getmetatable(t).__index = function(_, k) return t[k .. "
         "'x'] end\n"
         "return (select(2, pcall(function() return t.x end)))",                     "*"},
        {"local function f(s) return (s:gsub('.', f)) end return (select(2, pcall(f, 'x')))", "*"},
        {"local function f() table.sort({1, 2}, f) end return (select(2, pcall(f)))",         "*"},
        {"local function f() coroutine.wrap(f)() end return (select(2, pcall(f)))",           "*"},
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_sleeps_and_goes_on),
        cmocka_unit_test(tasks_run_in_the_order_in_which_they_became_ready),
        cmocka_unit_test(an_error_in_a_task_is_told_with_its_line),
        cmocka_unit_test(ten_thousand_tasks_wait),
        cmocka_unit_test(what_cannot_wait_says_so),
        cmocka_unit_test(a_hook_gives_its_results_or_its_error),
        cmocka_unit_test(a_wait_passes_through_generators),
        cmocka_unit_test(nothing_waits_while_a_failed_coroutine_is_closed),
        cmocka_unit_test(a_parked_coroutine_refuses_a_second_resume),
        cmocka_unit_test(endless_loops_end),
        cmocka_unit_test(out_of_memory_is_not_undone_by_pcall),
        cmocka_unit_test(garbage_near_the_limit_is_no_fault),
        cmocka_unit_test(deep_recursion_is_an_error_and_no_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
