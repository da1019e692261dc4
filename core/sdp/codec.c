#include "core/sdp/reader.h"

#define CODEC(number, encoding, clock, channel_count)                                              \
    {                                                                                              \
        (number),                                                                                  \
        {                                                                                          \
            .format = {#number, sizeof(#number) - 1}, .name = {encoding, sizeof(encoding) - 1},    \
            .rate = (clock), .channels = (channel_count)                                           \
        }                                                                                          \
    }

/* RFC 3551 §6, Tables 4 and 5. */
static const struct {
    uint8_t payload;
    struct sip_sdp_codec codec;
} statics[] = {
    CODEC(0, "PCMU", 8000, 1),   CODEC(3, "GSM", 8000, 1),    CODEC(4, "G723", 8000, 1),
    CODEC(5, "DVI4", 8000, 1),   CODEC(6, "DVI4", 16000, 1),  CODEC(7, "LPC", 8000, 1),
    CODEC(8, "PCMA", 8000, 1),   CODEC(9, "G722", 8000, 1),   CODEC(10, "L16", 44100, 2),
    CODEC(11, "L16", 44100, 1),  CODEC(12, "QCELP", 8000, 1), CODEC(13, "CN", 8000, 1),
    CODEC(14, "MPA", 90000, 1),  CODEC(15, "G728", 8000, 1),  CODEC(16, "DVI4", 11025, 1),
    CODEC(17, "DVI4", 22050, 1), CODEC(18, "G729", 8000, 1),  CODEC(25, "CelB", 90000, 1),
    CODEC(26, "JPEG", 90000, 1), CODEC(28, "nv", 90000, 1),   CODEC(31, "H261", 90000, 1),
    CODEC(32, "MPV", 90000, 1),  CODEC(33, "MP2T", 90000, 1), CODEC(34, "H263", 90000, 1),
};
enum { STATIC_COUNT = sizeof statics / sizeof statics[0], PAYLOAD_MAX = 127 };

const struct sip_sdp_codec *sdp_codec_static(uint64_t payload)
{
    for (size_t i = 0; i < STATIC_COUNT; i++)
        if (statics[i].payload == payload)
            return &statics[i].codec;
    return NULL;
}

const struct sip_sdp_codec *sdp_codec_named(struct view name, uint32_t rate)
{
    for (size_t i = 0; i < STATIC_COUNT; i++)
        if (statics[i].codec.rate == rate && view_equal_nocase(statics[i].codec.name, name))
            return &statics[i].codec;
    return NULL;
}

struct mapping {                /* what the attributes say of one payload type */
    struct view encoding, fmtp; /* absent: nothing */
};

static struct view part_before(struct view *rest, char c)
{
    size_t at = view_find_char(*rest, c);
    struct view part = view_head(*rest, at);
    *rest = view_skip(*rest, at < rest->len ? at + 1 : at);
    return part;
}

/* "a=rtpmap:0 PCMU/8000", "a=fmtp:101 0-15": the first of each payload type counts. */
static void mapping_note(struct sdp_reader *r, struct mapping *mappings,
                         const struct sip_sdp_attribute *attribute)
{
    bool rtpmap = view_equal(attribute->name, V("rtpmap"));
    if (!rtpmap && !view_equal(attribute->name, V("fmtp")))
        return;
    struct view rest = attribute->value;
    struct view format = sdp_word(&rest);
    uint64_t payload;
    if (!view_to_uint(format, PAYLOAD_MAX, &payload)) {
        /* The format of fmtp is a token: only for RTP it is a number (RFC 8866 §6.15). */
        if (rtpmap)
            sdp_fault(r, "sdp-rtpmap", "RFC 8866 §6.6", attribute->name);
        return;
    }
    struct view *place = rtpmap ? &mappings[payload].encoding : &mappings[payload].fmtp;
    if (place->ptr == NULL && rest.len != 0)
        *place = rest;
}

/* RFC 8866 §6.6: <encoding name>/<clock rate> [/<encoding parameters>] */
static void encoding_parse(struct sdp_reader *r, struct view text, struct sip_sdp_codec *codec)
{
    struct view rest = text;
    uint64_t rate = 0, channels = 1;
    codec->name = part_before(&rest, '/');
    struct view rate_text = part_before(&rest, '/');
    if (codec->name.len == 0 || !view_to_uint(rate_text, UINT32_MAX, &rate))
        sdp_fault(r, "sdp-rtpmap", "RFC 8866 §6.6", text);
    if (rest.len != 0 && !view_to_uint(rest, 255, &channels))
        channels = 0;
    codec->rate = (uint32_t)rate;
    codec->channels = (uint32_t)channels;
}

static struct sip_sdp_codec codec_of(struct sdp_reader *r, struct view format,
                                     const struct mapping *mappings)
{
    struct sip_sdp_codec codec = {.format = format};
    uint64_t payload;
    if (!view_to_uint(format, PAYLOAD_MAX, &payload))
        return codec;
    const struct sip_sdp_codec *known;
    if (mappings[payload].encoding.ptr != NULL)
        encoding_parse(r, mappings[payload].encoding, &codec);
    else if ((known = sdp_codec_static(payload)) != NULL)
        codec = *known;
    codec.format = format;
    codec.fmtp = mappings[payload].fmtp;
    return codec;
}

void sdp_codecs_parse(struct sdp_reader *r, struct sip_sdp_media *media)
{
    struct mapping mappings[PAYLOAD_MAX + 1] = {0};
    struct sip_sdp_codec *codecs = sdp_array(r, media->format_count, sizeof *codecs);
    if (codecs == NULL)
        return;
    for (size_t i = 0; i < media->attribute_count; i++)
        mapping_note(r, mappings, &media->attributes[i]);
    for (size_t i = 0; i < media->format_count; i++)
        codecs[i] = codec_of(r, media->formats[i], mappings);
    media->codecs = codecs;
}
