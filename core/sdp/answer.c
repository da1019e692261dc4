#include "core/sdp/reader.h"

static const struct view default_codecs[] = {
    {"PCMU",            4 },
    {"PCMA",            4 },
    {"telephone-event", 15}
};

/* "opus/48000/2", "PCMU": what follows the name is 8000 where nothing is said. */
static struct view own_name(struct view text, uint32_t *out_rate)
{
    size_t slash = view_find_char(text, '/');
    struct view rest = view_skip(text, slash < text.len ? slash + 1 : slash);
    uint64_t rate;
    bool given = view_to_uint(view_head(rest, view_find_char(rest, '/')), UINT32_MAX, &rate);
    *out_rate = given ? (uint32_t)rate : 8000;
    return view_head(text, slash);
}

struct own { /* complete, with its streams */
    struct sip_sdp_options options;
    struct sip_sdp_stream single;
    const struct sip_sdp_stream *streams;
    size_t stream_count;
};

static void own_complete(const struct sip_sdp_options *options, struct own *out)
{
    out->options = *options;
    if (out->options.user.len == 0)
        out->options.user = V("-");
    out->streams = options->streams;
    out->stream_count = options->stream_count;
    ASSERT(options->stream_count <= SIP_SDP_STREAMS_MAX);
    if (options->streams != NULL)
        return;
    bool usual = options->codecs == NULL;
    out->single = (struct sip_sdp_stream){.kind = V("audio"),
                                          .port = options->address.port,
                                          .codecs = usual ? default_codecs : options->codecs,
                                          .codec_count = usual ? sizeof default_codecs /
                                                                     sizeof default_codecs[0]
                                                               : options->codec_count,
                                          .direction = options->direction};
    out->streams = &out->single;
    out->stream_count = 1;
}

static void head_write(struct buf *buf, const struct sip_sdp_options *own, struct view times)
{
    const char *type = own->address.family == 6 ? "IP6" : "IP4";
    buf_printf(buf, "v=0\r\no=%.*s ", VIEW_ARG(own->user));
    buf_add_uint(buf, own->session_id);
    buf_add_char(buf, ' ');
    buf_add_uint(buf, own->session_version);
    buf_printf(buf, " IN %s ", type);
    addr_ip_write(buf, &own->address);
    buf_printf(buf, "\r\ns=-\r\nc=IN %s ", type);
    addr_ip_write(buf, &own->address);
    buf_printf(buf, "\r\nt=%.*s\r\n", VIEW_ARG(times));
}

static bool is_telephone_event(struct view name)
{
    return view_equal_nocase(name, V("telephone-event"));
}

/* RFC 4733 §2.4.1: the events that this side takes; the ones of a keypad. */
static void codec_write(struct buf *buf, struct view format, struct view encoding,
                        const struct sip_sdp_codec *offered)
{
    struct view name = view_head(encoding, view_find_char(encoding, '/'));
    struct view fmtp = offered == NULL ? (struct view){0} : offered->fmtp;
    buf_printf(buf, "a=rtpmap:%.*s %.*s", VIEW_ARG(format), VIEW_ARG(encoding));
    if (name.len == encoding.len)
        buf_add(buf, V("/8000"));
    buf_add(buf, V("\r\n"));
    if (is_telephone_event(name))
        fmtp = V("0-15");
    /* RFC 3264 §6.1: what describes the format is in the answer as it was in the offer. */
    if (fmtp.len != 0)
        buf_printf(buf, "a=fmtp:%.*s %.*s\r\n", VIEW_ARG(format), VIEW_ARG(fmtp));
}

enum { DYNAMIC_FIRST = 96, TELEPHONE_EVENT = 101 };

/* The payload types of a stream's codecs, one after the other. */
struct own_formats {
    const struct sip_sdp_stream *own;
    size_t index;
    uint32_t next; /* the next one that is free */
    char room[UINT_TEXT_MAX];
};

static struct view own_format_next(struct own_formats *formats)
{
    uint32_t rate;
    struct view name = own_name(formats->own->codecs[formats->index++], &rate);
    const struct sip_sdp_codec *known = sdp_codec_named(name, rate);
    if (known != NULL)
        return known->format;
    if (is_telephone_event(name))
        return view_of_uint(TELEPHONE_EVENT, formats->room);
    formats->next += formats->next == TELEPHONE_EVENT;
    return view_of_uint(formats->next++, formats->room);
}

