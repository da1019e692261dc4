#include "core/message/uri.h"

#include "core/message/kind.h"
#include "core/message/params.h"

#include <string.h>

/* RFC 3261 §25.1: uri-parameters = *( ";" uri-parameter ); no LWS, no quotes. */
static void uri_params_scan(struct scan *s, struct sip_params *out)
{
    struct param_list list;
    if (!scan_at(s, ';'))
        return;
    param_list_begin(&list, s);
    while (scan_take(s, ';')) {
        struct view name = scan_some(s, CHAR_UPARAM, SIP_RULE_PARAM), value = {0};
        if (scan_take(s, '='))
            value = scan_some(s, CHAR_UPARAM, SIP_RULE_PARAM);
        if (name.len > 0)
            param_list_add(&list, s, name, value);
    }
    param_list_end(&list, s, out);
}

/* Visible bytes that ought to be escaped, as in "*21#@example.com", up to the "@". */
static bool odd_user_scan(struct scan *s)
{
    const char *stop = s->at;
    struct view odd = scan_run(s, CHAR_LOOSE);
    size_t at = view_find_char(odd, '@');
    if (at == odd.len || *stop == '[')
        return false;
    scan_note(s, stop, SIP_RULE_URI_USER);
    s->at = stop + at;
    return true;
}

/* RFC 3261 §25.1: userinfo = ( user / telephone-subscriber ) [ ":" password ] "@". Whether there is
 * one shows only at the "@": without it nothing was read. */
static void userinfo_scan(struct scan *s, enum sip_uri_place place, struct sip_uri *uri)
{
    const char *begin = s->at;
    struct view password = {0};
    struct view user = scan_run(s, place == SIP_URI_BARE ? CHAR_BARE : CHAR_USER);
    if (scan_take(s, ':'))
        password = scan_run(s, CHAR_PASS);
    if (!scan_at(s, '@')) {
        if (!odd_user_scan(s)) {
            s->at = begin;
            return;
        }
        user = (struct view){begin, (size_t)(s->at - begin)};
        password = (struct view){0};
    }
    s->at++;
    if (user.len == 0)
        scan_note(s, begin, SIP_RULE_URI_USER);
    uri->user = user;
    uri->password = password;
}

static void sip_part_scan(struct scan *s, enum sip_uri_place place, struct sip_uri *uri)
{
    userinfo_scan(s, place, uri);
    uri->host = scan_host(s);
    if (scan_take(s, ':'))
        uri->port = scan_port(s);
    if (place == SIP_URI_WHOLE)
        uri_params_scan(s, &uri->params);
    else if (scan_at(s, '?'))
        scan_note(s, s->at, SIP_RULE_URI_BRACKETS); /* RFC 4475 §3.1.2.13 */
    if (scan_take(s, '?'))
        uri->headers = scan_run(s, CHAR_UHEAD);
}

/* RFC 3966 §3: telephone-uri = "tel:" telephone-subscriber; its parameters are like those of sip.
 */
static void tel_part_scan(struct scan *s, enum sip_uri_place place, struct sip_uri *uri)
{
    uri->user = scan_some(s, CHAR_BARE, SIP_RULE_URI);
    if (place == SIP_URI_WHOLE)
        uri_params_scan(s, &uri->params);
}

static enum sip_scheme scheme_find(struct view text)
{
    static const struct view names[] = {
        [SIP_SCHEME_SIP] = {"sip",  3},
        [SIP_SCHEME_SIPS] = {"sips", 4},
        [SIP_SCHEME_TEL] = {"tel",  3}
    };
    for (int i = SIP_SCHEME_SIP; i <= SIP_SCHEME_TEL; i++)
        if (view_equal_nocase(text, names[i]))
            return (enum sip_scheme)i;
    return SIP_SCHEME_OTHER;
}

static void scheme_scan(struct scan *s, struct sip_uri *out)
{
    if (s->end - s->at > 4 && memcmp(s->at, "sip:", 4) == 0) {
        out->scheme = SIP_SCHEME_SIP;
        out->scheme_text = (struct view){s->at, 3};
        s->at += 4;
        return;
    }
    out->scheme_text = scan_some(s, CHAR_SCHEME, SIP_RULE_URI_SCHEME);
    scan_demand(s, ':', SIP_RULE_URI_SCHEME);
    out->scheme = scheme_find(out->scheme_text);
}

