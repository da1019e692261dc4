/* Request-Line and Status-Line: RFC 3261 §7.1, §7.2 */
#include "core/message/msg_private.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void fault(struct sip_msg *msg, enum sip_rule rule, const char *at)
{
    sip_msg_add_fault(msg, rule, SIP_HEADER_OTHER, at);
}

/* RFC 3261 §7.1: "case-insensitive, but implementations MUST send upper-case" */
static void set_version(struct sip_msg *msg, struct view version)
{
    msg->version = version;
    if (version.len != 7 || memcmp(version.ptr, "SIP/2.0", 7) != 0)
        fault(msg, SIP_RULE_VERSION, version.ptr);
}

/* RFC 3261 §7.2: Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF */
static void read_status(struct sip_msg *msg, struct view line)
{
    struct scan s = scan_begin(line, NULL);
    uint64_t status = 0;
    while (s.at < s.end && !is_blank(*s.at))
        s.at++;
    set_version(msg, view_head(line, (size_t)(s.at - line.ptr)));
    if (!scan_take(&s, ' ') || (s.at < s.end && is_blank(*s.at)))
        fault(msg, SIP_RULE_START_SPACE, s.at);
    scan_run(&s, CHAR_LWS);
    const char *code = s.at;
    struct view digits = scan_run(&s, CHAR_DIGIT);
    if (digits.len != 3 || !view_to_uint(digits, 699, &status) || status < 100)
        fault(msg, SIP_RULE_STATUS, code);
    else
        msg->status = (uint16_t)status;
    if (!scan_take(&s, ' '))
        fault(msg, SIP_RULE_START_LINE, s.at);
    msg->uri_or_reason = (struct view){s.at, (size_t)(s.end - s.at)};
}

/* What nearly all send: no more than one SP on either side, and the version that we know. */
static bool read_plain(struct sip_msg *msg, struct view rest)
{
    struct view version = V(" SIP/2.0");
    size_t space = view_find_char(rest, ' ');
    if (space == 0 || rest.ptr[0] == '<' || !view_equal(view_skip(rest, space), version))
        return false;
    msg->uri_or_reason = view_head(rest, space);
    msg->version = view_skip(rest, space + 1);
    return true;
}

static struct view strip(struct sip_msg *msg, struct view text)
{
    struct view inside = view_trim(text);
    if (inside.len != text.len)
        fault(msg, SIP_RULE_START_SPACE, inside.ptr);
    return inside;
}

static void check_request_uri(struct sip_msg *msg)
{
    struct view uri = msg->uri_or_reason;
    if (uri.len == 0)
        fault(msg, SIP_RULE_REQUEST_URI, uri.ptr);
    else if (uri.ptr[0] == '<')
        fault(msg, SIP_RULE_REQUEST_URI_BRACKETS, uri.ptr);
    else if (view_find_char(uri, ' ') < uri.len || view_find_char(uri, '\t') < uri.len)
        fault(msg, SIP_RULE_REQUEST_URI_SPACE, uri.ptr);
}

/* Anything else: the version is what stands behind the last blank, so that a Request-URI with
 * blanks in it is seen whole. Without a version it is a request only if the method is one that we
 * know. */
static bool read_odd(struct sip_msg *msg, struct view rest)
{
    struct view line = rest;
    while (line.len > 0 && is_blank(line.ptr[line.len - 1]))
        line.len--;
    size_t at = line.len;
    while (at > 0 && !is_blank(line.ptr[at - 1]))
        at--;
    struct view version = view_skip(line, at), uri = view_head(line, at == 0 ? 0 : at - 1);
    if (!view_starts_nocase(version, V("SIP/"))) {
        if (msg->method == SIP_METHOD_OTHER)
            return false;
        uri = rest; /* "INVITE sip:a" */
        version = view_skip(rest, rest.len);
    } else if (line.len < rest.len || (at > 0 && line.ptr[at - 1] != ' ')) {
        fault(msg, SIP_RULE_START_SPACE, version.ptr + version.len);
    }
    set_version(msg, version);
    msg->uri_or_reason = strip(msg, uri);
    check_request_uri(msg);
    return true;
}

/* RFC 3261 §7.1: Request-Line = Method SP Request-URI SP SIP-Version CRLF */
static bool read_request(struct sip_msg *msg, struct view line)
{
    struct scan s = scan_begin(line, NULL);
    msg->is_request = true;
    msg->method_name = scan_run(&s, CHAR_TOKEN);
    msg->method = (uint8_t)sip_method_find(msg->method_name);
    if (msg->method_name.len == 0 || scan_done(&s) || !is_blank(*s.at))
        return false;
    if (*s.at != ' ')
        fault(msg, SIP_RULE_START_SPACE, s.at);
    struct view rest = view_skip(line, msg->method_name.len + 1);
    return read_plain(msg, rest) || read_odd(msg, rest);
}

bool sip_msg_read_start(struct sip_msg *msg, const char **at)
{
    const char *begin = msg->blob->data, *end = begin + msg->blob->len;
    while (begin < end && (*begin == '\r' || *begin == '\n')) /* RFC 3261 §7.5 */
        begin++;
    if (begin == end)
        return false;
    const char *newline = memchr(begin, '\n', (size_t)(end - begin));
    const char *stop = newline == NULL ? end : newline;
    *at = newline == NULL ? end : newline + 1;
    if (stop > begin && stop[-1] == '\r')
        stop--;
    else if (newline != NULL)
        sip_msg_bare_line_end(msg, stop);
    struct view line = {begin, (size_t)(stop - begin)};
    if ((*begin | 0x20) != 's' || !view_starts_nocase(line, V("SIP/")))
        return read_request(msg, line);
    read_status(msg, line);
    return true;
}
