#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/scene/scene_test.h"

#include <unistd.h>

static void what_does_not_load_says_where_and_what_to_do(void **state)
{
    (void)state;
    static const struct play rows[] = {
        {"scenario('a', function(t)\n",
         "load 2: 'end' expected (to close 'function' at line 1) near <eof>"                                                                                          },
        {"local x = = 1",                                                                     "load 1: unexpected symbol near '='"                                    },
        {"\nscenaro('a', function() end)",
         "load 2: unknown global 'scenaro'; did you mean 'scenario'?"                                                                                                 },
        {"x = 1",                                                                             "load 1: assignment to the undeclared global 'x'; write 'local x'"      },
        {"error('own')",                                                                      "load 1: own"                                                           },
        {"scenario()",                                                                        "load 1: scenario wants its name first, a string"                       },
        {"scenario('a')",                                                                     "load 1: scenario(name, function) or scenario(name, options, function): "
                          "the function is missing"                                                                                          },
        {"scenario('a', 1, function() end)",
         "load 1: scenario: the options are a table, got a number"                                                                                                    },
        {"scenario('a', function() end, {})",                                                 "load 1: scenario: the function comes last"                             },
        {"scenario(' a', function() end)",
         "load 1: the name of a scenario is a line of 1 to 500 bytes*"                                                                                                },
        {"scenario('', function() end)",
         "load 1: the name of a scenario is a line of 1 to 500 bytes*"                                                                                                },
        {"scenario('a\\nb', function() end)",
         "load 1: the name of a scenario may have no control characters"                                                                                              },
        {"scenario('a', function() end)\nscenario('a', function() end)",
         "load 2: there is a scenario 'a' at line 1 already: names are unique"                                                                                        },
        {"group('g', function() scenario('a', print) end)\ngroup('g', function() scenario('a', "
         "print) end)",                                                              "load 2: there is a scenario 'g: a' at line 1 already: names are unique"},
        {"scenario('a', {tag = {'x'}}, print)",
         "load 1: unknown option 'tag' of scenario; did you mean 'tags'?"                                                                                             },
        {"group('a', {cover = {'x'}}, print)",
         "load 1: unknown option 'cover' of group; did you mean 'covers'?"                                                                                            },
        {"scenario('a', {zz = 1, tagss = {}, aa = 1}, print)",
         "load 1: unknown option 'aa' of scenario"                                                                                                                    },
        {"scenario('a', {'x'}, print)",                                                       "load 1: options of scenario have names*"                               },
        {"scenario('a', {tags = 'x'}, print)",                                                "load 1: option 'tags' of scenario wants a list*"                       },
        {"scenario('a', {tags = {x = 1}}, print)",
         "load 1: option 'tags' of scenario wants a plain list*"                                                                                                      },
        {"scenario('a', {tags = {1}}, print)",
         "load 1: option 'tags' of scenario wants a string, got a number"                                                                                             },
        {"scenario('a', {tags = {'a b'}}, print)",                                            "load 1: tag 'a b': letters, digits*"                                   },
        {"scenario('a', {covers = {'CTI-01'}}, print)",
         "load 1: covers: the catalogue has no 'CTI-01'; did you mean 'CTI-001'?"                                                                                     },
        {"scenario('a', {covers = {'CTI1'}}, print)",
         "load 1: covers: the catalogue has no 'CTI1'; 'CTI-001' is one of its ids"                                                                                   },
        {"scenario('a', {needs = {'100rell'}}, print)",
         "load 1: needs: unknown capability '100rell'; did you mean '100rel'?"                                                                                        },
        {"scenario('a', {needs = {'zzzzzz'}}, print)",
         "load 1: needs: unknown capability 'zzzzzz' (roles*"                                                                                                         },
        {"scenario('a', {allow = {'what'}}, print)",                                          "load 1: allow: 'what' is neither a rule*"                              },
        {"scenario('a', {allow = {'a->>b: INVTIE'}}, print)",
         "load 1: allow: 'a->>b: INVTIE': unknown method*"                                                                                                            },
        {"scenario('a', {timeout = '5 s'}, print)",                                           "load 1: '5 s' is no duration*"                                         },
        {"scenario('a', {timeout = 0}, print)",
         "load 1: option 'timeout' of scenario: more than nothing is wanted"                                                                                          },
        {"scenario('a', {net = 'reel'}, print)",
         "load 1: option 'net' of scenario: 'reel' is none of*"                                                                                                       },
        {"scenario('a', {skip = true}, print)",
         "load 1: option 'skip' of scenario wants the reason: skip = \"why\""                                                                                         },
        {"scenario('a', {xfail = ''}, print)",
         "load 1: option 'xfail' of scenario: a text of 1 to*"                                                                                                        },
        {"scenario('a', {tidy = 1}, print)",
         "load 1: option 'tidy' of scenario is true or false, not a number"                                                                                           },
        {"scenario('a', {retries = -1}, print)",
         "load 1: option 'retries' of scenario wants a whole number from 0 on"                                                                                        },
        {"scenario('a', {retries = 1.5}, print)",
         "load 1: option 'retries' of scenario wants a whole number from 0 on"                                                                                        },
        {"scenario('a', {seed = 'x'}, print)",
         "load 1: option 'seed' of scenario wants a whole number from 0 on"                                                                                           },
        {"before_each(1)",                                                                    "load 1: before_each wants a function, got a number"                    },
        {"pcall(scenario, 'a', {tag = {}}, print)\nscenario('b', print)",
         "load 1: unknown option 'tag'*"                                                                                                                              },
        {"require('nope')",
         "load 1: require 'nope.lua': there is no such file below the suite's folder"                                                                                 },
        {"require('../x')",                                                                   "load 1: require '../x.lua': it lies outside of the suite's folder"     },
        {"file('/etc/passwd')",
         "load 1: file '/etc/passwd': it lies outside of the suite's folder"                                                                                          },
        {"file('a/../../x')",                                                                 "load 1: file 'a/../../x': it lies outside of the suite's folder"       },
        {"param('x')",
         "load 1: param 'x' has no default and was not given; run with --set x=VALUE"                                                                                 },
        {"secret('X')",
         "load 1: secret 'X' is not given; run with --secret X=VALUE or set SIPWRIGHT_SECRET_X"                                                                       },
        {"expect(1):equals(1)",
         "load 1: this is only there while a scenario runs, not at the top level of a file"                                                                           },
        {"coroutine.wrap(function() coroutine.yield() end)()\nscenario('a', function() end)",
         "inconclusive*"                                                                                                                                              },
        {"",                                                                                  "no scenario"                                                           },
        {"#!/usr/bin/env sipwright\nscenario('a', function() expect(1):equals(2) end)",
         "fail 2: expected 2, got 1"                                                                                                                                  },
        {"string.x()",                                                                        "load 1: attempt to call a nil value (field 'x')"                       },
        {"\033Lua",                                                                           "load 0: *"                                                             },
    };
    check_files(rows, sizeof rows / sizeof *rows);
}

