/* 1*DIGIT with parameters: Max-Forwards, Expires, Session-Expires … */
#include "core/message/kind.h"

static void number_scan(struct scan *s, void *out)
{
    struct sip_number *value = out;
    scan_lws(s);
    value->value = scan_number(s, UINT64_MAX);
    sip_params_scan(s, &value->params);
}

static void number_write(struct buf *buf, const void *in)
{
    const struct sip_number *value = in;
    buf_add_uint(buf, value->value);
    sip_params_write(buf, &value->params);
}

const struct sip_header_kind sip_number_kind = {
    .name = "number",
    .shape = SIP_SHAPE_NUMBER,
    .size = sizeof(struct sip_number),
    .params = offsetof(struct sip_number, params),
    .parse = number_scan,
    .write = number_write,
};