void sip_uri_scan(struct scan *s, enum sip_uri_place place, struct sip_uri *out)
{
    const char *begin = s->at;
    scheme_scan(s, out);
    if (out->scheme == SIP_SCHEME_SIP || out->scheme == SIP_SCHEME_SIPS)
        sip_part_scan(s, place, out);
    else if (out->scheme == SIP_SCHEME_TEL)
        tel_part_scan(s, place, out);
    else
        scan_run(s, place == SIP_URI_WHOLE ? CHAR_OPAQUE : CHAR_LOOSE);
    out->text = (struct view){begin, (size_t)(s->at - begin)};
}

enum err sip_uri_parse(struct view text, struct arena *arena, struct sip_uri *out)
{
    struct scan s = scan_begin(text, arena);
    struct sip_uri uri = {0};
    sip_uri_scan(&s, SIP_URI_WHOLE, &uri);
    if (!scan_done(&s))
        scan_fail(&s, SIP_RULE_URI);
    if (s.failed == SIP_RULE_MEMORY)
        return ERR_MEMORY;
    if (s.failed != SIP_RULE_NONE)
        return ERR_SYNTAX;
    *out = uri;
    return ERR_OK;
}

static void userinfo_write(struct buf *buf, const struct sip_uri *uri)
{
    if (uri->user.ptr == NULL)
        return;
    buf_add(buf, uri->user);
    if (uri->password.ptr != NULL) {
        buf_add_char(buf, ':');
        buf_add(buf, uri->password);
    }
    buf_add_char(buf, '@');
}

void sip_uri_write(struct buf *buf, const struct sip_uri *uri)
{
    if (uri->scheme == SIP_SCHEME_OTHER) {
        buf_add(buf, uri->text);
        return;
    }
    buf_add(buf, uri->scheme_text);
    buf_add_char(buf, ':');
    if (uri->scheme == SIP_SCHEME_TEL) {
        buf_add(buf, uri->user);
    } else {
        userinfo_write(buf, uri);
        buf_add(buf, uri->host);
        if (uri->port != 0) {
            buf_add_char(buf, ':');
            buf_add_uint(buf, uri->port);
        }
    }
    sip_params_write(buf, &uri->params);
    if (uri->headers.ptr != NULL) {
        buf_add_char(buf, '?');
        buf_add(buf, uri->headers);
    }
}

/* Behind the "@": a user may have ";" and "?" in it. */
static size_t host_at(struct view uri)
{
    size_t at = view_find_char(uri, '@');
    return at < uri.len ? at + 1 : 0;
}

struct view sip_uri_bare(struct view uri)
{
    size_t host = host_at(uri);
    return view_head(uri, host + view_find_char(view_skip(uri, host), '?'));
}

struct sip_uri_parts sip_uri_without(struct view uri, struct view param)
{
    uri = sip_uri_bare(uri);
    size_t host = host_at(uri);
    size_t at = host + view_find_char(view_skip(uri, host), ';');
    while (at < uri.len) {
        struct view rest = view_skip(uri, at + 1);
        size_t len = view_find_char(rest, ';');
        struct view name = view_head(rest, len);
        name = view_head(name, view_find_char(name, '='));
        if (view_equal_nocase(name, param))
            return (struct sip_uri_parts){view_head(uri, at), view_skip(rest, len)};
        at += 1 + len;
    }
    return (struct sip_uri_parts){.head = uri};
}

uint16_t sip_uri_port(const struct sip_uri *uri)
{
    struct view transport = {0};
    if (uri->port != 0)
        return uri->port;
    if (!sip_param_find(&uri->params, V("transport"), &transport))
        return uri->scheme == SIP_SCHEME_SIPS ? 5061 : 5060;
    if (view_equal_nocase(transport, V("ws")))
        return uri->scheme == SIP_SCHEME_SIPS ? 443 : 80;
    if (view_equal_nocase(transport, V("wss")))
        return 443;
    bool secure = uri->scheme == SIP_SCHEME_SIPS || view_equal_nocase(transport, V("tls"));
    return secure ? 5061 : 5060;
}