static void a_load_error_shows_the_line(void **state)
{
    (void)state;
    struct scene_fixture *f = scene_fixture_create(NULL);
    check_play(f, "local a = 1\nlocal b = 2\nlocal c = ('x'):spilt()\nlocal d", "load 3: *");
    struct view excerpt = f->load_error.excerpt;
    char text[500];
    snprintf(text, sizeof text, "%.*s", VIEW_ARG(excerpt));
    assert_string_equal(text, "     1 | local a = 1\n     2 | local b = 2\n"
                              "  >  3 | local c = ('x'):spilt()\n     4 | local d\n");
    snprintf(text, sizeof text, "%.*s", VIEW_ARG(f->load_error.hint));
    assert_string_equal(
        text, "there is no function 'spilt' there: is its name right, and is it defined above?");
    scene_fixture_destroy(f);
}

static void an_endless_top_level_is_stopped(void **state)
{
    (void)state;
    struct scene_fixture *f = scene_fixture_create(NULL);
    f->suite_options.instruction_limit = 100000;
    check_play(f, "\nwhile true do pcall(error) end",
               "load 2: the script's budget of instructions is spent*");
    f->suite_options.memory_limit = 4 << 20;
    check_play(f, "pcall(string.rep, 'x', 1e9)", "load 0: the script's memory limit was reached");
    scene_fixture_destroy(f);
}

