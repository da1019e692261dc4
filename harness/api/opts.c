#include "harness/api/opts.h"

#include "harness/lua/handle.h"

#include <stdio.h>
#include <string.h>

static bool is_known(const char *name, const char *const *list)
{
    for (; list != NULL && *list != NULL; list++)
        if (strcmp(name, *list) == 0)
            return true;
    return false;
}

const char *mend(const char *name, const char *const *candidates, char *room, size_t size)
{
    const char *nearest = suggest(name, candidates);

    if (nearest == NULL)
        return "";
    snprintf(room, size, "; did you mean '%s'?", nearest);
    return room;
}

enum { NAMES_MAX = 64 };

/* "; there are 'body', 'contact' …": what it says where none is near. */
static void names_add(luaL_Buffer *out, const char *const *names)
{
    luaL_addstring(out, "; there are ");
    for (size_t i = 0; names[i] != NULL; i++) {
        luaL_addstring(out, i == 0 ? "'" : ", '");
        luaL_addstring(out, names[i]);
        luaL_addstring(out, "'");
    }
}

static int unknown_option(lua_State *L, const char *name, const char *whose,
                          const char *const *known, const char *const *more)
{
    const char *all[NAMES_MAX + 1];
    size_t count = 0;
    char room[80];
    luaL_Buffer there;

    for (; known != NULL && *known != NULL && count < NAMES_MAX; known++)
        all[count++] = *known;
    for (; more != NULL && *more != NULL && count < NAMES_MAX; more++)
        all[count++] = *more;
    all[count] = NULL;
    const char *near = mend(name, all, room, sizeof room);
    luaL_buffinit(L, &there);
    if (near[0] == '\0')
        names_add(&there, all);
    luaL_pushresult(&there);
    return scene_misuse(L, "unknown option '%s' of %s%s%s", name, whose, near, lua_tostring(L, -1));
}

/* Of several unknown names the least, so that the same script says the same each time. */
static const char *unknown_name(lua_State *L, int index, const char *const *known,
                                const char *const *more)
{
    const char *least = NULL;

    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "[1]";
        if (is_known(name, known) || is_known(name, more))
            continue;
        if (least == NULL || strcmp(name, least) < 0)
            least = name;
    }
    return least;
}

struct opts opts_open(lua_State *L, int index, const char *whose, const char *const *known,
                      const char *const *more)
{
    struct opts opts = {.L = L, .whose = whose};

    if (lua_isnoneornil(L, index))
        return opts;
    if (!lua_istable(L, index)) {
        scene_misuse(L, "the options of %s are a table, not %s", whose, handle_type_text(L, index));
        return opts;
    }
    opts.index = lua_absindex(L, index);
    const char *name = unknown_name(L, opts.index, known, more);
    if (name != NULL)
        unknown_option(L, name, whose, known, more);
    return opts;
}

bool opts_push(const struct opts *opts, const char *name)
{
    if (opts->index == 0)
        return false;
    lua_pushstring(opts->L, name);
    if (lua_rawget(opts->L, opts->index) != LUA_TNIL)
        return true;
    lua_pop(opts->L, 1);
    return false;
}

bool opts_has(const struct opts *opts, const char *name)
{
    if (!opts_push(opts, name))
        return false;
    lua_pop(opts->L, 1);
    return true;
}

int opts_wrong(const struct opts *opts, const char *name, const char *wanted)
{
    const char *got = handle_type_text(opts->L, -1);

    return scene_misuse(opts->L, "option '%s' of %s is %s, not a %s", name, opts->whose, wanted,
                        got);
}

bool opts_view(const struct opts *opts, const char *name, struct view *out)
{
    if (!opts_push(opts, name))
        return false;
    if (lua_type(opts->L, -1) != LUA_TSTRING)
        opts_wrong(opts, name, "a string");
    out->ptr = lua_tolstring(opts->L, -1, &out->len);
    lua_pop(opts->L, 1);
    return true;
}

