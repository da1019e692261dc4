#include "core/sdp/sdp.h"

static void line_write(struct buf *buf, char type, struct view value)
{
    buf_add_char(buf, type);
    buf_add_char(buf, '=');
    buf_add(buf, value);
    buf_add(buf, V("\r\n"));
}

static void stream_write_as_it_is(struct buf *buf, const struct sip_sdp_media *media)
{
    line_write(buf, 'm', media->text);
    for (size_t i = 0; i < media->line_count; i++)
        line_write(buf, media->lines[i].type, media->lines[i].value);
}

void sip_sdp_write(struct buf *buf, const struct sip_sdp *sdp)
{
    for (size_t i = 0; i < sdp->line_count; i++)
        line_write(buf, sdp->lines[i].type, sdp->lines[i].value);
    for (size_t m = 0; m < sdp->media_count; m++)
        stream_write_as_it_is(buf, &sdp->media[m]);
}

static void origin_write(struct buf *buf, const struct sip_sdp_origin *o, uint64_t version)
{
    buf_printf(buf, "o=%.*s %.*s ", VIEW_ARG(o->user), VIEW_ARG(o->session_id));
    buf_add_uint(buf, version);
    buf_printf(buf, " %.*s %.*s %.*s\r\n", VIEW_ARG(o->net_type), VIEW_ARG(o->addr_type),
               VIEW_ARG(o->address));
}

static bool line_is_direction(const struct sip_sdp_line *line)
{
    enum sip_sdp_direction direction;
    return line->type == 'a' && sip_sdp_direction_find(line->value, &direction);
}

static void stream_write(struct buf *buf, const struct sip_sdp_media *media,
                         enum sip_sdp_direction direction)
{
    line_write(buf, 'm', media->text);
    for (size_t i = 0; i < media->line_count; i++)
        if (!line_is_direction(&media->lines[i]))
            line_write(buf, media->lines[i].type, media->lines[i].value);
    line_write(buf, 'a', view_of(sip_sdp_direction_text(direction)));
}

/* Of each stream's direction the bits in `keep` stay, those in `set` come to them. */
static enum err redirect(struct buf *buf, const struct sip_sdp *sdp, unsigned keep, unsigned set)
{
    uint64_t version;
    bool origin_done = false;
    if (!view_to_uint(sdp->origin.session_version, UINT64_MAX - 1, &version))
        return ERR_SYNTAX;
    for (size_t i = 0; i < sdp->line_count; i++) {
        if (sdp->lines[i].type == 'o' && !origin_done) {
            origin_write(buf, &sdp->origin, version + 1);
            origin_done = true;
        } else if (!line_is_direction(&sdp->lines[i])) {
            line_write(buf, sdp->lines[i].type, sdp->lines[i].value);
        }
    }
    for (size_t m = 0; m < sdp->media_count; m++) {
        unsigned direction = (sdp->media[m].direction & keep) | set;
        stream_write(buf, &sdp->media[m], (enum sip_sdp_direction)direction);
    }
    return ERR_OK;
}

enum err sip_sdp_with_direction(struct buf *buf, const struct sip_sdp *sdp,
                                enum sip_sdp_direction direction)
{
    return redirect(buf, sdp, SIP_SDP_INACTIVE, direction);
}

enum err sip_sdp_hold(struct buf *buf, const struct sip_sdp *sdp)
{
    return redirect(buf, sdp, SIP_SDP_SENDONLY, SIP_SDP_INACTIVE);
}

enum err sip_sdp_succeed(struct buf *buf, const struct sip_sdp *before, const struct sip_sdp *next)
{
    struct sip_sdp after = *next;
    uint64_t version;
    if (!view_to_uint(before->origin.session_version, UINT64_MAX - 1, &version))
        return ERR_SYNTAX;
    after.origin = before->origin;
    version += !sip_sdp_same(before, &after);
    for (size_t i = 0; i < next->line_count; i++) {
        if (next->lines[i].type == 'o')
            origin_write(buf, &after.origin, version);
        else
            line_write(buf, next->lines[i].type, next->lines[i].value);
    }
    for (size_t m = 0; m < next->media_count; m++)
        stream_write_as_it_is(buf, &next->media[m]);
    return ERR_OK;
}
