#include "harness/target/reading.h"
#include "harness/lua/handle.h"
#include "harness/scene/duration.h"

#include <lauxlib.h>
#include <string.h>

enum { ROWS_MOST = 32 };

int reading_memory_error(lua_State *L)
{
    return luaL_error(L, "there is not enough memory");
}

struct view reading_copy(lua_State *L, struct reading *r, int index)
{
    size_t len = 0;
    const char *text = lua_tolstring(L, index, &len);
    struct view copy = arena_copy(r->arena, (struct view){text, len});

    if (copy.ptr == NULL)
        reading_memory_error(L);
    return copy;
}

void reading_want_text(lua_State *L, const struct reading *r, const char *key, int index)
{
    if (lua_type(L, index) != LUA_TSTRING)
        luaL_error(L, "targets.%s.%s: expected a text, got a %s", r->target, key,
                   luaL_typename(L, index));
}

struct view reading_text(lua_State *L, struct reading *r, const char *key, int index)
{
    reading_want_text(L, r, key, index);
    return reading_copy(L, r, index);
}

void reading_want_table(lua_State *L, const struct reading *r, const char *key, int index)
{
    if (lua_type(L, index) != LUA_TTABLE)
        luaL_error(L, "targets.%s.%s: expected a table, got a %s", r->target, key,
                   luaL_typename(L, index));
}

void reading_list(lua_State *L, struct reading *r, const char *key, int value,
                  const struct view **out, size_t *out_count)
{
    reading_want_table(L, r, key, value);
    lua_Unsigned count = lua_rawlen(L, value);
    if (count > READING_LIST_MOST)
        luaL_error(L, "targets.%s.%s: more than %d entries", r->target, key, READING_LIST_MOST);
    struct view *items = arena_alloc(r->arena, ((size_t)count + 1) * sizeof *items);
    if (items == NULL)
        reading_memory_error(L);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, value, (lua_Integer)i + 1);
        items[i] = reading_text(L, r, key, -1);
        lua_pop(L, 1);
    }
    *out = items;
    *out_count = (size_t)count;
}

uint64_t reading_duration(lua_State *L, struct reading *r, const char *key, int value)
{
    uint64_t us = 0;

    if (lua_type(L, value) == LUA_TNUMBER) {
        lua_Number seconds = lua_tonumber(L, value);
        if (seconds > 0 && seconds < 31536000)
            us = (uint64_t)(seconds * (lua_Number)US_PER_S);
    } else if (lua_type(L, value) == LUA_TSTRING) {
        size_t len = 0;
        const char *text = lua_tolstring(L, value, &len);
        if (!duration_parse_bare((struct view){text, len}, &us))
            us = 0;
    }
    if (us == 0) /* which would be the default */
        luaL_error(L, "targets.%s.%s: expected a duration, as in \"20ms\" or 1.5 (seconds)",
                   r->target, key);
    return us;
}

struct view reading_file(lua_State *L, struct reading *r, int index)
{
    index = lua_absindex(L, index);
    lua_getglobal(L, "file");
    lua_pushvalue(L, index);
    lua_call(L, 1, 1);
    struct view text = reading_copy(L, r, -1);
    lua_pop(L, 1);
    return text;
}

size_t reading_names_count(lua_State *L, const struct reading *r, const char *key, int value)
{
    size_t count = 0;

    reading_want_table(L, r, key, value);
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING)
            luaL_error(L, "targets.%s.%s: expected names, got a %s", r->target, key,
                       luaL_typename(L, -2));
        if (++count > READING_LIST_MOST)
            luaL_error(L, "targets.%s.%s: more than %d entries", r->target, key, READING_LIST_MOST);
    }
    return count;
}

enum proto reading_transport(lua_State *L, const struct reading *r, const char *key, int index)
{
    enum proto proto = PROTO_UDP;

    if (lua_type(L, index) != LUA_TSTRING)
        luaL_error(L, "targets.%s.%s: expected a transport, got a %s", r->target, key,
                   luaL_typename(L, index));
    if (proto_parse(view_of(lua_tostring(L, index)), &proto) != ERR_OK)
        luaL_error(L, "targets.%s.%s: '%s' is no transport; there are udp, tcp, tls, ws and wss",
                   r->target, key, lua_tostring(L, index));
    return proto;
}

