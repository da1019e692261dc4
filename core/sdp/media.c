#include "core/sdp/reader.h"

struct sip_sdp_connection sdp_connection_parse(struct sdp_reader *r, struct view value)
{
    struct view rest = value;
    struct sip_sdp_connection c = {0};
    c.net_type = sdp_word(&rest);
    c.addr_type = sdp_word(&rest);
    c.address = sdp_word(&rest);
    if (c.net_type.len != 0 && c.addr_type.len != 0 && c.address.len != 0 && rest.len == 0)
        return c;
    sdp_fault(r, "sdp-connection", "RFC 8866 §5.7", value);
    return (struct sip_sdp_connection){0};
}

/* RFC 8866 §9: port ["/" integer]. Each of the ports of RTP has its RTCP port beside it. */
static void port_parse(struct sdp_reader *r, struct view word, struct sip_sdp_media *media)
{
    size_t slash = view_find_char(word, '/');
    uint64_t port, count = 1;
    media->port_count = 1;
    if (!view_to_uint(view_head(word, slash), UINT16_MAX, &port)) {
        sdp_fault(r, "sdp-port", "RFC 8866 §5.14", word);
        return;
    }
    media->port = (uint16_t)port;
    if (slash == word.len)
        return;
    bool number = view_to_uint(view_skip(word, slash + 1), UINT16_MAX, &count) && count > 0;
    if (!number || port + 2 * count - 1 > UINT16_MAX)
        sdp_fault(r, "sdp-port-count", "RFC 8866 §5.14", word);
    if (number)
        media->port_count = (uint32_t)count;
}

static size_t word_count(struct view rest)
{
    size_t count = 0;
    while (sdp_word(&rest).ptr != NULL)
        count++;
    return count;
}

static void formats_parse(struct sdp_reader *r, struct view rest, struct sip_sdp_media *media)
{
    size_t count = word_count(rest);
    struct view *formats = sdp_array(r, count, sizeof *formats);
    if (formats == NULL)
        return;
    bool rtp = view_starts_nocase(media->protocol, V("RTP/"));
    for (size_t i = 0; i < count; i++) {
        uint64_t payload;
        formats[i] = sdp_word(&rest);
        /* RFC 3550 §5.1: the payload type has seven bits. */
        if (rtp && !view_to_uint(formats[i], 127, &payload))
            sdp_fault(r, "sdp-payload-type", "RFC 8866 §5.14", formats[i]);
    }
    media->formats = formats;
    media->format_count = count;
}

/* RFC 8866 §9: media-field = %x6d "=" media SP port ["/" integer] SP proto 1*(SP fmt) CRLF */
void sdp_media_parse(struct sdp_reader *r, struct view value, struct sip_sdp_media *media)
{
    struct view rest = value;
    media->text = value;
    media->kind = sdp_word(&rest);
    port_parse(r, sdp_word(&rest), media);
    media->protocol = sdp_word(&rest);
    formats_parse(r, rest, media);
    if (media->kind.len == 0 || media->protocol.len == 0 || media->format_count == 0)
        sdp_fault(r, "sdp-media", "RFC 8866 §5.14", value);
}
