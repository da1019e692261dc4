#include "harness/api/field_value.h"

#include "harness/api/kinds.h"
#include "harness/api/opts.h"

static const char metatable_key;

struct field_box {
    struct field field;
    struct sip_msg *msg; /* one reference: the field points into it */
};

static struct field_box *box_test(lua_State *L, int index)
{
    void *box = lua_touserdata(L, index);

    if (box == NULL || !lua_getmetatable(L, index))
        return NULL;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same ? box : NULL;
}

static int unknown_member(lua_State *L, struct field of, struct view name)
{
    char room[80];
    const char *text = lua_pushlstring(L, name.ptr, name.len);

    return scene_misuse(L, "unknown field '%s'%s", text,
                        mend(text, field_names(of), room, sizeof room));
}

static int box_push(lua_State *L, struct field field)
{
    struct field_box *box = lua_newuserdatauv(L, sizeof *box, 0);

    *box = (struct field_box){field, sip_msg_ref(field.msg)};
    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
    lua_setmetatable(L, -2);
    return 1;
}

int field_value_push(lua_State *L, struct field field, struct field of, struct view name)
{
    switch (field.kind) {
    case FIELD_ABSENT:
        lua_pushnil(L);
        return 1;
    case FIELD_TEXT:
        return view_push(L, field.text);
    case FIELD_NUMBER:
        lua_pushinteger(L, field.number);
        return 1;
    case FIELD_BOOL:
        lua_pushboolean(L, field.number != 0);
        return 1;
    case FIELD_OBJECT:
    case FIELD_LIST:
        return box_push(L, field);
    case FIELD_UNKNOWN:
        break;
    }
    return unknown_member(L, of, name);
}

static int box_index(lua_State *L)
{
    struct field_box *box = box_test(L, 1);
    size_t len;

    if (lua_isinteger(L, 2)) {
        lua_Integer index = lua_tointeger(L, 2);
        if (index < 1) {
            lua_pushnil(L);
            return 1;
        }
        return field_value_push(L, field_index(box->field, (size_t)index), box->field, V("[]"));
    }
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &len) : NULL;
    if (name == NULL)
        return scene_misuse(L, "the name of a field is a string, not %s", handle_type_text(L, 2));
    struct view view = {name, len};
    return field_value_push(L, field_member(box->field, view), box->field, view);
}

static int box_len(lua_State *L)
{
    const struct field_box *box = box_test(L, 1);

    lua_pushinteger(L, box->field.kind == FIELD_LIST ? (lua_Integer)box->field.count : 1);
    return 1;
}

static int box_tostring(lua_State *L)
{
    const struct field_box *box = box_test(L, 1);

    return view_push(L, box->field.text.ptr == NULL ? V("") : box->field.text);
}

static int box_eq(lua_State *L)
{
    const struct field_box *a = box_test(L, 1), *b = box_test(L, 2);

    lua_pushboolean(L, a != NULL && b != NULL && view_equal(a->field.text, b->field.text));
    return 1;
}

static int box_newindex(lua_State *L)
{
    return scene_misuse(L, "a message cannot be changed; msg:with{…} gives a changed copy");
}

static int box_gc(lua_State *L)
{
    struct field_box *box = lua_touserdata(L, 1);

    if (box->msg != NULL)
        sip_msg_unref(box->msg);
    box->msg = NULL;
    return 0;
}

void field_value_open(lua_State *L)
{
    static const luaL_Reg meta[] = {
        {"__index",    box_index   },
        {"__newindex", box_newindex},
        {"__len",      box_len     },
        {"__eq",       box_eq      },
        {"__tostring", box_tostring},
        {"__gc",       box_gc      },
        {NULL,         NULL        }
    };

    lua_newtable(L);
    luaL_setfuncs(L, meta, 0);
    lua_pushliteral(L, "field");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
}

struct view field_value_text(lua_State *L, int index)
{
    const struct field_box *box = box_test(L, index);

    return box == NULL ? (struct view){0} : box->field.text;
}

const struct sip_line *header_row(const struct sip_msg *msg, struct view name, size_t index)
{
    enum sip_header_id id = sip_header_find(name);

    if (id != SIP_HEADER_OTHER)
        return sip_msg_find(msg, id, index);
    return sip_msg_find_name(msg, name, index);
}
