#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/lua/lua_test.h"
#include "harness/lua/random.h"

static void ranges_are_kept(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"for i = 1, 2000 do local r = math.random(6) assert(r >= 1 and r <= 6 and math.type(r) == "
         "'integer') end return 'on'",                                                 "on"       },
        {"for i = 1, 2000 do local r = math.random() assert(r >= 0 and r < 1) end return 'on'",
         "on"                                                                                              },
        {"for i = 1, 2000 do local r = math.random(-3, 3) assert(r >= -3 and r <= 3) end return "
         "'on'",                                                                       "on"       },
        {"return math.random(5, 5), math.type(math.random(0))",                                 "5 integer"},
        {"local r = math.random(math.mininteger, math.maxinteger) return math.type(r)",         "integer"  },
        {"local seen = {} for i = 1, 1000 do seen[math.random(4)] = true end return #seen",     "4"        },
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void misuse_is_told(void **state)
{
    (void)state;
    static const struct snippet rows[] = {
        {"math.random(0, -1)",
         "error: test.lua:1: bad argument #2 to 'random' (interval is empty)"              },
        {"math.random(1, 2, 3)", "error: test.lua:1: wrong number of arguments"            },
        {"math.randomseed(1)",
         "error: test.lua:1: math.randomseed is not there: the seed is the run's (--seed)*"},
    };
    check_snippets(rows, sizeof rows / sizeof *rows);
}

static void copy_result(const struct engine_options *options, const char *code, char *out,
                        size_t len)
{
    struct lua_fixture *f = lua_fixture_create(options);
    snprintf(out, len, "%s", lua_run(f, code));
    lua_fixture_destroy(f);
}

static void the_same_seed_gives_the_same_numbers(void **state)
{
    (void)state;
    const char *code = "return math.random(0), math.random(0), math.random(1000)";
    struct engine_options seven = {.rng = {7}}, eight = {.rng = {8}};
    char a[100], b[100], c[100];
    copy_result(&seven, code, a, sizeof a);
    copy_result(&seven, code, b, sizeof b);
    copy_result(&eight, code, c, sizeof c);
    assert_string_equal(a, b);
    assert_string_not_equal(a, c);
}

static void a_draw_in_one_task_shifts_none_in_another(void **state)
{
    (void)state;
    const char *rest = "local r spawn(function() r = math.random(0) end) sleep(1) return r";
    char a[100], b[100], code[200];
    copy_result(NULL, rest, a, sizeof a);
    snprintf(code, sizeof code, "math.random() math.random() %s", rest);
    copy_result(NULL, code, b, sizeof b);
    assert_string_equal(a, b);
}

static void draws_in_a_scope_begin_anew_for_a_copy(void **state)
{
    (void)state;
    struct lua_fixture *f = lua_fixture_create(NULL);
    lua_State *L = f->engine->lua;
    struct random_scope was = random_begin(L, 42);
    uint64_t first = random_draw(L), second = random_draw(L);
    random_end(L, was);
    random_draw(L);
    was = random_begin(L, 42);
    assert_true(random_draw(L) == first);
    assert_true(random_draw(L) == second);
    random_end(L, was);
    was = random_begin(L, 43);
    assert_true(random_draw(L) != first);
    random_end(L, was);
    lua_fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_kept),
        cmocka_unit_test(misuse_is_told),
        cmocka_unit_test(the_same_seed_gives_the_same_numbers),
        cmocka_unit_test(a_draw_in_one_task_shifts_none_in_another),
        cmocka_unit_test(draws_in_a_scope_begin_anew_for_a_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
