/* Retry-After = delta-seconds [ comment ] *( SEMI retry-param ): RFC 3261 §20.33 */
#include "core/message/kind.h"

/* comment = LPAREN *(ctext / quoted-pair / comment) RPAREN; gives what is inside. */
static struct view comment_scan(struct scan *s)
{
    const char *begin = s->at + 1;
    size_t depth = 0; /* counted, not recursed into: there may be ten thousand */
    for (; !scan_done(s); s->at++) {
        if (*s->at == '\\' && s->at + 1 < s->end)
            s->at++;
        else if (*s->at == '(')
            depth++;
        else if (*s->at == ')' && --depth == 0)
            break;
    }
    struct view inside = {begin, (size_t)(s->at - begin)};
    scan_demand(s, ')', SIP_RULE_COMMENT);
    return inside;
}

static void retry_after_scan(struct scan *s, void *out)
{
    struct sip_retry_after *value = out;
    scan_lws(s);
    value->seconds = scan_number(s, UINT64_MAX);
    scan_lws(s);
    if (scan_at(s, '('))
        value->comment = comment_scan(s);
    sip_params_scan(s, &value->params);
}

static void retry_after_write(struct buf *buf, const void *in)
{
    const struct sip_retry_after *value = in;
    buf_add_uint(buf, value->seconds);
    if (value->comment.ptr != NULL) {
        buf_add(buf, V(" ("));
        buf_add(buf, value->comment);
        buf_add_char(buf, ')');
    }
    sip_params_write(buf, &value->params);
}

const struct sip_header_kind sip_retry_after_kind = {
    .name = "retry-after",
    .shape = SIP_SHAPE_RETRY_AFTER,
    .size = sizeof(struct sip_retry_after),
    .params = offsetof(struct sip_retry_after, params),
    .parse = retry_after_scan,
    .write = retry_after_write,
};
