#include "harness/api/header_rows.h"

#include "harness/api/field_value.h"
#include "harness/api/kinds.h"
#include "harness/api/opts.h"

#include <string.h>

enum { ROWS_MAX = 1000, NAME_MAX_LEN = 40 };

static bool is_own(const char *name, const char *const *own)
{
    for (; own != NULL && *own != NULL; own++)
        if (strcmp(name, *own) == 0)
            return true;
    return false;
}

/* "max_forwards" is Max-Forwards; absent: no header is called so. */
static struct view named_header(const char *name)
{
    char room[NAME_MAX_LEN];
    size_t len = strlen(name);

    if (len >= sizeof room)
        return (struct view){0};
    for (size_t i = 0; i <= len; i++)
        room[i] = name[i];
    for (size_t i = 0; i < len; i++)
        if (room[i] == '_')
            room[i] = '-';
    enum sip_header_id id = sip_header_find((struct view){room, len});
    return id == SIP_HEADER_OTHER ? (struct view){0} : sip_header_name(id);
}

static size_t values_of(lua_State *L, int index)
{
    return lua_istable(L, index) ? lua_rawlen(L, index) : 1;
}

/* How many rows there may be: each value of the table, and of its `headers`. */
static size_t rows_bound(lua_State *L, int index)
{
    size_t count = 0;

    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        count += values_of(L, -1);
        if (!lua_istable(L, -1))
            continue;
        int inner = lua_gettop(L);
        for (lua_pushnil(L); lua_next(L, inner) != 0; lua_pop(L, 1))
            count += values_of(L, -1);
    }
    if (count > ROWS_MAX)
        scene_misuse(L, "a message has at most %d headers of a script's own", ROWS_MAX);
    return count;
}

/* The text of the value on top of the stack; absent: false, left out on purpose. */
static struct view value_text(lua_State *L, struct view name, int keep)
{
    struct view text = field_value_text(L, -1);

    if (text.ptr != NULL)
        return text;
    if (lua_isboolean(L, -1) && !lua_toboolean(L, -1))
        return text;
    if (lua_type(L, -1) == LUA_TNUMBER) { /* as a string of its own: the script's stays a number */
        lua_pushvalue(L, -1);
        text.ptr = lua_tolstring(L, -1, &text.len);
        lua_rawseti(L, keep, (lua_Integer)lua_rawlen(L, keep) + 1);
        return text;
    }
    if (lua_type(L, -1) != LUA_TSTRING)
        scene_misuse(L, "header %.*s is a string, a list of strings, or false, not %s",
                     VIEW_ARG(name), handle_type_text(L, -1));
    text.ptr = lua_tolstring(L, -1, &text.len);
    return text;
}

static void row_add(lua_State *L, struct header_rows *rows, struct view name)
{
    ASSERT(rows->count < rows->size);
    rows->items[rows->count++] = (struct sip_row){
        .id = sip_header_find(name), .name = name, .value = value_text(L, name, rows->keep)};
}

/* The value on top of the stack: one row, or several of a list. */
static void rows_add(lua_State *L, struct header_rows *rows, struct view name)
{
    if (!lua_istable(L, -1)) {
        row_add(L, rows, name);
        return;
    }
    size_t count = lua_rawlen(L, -1);
    for (size_t i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        row_add(L, rows, name);
        lua_pop(L, 1);
    }
}

/* Stable, and of few items: insertion. Lists keep their order. */
static void rows_sort(struct header_rows *rows)
{
    for (size_t i = 1; i < rows->count; i++) {
        struct sip_row row = rows->items[i];
        size_t at = i;
        for (; at > 0 && view_compare(rows->items[at - 1].name, row.name) > 0; at--)
            rows->items[at] = rows->items[at - 1];
        rows->items[at] = row;
    }
}

static void headers_add(lua_State *L, struct header_rows *rows, int index, const char *whose)
{
    lua_pushliteral(L, "headers");
    if (lua_rawget(L, index) == LUA_TNIL)
        return;
    if (!lua_istable(L, -1))
        scene_misuse(L, "headers of %s is a table: headers = { [\"X-Name\"] = \"value\" }", whose);
    int headers = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, headers) != 0; lua_pop(L, 1)) {
        struct view name;
        if (lua_type(L, -2) != LUA_TSTRING)
            scene_misuse(L, "headers = { [\"X-Name\"] = \"value\" }: a name is a string, not %s",
                         handle_type_text(L, -2));
        name.ptr = lua_tolstring(L, -2, &name.len);
        rows_add(L, rows, name);
    }
}

/* Of several keys that are nothing the least is named, so that each run says the same. */
static void fields_add(lua_State *L, struct header_rows *rows, int index, const char *const *own,
                       const char *whose)
{
    const char *unknown = NULL;
    char room[80];

    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "[1]";
        struct view header = named_header(name);
        if (is_own(name, own))
            continue;
        if (header.ptr != NULL)
            rows_add(L, rows, header);
        else if (unknown == NULL || strcmp(name, unknown) < 0)
            unknown = name;
    }
    if (unknown != NULL)
        scene_misuse(L, "unknown field '%s' of %s%s; other headers go into headers = {…}", unknown,
                     whose, mend(unknown, own, room, sizeof room));
}

struct header_rows *header_rows_push(lua_State *L, int index, bool fields, const char *const *own,
                                     const char *whose)
{
    size_t size = index == 0 ? 0 : rows_bound(L, index);

    luaL_checkstack(L, 16, "headers");
    lua_newtable(L);
    int keep = lua_gettop(L);
    struct header_rows *rows = lua_newuserdatauv(L, sizeof *rows + size * sizeof *rows->items, 0);
    *rows = (struct header_rows){.size = size, .keep = keep};
    if (index == 0)
        return rows;
    int top = lua_gettop(L);
    headers_add(L, rows, index, whose);
    if (fields)
        fields_add(L, rows, index, own, whose);
    rows_sort(rows);
    lua_settop(L, top); /* the values live on in the script's table */
    return rows;
}
