#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "harness/lua/handle.h"
#include "harness/lua/lua_test.h"

struct thing {
    int value;
    struct handle handle;
};

static struct things {
    struct table table;
    struct thing things[4];
} all;

static int thing_double(lua_State *L);
static int thing_field(lua_State *L, void *record, const char *name);

static const luaL_Reg thing_methods[] = {
    {"double", thing_double},
    {NULL,     NULL        }
};
static const char *const thing_fields[] = {"value", NULL};
static const struct handle_kind thing_kind = {
    .name = "item", .methods = thing_methods, .field = thing_field, .fields = thing_fields};
static const struct handle_kind other_kind = {.name = "other"};

static int thing_double(lua_State *L)
{
    const struct thing *thing = handle_check(L, 1, &thing_kind);
    lua_pushinteger(L, thing->value * 2);
    return 1;
}

static int thing_field(lua_State *L, void *record, const char *name)
{
    if (strcmp(name, "value") != 0)
        return 0;
    lua_pushinteger(L, ((const struct thing *)record)->value);
    return 1;
}

static int get(lua_State *L)
{
    handle_push(L, &thing_kind, all.things[luaL_checkinteger(L, 1) - 1].handle);
    return 1;
}

static int drop(lua_State *L)
{
    table_remove(&all.table, all.things[luaL_checkinteger(L, 1) - 1].handle);
    return 0;
}

static int check(lua_State *L)
{
    handle_check(L, 1, &thing_kind);
    return 0;
}

static int test(lua_State *L)
{
    lua_pushboolean(L, handle_test(L, 1, &thing_kind) != NULL);
    return 1;
}

static int get_other(lua_State *L)
{
    handle_push(L, &other_kind, all.things[0].handle);
    return 1;
}

static void run(const char *code, const char *wanted)
{
    struct lua_fixture *f = lua_fixture_create(NULL);
    lua_State *L = f->engine->lua;
    const luaL_Reg functions[] = {
        {"get",       get      },
        {"drop",      drop     },
        {"check",     check    },
        {"test",      test     },
        {"get_other", get_other},
    };
    lua_settop(L, 0);
    handle_kind_table(L, &thing_kind, &all.table);
    handle_kind_table(L, &other_kind, &all.table);
    lua_pushglobaltable(L);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        lua_pushstring(L, functions[i].name);
        lua_pushcfunction(L, functions[i].func);
        lua_rawset(L, -3);
    }
    for (int i = 0; i < 4; i++) {
        all.things[i].value = 10 * (i + 1);
        assert_int_equal(table_add(&all.table, &all.things[i], &all.things[i].handle), ERR_OK);
    }
    const char *result = lua_run(f, code);
    if (!text_fits(result, wanted))
        fail_msg("%s\n  gave     %s\n  and not  %s", code, result, wanted);
    lua_fixture_destroy(f);
    table_deinit(&all.table);
}

static void methods_and_fields_are_found(void **state)
{
    (void)state;
    run("local a = get(2) return a:double(), a.value, tostring(a)", "40 20 item 2");
    run("return get(1) == get(1), get(1) == get(2), rawequal(get(1), get(1))", "true false true");
    run("local t = {} t[get(3)] = 'x' return t[get(3)]", "x");
    run("return test(get(1)), test(1), test(nil), test(get_other())", "true false false false");
}

static void handles_are_keys_in_the_order_of_their_records(void **state)
{
    (void)state;
    run("local t = {} for _, i in ipairs{3, 1, 4, 2} do t[get(i)] = i end t.x = 0\n"
        "local s = '' for k, v in pairs(t) do s = s .. v end return s",
        "01234");
}

static void misuse_is_told_with_a_mend(void **state)
{
    (void)state;
    run("return get(1):dubble()",
        "error: test.lua:1: unknown method or field 'dubble' of an item; did you mean 'double'?");
    run("return get(1).valeu",
        "error: test.lua:1: unknown method or field 'valeu' of an item; did you mean 'value'?");
    run("return get(1).zzz", "error: test.lua:1: unknown method or field 'zzz' of an item");
    run("get(1).value = 3", "error: test.lua:1: a field of an item cannot be set");
    run("get(1).double = 3",
        "error: test.lua:1: 'double' is a method of an item: call it, x:double(…)");
    run("check(1)", "error: test.lua:1: expected an item, got a number");
    run("check('x')", "error: test.lua:1: expected an item, got a string");
    run("check(nil)", "error: test.lua:1: expected an item, got nil");
    run("check()", "error: test.lua:1: expected an item, got nothing");
    run("check(get_other())", "error: test.lua:1: expected an item, got an other");
    run("get(1).double(2)", "error: test.lua:1: expected an item, got a number");
    run("return getmetatable(get(1))", "false");
}

static void a_handle_of_a_freed_record_is_refused(void **state)
{
    (void)state;
    run("local a = get(1) drop(1) return a:double()", "error: test.lua:1: this item is gone");
    run("local a = get(1) drop(1) return a.value", "error: test.lua:1: this item is gone");
    run("local a = get(1) drop(1) return tostring(a), test(a)", "item 1 false");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods_and_fields_are_found),
        cmocka_unit_test(handles_are_keys_in_the_order_of_their_records),
        cmocka_unit_test(misuse_is_told_with_a_mend),
        cmocka_unit_test(a_handle_of_a_freed_record_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
