#include "harness/agent/refer.h"

#include <stdio.h>

/* RFC 3261 §19.1.5: what a URI may not make us say: who we are, the way that it takes, and what we
 * can do. */
static bool is_dangerous(struct view name)
{
    switch (sip_header_find(name)) {
    case SIP_HEADER_FROM:
    case SIP_HEADER_TO:
    case SIP_HEADER_CALL_ID:
    case SIP_HEADER_CSEQ:
    case SIP_HEADER_VIA:
    case SIP_HEADER_RECORD_ROUTE:
    case SIP_HEADER_ROUTE:
    case SIP_HEADER_CONTACT:
    case SIP_HEADER_MAX_FORWARDS:
    case SIP_HEADER_CONTENT_LENGTH:
    case SIP_HEADER_ACCEPT:
    case SIP_HEADER_ACCEPT_ENCODING:
    case SIP_HEADER_ACCEPT_LANGUAGE:
    case SIP_HEADER_ALLOW:
    case SIP_HEADER_SUPPORTED:
    case SIP_HEADER_ORGANIZATION:
    case SIP_HEADER_USER_AGENT:
    case SIP_HEADER_AUTHORIZATION:
    case SIP_HEADER_PROXY_AUTHORIZATION:
        return true;
    default:
        return false;
    }
}

/* No value may end its row and begin another (B28). */
static bool is_one_row(struct view text)
{
    return view_find_char(text, '\r') == text.len && view_find_char(text, '\n') == text.len &&
           view_find_char(text, '\0') == text.len;
}

struct reading {
    struct arena *arena;
    struct refer *out;
    enum err err;
};

/* Absent: no memory. */
static struct view unescaped(struct reading *r, struct view text)
{
    struct view plain = text.len == 0 ? V("") : sip_unescape(text, r->arena);

    if (plain.ptr == NULL)
        r->err = ERR_MEMORY;
    return plain;
}

static void row_add(struct reading *r, struct view name, struct view value)
{
    struct refer *out = r->out;

    for (size_t i = 0; i < out->row_count; i++)
        if (view_equal_nocase(out->rows[i].name, name))
            return;
    out->rows[out->row_count++] = (struct sip_row){.name = name, .value = value};
}

static void header_read(struct reading *r, struct view text)
{
    size_t equal = view_find_char(text, '=');
    struct view name = unescaped(r, view_head(text, equal));
    struct view value = unescaped(r, view_skip(text, equal + 1));

    if (r->err != ERR_OK)
        return;
    if (view_equal_nocase(name, V("body")))
        r->out->body = value;
    else if (name.len > 0 && is_one_row(name) && is_one_row(value) && !is_dangerous(name))
        row_add(r, name, value);
}

static void headers_read(struct reading *r, struct view headers)
{
    for (int i = 0; i < REFER_HEADERS_MAX && headers.len > 0; i++) {
        size_t end = view_find_char(headers, '&');
        header_read(r, view_head(headers, end));
        headers = view_skip(headers, end + 1);
    }
}

static void uri_read(struct reading *r, const struct sip_uri *uri)
{
    struct sip_uri_parts parts = sip_uri_without(uri->text, V("method"));
    struct buf plain = {0};

    buf_add(&plain, parts.head);
    buf_add(&plain, parts.tail);
    r->out->uri = arena_copy(r->arena, buf_view(&plain));
    if (plain.failed != ERR_OK || r->out->uri.ptr == NULL)
        r->err = ERR_MEMORY;
    buf_deinit(&plain);
}

enum err refer_read(struct sip_msg *msg, struct arena *arena, struct refer *out)
{
    const struct sip_name_addr *to = sip_msg_get(msg, SIP_HEADER_REFER_TO, 0);
    const struct sip_line *by = sip_msg_find(msg, SIP_HEADER_REFERRED_BY, 0);
    struct reading r = {arena, out, ERR_OK};
    struct view method;

    if (to == NULL || (to->uri.scheme != SIP_SCHEME_SIP && to->uri.scheme != SIP_SCHEME_SIPS))
        return ERR_UNSUPPORTED;
    *out = (struct refer){.method = V("INVITE")};
    if (sip_param_find(&to->uri.params, V("method"), &method) && method.len > 0)
        out->method = unescaped(&r, method);
    if (by != NULL)
        row_add(&r, V("Referred-By"), arena_copy(arena, by->value));
    headers_read(&r, to->uri.headers);
    uri_read(&r, &to->uri);
    return r.err;
}

void refer_follows(struct subscription *sub, struct request *request)
{
    request->follows = sub->handle;
    sub->follows = request->handle;
}

/* Only the status line: RFC 3515 §5.2 warns of telling more. */
static void notify(struct subscription *sub, uint16_t status, struct view reason)
{
    struct agent *agent = sub->agent;
    char room[128];
    int len =
        snprintf(room, sizeof room, "SIP/2.0 %u %.*s\r\n", status, VIEW_ARG(view_head(reason, 80)));
    struct request *request;
    struct sip_notify_options options = {
        .request = {.body = {room, (size_t)len},
                    .content_type = V("message/sipfrag;version=2.0"),
                    .again = agent->stack.again},
        .state = SIP_SUB_ACTIVE
    };

    if (status >= 200) { /* RFC 3515 §2.4.7 */
        options.state = SIP_SUB_TERMINATED;
        options.reason = V("noresource");
    }
    enum err err = subscription_notify(sub, &options, &request);
    if (err == ERR_MEMORY || err == ERR_LIMIT)
        agents_broke(agent->party.agents,
                     err); /* else it was not accepted, or is over: nobody is there to tell */
}

void refer_progress(struct request *request, struct sip_msg *msg)
{
    struct subscription *sub = agents_subscription(request->agent->party.agents, request->follows);

    if (sub != NULL && sub->state != SIP_SUB_TERMINATED)
        notify(sub, sip_msg_status(msg), sip_msg_reason(msg));
}

void refer_unreachable(struct subscription *sub)
{
    if (sub->state != SIP_SUB_TERMINATED)
        notify(sub, 503, V("Service Unavailable"));
}
