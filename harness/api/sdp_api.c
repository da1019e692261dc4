#include "harness/api/sdp_api.h"

#include "harness/api/field_value.h"
#include "harness/api/kinds.h"
#include "harness/api/message.h"

#include <stdio.h>

static const char *const sdp_names[] = {"codecs", "direction",  "address", "port", "media",
                                        "user",   "session_id", "version", NULL};
static const char *const stream_names[] = {"kind", "codecs", "direction", "port", NULL};
enum { CODECS_MAX = 32, SDP_PORT = 40000 };

struct making { /* a description, from a table */
    struct sip_sdp_options options;
    struct sip_sdp_stream streams[SIP_SDP_STREAMS_MAX];
    struct view codecs[CODECS_MAX]; /* of all streams */
    size_t codec_count;
};

static void codecs_read(const struct opts *opts, struct making *making, const struct view **out,
                        size_t *out_count)
{
    if (!opts_push(opts, "codecs"))
        return;
    int list = lua_gettop(opts->L);
    size_t count = list_count(opts->L, list, "option 'codecs' of sdp");
    if (count > CODECS_MAX - making->codec_count)
        scene_misuse(opts->L, "sdp: at most %d codecs", CODECS_MAX);
    *out = &making->codecs[making->codec_count];
    *out_count = count;
    for (size_t i = 0; i < count; i++)
        making->codecs[making->codec_count++] =
            list_item(opts->L, list, i + 1, "option 'codecs' of sdp");
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

static enum sip_sdp_direction direction_read(const struct opts *opts,
                                             enum sip_sdp_direction otherwise)
{
    struct view text;
    enum sip_sdp_direction direction = otherwise;

    if (opts_view(opts, "direction", &text) && !sip_sdp_direction_find(text, &direction))
        scene_misuse(opts->L,
                     "sdp: direction \"%.*s\" is none of sendrecv, sendonly, recvonly, inactive",
                     VIEW_ARG(text));
    return direction;
}

/* media = {{kind = "audio"}, {kind = "video", codecs = {"H261/90000"}, port = 0}}: what a stream
 * does not say is as for the only one, its port two higher than that of the one before. */
static void stream_read(const struct opts *media, struct making *making, size_t index)
{
    static const struct view usual[] = {
        {"PCMU",            4 },
        {"PCMA",            4 },
        {"telephone-event", 15}
    };
    const struct sip_sdp_options *options = &making->options;
    struct sip_sdp_stream *stream = &making->streams[index];
    bool own = options->codecs != NULL;
    uint64_t port = options->address.port + 2 * index;

    *stream = (struct sip_sdp_stream){.kind = V("audio"),
                                      .codecs = own ? options->codecs : usual,
                                      .codec_count = own ? options->codec_count : 3};
    opts_view(media, "kind", &stream->kind);
    codecs_read(media, making, &stream->codecs, &stream->codec_count);
    opts_uint(media, "port", 65535, &port);
    stream->port = (uint16_t)port;
    stream->direction = direction_read(media, options->direction);
    if (stream->codec_count == 0)
        scene_misuse(media->L, "sdp: a stream has one codec at least");
}

static void streams_read(const struct opts *opts, struct making *making)
{
    lua_State *L = opts->L;

    if (!opts_push(opts, "media"))
        return;
    if (!lua_istable(L, -1) || lua_rawlen(L, -1) > SIP_SDP_STREAMS_MAX)
        opts_wrong(opts, "media", "a list of tables, 32 at most: {{kind = \"audio\"}, …}");
    size_t count = lua_rawlen(L, -1);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        struct opts media = opts_open(L, lua_gettop(L), "media of sdp", stream_names, NULL);
        stream_read(&media, making, i);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    making->options.streams = making->streams;
    making->options.stream_count = count;
}

static void making_read(lua_State *L, int index, const struct party *party, struct making *out)
{
    struct opts opts = opts_open(L, index, "sdp", sdp_names, NULL);
    struct sip_sdp_options *options = &out->options;
    uint64_t number;

    *options = (struct sip_sdp_options){.session_id = 1, .session_version = 1};
    out->codec_count = 0;
    codecs_read(&opts, out, &options->codecs, &options->codec_count);
    place_read(&opts, party, options);
    options->direction = direction_read(&opts, SIP_SDP_SENDRECV);
    opts_view(&opts, "user", &options->user);
    if (options->user.ptr == NULL && party != NULL)
        options->user = party->name;
    if (opts_uint(&opts, "session_id", INT64_MAX, &number))
        options->session_id = number;
    if (opts_uint(&opts, "version", INT64_MAX, &number))
        options->session_version = number;
    streams_read(&opts, out);
}

/* Pushes the text of the table's description. */
static struct view table_push(lua_State *L, int index, const struct party *party)
{
    struct making making;
    struct buf buf = {0};

    making_read(L, index, party, &making);
    sip_sdp_offer(&buf, &making.options);
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

bool sdp_names_session(lua_State *L, int index)
{
    static const char *const names[] = {"user", "session_id", "version"};

    if (!lua_istable(L, index))
        return true;
    for (size_t i = 0; i < 3; i++) {
        bool named = lua_getfield(L, index, names[i]) != LUA_TNIL;
        lua_pop(L, 1);
        if (named)
            return true;
    }
    return false;
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