static const char *list_text(struct view_list list, char *room, size_t size)
{
    size_t len = 0;
    room[0] = '\0';
    for (size_t i = 0; i < list.count && len < size; i++)
        len += (size_t)snprintf(room + len, size - len, "%s%.*s", i == 0 ? "" : " ",
                                VIEW_ARG(list.items[i]));
    return room;
}

static void options_of_groups_add_up(void **state)
{
    (void)state;
    struct scene_fixture *f = scene_fixture_create(NULL);
    char room[200];
    check_play(
        f,
        "group('outer', {tags = {'a'}, needs = {'uas'}, timeout = '1m', net = 'sim'}, function()\n"
        "  group('inner', {tags = {'b'}, timeout = '2s', covers = {'CTI-001'}}, function()\n"
        "    scenario('s', {tags = {'c', 'd'}, retries = 2, seed = 5, allow = {'MSG-013', "
        "'dut->>*: OPTIONS'}},\n"
        "             function() end)\n"
        "  end)\n"
        "  scenario('t', function() end)\n"
        "end)\n"
        "for _, n in ipairs{1, 2} do scenario('row ' .. n, function() end) end",
        "inconclusive 3: nothing was asserted");
    const struct scenario_info *info = suite_scenario(f->suite, 0);
    assert_true(view_equal(info->id, V("test.lua: outer: inner: s")));
    assert_true(view_equal(info->name, V("outer: inner: s")));
    assert_true(view_equal(info->file, V("test.lua")));
    assert_int_equal(info->line, 3);
    assert_string_equal(list_text(info->tags, room, sizeof room), "a b c d");
    assert_string_equal(list_text(info->needs, room, sizeof room), "uas");
    assert_string_equal(list_text(info->covers, room, sizeof room), "CTI-001");
    assert_string_equal(list_text(info->allow, room, sizeof room), "MSG-013 dut->>*: OPTIONS");
    assert_int_equal(info->timeout_us, 2 * US_PER_S);
    assert_int_equal(info->net, NET_SIM);
    assert_int_equal(info->retries, 2);
    assert_true(info->has_seed && info->seed == 5);
    info = suite_scenario(f->suite, 1);
    assert_string_equal(list_text(info->tags, room, sizeof room), "a");
    assert_int_equal(info->timeout_us, 60 * US_PER_S);
    assert_int_equal(suite_count(f->suite), 4);
    assert_true(view_equal(suite_scenario(f->suite, 3)->name, V("row 2")));
    scene_fixture_destroy(f);
}

static void params_and_secrets_come_from_the_command_line(void **state)
{
    (void)state;
    struct scene_fixture *f = scene_fixture_create(NULL);
    const struct named_text params[] = {
        {{"n", 1}, {"5", 1}   },
        {{"b", 1}, {"true", 4}},
        {{"s", 1}, {"text", 4}},
    };
    const struct named_text secrets[] = {
        {{"PHONE", 5}, {"hunter2", 7}},
    };
    f->suite_options.params = params;
    f->suite_options.param_count = 3;
    f->suite_options.secrets = secrets;
    f->suite_options.secret_count = 1;
    check_play(
        f,
        "local n, b, s, d, p = param('n', 1), param('b', false), param('s', 'x'), param('d', 7), "
        "secret('PHONE')\n"
        "scenario('a', function(t) expect({n, b, s, d, p}):equals{5, true, 'text', 7, 'hunter2'}\n"
        "t:log('it is %s', p) end)",
        "pass");
    assert_string_equal(scene_events(f, TRACE_LOG), "3 log it is *******\n");
    assert_int_equal(suite_params(f->suite).count, 4);
    check_play(f,
               "scenario('a', function(t) expect.soft(secret('PHONE')):equals(2) "
               "t:fail(secret('PHONE')) end)",
               "fail 1: expected 2, got \"*******\"");
    assert_true(view_find(f->result.detail, V("hunter2")) == f->result.detail.len);
    check_play(f, "error(secret('PHONE'))", "load 1: *******");
    check_play(f, "param('s', 1)", "load 1: --set s=text: a number is wanted");
    check_play(f, "param('n', true)", "load 1: --set n=5: true or false is wanted");
    scene_fixture_destroy(f);
}

