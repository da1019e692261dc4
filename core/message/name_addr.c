/* From, To, Contact, Route … : RFC 3261 §25.1, §20.10 */
#include "core/message/kind.h"
#include "core/message/params.h"
#include "core/message/uri.h"

#include <string.h>

/* LAQUOT addr-spec RAQUOT */
static void bracketed_scan(struct scan *s, struct sip_uri *out)
{
    scan_demand(s, '<', SIP_RULE_URI_BRACKETS);
    if (s->at < s->end && scan_is(s->at, CHAR_LWS)) { /* RFC 4475 §3.1.2.14 */
        scan_note(s, s->at, SIP_RULE_URI_SPACE);
        scan_lws(s);
    }
    sip_uri_scan(s, SIP_URI_WHOLE, out);
    if (s->at < s->end && scan_is(s->at, CHAR_LWS)) {
        scan_note(s, s->at, SIP_RULE_URI_SPACE);
        scan_lws(s);
    }
    scan_demand(s, '>', SIP_RULE_URI_BRACKETS);
}

/* Up to the "<" where there is one before anything that ends a value: a display name that ought to
 * have quotes (RFC 4475 §3.1.2.15). */
static bool loose_display(struct scan *s, const char *begin)
{
    const char *at = s->at;
    while (at < s->end && *at != '<' && *at != '"' && *at != '>' && *at != ';')
        at++;
    if (at == s->end || *at != '<')
        return false;
    scan_note(s, begin, SIP_RULE_DISPLAY_NAME);
    s->at = at;
    return true;
}

/* display-name = *(token LWS) / quoted-string, or no name at all but an addr-spec. */
static void unquoted_scan(struct scan *s, struct sip_name_addr *out)
{
    const char *begin = s->at;
    scan_run(s, CHAR_TOKEN);
    if (scan_at(s, ':')) {
        s->at = begin;
        sip_uri_scan(s, SIP_URI_BARE, &out->uri);
        return;
    }
    while (s->at < s->end && scan_is(s->at, CHAR_TOKEN | CHAR_LWS))
        s->at++;
    if (!scan_at(s, '<') && !loose_display(s, begin)) {
        scan_fail(s, SIP_RULE_URI);
        return;
    }
    out->display = scan_since(s, begin);
    bracketed_scan(s, &out->uri);
}

static bool wildcard_scan(struct scan *s)
{
    const char *begin = s->at;
    if (!scan_take(s, '*'))
        return false;
    scan_lws(s);
    if (scan_done(s) || *s->at == ',' || *s->at == ';')
        return true;
    s->at = begin;
    return false;
}

static void find_tag(struct sip_name_addr *value)
{
    for (size_t i = 0; i < value->params.count; i++) {
        const struct sip_param *param = &value->params.items[i];
        if (param->name.len == 3 && view_equal_nocase(param->name, V("tag"))) {
            value->tag = param->value.ptr != NULL ? param->value : V("");
            return;
        }
    }
}

static void name_addr_scan(struct scan *s, void *out)
{
    struct sip_name_addr *value = out;
    scan_lws(s);
    const char *begin = s->at;
    if (scan_at(s, '"')) {
        value->display = scan_quoted(s);
        scan_lws(s);
        bracketed_scan(s, &value->uri);
    } else if (scan_at(s, '<')) {
        bracketed_scan(s, &value->uri);
    } else if (wildcard_scan(s)) {
        value->wildcard = true;
    } else {
        unquoted_scan(s, value);
    }
    sip_params_scan(s, &value->params);
    value->text = scan_since(s, begin);
    find_tag(value);
}

static bool is_tokens(struct view text)
{
    if (view_starts(text, V(" ")) || view_ends(text, V(" ")))
        return false; /* the quotes have kept them */
    for (size_t i = 0; i < text.len; i++)
        if (!scan_is(text.ptr + i, CHAR_TOKEN) && text.ptr[i] != ' ')
            return false;
    return text.len > 0;
}

/* A quoted-string of it: what was quoted before keeps its escapes, what was not gets what it lacks.
 */
static void quoted_write(struct buf *buf, struct view text)
{
    buf_add_char(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        bool pair = text.ptr[i] == '\\' && i + 1 < text.len;
        if (!pair && (text.ptr[i] == '"' || text.ptr[i] == '\\'))
            buf_add_char(buf, '\\');
        buf_add(buf, (struct view){text.ptr + i, pair ? 2 : 1});
        i += pair;
    }
    buf_add_char(buf, '"');
}

static void name_addr_write(struct buf *buf, const void *in)
{
    const struct sip_name_addr *value = in;
    if (value->wildcard) {
        buf_add_char(buf, '*');
        sip_params_write(buf, &value->params);
        return;
    }
    if (is_tokens(value->display)) {
        buf_add(buf, value->display);
        buf_add_char(buf, ' ');
    } else if (value->display.ptr != NULL) {
        quoted_write(buf, value->display);
        buf_add_char(buf, ' ');
    }
    buf_add_char(buf, '<');
    sip_uri_write(buf, &value->uri);
    buf_add_char(buf, '>');
    sip_params_write(buf, &value->params);
}

void sip_name_addr_write(struct buf *buf, const struct sip_name_addr *value)
{
    name_addr_write(buf, value);
}

enum err sip_name_addr_parse(struct view text, struct arena *arena, struct sip_name_addr *out)
{
    struct scan s = scan_begin(text, arena);
    struct sip_name_addr value = {0};
    name_addr_scan(&s, &value);
    scan_end(&s);
    if (s.failed == SIP_RULE_MEMORY)
        return ERR_MEMORY;
    if (s.failed != SIP_RULE_NONE)
        return ERR_SYNTAX;
    *out = value;
    return ERR_OK;
}

const struct sip_header_kind sip_name_addr_kind = {
    .name = "name-addr",
    .shape = SIP_SHAPE_NAME_ADDR,
    .size = sizeof(struct sip_name_addr),
    .params = offsetof(struct sip_name_addr, params),
    .parse = name_addr_scan,
    .write = name_addr_write,
};
