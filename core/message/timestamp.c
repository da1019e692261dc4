/* Timestamp = 1*(DIGIT) [ "." *(DIGIT) ] [ LWS delay ]: RFC 3261 §20.38 */
#include "core/message/kind.h"

/* *(DIGIT) [ "." *(DIGIT) ] */
static struct view decimal_scan(struct scan *s)
{
    const char *begin = s->at;
    scan_run(s, CHAR_DIGIT);
    if (scan_take(s, '.'))
        scan_run(s, CHAR_DIGIT);
    return (struct view){begin, (size_t)(s->at - begin)};
}

static void timestamp_scan(struct scan *s, void *out)
{
    struct sip_timestamp *value = out;
    scan_lws(s);
    if (scan_done(s) || !scan_is(s->at, CHAR_DIGIT))
        scan_fail(s, SIP_RULE_NUMBER);
    value->value = decimal_scan(s);
    scan_lws(s);
    struct view delay = decimal_scan(s);
    if (delay.len > 0)
        value->delay = delay;
}

static void timestamp_write(struct buf *buf, const void *in)
{
    const struct sip_timestamp *value = in;
    buf_add(buf, value->value);
    if (value->delay.ptr == NULL)
        return;
    buf_add_char(buf, ' ');
    buf_add(buf, value->delay);
}

const struct sip_header_kind sip_timestamp_kind = {
    .name = "timestamp",
    .shape = SIP_SHAPE_TIMESTAMP,
    .size = sizeof(struct sip_timestamp),
    .parse = timestamp_scan,
    .write = timestamp_write,
};