/* A folder of its own with files in it: "name\ntext". */
static void write_file(const char *folder, const char *name, const char *text)
{
    char path[500];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void remove_file(const char *folder, const char *name)
{
    char path[500];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    unlink(path);
}

static void files_below_the_root_are_reached_and_no_others(void **state)
{
    (void)state;
    char folder[] = P_tmpdir "/sipwright-suite-XXXXXX";
    char link[500];
    struct scene_fixture *f = scene_fixture_create(NULL);
    assert_non_null(mkdtemp(folder));
    write_file(folder, "_lib.lua",
               "local n = 0\nreturn {next = function() n = n + 1 return n end,\n"
               "bad = function(t) expect(1):equals(2) end}");
    write_file(folder, "round.lua", "return require('round')");
    write_file(folder, "data.bin", "a b");
    snprintf(link, sizeof link, "%s/link.lua", folder);
    assert_int_equal(symlink("/etc/passwd", link), 0);
    f->suite_options.root = folder;
    check_play(f,
               "local lib = require('_lib') assert(require('_lib.lua') == lib)\n"
               "scenario('a', function(t) expect(lib.next()):equals(1) "
               "expect(file('data.bin')):equals('a b') end)\n"
               "scenario('b', function(t) expect(lib.next()):equals(1) end)\n"
               "scenario('c', function(t)\n lib.bad(t)\n end)",
               "pass");
    assert_string_equal(scene_play_at(f, 1), "pass");
    assert_string_equal(scene_play_at(f, 2), "fail 3: expected 2, got 1");
    assert_true(view_find(f->result.detail, V("\"file\":\"_lib.lua\"")) < f->result.detail.len);
    assert_true(view_find(f->result.detail, V("test.lua:5\\n")) < f->result.detail.len);
    check_play(f, "require('round')", "load 1: require 'round.lua' goes round in a circle");
    check_play(f, "require('link')",
               "load 1: require 'link.lua': it lies outside of the suite's folder");
    check_play(f, "require('.')", "load 1: *");
    check_play(f, "file('')", "load 1: file '': it lies outside of the suite's folder");
    check_play(f, "file('x\\0y')", "load 1: file 'x': it lies outside of the suite's folder");
    scene_fixture_destroy(f);
    remove_file(folder, "_lib.lua");
    remove_file(folder, "round.lua");
    remove_file(folder, "data.bin");
    remove_file(folder, "link.lua");
    assert_int_equal(rmdir(folder), 0);
}

static void a_file_that_cannot_be_read_says_so(void **state)
{
    (void)state;
    struct scene_fixture *f = scene_fixture_create(NULL);
    f->suite_options.path = "harness/scene";
    assert_int_equal(suite_load(&f->suite_options, &f->suite, &f->load_error), ERR_IO);
    assert_true(view_equal(f->load_error.sentence, V("it cannot be read (is it a directory?)")));
    f->suite_options.path = "harness/scene/nothing.lua";
    assert_int_equal(suite_load(&f->suite_options, &f->suite, &f->load_error), ERR_IO);
    assert_true(
        view_equal(f->load_error.sentence, V("there is no such file, or it may not be read")));
    scene_fixture_destroy(f);
}

static void a_configuration_gives_its_table(void **state)
{
    (void)state;
    struct suite_options options = {.name = V("sipwright.lua"),
                                    .text = V("return { targets = { a = { uri = 'sip:a' } } }")};
    struct config *config;
    struct load_error error;
    assert_int_equal(suite_config_load(&options, &config, &error), ERR_OK);
    lua_State *L = config_lua(config);
    assert_true(lua_istable(L, -1));
    assert_int_equal(lua_getfield(L, -1, "targets"), LUA_TTABLE);
    config_destroy(config);
    options.text = V("return 1");
    assert_int_equal(suite_config_load(&options, &config, &error), ERR_SYNTAX);
    options.text = V("\nreturn {");
    assert_int_equal(suite_config_load(&options, &config, &error), ERR_SYNTAX);
    assert_int_equal(error.line, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_load_says_where_and_what_to_do),
        cmocka_unit_test(a_load_error_shows_the_line),
        cmocka_unit_test(an_endless_top_level_is_stopped),
        cmocka_unit_test(options_of_groups_add_up),
        cmocka_unit_test(params_and_secrets_come_from_the_command_line),
        cmocka_unit_test(files_below_the_root_are_reached_and_no_others),
        cmocka_unit_test(a_file_that_cannot_be_read_says_so),
        cmocka_unit_test(a_configuration_gives_its_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
