#include "harness/lua/handle.h"

#include "harness/lua/engine.h"

/* A userdata of ours is known by the mark in its metatable: a script has neither. */
static const char mark;

/* In a kind's metatable: where the records are; handles by index, so that one record has one handle
 * as long as the script holds it, and can be a key of a table. */
enum { SLOT_RECORDS = 1, SLOT_HANDLES };

struct held {
    const struct handle_kind *kind;
    const struct table *records;
    struct handle handle;
};

static struct held *held_at(lua_State *L, int index)
{
    if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index))
        return NULL;
    bool ours = lua_rawgetp(L, -1, &mark) != LUA_TNIL;
    lua_pop(L, 2);
    return ours ? lua_touserdata(L, index) : NULL;
}

const char *handle_type_text(lua_State *L, int index)
{
    struct held *held = held_at(L, index);
    if (held != NULL)
        return held->kind->name;
    if (lua_isnone(L, index))
        return "nothing";
    if (luaL_getmetafield(L, index, "__name") == LUA_TSTRING) {
        const char *name = lua_tostring(L, -1); /* kept by its metatable */
        lua_pop(L, 1);
        return name;
    }
    return luaL_typename(L, index);
}

static const char *article(const char *noun)
{
    return strchr("aeiou", noun[0]) != NULL ? "an" : "a";
}

/* Method names and field names in one list, for suggestions; on the stack as a userdata. */
static const char *const *names_of(lua_State *L, const struct handle_kind *kind)
{
    size_t count = 0;
    for (const luaL_Reg *method = kind->methods; method != NULL && method->name != NULL; method++)
        count++;
    for (const char *const *field = kind->fields; field != NULL && *field != NULL; field++)
        count++;
    const char **names = lua_newuserdatauv(L, (count + 1) * sizeof *names, 0);
    count = 0;
    for (const luaL_Reg *method = kind->methods; method != NULL && method->name != NULL; method++)
        names[count++] = method->name;
    for (const char *const *field = kind->fields; field != NULL && *field != NULL; field++)
        names[count++] = *field;
    names[count] = NULL;
    return names;
}

static bool has_method(const struct handle_kind *kind, const char *name)
{
    for (const luaL_Reg *method = kind->methods; method->name != NULL; method++)
        if (strcmp(method->name, name) == 0)
            return true;
    return false;
}

static int unknown_name(lua_State *L, const struct handle_kind *kind, const char *name)
{
    const char *nearest = suggest(name, names_of(L, kind));
    if (nearest != NULL)
        return misuse(L, "unknown method or field '%s' of %s %s; did you mean '%s'?", name,
                      article(kind->name), kind->name, nearest);
    if (kind->gives != NULL && has_method(kind->gives, name))
        return misuse(L, "unknown method or field '%s' of %s %s; %s %s has it: %s", name,
                      article(kind->name), kind->name, article(kind->gives->name),
                      kind->gives->name, kind->how);
    return misuse(L, "unknown method or field '%s' of %s %s", name, article(kind->name),
                  kind->name);
}

/* Upvalues: the kind, its methods. */
static int handle_index(lua_State *L)
{
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TNIL)
        return 1;
    const struct handle_kind *kind = lua_touserdata(L, lua_upvalueindex(1));
    void *record = handle_check(L, 1, kind);
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : luaL_typename(L, 2);
    lua_settop(L, 2);
    if (lua_type(L, 2) == LUA_TSTRING && kind->field != NULL && kind->field(L, record, name) != 0)
        return 1;
    return unknown_name(L, kind, name);
}

static int handle_newindex(lua_State *L)
{
    const struct handle_kind *kind = lua_touserdata(L, lua_upvalueindex(1));
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    for (const luaL_Reg *method = kind->methods; method != NULL && method->name != NULL; method++)
        if (strcmp(method->name, name) == 0)
            return misuse(L, "'%s' is a method of %s %s: call it, x:%s(…)", name,
                          article(kind->name), kind->name, name);
    return misuse(L, "a field of %s %s cannot be set", article(kind->name), kind->name);
}

static int handle_tostring(lua_State *L)
{
    const struct held *held = held_at(L, 1);
    luaL_argexpected(L, held != NULL, 1, "handle");
    lua_pushfstring(L, "%s %d", held->kind->name, (int)held->handle.index + 1);
    return 1;
}

