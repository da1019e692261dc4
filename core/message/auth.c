/* Challenges and credentials: RFC 3261 §20.6, §20.7, §20.27, §20.28, §20.44; RFC 7616. The
 * parameters are parted by commas, so that there is one value in a row (RFC 3261 §7.3.1). */
#include "core/message/kind.h"
#include "core/message/params.h"

/* auth-param = auth-param-name EQUAL ( token / quoted-string ) */
static void auth_param_scan(struct scan *s, struct param_list *list)
{
    struct view name = scan_token(s), value = {0};
    scan_lws(s);
    if (scan_take(s, '=')) {
        scan_lws(s);
        value = scan_param_value(s);
        scan_lws(s);
    }
    if (name.len > 0)
        param_list_add(list, s, name, value);
}

/* Some leave a comma out; a token without "=" behind it is another challenge, and not for here. */
static bool comma_left_out(struct scan *s)
{
    struct scan ahead = *s;
    bool named = scan_run(&ahead, CHAR_TOKEN).len > 0;
    scan_lws(&ahead);
    if (!named || !scan_at(&ahead, '='))
        return false;
    scan_note(s, s->at, SIP_RULE_SEPARATOR);
    return true;
}

static void auth_params_scan(struct scan *s, struct sip_params *out)
{
    struct param_list list;
    param_list_begin(&list, s);
    do {
        scan_lws(s);
        if (scan_done(s) || *s->at == ',')
            scan_note(s, s->at, SIP_RULE_LIST_EMPTY);
        else
            auth_param_scan(s, &list);
    } while (scan_take(s, ',') || comma_left_out(s));
    param_list_end(&list, s, out);
}

static void auth_scan(struct scan *s, void *out)
{
    struct sip_auth *auth = out;
    scan_lws(s);
    auth->scheme = scan_token(s);
    scan_gap(s);
    auth_params_scan(s, &auth->params);
}

static void auth_info_scan(struct scan *s, void *out)
{
    struct sip_auth *auth = out;
    auth_params_scan(s, &auth->params);
}

static void auth_write(struct buf *buf, const void *in)
{
    const struct sip_auth *auth = in;
    if (auth->scheme.ptr != NULL) {
        buf_add(buf, auth->scheme);
        buf_add_char(buf, ' ');
    }
    for (size_t i = 0; i < auth->params.count; i++) {
        if (i > 0)
            buf_add(buf, V(", "));
        buf_add(buf, auth->params.items[i].name);
        if (auth->params.items[i].value.ptr == NULL)
            continue;
        buf_add_char(buf, '=');
        buf_add(buf, auth->params.items[i].value);
    }
}

const struct sip_header_kind sip_auth_kind = {
    .name = "auth",
    .shape = SIP_SHAPE_AUTH,
    .size = sizeof(struct sip_auth),
    .params = offsetof(struct sip_auth, params),
    .parse = auth_scan,
    .write = auth_write,
};

const struct sip_header_kind sip_auth_info_kind = {
    .name = "auth-info",
    .shape = SIP_SHAPE_AUTH,
    .size = sizeof(struct sip_auth),
    .params = offsetof(struct sip_auth, params),
    .parse = auth_info_scan,
    .write = auth_write,
};
