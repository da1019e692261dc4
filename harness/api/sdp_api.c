#include "harness/api/sdp_api.h"

#include "harness/api/field_value.h"
#include "harness/api/kinds.h"
#include "harness/api/message.h"

#include <stdio.h>

static const char *const sdp_names[] = {"codecs", "direction",  "address", "port",
                                        "user",   "session_id", "version", NULL};
enum { CODECS_MAX = 32, SDP_PORT = 40000 };

static void codecs_read(const struct opts *opts, struct view *room, struct sip_sdp_options *out)
{
    if (!opts_push(opts, "codecs"))
        return;
    int list = lua_gettop(opts->L);
    size_t count = list_count(opts->L, list, "option 'codecs' of sdp");
    if (count > CODECS_MAX)
        scene_misuse(opts->L, "sdp: at most %d codecs", CODECS_MAX);
    for (size_t i = 0; i < count; i++)
        room[i] = list_item(opts->L, list, i + 1, "option 'codecs' of sdp");
    out->codecs = room;
    out->codec_count = count;
}

static void place_read(const struct opts *opts, const struct party *party,
                       struct sip_sdp_options *out)
{
    struct view text;
    uint64_t number;
    uint16_t port = SDP_PORT;

    if (opts_view(opts, "address", &text) && addr_parse(text, &out->address) != ERR_OK)
        scene_misuse(opts->L, "sdp: address \"%.*s\" is no IP address", VIEW_ARG(text));
    if (out->address.family == 0 && party != NULL)
        out->address = party->local;
    if (out->address.family == 0)
        scene_misuse(opts->L, "sdp: say for which address: sip.sdp{address = alice.address}");
    if (opts_uint(opts, "port", 65535, &number))
        port = (uint16_t)number;
    out->address.port = port;
}

static void direction_read(const struct opts *opts, struct sip_sdp_options *out)
{
    struct view text;

    out->direction = SIP_SDP_SENDRECV;
    if (opts_view(opts, "direction", &text) && !sip_sdp_direction_find(text, &out->direction))
        scene_misuse(opts->L,
                     "sdp: direction \"%.*s\" is none of sendrecv, sendonly, recvonly, inactive",
                     VIEW_ARG(text));
}

/* Pushes the text of the table's description. */
static struct view table_push(lua_State *L, int index, const struct party *party)
{
    struct opts opts = opts_open(L, index, "sdp", sdp_names, NULL);
    struct sip_sdp_options options = {.session_id = 1, .session_version = 1};
    struct view codecs[CODECS_MAX];
    struct buf buf = {0};
    uint64_t number;

    codecs_read(&opts, codecs, &options);
    place_read(&opts, party, &options);
    direction_read(&opts, &options);
    opts_view(&opts, "user", &options.user);
    if (options.user.ptr == NULL && party != NULL)
        options.user = party->name;
    if (opts_uint(&opts, "session_id", INT64_MAX, &number))
        options.session_id = number;
    if (opts_uint(&opts, "version", INT64_MAX, &number))
        options.session_version = number;
    sip_sdp_offer(&buf, &options);
    if (buf.failed == ERR_OK)
        view_push(L, buf_view(&buf));
    enum err err = buf.failed;
    buf_deinit(&buf);
    if (err != ERR_OK)
        luaL_error(L, "not enough memory");
    struct view text;
    text.ptr = lua_tolstring(L, -1, &text.len);
    return text;
}

struct view sdp_text_at(lua_State *L, int index, const struct party *party)
{
    struct view text = field_value_text(L, index);

    if (text.ptr != NULL)
        return text;
    if (lua_istable(L, index))
        return table_push(L, index, party);
    if (lua_type(L, index) != LUA_TSTRING)
        scene_misuse(L, "an sdp is a string, a table or false, not %s", handle_type_text(L, index));
    text.ptr = lua_tolstring(L, index, &text.len);
    return text;
}

/* The description of a text that stands in no message: in one that is made for it. */
int sdp_push_text(lua_State *L, struct view text)
{
    struct sip_msg *msg = NULL;
    struct buf buf = {0};

    if (text.ptr == NULL)
        return view_push(L, text);
    buf_printf(&buf,
               "SIP/2.0 200 OK\r\nContent-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n",
               text.len);
    buf_add(&buf, text);
    struct blob *bytes = buf.failed == ERR_OK ? blob_create(buf_view(&buf)) : NULL;
    buf_deinit(&buf);
    if (bytes != NULL)
        msg = post_msg(&agents_of_lua(L)->post, bytes);
    blob_unref(bytes);
    if (msg == NULL)
        return luaL_error(L, "not enough memory");
    struct field all = field_of_message(msg);
    return field_value_push(L, field_member(all, V("sdp")), all, V("sdp"));
}

int sip_sdp_call(lua_State *L)
{
    lua_settop(L, 1);
    luaL_argexpected(L, lua_istable(L, 1), 1, "table");
    return sdp_push_text(L, table_push(L, 1, NULL));
}
