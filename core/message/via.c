#include "core/message/kind.h"

#include <string.h>

/* sent-protocol = protocol-name SLASH protocol-version SLASH transport */
static void protocol_scan(struct scan *s, struct sip_via *via)
{
    if (s->end - s->at > 8 && memcmp(s->at, "SIP/2.0/", 8) == 0) {
        via->protocol = (struct view){s->at, 3};
        via->version = (struct view){s->at + 4, 3};
        s->at += 8;
    } else {
        const char *begin = s->at;
        via->protocol = scan_token(s);
        scan_separator(s, '/');
        via->version = scan_token(s);
        scan_separator(s, '/');
        bool known =
            view_equal_nocase(via->protocol, V("SIP")) && view_equal(via->version, V("2.0"));
        if (s->failed == SIP_RULE_NONE && !known)
            scan_note(s, begin, SIP_RULE_PROTOCOL);
    }
    via->transport = scan_token(s);
}

/* RFC 3261 §25.1: sent-by = host [ COLON port ], where COLON may have LWS around it. */
static void sent_by_scan(struct scan *s, struct sip_via *via)
{
    via->host = scan_host(s);
    scan_lws(s);
    if (!scan_take(s, ':'))
        return;
    scan_lws(s);
    via->port = scan_port(s);
}

static bool is_named(const struct sip_param *param, struct view name)
{
    return view_same(param->name, name) || view_equal_nocase(param->name, name);
}

/* The first of each. */
static void find_params(struct sip_via *via)
{
    for (size_t i = 0; i < via->params.count; i++) {
        const struct sip_param *param = &via->params.items[i];
        struct view *place = NULL;
        if (param->name.len == 6 && is_named(param, V("branch")))
            place = &via->branch;
        else if (param->name.len == 8 && is_named(param, V("received")))
            place = &via->received;
        else if (param->name.len == 5 && is_named(param, V("rport")))
            place = &via->rport;
        if (place != NULL && place->ptr == NULL)
            *place = param->value.ptr != NULL ? param->value : V("");
    }
}

/* RFC 3261 §25.1: via-parm = sent-protocol LWS sent-by *( SEMI via-params ) */
static void via_scan(struct scan *s, void *out)
{
    struct sip_via *via = out;
    scan_lws(s);
    const char *begin = s->at;
    protocol_scan(s, via);
    scan_gap(s);
    sent_by_scan(s, via);
    sip_params_scan(s, &via->params);
    via->text = scan_since(s, begin);
    find_params(via);
}

static void via_write(struct buf *buf, const void *in)
{
    const struct sip_via *via = in;
    buf_add(buf, via->protocol);
    buf_add_char(buf, '/');
    buf_add(buf, via->version);
    buf_add_char(buf, '/');
    buf_add(buf, via->transport);
    buf_add_char(buf, ' ');
    buf_add(buf, via->host);
    if (via->port != 0) {
        buf_add_char(buf, ':');
        buf_add_uint(buf, via->port);
    }
    sip_params_write(buf, &via->params);
}

const struct sip_header_kind sip_via_kind = {
    .name = "via",
    .shape = SIP_SHAPE_VIA,
    .size = sizeof(struct sip_via),
    .params = offsetof(struct sip_via, params),
    .parse = via_scan,
    .write = via_write,
};
