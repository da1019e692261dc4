/* callid = word [ "@" word ]: Call-ID, In-Reply-To (RFC 3261 §25.1) */
#include "core/message/kind.h"

struct view sip_call_id_scan(struct scan *s)
{
    const char *begin = s->at;
    scan_some(s, CHAR_WORD, SIP_RULE_TOKEN);
    if (scan_take(s, '@'))
        scan_some(s, CHAR_WORD, SIP_RULE_TOKEN);
    return (struct view){begin, (size_t)(s->at - begin)};
}

static void call_id_scan(struct scan *s, void *out)
{
    struct sip_text *value = out;
    scan_lws(s);
    value->text = sip_call_id_scan(s);
}

static void call_id_write(struct buf *buf, const void *in)
{
    const struct sip_text *value = in;
    buf_add(buf, value->text);
}

const struct sip_header_kind sip_call_id_kind = {
    .name = "call-id",
    .shape = SIP_SHAPE_TEXT,
    .size = sizeof(struct sip_text),
    .parse = call_id_scan,
    .write = call_id_write,
};
