#include "harness/api/message.h"

#include "harness/agent/words.h"
#include "harness/api/call_api.h"
#include "harness/api/field_value.h"
#include "harness/api/kinds.h"
#include "harness/api/opts.h"
#include "harness/api/want.h"

static const char metatable_key;

struct message_info *message_test(lua_State *L, int index)
{
    void *box = lua_touserdata(L, index);

    if (box == NULL || !lua_getmetatable(L, index))
        return NULL;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same ? box : NULL;
}

struct message_info *message_check(lua_State *L, int index)
{
    struct message_info *info = message_test(L, index);

    if (info == NULL)
        scene_misuse(L, "expected a message, got %s", handle_type_text(L, index));
    return info;
}

/* Lua counts the userdata only: the bytes behind it have to hurry its collector, too. */
static void account(lua_State *L, size_t len)
{
    struct agents *agents = agents_of_lua(L);

    agents->unaccounted += len;
    if (agents->unaccounted < 256 * 1024)
        return;
    agents->unaccounted = 0;
    lua_gc(L, LUA_GCSTEP, 256);
}

int message_push(lua_State *L, const struct message_info *info)
{
    struct message_info *box = lua_newuserdatauv(L, sizeof *box, info->draft ? 1 : 0);

    *box = *info;
    blob_ref(box->bytes);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
    lua_setmetatable(L, -2);
    account(L, box->bytes->len);
    return 1;
}

int message_push_mail(lua_State *L, const struct mail *mail)
{
    return message_push(L, &(struct message_info){.bytes = mail->bytes,
                                                  .passage = mail->passage,
                                                  .time_us = mail->time_us,
                                                  .has_time = true,
                                                  .generated = mail->generated,
                                                  .error = mail->error});
}

struct sip_msg *message_msg(lua_State *L, const struct message_info *info)
{
    return post_msg(&agents_of_lua(L)->post, info->bytes);
}

static int message_gc(lua_State *L)
{
    struct message_info *info = lua_touserdata(L, 1);

    blob_unref(info->bytes);
    info->bytes = NULL;
    return 0;
}

static int message_tostring(lua_State *L)
{
    struct message_info *info = message_check(L, 1);

    return view_push(L, blob_view(info->bytes));
}

static int message_eq(lua_State *L)
{
    const struct message_info *a = message_test(L, 1), *b = message_test(L, 2);

    lua_pushboolean(L,
                    a != NULL && b != NULL && view_equal(blob_view(a->bytes), blob_view(b->bytes)));
    return 1;
}

/* msg:header(name): the first row's value, unfolded or not as it stands; nil where there is none.
 */
static int message_header(lua_State *L)
{
    struct message_info *info = message_check(L, 1);
    struct view name = arg_view(L, 2, "the name of a header");
    struct sip_msg *msg = message_msg(L, info);
    const struct sip_line *line = msg == NULL ? NULL : header_row(msg, name, 0);

    return line == NULL ? view_push(L, (struct view){0}) : view_push(L, line->value);
}

static int message_headers(lua_State *L)
{
    struct message_info *info = message_check(L, 1);
    struct view name = arg_view(L, 2, "the name of a header");
    struct sip_msg *msg = message_msg(L, info);
    const struct sip_line *line;

    lua_newtable(L);
    for (size_t i = 0; msg != NULL && (line = header_row(msg, name, i)) != NULL; i++) {
        view_push(L, line->value);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int message_is(lua_State *L)
{
    struct message_info *info = message_check(L, 1);
    struct want *want = want_at(L, 2);

    lua_pushboolean(L, want_is(L, want, 2, info, 1, NULL));
    return 1;
}

bool message_is_pattern(lua_State *L, int value, int pattern, struct buf *out)
{
    struct message_info *info = message_check(L, value);
    char room[WORDS_MAX];
    struct view check = {0};

    lua_pushvalue(L, pattern);
    struct want *want = want_at(L, lua_gettop(L));
    bool is = want_is(L, want, lua_gettop(L), info, lua_absindex(L, value), &check);
    lua_pop(L, 1);
    if (is)
        return true;
    buf_add(out, words_message(message_msg(L, info), room));
    if (check.len > 0)
        buf_printf(out, " (%.*s)", VIEW_ARG(check));
    return false;
}

static const luaL_Reg methods[] = {
    {"header",  message_header },
    {"headers", message_headers},
    {"is",      message_is     },
    {"with",    message_with   },
    {NULL,      NULL           }
};

/* Upvalue 1: the methods. */
static int message_index(lua_State *L)
{
    struct message_info *info = message_check(L, 1);
    struct view name;

    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    name = arg_view(L, 2, "the name of a message's field");
    return message_field(L, info, name);
}

/* call:request("INFO"): call.request is the INVITE, so its field is called with the call. */
static int message_call(lua_State *L)
{
    lua_remove(L, 1);
    if (handle_test(L, 1, &call_kind) == NULL)
        return scene_misuse(L, "a message cannot be called");
    return script_request(L);
}

static int message_newindex(lua_State *L)
{
    return scene_misuse(L, "a message cannot be changed; msg:with{…} gives a changed copy");
}

void message_open(lua_State *L)
{
    static const luaL_Reg meta[] = {
        {"__gc",       message_gc      },
        {"__tostring", message_tostring},
        {"__eq",       message_eq      },
        {"__call",     message_call    },
        {"__newindex", message_newindex},
        {NULL,         NULL            }
    };

    lua_newtable(L);
    luaL_setfuncs(L, meta, 0);
    lua_newtable(L);
    luaL_setfuncs(L, methods, 0);
    lua_pushcclosure(L, message_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "message");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
}
