#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/scene/scene_test.h"

/* A part that notes what it is asked, in order. */
static char notes[400];
static uint64_t due_us;

static void note(const char *what)
{
    size_t len = strlen(notes);
    snprintf(notes + len, sizeof notes - len, "%s ", what);
}

static void part_open(lua_State *L)
{
    lua_newtable(L);
    lua_pushinteger(L, 5);
    lua_setfield(L, -2, "five");
    lua_setglobal(L, "sip");
}

static enum err part_create(struct scene *scene)
{
    assert_non_null(scene->world);
    note("create");
    return ERR_OK;
}

static void part_destroy(struct scene *scene)
{
    assert_non_null(scene->world);
    note("destroy");
}

static void part_returned(struct scene *scene)
{
    (void)scene;
    note("returned");
}

static void part_settled(struct scene *scene)
{
    (void)scene;
    note("settled");
}

static int tidied(lua_State *L, int status, lua_KContext ctx)
{
    (void)L;
    (void)status;
    (void)ctx;
    note("tidied");
    return 0;
}

static void tidy_say(lua_State *waiting, struct buf *out)
{
    (void)waiting;
    buf_add(out, V("tidying"));
}

static const struct wait_kind tidy_kind = {tidied, tidy_say, false};

static int part_tidy(lua_State *L)
{
    struct scene *scene = scene_of(L);
    assert_true(scene->tearing_down);
    note("tidy");
    return sched_wait_for(L, NULL, scene_now(scene) + US_PER_S, 0, &tidy_kind);
}

static int t_greet(lua_State *L)
{
    scene_held(L, V("a greeting"), V("hello"));
    lua_pushliteral(L, "hello");
    return 1;
}

static int t_break(lua_State *L)
{
    return scene_fail(L, &(struct failure){.verdict = VERDICT_FAIL,
                                           .sentence = V("bob: expected 180, got 486"),
                                           .expected = V("180"),
                                           .actual = V("486"),
                                           .hint = V("call:maybe(180)"),
                                           .section = V("RFC 3261 §13.3.1.1"),
                                           .message = 7,
                                           .ghost = V("bob->>alice: 180 INVITE")});
}

static int t_later(lua_State *L)
{
    due_us = scene_now(scene_of(L)) + US_PER_S;
    return 0;
}

static int push_net(lua_State *L, struct scene *scene)
{
    lua_pushstring(L, scene->clock.real ? "real" : "sim");
    return 1;
}

static struct moment part_deadline(const struct scene *scene)
{
    (void)scene;
    return (struct moment){due_us, 0};
}

static bool part_expire(struct scene *scene, uint64_t now_us)
{
    (void)scene;
    if (now_us < due_us)
        return false;
    due_us = NEVER;
    note("due");
    return true;
}

static bool part_is(lua_State *L, int value, int pattern, struct buf *out)
{
    if (lua_type(L, value) != LUA_TSTRING)
        scene_misuse(L, "no message");
    bool same = lua_rawequal(L, value, pattern);
    if (!same)
        buf_add(out, V("it is another"));
    return same;
}

static const luaL_Reg t_methods[] = {
    {"greet",     t_greet},
    {"break_off", t_break},
    {"later",     t_later},
    {NULL,        NULL   }
};
static const struct scene_field t_fields[] = {
    {"net", push_net},
    {NULL,  NULL    }
};
static const struct scene_part part = {.name = "noted",
                                       .open = part_open,
                                       .create = part_create,
                                       .destroy = part_destroy,
                                       .t_methods = t_methods,
                                       .t_fields = t_fields,
                                       .returned = part_returned,
                                       .settled = part_settled,
                                       .deadline = part_deadline,
                                       .expire = part_expire,
                                       .tidy = part_tidy,
                                       .is = part_is};
static const struct scene_part *const parts[] = {&part, NULL};

static void check_noted(const char *code, const char *wanted, const char *wanted_notes)
{
    struct scene_fixture *f = scene_fixture_create(parts);
    notes[0] = '\0';
    due_us = NEVER;
    check_play(f, code, wanted);
    assert_string_equal(notes, wanted_notes);
    scene_fixture_destroy(f);
}

static void a_part_is_asked_in_order(void **state)
{
    (void)state;
    check_noted("assert(sip.five == 5)\nscenario('s', function(t)\n"
                "expect(t:greet()):equals('hello') expect(t.net):equals('sim') end)",
                "pass", "create returned settled tidy tidied destroy ");
    check_noted("scenario('s', function(t) t:later() t:sleep(2) expect(t:now()):equals(2) end)",
                "pass", "create due returned settled tidy tidied destroy ");
    check_noted("scenario('s', function(t) t:greet() end)", "pass",
                "create returned settled tidy tidied destroy ");
    check_noted("scenario('s', {skip = 'x'}, function(t) t:greet() end)", "skip 0: x", "");
}

static void after_a_failure_nothing_is_charged_but_all_is_tidied(void **state)
{
    (void)state;
    check_noted("scenario('s', function(t) t:break_off() end)",
                "fail 1: bob: expected 180, got 486", "create tidy tidied destroy ");
    check_noted("scenario('s', function(t) error('x') end)", "error 1: x",
                "create tidy tidied destroy ");
    check_noted("scenario('s', function(t) while true do end end)",
                "error 1: the script's budget of instructions is spent*",
                "create tidy tidied destroy ");
}

