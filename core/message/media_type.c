/* m-type SLASH m-subtype *(SEMI m-parameter): RFC 3261 §25.1 */
#include "core/message/kind.h"

static void media_type_scan(struct scan *s, void *out)
{
    struct sip_media_type *value = out;
    scan_lws(s);
    value->type = scan_token(s);
    scan_separator(s, '/');
    value->subtype = scan_token(s);
    sip_params_scan(s, &value->params);
}

static void media_type_write(struct buf *buf, const void *in)
{
    const struct sip_media_type *value = in;
    buf_add(buf, value->type);
    buf_add_char(buf, '/');
    buf_add(buf, value->subtype);
    sip_params_write(buf, &value->params);
}

const struct sip_header_kind sip_media_type_kind = {
    .name = "media-type",
    .shape = SIP_SHAPE_MEDIA_TYPE,
    .size = sizeof(struct sip_media_type),
    .params = offsetof(struct sip_media_type, params),
    .parse = media_type_scan,
    .write = media_type_write,
};
