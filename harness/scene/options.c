/* What a scenario and a group may say of themselves. */
#include "harness/catalogue/requirement.h"
#include "harness/scene/capability.h"
#include "harness/scene/suite.h"

#include "harness/lua/handle.h"
#include "harness/lua/order.h"
#include "harness/monitor/rules.h"
#include "harness/pattern/pattern.h"
#include "harness/scene/scene.h"

enum { LIST_MOST = 1000, TEXT_MOST = 4096 };

struct reading {
    lua_State *L;
    struct arena *arena;
    struct scenario_info *info;
    const char *owner; /* "scenario" or "group" */
    const char *name;  /* of the option */
    int value;         /* its index */
};

struct view copy_in(lua_State *L, struct arena *arena, struct view text)
{
    struct view copy = arena_copy(arena, text);
    if (copy.ptr == NULL)
        luaL_error(L, "not enough memory");
    return copy;
}

static struct view read_text(const struct reading *r, int index)
{
    struct view text;
    if (lua_type(r->L, index) != LUA_TSTRING)
        misuse(r->L, "option '%s' of %s wants a string, got a %s", r->name, r->owner,
               luaL_typename(r->L, index));
    text.ptr = lua_tolstring(r->L, index, &text.len);
    if (text.len == 0 || text.len > TEXT_MOST || memchr(text.ptr, 0, text.len) != NULL)
        misuse(r->L, "option '%s' of %s: a text of 1 to %d bytes is wanted", r->name, r->owner,
               TEXT_MOST);
    return copy_in(r->L, r->arena, text);
}