static void names_of_parts_are_suggested(void **state)
{
    (void)state;
    check_noted("scenario('s', function(t) t:gret() end)",
                "error 1: unknown method or field 'gret' of t; did you mean 'greet'?",
                "create tidy tidied destroy ");
    check_noted("scenario('s', function(t) return t.nett end)",
                "error 1: unknown method or field 'nett' of t; did you mean 'net'?",
                "create tidy tidied destroy ");
}

static void is_asks_the_part(void **state)
{
    (void)state;
    check_noted("scenario('s', function(t) expect('INVITE'):is('INVITE') end)", "pass",
                "create returned settled tidy tidied destroy ");
    check_noted("scenario('s', function(t) expect('ACK'):is('INVITE') end)",
                "fail 1: expected INVITE, got \"ACK\"; it is another",
                "create tidy tidied destroy ");
    check_noted("scenario('s', function(t) expect(1):is('INVITE') end)", "error 1: no message",
                "create tidy tidied destroy ");
}

static void the_detail_has_what_a_person_needs(void **state)
{
    (void)state;
    struct scene_fixture *f = scene_fixture_create(parts);
    char detail[2000];
    check_play(f,
               "local function helper(t)\n  t:break_off() -- here\nend\nscenario('s', "
               "function(t)\n  helper(t)\nend)",
               "fail 2: *");
    snprintf(detail, sizeof detail, "%.*s", VIEW_ARG(f->result.detail));
    assert_string_equal(
        detail,
        "{\"verdict\":\"fail\",\"reason\":\"bob: expected 180, got "
        "486\",\"file\":\"test.lua\",\"line\":2,"
        "\"expected\":\"180\",\"actual\":\"486\",\"hint\":\"call:maybe(180)\","
        "\"section\":\"RFC 3261 §13.3.1.1\",\"message\":7,\"ghost\":\"bob->>alice: 180 INVITE\","
        "\"traceback\":\"test.lua:2: in upvalue 'helper'\\ntest.lua:5\\n\","
        "\"excerpt\":[{\"line\":1,\"text\":\"local function helper(t)\"},"
        "{\"line\":2,\"text\":\"  t:break_off() -- here\"},{\"line\":3,\"text\":\"end\"},"
        "{\"line\":4,\"text\":\"scenario('s', function(t)\"}],\"caret\":[3,13]}");
    check_play(f,
               "scenario('s', function(t)\nexpect.soft('\\xff\\0'):equals(2)\nlocal s = 'x' "
               "s:spilt() end)",
               "error 3: attempt to call a nil value (method 'spilt')");
    snprintf(detail, sizeof detail, "%.*s", VIEW_ARG(f->result.detail));
    assert_non_null(strstr(detail, "\"hint\":\"there is no"));
    assert_non_null(strstr(
        detail,
        "\"more\":[{\"verdict\":\"fail\",\"reason\":\"expected 2, got \\\"\\ufffd\\\\x00\\\"\""));
    scene_fixture_destroy(f);
}

/* Called as x.NAME: with a name that no hint has room for. */
static void a_dot_gets_the_hint_of_a_colon(void **state)
{
    (void)state;
    struct scene_fixture *f = scene_fixture_create(parts);
    char code[400], name[90] = {0}, detail[2000];
    for (size_t len = 3; len < 80; len += 70) {
        memset(name, 'a', len);
        snprintf(code, sizeof code,
                 "scenario('s', function(t) local x = { %s = t.sleep } x.%s(t, 'soon') end)", name,
                 name);
        check_play(f, code, "error 1: *");
        snprintf(detail, sizeof detail, "%.*s", VIEW_ARG(f->result.detail));
        bool hinted = strstr(detail, "call it with a colon: x:aaa(") != NULL;
        assert_int_equal(hinted, len == 3);
    }
    scene_fixture_destroy(f);
}

static void begin_and_end_frame_the_trace(void **state)
{
    (void)state;
    struct scene_fixture *f = scene_fixture_create(parts);
    check_play(f, "scenario('s', {tags = {'x'}, covers = {'CTI-001'}}, function(t) t:greet() end)",
               "pass");
    const char *begin = scene_events(f, TRACE_BEGIN);
    assert_ptr_equal(
        strstr(
            begin,
            "0 test.lua: s {\"id\":\"test.lua: s\",\"file\":\"test.lua\",\"line\":1,\"hash\":\""),
        begin);
    assert_non_null(strstr(begin, "\"seed\":7,\"net\":\"sim\",\"tags\":[\"x\"],\"covers\":[\"CTI-"
                                  "001\"],\"params\":{},\"version\":\""));
    assert_string_equal(
        scene_events(f, TRACE_END),
        "0 test.lua: s {\"verdict\":\"pass\",\"assertions\":1,\"events\":4,\"virtual_us\":0}\n");
    assert_int_equal(trace_last(f->trace), 4);
    scene_fixture_destroy(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_is_asked_in_order),
        cmocka_unit_test(after_a_failure_nothing_is_charged_but_all_is_tidied),
        cmocka_unit_test(names_of_parts_are_suggested),
        cmocka_unit_test(is_asks_the_part),
        cmocka_unit_test(the_detail_has_what_a_person_needs),
        cmocka_unit_test(a_dot_gets_the_hint_of_a_colon),
        cmocka_unit_test(begin_and_end_frame_the_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
