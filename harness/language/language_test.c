/* The table against a live Lua state: every global, every method and every option that there is
 * stands in it, and nothing else does. */
#include "harness/language/language.h"
#include "harness/api/api.h"
#include "harness/lua/handle.h"
#include "harness/scene/scene_fixture.h"

#include <lualib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct buf wrong; /* a line for each departure */

static const struct term *term_of_base(const struct term *class, enum term_kind kind,
                                       struct view name)
{
    for (; class != NULL; class = term_base(class))
        for (const struct term *term = NULL; (term = term_next(class, term)) != NULL;)
            if (term->kind == kind && view_equal(view_of(term->name), name))
                return term;
    return NULL;
}

static const struct term *class_live(const char *live)
{
    for (size_t i = 0; i < term_count; i++)
        if (term_rows[i].kind == TERM_CLASS && strcmp(term_rows[i].args, live) == 0)
            return &term_rows[i];
    return NULL;
}

/* As lua_getfield, but for what stands in the table itself: unknown names of ours raise. */
static int raw_field(lua_State *L, int table, const char *name)
{
    table = lua_absindex(L, table);
    lua_pushstring(L, name);
    return lua_rawget(L, table);
}

/* What is on top is a table of functions: the methods of the class, and no others. */
static void methods_compare(lua_State *L, const struct term *class)
{
    int table = lua_gettop(L);

    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        const char *name = lua_tostring(L, -2);
        if (strncmp(name, "__", 2) != 0 && term_of_base(class, TERM_METHOD, view_of(name)) == NULL)
            buf_printf(&wrong, "%s has a method '%s' that terms.def has not\n", class->name, name);
    }
    for (const struct term *of = class; of != NULL; of = term_base(of))
        for (const struct term *term = NULL; (term = term_next(of, term)) != NULL;) {
            if (term->kind != TERM_METHOD)
                continue;
            if (raw_field(L, table, term->name) == LUA_TNIL)
                buf_printf(&wrong, "%s has no method '%s' that terms.def has\n", class->name,
                           term->name);
            lua_pop(L, 1);
        }
}

static void fields_compare(const struct term *class, const struct handle_kind *kind)
{
    for (const char *const *field = kind->fields; field != NULL && *field != NULL; field++)
        if (term_of_base(class, TERM_FIELD, view_of(*field)) == NULL)
            buf_printf(&wrong, "%s has a field '%s' that terms.def has not\n", class->name, *field);
    for (const struct term *term = NULL; (term = term_next(class, term)) != NULL;) {
        bool found = term->kind != TERM_FIELD;
        for (const char *const *field = kind->fields; field != NULL && *field != NULL; field++)
            found |= strcmp(*field, term->name) == 0;
        if (!found)
            buf_printf(&wrong, "%s has no field '%s' that terms.def has\n", class->name,
                       term->name);
    }
}

/* Values that a script never holds, or of which it knows no method. */
static bool is_inner(const char *live)
{
    return strcmp(live, "field") == 0 || strcmp(live, "pattern") == 0;
}

/* What is on top is a metatable; its methods are an upvalue of its __index. */
static bool metatable_compare(lua_State *L, const void *key, const char *live)
{
    const struct term *class = class_live(live);
    const struct handle_kind *kind = NULL;

    if (class == NULL) {
        if (!is_inner(live))
            buf_printf(&wrong, "terms.def has no class for what calls itself '%s'\n", live);
        return false;
    }
    if (raw_field(L, -1, "__index") != LUA_TFUNCTION)
        return false;
    int index = lua_gettop(L);
    for (int i = 1; lua_getupvalue(L, index, i) != NULL; i++, lua_pop(L, 1)) {
        if (lua_islightuserdata(L, -1) && lua_topointer(L, -1) == key)
            kind = key;
        if (lua_istable(L, -1))
            methods_compare(L, class);
    }
    if (kind != NULL)
        fields_compare(class, kind);
    return true;
}

static void registry_compare(lua_State *L)
{
    size_t compared = 0;

    lua_pushnil(L);
    while (lua_next(L, LUA_REGISTRYINDEX) != 0) {
        int top = lua_gettop(L);
        if (lua_istable(L, -1) && raw_field(L, -1, "__name") == LUA_TSTRING) {
            const char *live = lua_tostring(L, -1);
            lua_pushvalue(L, top);
            compared += metatable_compare(L, lua_topointer(L, top - 1), live);
        }
        lua_settop(L, top - 1);
    }
    if (compared < 12)
        buf_printf(&wrong, "only %zu kinds of values were looked at\n", compared);
}

static bool is_of_lua(const char *name)
{
    lua_State *plain = luaL_newstate();

    luaL_openlibs(plain);
    bool is = lua_getglobal(plain, name) != LUA_TNIL;
    lua_close(plain);
    return is;
}