/* What is inherited comes first. */
static void read_list(const struct reading *r, struct view_list *list)
{
    if (lua_type(r->L, r->value) != LUA_TTABLE)
        misuse(r->L, "option '%s' of %s wants a list, as in %s = { \"a\", \"b\" }", r->name,
               r->owner, r->name);
    lua_Unsigned count = lua_rawlen(r->L, r->value);
    lua_Unsigned keys = 0;
    for (lua_pushnil(r->L); lua_next(r->L, r->value) != 0; lua_pop(r->L, 1))
        keys++;
    if (keys != count || count + list->count > LIST_MOST)
        misuse(r->L, "option '%s' of %s wants a plain list of at most %d strings", r->name,
               r->owner, LIST_MOST);
    struct view *items = arena_alloc(r->arena, (list->count + count + 1) * sizeof *items);
    if (items == NULL)
        luaL_error(r->L, "not enough memory");
    for (size_t i = 0; i < list->count; i++)
        items[i] = list->items[i];
    for (lua_Unsigned i = 0; i < count; i++) {
        lua_rawgeti(r->L, r->value, (lua_Integer)i + 1);
        items[list->count + i] = read_text(r, -1);
        lua_pop(r->L, 1);
    }
    *list = (struct view_list){items, list->count + count};
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void read_tags(const struct reading *r)
{
    read_list(r, &r->info->tags);
    for (size_t i = 0; i < r->info->tags.count; i++) {
        struct view tag = r->info->tags.items[i];
        for (size_t j = 0; j < tag.len; j++)
            if (!is_letter(tag.ptr[j]) && !is_digit(tag.ptr[j]) &&
                strchr("_-.", tag.ptr[j]) == NULL)
                misuse(r->L, "tag '%.*s': letters, digits, '-', '_' and '.' only", VIEW_ARG(tag));
    }
}

/* An id that is nowhere in the catalogue would be a requirement that nobody misses. */
static void read_covers(const struct reading *r)
{
    read_list(r, &r->info->covers);
    for (size_t i = 0; i < r->info->covers.count; i++) {
        struct view id = r->info->covers.items[i];
        if (requirement_find(id) != NULL)
            continue;
        const char *near = requirement_near(id.ptr);
        if (near != NULL)
            misuse(r->L, "covers: the catalogue has no '%.*s'; did you mean '%s'?", VIEW_ARG(id),
                   near);
        misuse(r->L, "covers: the catalogue has no '%.*s'; 'CTI-001' is one of its ids",
               VIEW_ARG(id));
    }
}

static void read_needs(const struct reading *r)
{
    read_list(r, &r->info->needs);
    for (size_t i = 0; i < r->info->needs.count; i++) {
        struct view need = r->info->needs.items[i];
        if (capability_known(need))
            continue;
        const char *nearest = capability_near(need.ptr);
        misuse(r->L, "needs: unknown capability '%.*s'%s%s%s", VIEW_ARG(need),
               nearest == NULL
                   ? " (roles, transports, option tags, auto_answer, digest, trigger:NAME)"
                   : "; did you mean '",
               nearest == NULL ? "" : nearest, nearest == NULL ? "" : "'?");
    }
}

static void misuse_rule(const struct reading *r, struct view text)
{
    const char *near = rule_nearest(lua_pushlstring(r->L, text.ptr, text.len));
    if (near != NULL)
        misuse(r->L, "allow: there is no rule '%.*s'; did you mean '%s'?", VIEW_ARG(text), near);
    misuse(r->L, "allow: '%.*s' is neither a rule, as MSG-013, nor a message, as dut->>*: OPTIONS",
           VIEW_ARG(text));
}

/* "MSG-013", a rule of the monitor, or "dut->>*: OPTIONS", a message. */
static void read_allow(const struct reading *r)
{
    read_list(r, &r->info->allow);
    for (size_t i = 0; i < r->info->allow.count; i++) {
        struct view text = r->info->allow.items[i];
        struct pattern_line line;
        struct pattern_error error;
        if (rule_find(text) != NULL)
            continue;
        if (view_find(text, V("->")) == text.len)
            misuse_rule(r, text);
        enum err err = pattern_line_parse(text, r->arena, &line, &error);
        if (err == ERR_SYNTAX)
            misuse(r->L, "allow: '%.*s': %s", VIEW_ARG(text), error.sentence);
        if (err != ERR_OK)
            luaL_error(r->L, "not enough memory");
    }
}

static void read_timeout(const struct reading *r)
{
    r->info->timeout_us = scene_duration(r->L, r->value);
    if (r->info->timeout_us == 0)
        misuse(r->L, "option 'timeout' of %s: more than nothing is wanted", r->owner);
}

static void read_net(const struct reading *r)
{
    static const char *const nets[] = {"any", "sim", "real", NULL};
    struct view net = read_text(r, r->value);
    for (int i = 0; nets[i] != NULL; i++)
        if (view_equal(net, view_of(nets[i]))) {
            r->info->net = (enum scenario_net)i;
            return;
        }
    misuse(r->L, "option 'net' of %s: '%.*s' is none of \"sim\", \"real\" and \"any\"", r->owner,
           VIEW_ARG(net));
}

static struct view read_why(const struct reading *r)
{
    if (lua_type(r->L, r->value) == LUA_TBOOLEAN)
        misuse(r->L, "option '%s' of %s wants the reason: %s = \"why\"", r->name, r->owner,
               r->name);
    return read_text(r, r->value);
}

static void read_skip(const struct reading *r)
{
    r->info->skip = read_why(r);
}

static void read_xfail(const struct reading *r)
{
    r->info->xfail = read_why(r);
}

static lua_Integer read_integer(const struct reading *r, lua_Integer least, lua_Integer most)
{
    int fine;
    lua_Integer value = lua_tointegerx(r->L, r->value, &fine);
    if (!fine || lua_type(r->L, r->value) != LUA_TNUMBER || value < least || value > most)
        misuse(r->L, "option '%s' of %s wants a whole number from %lld on", r->name, r->owner,
               (long long)least);
    return value;
}

static void read_tidy(const struct reading *r)
{
    if (!lua_isboolean(r->L, r->value))
        misuse(r->L, "option 'tidy' of %s is true or false, not a %s", r->owner,
               luaL_typename(r->L, r->value));
    r->info->as_it_is = !lua_toboolean(r->L, r->value);
}

static void read_retries(const struct reading *r)
{
    r->info->retries = (uint32_t)read_integer(r, 0, 1000);
}

static void read_seed(const struct reading *r)
{
    r->info->seed = (uint64_t)read_integer(r, 0, LUA_MAXINTEGER);
    r->info->has_seed = true;
}

static const struct {
    const char *name;
    void (*read)(const struct reading *r);
} rows[] = {
    {"tags",    read_tags   },
    {"covers",  read_covers },
    {"needs",   read_needs  },
    {"allow",   read_allow  },
    {"timeout", read_timeout},
    {"net",     read_net    },
    {"skip",    read_skip   },
    {"xfail",   read_xfail  },
    {"retries", read_retries},
    {"tidy",    read_tidy   },
    {"seed",    read_seed   },
};
enum { ROW_COUNT = sizeof rows / sizeof *rows };

static void unknown_option(lua_State *L, int key, const char *owner)
{
    const char *names[ROW_COUNT + 1] = {0};
    for (size_t i = 0; i < ROW_COUNT; i++)
        names[i] = rows[i].name;
    if (lua_type(L, key) != LUA_TSTRING)
        misuse(L, "options of %s have names, as in { tags = { \"uas\" } }", owner);
    const char *nearest = suggest(lua_tostring(L, key), names);
    misuse(L, "unknown option '%s' of %s%s%s%s", lua_tostring(L, key), owner,
           nearest == NULL ? "" : "; did you mean '", nearest == NULL ? "" : nearest,
           nearest == NULL ? "" : "'?");
}

static bool has_row(const char *name)
{
    size_t row = 0;
    while (row < ROW_COUNT && strcmp(rows[row].name, name) != 0)
        row++;
    return row < ROW_COUNT;
}

void scenario_options_read(lua_State *L, int index, struct arena *arena, struct scenario_info *info,
                           const char *owner)
{
    index = lua_absindex(L, index);
    lua_Integer count = order_keys(L, index);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        if (lua_type(L, -1) != LUA_TSTRING || !has_row(lua_tostring(L, -1)))
            unknown_option(L, lua_gettop(L), owner);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    for (size_t i = 0; i < ROW_COUNT;
         i++) { /* in the order of rows: which error comes first is fixed */
        struct reading r = {L, arena, info, owner, rows[i].name, 0};
        if (lua_getfield(L, index, rows[i].name) != LUA_TNIL) {
            r.value = lua_gettop(L);
            rows[i].read(&r);
        }
        lua_pop(L, 1);
    }
}
