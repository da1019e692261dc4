/* token *( SEMI generic-param ): Event, Reason, Subscription-State … */
#include "core/message/kind.h"

static void token_params_scan(struct scan *s, void *out)
{
    struct sip_token_params *value = out;
    scan_lws(s);
    const char *begin = s->at;
    value->token = scan_token(s);
    sip_params_scan(s, &value->params);
    value->text = view_trim((struct view){begin, (size_t)(s->at - begin)});
}

static void token_params_write(struct buf *buf, const void *in)
{
    const struct sip_token_params *value = in;
    buf_add(buf, value->token);
    sip_params_write(buf, &value->params);
}

const struct sip_header_kind sip_token_params_kind = {
    .name = "token-params",
    .size = sizeof(struct sip_token_params),
    .parse = token_params_scan,
    .write = token_params_write,
};