static void stream_offer(struct buf *buf, const struct sip_sdp_stream *own)
{
    struct own_formats in_line = {.own = own, .next = DYNAMIC_FIRST}, in_rows = in_line;
    buf_printf(buf, "m=%.*s %u RTP/AVP", VIEW_ARG(own->kind), own->port);
    for (size_t i = 0; i < own->codec_count; i++) {
        buf_add_char(buf, ' ');
        buf_add(buf, own_format_next(&in_line));
    }
    buf_add(buf, V("\r\n"));
    for (size_t i = 0; i < own->codec_count; i++)
        codec_write(buf, own_format_next(&in_rows), own->codecs[i], NULL);
    buf_printf(buf, "a=%s\r\n", sip_sdp_direction_text(own->direction));
}

void sip_sdp_offer(struct buf *buf, const struct sip_sdp_options *options)
{
    struct own own;
    own_complete(options, &own);
    head_write(buf, &own.options, V("0 0"));
    for (size_t i = 0; i < own.stream_count; i++)
        stream_offer(buf, &own.streams[i]);
}

/* Our codec that the offered one is, or NULL. */
static const struct view *own_codec(const struct sip_sdp_stream *own,
                                    const struct sip_sdp_codec *offered)
{
    for (size_t i = 0; offered->name.len != 0 && i < own->codec_count; i++) {
        uint32_t rate;
        struct view name = own_name(own->codecs[i], &rate);
        if (offered->rate == rate && view_equal_nocase(offered->name, name))
            return &own->codecs[i];
    }
    return NULL;
}

static bool stream_fits(const struct sip_sdp_media *offered, const struct sip_sdp_stream *own)
{
    if (offered->port == 0 || own->port == 0 || !view_equal(offered->kind, own->kind) ||
        !view_equal_nocase(offered->protocol, V("RTP/AVP")))
        return false;
    for (size_t i = 0; i < offered->format_count; i++)
        if (own_codec(own, &offered->codecs[i]) != NULL)
            return true;
    return false;
}

/* The first of ours that fits and is not taken; NULL: none. */
static const struct sip_sdp_stream *stream_take(const struct own *own, uint32_t *taken,
                                                const struct sip_sdp_media *offered)
{
    for (size_t i = 0; i < own->stream_count; i++) {
        if ((*taken >> i & 1) != 0 || !stream_fits(offered, &own->streams[i]))
            continue;
        *taken |= UINT32_C(1) << i;
        return &own->streams[i];
    }
    return NULL;
}

static void stream_accept(struct buf *buf, const struct sip_sdp_media *offered,
                          const struct sip_sdp_stream *own)
{
    buf_printf(buf, "m=%.*s %u %.*s", VIEW_ARG(own->kind), own->port, VIEW_ARG(offered->protocol));
    for (size_t i = 0; i < offered->format_count; i++)
        if (own_codec(own, &offered->codecs[i]) != NULL)
            buf_printf(buf, " %.*s", VIEW_ARG(offered->formats[i]));
    buf_add(buf, V("\r\n"));
    for (size_t i = 0; i < offered->format_count; i++) {
        const struct view *codec = own_codec(own, &offered->codecs[i]);
        if (codec != NULL)
            codec_write(buf, offered->formats[i], *codec, &offered->codecs[i]);
    }
    unsigned both = own->direction & sip_sdp_direction_mirrored(offered->direction);
    buf_printf(buf, "a=%s\r\n", sip_sdp_direction_text((enum sip_sdp_direction)both));
}

/* RFC 3264 §6: port 0; at least one format must be there, as in every m-line. */
static void stream_reject(struct buf *buf, const struct sip_sdp_media *offered)
{
    struct view kind = offered->kind.len != 0 ? offered->kind : V("audio");
    struct view protocol = offered->protocol.len != 0 ? offered->protocol : V("RTP/AVP");
    struct view format = offered->format_count != 0 ? offered->formats[0] : V("0");
    buf_printf(buf, "m=%.*s 0 %.*s %.*s\r\n", VIEW_ARG(kind), VIEW_ARG(protocol), VIEW_ARG(format));
}

enum err sip_sdp_answer(struct buf *buf, const struct sip_sdp *offer,
                        const struct sip_sdp_options *options, size_t *out_accepted)
{
    struct own own;
    size_t accepted = 0;
    uint32_t taken = 0;
    if (!view_equal(offer->version, V("0")) || offer->origin.address.len == 0)
        return ERR_SYNTAX;
    own_complete(options, &own);
    head_write(buf, &own.options, offer->time.len != 0 ? offer->time : V("0 0"));
    for (size_t i = 0; i < offer->media_count; i++) {
        const struct sip_sdp_stream *stream = stream_take(&own, &taken, &offer->media[i]);
        if (stream != NULL)
            stream_accept(buf, &offer->media[i], stream);
        else
            stream_reject(buf, &offer->media[i]);
        accepted += stream != NULL;
    }
    if (out_accepted != NULL)
        *out_accepted = accepted;
    return ERR_OK;
}