static int handle_eq(lua_State *L)
{
    const struct held *a = held_at(L, 1), *b = held_at(L, 2);
    lua_pushboolean(L, a != NULL && b != NULL && a->kind == b->kind &&
                           handle_equal(a->handle, b->handle));
    return 1;
}

static void push_metatable(lua_State *L, const struct handle_kind *kind)
{
    lua_createtable(L, 0, 8);
    lua_pushboolean(L, 1);
    lua_rawsetp(L, -2, &mark);
    lua_pushlightuserdata(L, (void *)(uintptr_t)kind);
    lua_newtable(L);
    if (kind->methods != NULL)
        luaL_setfuncs(L, kind->methods, 0);
    lua_pushcclosure(L, handle_index, 2);
    lua_setfield(L, -2, "__index");
    lua_pushlightuserdata(L, (void *)(uintptr_t)kind);
    lua_pushcclosure(L, handle_newindex, 1);
    lua_setfield(L, -2, "__newindex");
    lua_pushcfunction(L, handle_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushcfunction(L, handle_eq);
    lua_setfield(L, -2, "__eq");
    lua_pushstring(L, kind->name);
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0); /* a script sees no metatable of ours */
    lua_setfield(L, -2, "__metatable");
}

void handle_kind_table(lua_State *L, const struct handle_kind *kind, struct table *table)
{
    push_metatable(L, kind);
    lua_pushlightuserdata(L, table);
    lua_rawseti(L, -2, SLOT_RECORDS);
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_rawseti(L, -2, SLOT_HANDLES);
    lua_rawsetp(L, LUA_REGISTRYINDEX, kind);
}

void handle_push(lua_State *L, const struct handle_kind *kind, struct handle handle)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, kind);
    lua_rawgeti(L, -1, SLOT_HANDLES);
    struct held *held = NULL;
    if (lua_rawgeti(L, -1, (lua_Integer)handle.index + 1) != LUA_TNIL)
        held = lua_touserdata(L, -1);
    if (held == NULL || held->handle.gen != handle.gen) {
        lua_pop(L, 1);
        lua_rawgeti(L, -2, SLOT_RECORDS);
        const struct table *records = lua_touserdata(L, -1);
        lua_pop(L, 1);
        held = lua_newuserdatauv(L, sizeof *held, 0);
        *held = (struct held){kind, records, handle};
        lua_pushvalue(L, -3);
        lua_setmetatable(L, -2);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, (lua_Integer)handle.index + 1);
    }
    lua_replace(L, -3);
    lua_pop(L, 1);
}

bool handle_held(lua_State *L, const struct handle_kind *kind, struct handle handle)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, kind);
    lua_rawgeti(L, -1, SLOT_HANDLES);
    lua_rawgeti(L, -1, (lua_Integer)handle.index + 1);
    const struct held *held = lua_touserdata(L, -1);
    bool same = held != NULL && held->handle.gen == handle.gen;
    lua_pop(L, 3);
    return same;
}

void *handle_test(lua_State *L, int index, const struct handle_kind *kind)
{
    const struct held *held = held_at(L, index);
    return held == NULL || held->kind != kind ? NULL : table_find(held->records, held->handle);
}

void *handle_any(lua_State *L, int index, const struct handle_kind **out_kind)
{
    const struct held *held = held_at(L, index);
    *out_kind = held == NULL ? NULL : held->kind;
    return held == NULL ? NULL : table_find(held->records, held->handle);
}

void *handle_check(lua_State *L, int index, const struct handle_kind *kind)
{
    const struct held *held = held_at(L, index);
    if (held == NULL || held->kind != kind) {
        const char *got = handle_type_text(L, index);
        misuse(L, "expected %s %s, got %s%s%s", article(kind->name), kind->name,
               strcmp(got, "nil") == 0 || strcmp(got, "nothing") == 0 ? "" : article(got),
               strcmp(got, "nil") == 0 || strcmp(got, "nothing") == 0 ? "" : " ", got);
        return NULL;
    }
    void *record = table_find(held->records, held->handle);
    if (record == NULL)
        misuse(L, "this %s is gone", kind->name);
    return record;
}

const char *handle_order(lua_State *L, int index, lua_Integer *out)
{
    const struct held *held = held_at(L, index);
    if (held == NULL)
        return NULL;
    *out = (lua_Integer)held->handle.index;
    return held->kind->name;
}