void *reading_named(lua_State *L, struct reading *r, const char *key, int value, size_t item_len)
{
    size_t count = reading_names_count(L, r, key, value);
    void *items = arena_zalloc(r->arena, (count + 1) * item_len);

    if (items == NULL)
        reading_memory_error(L);
    return items;
}

/* { "baresip", "-f", "ci/targets/baresip" } */
const char *const *reading_command(lua_State *L, struct reading *r, const char *key, int value)
{
    reading_want_table(L, r, key, value);
    lua_Unsigned count = lua_rawlen(L, value);
    if (count == 0 || count > READING_LIST_MOST)
        luaL_error(L, "targets.%s.%s: a program and its arguments, as in { \"baresip\", \"-v\" }",
                   r->target, key);
    const char **argv = arena_zalloc(r->arena, ((size_t)count + 1) * sizeof *argv);
    if (argv == NULL)
        reading_memory_error(L);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, value, (lua_Integer)i + 1);
        argv[i] = reading_text(L, r, key, -1).ptr;
        lua_pop(L, 1);
    }
    return argv;
}

bool reading_bool(lua_State *L, const struct reading *r, const char *key, int index)
{
    if (lua_type(L, index) != LUA_TBOOLEAN)
        luaL_error(L, "targets.%s.%s: expected true or false, got a %s", r->target, key,
                   luaL_typename(L, index));
    return lua_toboolean(L, index);
}

uint64_t reading_count(lua_State *L, const struct reading *r, const char *key, int index,
                       uint64_t most)
{
    lua_Integer count = lua_isinteger(L, index) ? lua_tointeger(L, index) : 0;

    if (count < 1 || (uint64_t)count > most)
        luaL_error(L, "targets.%s.%s: expected a whole number from 1 to %d", r->target, key,
                   (int)most);
    return (uint64_t)count;
}

static const struct key_row *row_find(const struct key_row *rows, const char *key)
{
    for (; rows->name != NULL; rows++)
        if (strcmp(rows->name, key) == 0)
            return rows;
    return NULL;
}

/* "targets.phone", "targets.phone.limits" */
static const char *where(lua_State *L, const struct reading *r, const char *key)
{
    return key == NULL ? lua_pushfstring(L, "targets.%s", r->target)
                       : lua_pushfstring(L, "targets.%s.%s", r->target, key);
}

static void unknown_key(lua_State *L, const struct reading *r, const char *key, const char *name,
                        const struct key_row *rows)
{
    const char *names[ROWS_MOST + 1] = {0};
    size_t count = 0;

    for (; rows[count].name != NULL && count < ROWS_MOST; count++)
        names[count] = rows[count].name;
    const char *near = suggest(name, names);
    if (near != NULL)
        luaL_error(L, "%s: unknown key '%s'; did you mean '%s'?", where(L, r, key), name, near);
    lua_pushfstring(L, "%s: unknown key '%s'; there are %s", where(L, r, key), name, names[0]);
    for (size_t i = 1; i < count; i++)
        lua_pushfstring(L, "%s%s%s", lua_tostring(L, -1), i + 1 < count ? ", " : " and ", names[i]);
    luaL_error(L, "%s", lua_tostring(L, -1));
}

void reading_keys(lua_State *L, struct reading *r, const char *key, int index,
                  const struct key_row *rows, bool listed)
{
    index = lua_absindex(L, index);
    luaL_checkstack(L, 20 + ROWS_MOST, "a target");
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        if (listed && lua_type(L, -2) == LUA_TNUMBER)
            continue;
        if (lua_type(L, -2) != LUA_TSTRING)
            luaL_error(L, "%s: expected named keys (%s = …), got a %s", where(L, r, key),
                       rows[0].name, luaL_typename(L, -2));
        const char *name = lua_tostring(L, -2);
        const struct key_row *row = row_find(rows, name);
        if (row == NULL)
            unknown_key(L, r, key, name, rows);
        else
            row->read(L, r, lua_gettop(L));
    }
}
