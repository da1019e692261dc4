/* msg.name: what the message itself knows, then its headers by name. */
#include "harness/api/field_value.h"
#include "harness/api/kinds.h"
#include "harness/api/message.h"
#include "harness/api/opts.h"

typedef int field_fn(lua_State *L, const struct message_info *info, struct sip_msg *msg);

static int raw_push(lua_State *L, const struct message_info *info, struct sip_msg *msg)
{
    (void)msg;
    return view_push(L, blob_view(info->bytes));
}

static int body_push(lua_State *L, const struct message_info *info, struct sip_msg *msg)
{
    (void)info;
    return view_push(L, msg == NULL ? (struct view){0} : sip_msg_body(msg));
}

/* Records keep the bytes of their messages and nothing of how they went: the log knows. NULL: it
 * was on no wire. */
static const struct log_entry *sent_of(lua_State *L, const struct message_info *info)
{
    if (info->generated || info->bytes == NULL)
        return NULL;
    return log_sent(scene_of(L)->log, blob_view(info->bytes));
}

static int time_push(lua_State *L, const struct message_info *info, struct sip_msg *msg)
{
    const struct log_entry *sent = info->has_time ? NULL : sent_of(L, info);

    (void)msg;
    if (info->has_time || sent != NULL)
        lua_pushnumber(L, (lua_Number)(info->has_time ? info->time_us : sent->sent_us) /
                              (lua_Number)US_PER_S);
    else
        lua_pushnil(L);
    return 1;
}

static int source_push(lua_State *L, const struct message_info *info, struct sip_msg *msg)
{
    const struct log_entry *sent = info->passage.out_seq != 0 ? NULL : sent_of(L, info);
    char room[ADDR_TEXT_MAX];

    (void)msg;
    if (info->passage.out_seq == 0 && sent == NULL)
        return view_push(L, (struct view){0});
    return view_push(L, addr_text(sent == NULL ? &info->passage.source : &sent->source, room));
}

static int transport_push(lua_State *L, const struct message_info *info, struct sip_msg *msg)
{
    const struct log_entry *sent = info->passage.out_seq != 0 ? NULL : sent_of(L, info);

    (void)msg;
    if (info->passage.out_seq == 0 && sent == NULL)
        return view_push(L, (struct view){0});
    return view_push(L, view_of(proto_text(sent == NULL ? info->passage.proto : sent->proto)));
}

/* True for a transmission that is not the first: t:messages gives those too. */
static int copy_of_push(lua_State *L, const struct message_info *info, struct sip_msg *msg)
{
    (void)msg;
    if (info->passage.copy_of != 0)
        lua_pushinteger(L, (lua_Integer)info->passage.copy_of);
    else
        lua_pushnil(L);
    return 1;
}

static int generated_push(lua_State *L, const struct message_info *info, struct sip_msg *msg)
{
    (void)msg;
    lua_pushboolean(L, info->generated);
    return 1;
}

static int faults_push(lua_State *L, const struct message_info *info, struct sip_msg *msg)
{
    (void)info;
    lua_newtable(L);
    if (msg == NULL)
        return 1;
    sip_msg_check(msg);
    for (size_t i = 0; i < sip_msg_fault_count(msg); i++) {
        const struct sip_fault *fault = sip_msg_fault(msg, i);
        lua_createtable(L, 0, 4);
        lua_pushstring(L, fault->rule);
        lua_setfield(L, -2, "rule");
        lua_pushstring(L, fault->section);
        lua_setfield(L, -2, "section");
        lua_pushinteger(L, (lua_Integer)fault->offset + 1);
        lua_setfield(L, -2, "offset");
        lua_pushboolean(L, fault->fatal);
        lua_setfield(L, -2, "fatal");
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

enum { PARTS_MAX = 1000 };

/* Of a multipart body, as far as it keeps to the grammar (RFC 2046 §5.1); nil for any other. */
static int parts_push(lua_State *L, const struct message_info *info, struct sip_msg *msg)
{
    const struct sip_media_type *type =
        msg == NULL ? NULL : sip_msg_get(msg, SIP_HEADER_CONTENT_TYPE, 0);
    struct view boundary;
    struct sip_part part;

    (void)info;
    if (type == NULL || !view_equal_nocase(type->type, V("multipart")) ||
        sip_boundary_find(type, &boundary) != ERR_OK) {
        lua_pushnil(L);
        return 1;
    }
    struct view rest = sip_msg_body(msg);
    lua_newtable(L);
    for (int i = 1; i <= PARTS_MAX && sip_part_next(&rest, boundary, &part) == ERR_OK; i++) {
        lua_createtable(L, 0, 3);
        member_set(L, "content_type",
                   part.content_type.ptr != NULL ? part.content_type : V("text/plain"));
        member_set(L, "headers", part.headers);
        member_set(L, "body", part.body);
        lua_rawseti(L, -2, i);
    }
    return 1;
}

static const struct {
    struct view name;
    field_fn *push;
} own_fields[] = {
    {{"parts", 5},     parts_push    },
    {{"raw", 3},       raw_push      },
    {{"body", 4},      body_push     },
    {{"time", 4},      time_push     },
    {{"source", 6},    source_push   },
    {{"faults", 6},    faults_push   },
    {{"copy_of", 7},   copy_of_push  },
    {{"transport", 9}, transport_push},
    {{"generated", 9}, generated_push},
};

int message_field(lua_State *L, const struct message_info *info, struct view name)
{
    struct sip_msg *msg = message_msg(L, info);

    for (size_t i = 0; i < sizeof own_fields / sizeof *own_fields; i++)
        if (view_equal(own_fields[i].name, name))
            return own_fields[i].push(L, info, msg);
    if (msg == NULL)
        return view_push(L, (struct view){0}); /* bytes that are no SIP have no such thing */
    struct field all = field_of_message(msg);
    return field_value_push(L, field_member(all, name), all, name);
}