bool opts_bool(const struct opts *opts, const char *name, bool *out)
{
    if (!opts_push(opts, name))
        return false;
    if (!lua_isboolean(opts->L, -1))
        opts_wrong(opts, name, "true or false");
    *out = lua_toboolean(opts->L, -1);
    lua_pop(opts->L, 1);
    return true;
}

bool opts_true(const struct opts *opts, const char *name)
{
    bool value;

    return opts_bool(opts, name, &value) && value;
}

bool opts_uint(const struct opts *opts, const char *name, uint64_t max, uint64_t *out)
{
    int is_integer;

    if (!opts_push(opts, name))
        return false;
    lua_Integer value = lua_tointegerx(opts->L, -1, &is_integer);
    if (lua_type(opts->L, -1) != LUA_TNUMBER || !is_integer || value < 0)
        opts_wrong(opts, name, "a whole number");
    if ((uint64_t)value > max)
        scene_misuse(opts->L, "option '%s' of %s is at most %llu", name, opts->whose,
                     (unsigned long long)max);
    lua_pop(opts->L, 1);
    *out = (uint64_t)value;
    return true;
}

bool opts_duration(const struct opts *opts, const char *name, uint64_t *out)
{
    if (!opts_push(opts, name))
        return false;
    *out = scene_duration(opts->L, -1);
    lua_pop(opts->L, 1);
    return true;
}

/* Whole seconds are what goes over the wire. */
bool opts_seconds(const struct opts *opts, const char *name, uint32_t *out)
{
    uint64_t us;

    if (!opts_duration(opts, name, &us))
        return false;
    if (us % US_PER_S != 0 || us / US_PER_S > UINT32_MAX)
        scene_misuse(opts->L, "option '%s' of %s is whole seconds", name, opts->whose);
    *out = (uint32_t)(us / US_PER_S);
    return true;
}

bool opts_push_list(const struct opts *opts, const char *name)
{
    if (!opts_push(opts, name))
        return false;
    if (lua_type(opts->L, -1) != LUA_TSTRING)
        return true;
    lua_createtable(opts->L, 1, 0);
    lua_insert(opts->L, -2);
    lua_rawseti(opts->L, -2, 1);
    return true;
}

bool opts_fraction(const struct opts *opts, const char *name, uint32_t *out_ppm)
{
    if (!opts_push(opts, name))
        return false;
    lua_Number value = lua_tonumber(opts->L, -1);
    if (lua_type(opts->L, -1) != LUA_TNUMBER || !(value >= 0 && value <= 1))
        opts_wrong(opts, name, "a fraction from 0 to 1");
    lua_pop(opts->L, 1);
    *out_ppm = (uint32_t)(value * 1000000 + 0.5);
    return true;
}

struct view arg_view(lua_State *L, int index, const char *what)
{
    struct view text;

    if (lua_type(L, index) != LUA_TSTRING)
        scene_misuse(L, "%s is a string, not %s", what, handle_type_text(L, index));
    text.ptr = lua_tolstring(L, index, &text.len);
    return text;
}

void args_settle(lua_State *L)
{
    lua_settop(L, 3);
    if (lua_istable(L, 2) && lua_isnil(L, 3))
        lua_insert(L, 2);
}

size_t list_count(lua_State *L, int index, const char *what)
{
    if (!lua_istable(L, index))
        scene_misuse(L, "%s is a list, {…}, not %s", what, handle_type_text(L, index));
    return lua_rawlen(L, index);
}

struct view list_item(lua_State *L, int index, size_t item, const char *what)
{
    struct view text;

    if (lua_rawgeti(L, index, (lua_Integer)item) != LUA_TSTRING)
        scene_misuse(L, "%s is a list of strings: item %d is %s", what, (int)item,
                     handle_type_text(L, -1));
    text.ptr = lua_tolstring(L, -1, &text.len);
    lua_pop(L, 1);
    return text;
}