static void globals_compare(lua_State *L)
{
    const struct term *globals = term_class(V(""));

    lua_pushglobaltable(L);
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        const char *name = lua_tostring(L, -2);
        bool known = false;
        for (const struct term *term = NULL; (term = term_next(globals, term)) != NULL;)
            known |= strcmp(term->name, name) == 0;
        if (!known && !is_of_lua(name))
            buf_printf(&wrong, "there is a global '%s' that terms.def has not\n", name);
    }
    for (const struct term *term = NULL; (term = term_next(globals, term)) != NULL;) {
        lua_pushstring(L, term->name);
        if (lua_rawget(L, -2) == LUA_TNIL)
            buf_printf(&wrong, "there is no global '%s' that terms.def has\n", term->name);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void table_compare(lua_State *L, const char *class)
{
    methods_compare(L, term_class(view_of(class)));
    lua_pop(L, 1);
}

static const luaL_Reg t_methods[5];

/* t:compare_all(): t itself is known by its metatable, which no script gets. */
static int compare_all(lua_State *L)
{
    lua_settop(L, 1);
    globals_compare(L);
    registry_compare(L);
    lua_getglobal(L, "sip");
    table_compare(L, "sip");
    lua_getglobal(L, "expect");
    table_compare(L, "expect");
    lua_getfield(L, 1, "net");
    table_compare(L, "net");
    lua_getmetatable(L, 1);
    raw_field(L, -1, "__index");
    lua_getupvalue(L, -1, 1);
    for (const luaL_Reg *own = t_methods; own->name != NULL; own++) { /* of this test only */
        lua_pushnil(L);
        lua_setfield(L, -2, own->name);
    }
    table_compare(L, "t");
    for (const struct term *term = NULL; (term = term_next(term_class(V("t")), term)) != NULL;)
        if (term->kind == TERM_FIELD) /* an unknown one raises */
            lua_getfield(L, 1, term->name);
    return 0;
}

/* t:options_of(class): a set of names, those of its base too. */
static int options_of(lua_State *L)
{
    const struct term *class = term_class(view_of(luaL_checkstring(L, 2)));

    luaL_argcheck(L, class != NULL, 2, "a class");
    lua_newtable(L);
    for (; class != NULL; class = term_base(class))
        for (const struct term *term = NULL; (term = term_next(class, term)) != NULL;) {
            lua_pushboolean(L, true);
            lua_setfield(L, -2, term->name);
        }
    return 1;
}

static int say_wrong(lua_State *L)
{
    buf_printf(&wrong, "%s\n", luaL_checkstring(L, 2));
    return 0;
}

/* What a value calls itself that is of this type; NULL: it may be anything. */
static const char *live_of(struct view type)
{
    type = view_head(type, view_find_char(type, '|'));
    if (view_equal(type, V("any")) || view_starts(type, V("any ")))
        return NULL;
    if (view_ends(type, V("[]")))
        return "table";
    if (view_equal(type, V("integer")))
        return "number";
    type = view_head(type, view_find_char(type, ' '));
    const struct term *class = term_class(type);
    static char room[64];
    snprintf(room, sizeof room, "%.*s", VIEW_ARG(type));
    return class != NULL ? class->args : room;
}

/* t:gives("call:ring", leg:ring()) */
static int gives(lua_State *L)
{
    struct view name = view_of(luaL_checkstring(L, 2));
    size_t colon = view_find_char(name, ':');
    const struct term *term =
        term_of_base(term_class(view_head(name, colon)), TERM_METHOD, view_skip(name, colon + 1));

    luaL_argcheck(L, term != NULL, 2, "a method");
    struct view types = view_of(term->type);
    struct term_arg type; /* "string, integer" has the form of a list of arguments without types */
    for (int i = 3; i <= lua_gettop(L); i++) {
        bool more = term_arg_next(&types, &type);
        const char *got = handle_type_text(L, i), *want = more ? live_of(type.name) : "nil";
        bool may_be_nil = more && view_ends(type.name, V("|nil")) && lua_isnil(L, i);
        bool again = i > 3 && strstr(term->type, " ...") != NULL;
        if (!again && !may_be_nil && want != NULL && strcmp(got, want) != 0)
            buf_printf(&wrong, "%.*s gives a %s, not '%s'\n", VIEW_ARG(name), got, term->type);
    }
    if (lua_gettop(L) == 2 && types.len > 0)
        buf_printf(&wrong, "%.*s gives nothing, not '%s'\n", VIEW_ARG(name), term->type);
    return 0;
}

static const luaL_Reg t_methods[5] = {
    {"gives",       gives      },
    {"compare_all", compare_all},
    {"options_of",  options_of },
    {"say_wrong",   say_wrong  },
    {NULL,          NULL       }
};
static const struct scene_part language_part = {.name = "language", .t_methods = t_methods};
static const struct scene_part *const parts[] = {&api_part, &language_part, NULL};

static void assert_nothing_wrong(void)
{
    buf_add_char(&wrong, '\0');
    if (wrong.len > 1)
        fail_msg("harness/language/terms.def:\n%s", wrong.ptr);
    buf_clear(&wrong);
}

/* `ends`: "pass", or "error" where a misuse was raised and caught, which ends a scenario so. */
static void play(const char *code, const char *ends)
{
    struct scene_fixture *f = scene_fixture_create(parts);
    f->suite_options.mutant = V(""); /* or there is no mutant() */
    const char *result = scene_play(f, code);

    for (size_t i = 0;; result = scene_play_at(f, i)) {
        if (strncmp(result, ends, strlen(ends)) != 0)
            fail_msg("%s", result);
        if (++i == suite_count(f->suite))
            break;
    }
    scene_fixture_destroy(f);
}

static void play_file(const char *path, const char *ends)
{
    char code[16384];
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    size_t len = fread(code, 1, sizeof code - 1, file);
    assert_true(len > 0 && len < sizeof code - 1);
    code[len] = '\0';
    fclose(file);
    play(code, ends);
    assert_nothing_wrong();
}

static void each_global_and_each_method_stands_in_the_table(void **state)
{
    (void)state;
    play("scenario('a', function(t)\n"
         "  local alice, bob = t:agents('alice', 'bob')\n"
         "  t:compare_all()\n"
         "  expect(1):equals(1)\n"
         "end)\n",
         "pass");
    assert_nothing_wrong();
}

static void each_option_stands_in_the_table(void **state)
{
    (void)state;
    play_file("harness/language/options_probe.lua", "error");
}

static void methods_give_what_the_table_says(void **state)
{
    (void)state;
    play_file("harness/language/returns_probe.lua", "pass");
}

static void each_type_and_base_is_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < term_count; i++) {
        const struct term *term = &term_rows[i];
        assert_true(term->text[0] != '\0');
        if (term->kind == TERM_CLASS && term->type[0] != '\0')
            assert_non_null(term_class(view_of(term->type)));
        if (term->kind == TERM_METHOD || term->kind == TERM_FIELD)
            assert_non_null(term_class(view_of(term->of)));
        struct view args = term->kind == TERM_METHOD ? view_of(term->args) : V("");
        struct term_arg arg;
        while (term_arg_next(&args, &arg))
            if (view_ends(arg.type, V("_opts")) && term_class(arg.type) == NULL &&
                view_find_char(arg.type, '|') == arg.type.len)
                fail_msg("%s: there is no class %.*s", term->name, VIEW_ARG(arg.type));
    }
}

