#include "core/message/scan.h"

void scan_separator(struct scan *s, char c)
{
    scan_lws(s);
    scan_demand(s, c, SIP_RULE_SEPARATOR);
    scan_lws(s);
}

void scan_end(struct scan *s)
{
    scan_lws(s);
    if (!scan_done(s))
        scan_fail(s, SIP_RULE_TRAILING);
}

uint64_t scan_number(struct scan *s, uint64_t max)
{
    const char *begin = s->at;
    struct view digits = scan_some(s, CHAR_DIGIT, SIP_RULE_NUMBER);
    uint64_t value = 0;
    if (digits.len > 0 && !view_to_uint(digits, max, &value)) {
        s->at = begin;
        scan_fail(s, SIP_RULE_NUMBER_RANGE);
    }
    return value;
}

/* RFC 3261 §25.1: quoted-string = SWS DQUOTE *(qdtext / quoted-pair ) DQUOTE */
struct view scan_quoted(struct scan *s)
{
    const char *open = s->at;
    scan_demand(s, '"', SIP_RULE_QUOTE);
    const char *begin = s->at;
    for (;;) {
        scan_run(s, CHAR_QTEXT);
        if (scan_done(s)) {
            s->at = open;
            scan_fail(s, SIP_RULE_QUOTE);
            return (struct view){0};
        }
        if (*s->at == '"')
            break;
        if (*s->at != '\\')
            scan_note(s, s->at, SIP_RULE_HEADER_CONTROL);
        else if (s->at + 1 < s->end)
            s->at++; /* a quoted-pair: whatever follows, NUL too */
        s->at++;
    }
    struct view inside = {begin, (size_t)(s->at - begin)};
    s->at++;
    return inside;
}

/* IPv6reference; what only looks like one is noted and goes on (RFC 5118 §4.10). */
static void scan_ip6(struct scan *s)
{
    const char *open = s->at++;
    while (s->at < s->end && (scan_is(s->at, CHAR_HEX) || *s->at == ':' || *s->at == '.'))
        s->at++;
    struct view ip = {open + 1, (size_t)(s->at - open - 1)};
    if (scan_at(s, '%')) { /* a zone: RFC 6874, not part of SIP's grammar */
        scan_note(s, s->at, SIP_RULE_IPV6);
        s->at++;
        scan_run(s, CHAR_TOKEN);
    }
    if (view_find_char(ip, ':') == ip.len)
        scan_fail(s, SIP_RULE_HOST);
    scan_demand(s, ']', SIP_RULE_HOST);
    struct addr addr;
    if (s->failed == SIP_RULE_NONE && (addr_ip_parse(ip, &addr) != ERR_OK || addr.family != 6))
        scan_note(s, open, SIP_RULE_IPV6);
}

uint16_t scan_port(struct scan *s)
{
    const char *begin = s->at;
    uint32_t port = 0;
    while (s->at < s->end && scan_is(s->at, CHAR_DIGIT) && port <= UINT16_MAX)
        port = port * 10 + (uint32_t)(*s->at++ - '0');
    if (s->at == begin || port > UINT16_MAX) {
        s->at = begin;
        scan_fail(s, SIP_RULE_PORT);
        return 0;
    }
    if (port == 0)
        scan_note(s, begin, SIP_RULE_PORT_ZERO);
    return (uint16_t)port;
}

/* RFC 3261 §25.1: host = hostname / IPv4address / IPv6reference */
struct view scan_host(struct scan *s)
{
    const char *begin = s->at;
    if (scan_at(s, '['))
        scan_ip6(s);
    else
        scan_some(s, CHAR_HOST, SIP_RULE_HOST);
    return (struct view){begin, (size_t)(s->at - begin)};
}
