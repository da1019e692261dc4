/* LAQUOT absoluteURI RAQUOT *( SEMI generic-param ): Alert-Info, Call-Info, Error-Info … */
#include "core/message/kind.h"

static void uri_params_scan(struct scan *s, void *out)
{
    struct sip_uri_params *value = out;
    scan_lws(s);
    scan_demand(s, '<', SIP_RULE_URI_BRACKETS);
    value->uri = scan_some(s, CHAR_OPAQUE, SIP_RULE_URI);
    if (view_find_char(value->uri, ':') == value->uri.len)
        scan_note(s, value->uri.ptr, SIP_RULE_URI_SCHEME);
    scan_demand(s, '>', SIP_RULE_URI_BRACKETS);
    sip_params_scan(s, &value->params);
}

static void uri_params_write(struct buf *buf, const void *in)
{
    const struct sip_uri_params *value = in;
    buf_add_char(buf, '<');
    buf_add(buf, value->uri);
    buf_add_char(buf, '>');
    sip_params_write(buf, &value->params);
}

const struct sip_header_kind sip_uri_params_kind = {
    .name = "uri-params",
    .shape = SIP_SHAPE_URI_PARAMS,
    .size = sizeof(struct sip_uri_params),
    .params = offsetof(struct sip_uri_params, params),
    .parse = uri_params_scan,
    .write = uri_params_write,
};
