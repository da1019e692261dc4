#include "core/message/msg_private.h"

/* RFC 4475 §3.1.2.7: brackets around it are a fault (start_line.c) that may be looked past. */
static struct view without_brackets(struct view text)
{
    if (view_starts(text, V("<")) && view_ends(text, V(">")))
        return view_skip(view_head(text, text.len - 1), 1);
    return text;
}

const struct sip_uri *sip_msg_request_uri(struct sip_msg *msg)
{
    if (!msg->is_request || msg->uri_read)
        return msg->uri;
    msg->uri_read = true;
    struct scan s = scan_begin(without_brackets(msg->uri_or_reason), &msg->arena);
    struct sip_uri *uri = arena_zalloc(&msg->arena, sizeof *uri);
    if (uri == NULL) {
        msg->lost = true;
        return NULL;
    }
    sip_uri_scan(&s, SIP_URI_WHOLE, uri);
    if (!scan_done(&s))
        scan_fail(&s, SIP_RULE_REQUEST_URI);
    if (s.noted != SIP_RULE_NONE)
        sip_msg_add_fault(msg, s.noted, SIP_HEADER_OTHER, s.noted_at);
    if (s.failed != SIP_RULE_NONE)
        sip_msg_add_fault(msg, SIP_RULE_REQUEST_URI, SIP_HEADER_OTHER, s.at);
    else
        msg->uri = uri;
    return msg->uri;
}