/* The file for the language server is Lua, and makes the globals that there are. */
static void the_meta_file_is_lua(void **state)
{
    lua_State *L = luaL_newstate();
    struct buf text = {0};

    (void)state;
    language_meta(&text);
    luaL_openlibs(L);
    if (luaL_loadbuffer(L, text.ptr, text.len, "=sipwright.d.lua") != LUA_OK ||
        lua_pcall(L, 0, 0, 0) != LUA_OK)
        fail_msg("%s", lua_tostring(L, -1));
    assert_int_equal(lua_getglobal(L, "scenario"), LUA_TFUNCTION);
    assert_int_equal(lua_getglobal(L, "expect"), LUA_TTABLE);
    assert_int_equal(lua_getglobal(L, "sip"), LUA_TTABLE);
    assert_int_equal(lua_getfield(L, -1, "certificate"), LUA_TFUNCTION);
    lua_close(L);
    buf_deinit(&text);
}

static void types_are_put_below_our_name(void **state)
{
    struct buf text = {0};

    (void)state;
    term_type(&text, V("\"call\"|fun(t: t, n?: string): call|duration[]"));
    buf_add_char(&text, '\0');
    assert_string_equal(text.ptr, "\"call\"|fun(t: sipwright.t, n?: string): "
                                  "sipwright.call|sipwright.duration[]");
    buf_deinit(&text);
}

static void what_is_asked_for_is_explained(void **state)
{
    struct buf text = {0}, complaint = {0};

    (void)state;
    assert_true(language_explain(V("call:ring"), &text, &complaint));
    assert_true(view_find(buf_view(&text), V("Sends 180.")) < text.len);
    assert_true(view_find(buf_view(&text), V("ring_opts.reliable")) < text.len);
    assert_true(view_find(buf_view(&text), V("answer_opts.headers")) < text.len);
    buf_clear(&text);
    assert_true(language_explain(V("certificate_opts"), &text, &complaint));
    assert_true(view_find(buf_view(&text), V("self_signed")) < text.len);
    assert_false(language_explain(V("expect_invit"), &text, &complaint));
    buf_add_char(&complaint, '\0');
    assert_string_equal(complaint.ptr,
                        "the language has no 'expect_invit'; did you mean 'expect_invite'?");
    buf_deinit(&text);
    buf_deinit(&complaint);
}

static int teardown(void **state)
{
    (void)state;
    buf_deinit(&wrong);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_global_and_each_method_stands_in_the_table),
        cmocka_unit_test(each_option_stands_in_the_table),
        cmocka_unit_test(methods_give_what_the_table_says),
        cmocka_unit_test(each_type_and_base_is_one),
        cmocka_unit_test(the_meta_file_is_lua),
        cmocka_unit_test(types_are_put_below_our_name),
        cmocka_unit_test(what_is_asked_for_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
