/* token *( SEMI generic-param ): Event, Reason, Subscription-State …, and those where a
 * quoted-string may stand for the token: User-to-User (RFC 7433 §4.1), P-Visited-Network-ID (RFC
 * 7315 §5.3) */
#include "core/message/kind.h"

static void token_params_scan(struct scan *s, void *out)
{
    struct sip_token_params *value = out;
    scan_lws(s);
    const char *begin = s->at;
    value->token = scan_token(s);
    sip_params_scan(s, &value->params);
    value->text = scan_since(s, begin);
}

static void word_params_scan(struct scan *s, void *out)
{
    struct sip_token_params *value = out;
    scan_lws(s);
    if (!scan_at(s, '"')) {
        token_params_scan(s, out);
        return;
    }
    const char *begin = s->at;
    scan_quoted(s);
    value->token = (struct view){begin, (size_t)(s->at - begin)};
    sip_params_scan(s, &value->params);
    value->text = scan_since(s, begin);
}

static void token_params_write(struct buf *buf, const void *in)
{
    const struct sip_token_params *value = in;
    buf_add(buf, value->token);
    sip_params_write(buf, &value->params);
}

const struct sip_header_kind sip_token_params_kind = {
    .name = "token-params",
    .shape = SIP_SHAPE_TOKEN_PARAMS,
    .size = sizeof(struct sip_token_params),
    .params = offsetof(struct sip_token_params, params),
    .parse = token_params_scan,
    .write = token_params_write,
};

const struct sip_header_kind sip_word_params_kind = {
    .name = "word-params",
    .shape = SIP_SHAPE_TOKEN_PARAMS,
    .size = sizeof(struct sip_token_params),
    .params = offsetof(struct sip_token_params, params),
    .parse = word_params_scan,
    .write = token_params_write,
};
