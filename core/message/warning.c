/* warning-value = warn-code SP warn-agent SP warn-text: RFC 3261 §20.43 */
#include "core/message/kind.h"

static void warning_scan(struct scan *s, void *out)
{
    struct sip_warning *value = out;
    scan_lws(s);
    const char *begin = s->at;
    value->code = (uint16_t)scan_number(s, 999);
    if (s->failed == SIP_RULE_NONE && s->at - begin != 3)
        scan_note(s, begin, SIP_RULE_NUMBER_RANGE); /* 3DIGIT */
    scan_gap(s);
    value->agent = scan_some(s, CHAR_LOOSE, SIP_RULE_TOKEN);
    scan_gap(s);
    value->text = scan_quoted(s);
}

static void warning_write(struct buf *buf, const void *in)
{
    const struct sip_warning *value = in;
    buf_printf(buf, "%03u ", value->code);
    buf_add(buf, value->agent);
    buf_add(buf, V(" \""));
    buf_add(buf, value->text);
    buf_add_char(buf, '"');
}

const struct sip_header_kind sip_warning_kind = {
    .name = "warning",
    .shape = SIP_SHAPE_WARNING,
    .size = sizeof(struct sip_warning),
    .parse = warning_scan,
    .write = warning_write,
};
