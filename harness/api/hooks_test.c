#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/api/api.h"
#include "harness/scene/scene_test.h"

static const struct scene_part *const parts[] = {&api_part, NULL};

/* What stands in a scenario with alice and bob, in the file's second line. */
static void check_body(const char *body, const char *wanted)
{
    struct scene_fixture *f = scene_fixture_create(parts);
    struct buf code = {0};
    buf_printf(&code,
               "scenario('s', function(t) local alice, bob = t:agents('alice', 'bob')\n%s\nend)",
               body);
    buf_add_char(&code, '\0');
    f->suite_options.instruction_limit = 1000000;
    check_play(f, code.ptr, wanted);
    buf_deinit(&code);
    scene_fixture_destroy(f);
}

static void what_goes_wrong_in_a_hook_is_what_it_would_be_elsewhere(void **state)
{
    (void)state;
    const char *rest = " local tx = alice:options(bob) tx:response()";
    static const char *const rows[][2] = {
        {"alice:on_send(function(m) error('boom') end)",                               "error 2: on_send of alice: boom" },
        {"alice:on_send(function(m) expect(m.method):equals('X') end)",
         "fail 2: expected \"X\", got \"OPTIONS\""                                                                       },
        {"alice:on_send(function(m) m.methd() end)",                                   "error 2: *"                      },
        {"alice:on_send(function(m) t:sleep(1) end)",
         "error 2: a function that is called for a message may not wait"                                                 },
        {"alice:on_send(function(m) coroutine.wrap(function() t:sleep(1) end)() end)",
         "error 2: a function that is called for a message may not wait"                                                 },
        {"alice:on_send(function(m) while true do pcall(error) end end)",
         "error 2: the script's budget of instructions is spent*"                                                        },
        {"alice:on_send(function(m) error(setmetatable({}, {__tostring = function() error('x') "
         "end})) end)",                                                       "error *"                         },
        {"bob:on_receive(function(m) error('boom') end)",                              "error 2: on_receive of bob: boom"},
        {"alice:on_send(function(m) t:fail('seen') end)",                              "fail 2: seen"                    },
        {"t.net:corrupt('alice->>bob: *', function(b) error('boom') end)",
         "error 2: corrupt(\"alice->>bob: *\"): boom"                                                                    },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char body[400];
        snprintf(body, sizeof body, "%s%s", rows[i][0], rest);
        check_body(body, rows[i][1]);
    }
}

static void a_copy_draws_the_same_numbers_in_its_hook(void **state)
{
    (void)state;
    check_body("local drawn = {}\n"
               "t.net:drop('alice->>bob: OPTIONS', 2)\n"
               "alice:on_send(function(m) drawn[#drawn + 1] = math.random(0) end)\n"
               "alice:options(bob):response()\n"
               "expect(#drawn):equals(3) expect(drawn[1]):equals(drawn[2]) "
               "expect(drawn[1]):equals(drawn[3])\n"
               "alice:options(bob):response() expect(drawn[4]):never():equals(drawn[1])",
               "pass");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_wrong_in_a_hook_is_what_it_would_be_elsewhere),
        cmocka_unit_test(a_copy_draws_the_same_numbers_in_its_hook),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
