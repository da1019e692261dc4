#include "harness/replay/compare.h"

bool compare_kind(const struct sip_msg *captured, const struct sip_msg *came)
{
    return sip_msg_is_request(captured) == sip_msg_is_request(came) &&
           sip_msg_status(captured) == sip_msg_status(came) &&
           view_equal(sip_msg_method_name(captured), sip_msg_method_name(came));
}

static struct view presence(struct sip_msg *msg, enum sip_header_id id)
{
    return sip_msg_find(msg, id, 0) != NULL ? V("present") : (struct view){0};
}

/* Where a dialog begins, or somebody is sent elsewhere; in other messages it is everybody's taste.
 */
static struct view contact_of(struct sip_msg *msg)
{
    enum sip_method method = sip_msg_method(msg);
    uint16_t status = sip_msg_status(msg);
    bool begins = (method == SIP_INVITE || method == SIP_SUBSCRIBE) &&
                  (status == 0 || (status >= 200 && status < 300));
    return begins || (status >= 300 && status < 400) ? presence(msg, SIP_HEADER_CONTACT)
                                                     : (struct view){0};
}

static struct view rseq_of(struct sip_msg *msg)
{
    return presence(msg, SIP_HEADER_RSEQ);
}

static struct view interval_of(struct sip_msg *msg)
{
    return presence(msg, SIP_HEADER_SESSION_EXPIRES);
}

static struct view type_of(struct sip_msg *msg)
{
    const struct sip_line *line = sip_msg_find(msg, SIP_HEADER_CONTENT_TYPE, 0);
    if (sip_msg_body(msg).len == 0 || line == NULL)
        return (struct view){0};
    return view_trim(view_head(line->value, view_find_char(line->value, ';')));
}

static struct view token_of(struct sip_msg *msg, enum sip_header_id id)
{
    const struct sip_token_params *value = sip_msg_get(msg, id, 0);
    return value == NULL ? (struct view){0} : value->token;
}

static struct view event_of(struct sip_msg *msg)
{
    return token_of(msg, SIP_HEADER_EVENT);
}

static struct view state_of(struct sip_msg *msg)
{
    return token_of(msg, SIP_HEADER_SUBSCRIPTION_STATE);
}

static struct view scheme_of(struct sip_msg *msg)
{
    const struct sip_auth *auth = sip_msg_get(msg, SIP_HEADER_WWW_AUTHENTICATE, 0);
    if (auth == NULL)
        auth = sip_msg_get(msg, SIP_HEADER_PROXY_AUTHENTICATE, 0);
    return auth == NULL ? (struct view){0} : auth->scheme;
}

static bool list_covers(struct sip_msg *msg, struct sip_msg *other)
{
    for (size_t i = 0; i < sip_msg_count(msg, SIP_HEADER_REQUIRE); i++) {
        const struct sip_text *tag = sip_msg_get(msg, SIP_HEADER_REQUIRE, i);
        if (tag != NULL && !sip_msg_lists(other, SIP_HEADER_REQUIRE, tag->text))
            return false;
    }
    return true;
}

static void tell(const char *name, struct view value, struct buf *out)
{
    if (value.ptr == NULL)
        buf_printf(out, "no %s", name);
    else if (view_equal(value, V("present")))
        buf_printf(out, "a %s", name);
    else
        buf_printf(out, "%s: %.*s", name, VIEW_ARG(value));
}

static bool requires_else(struct sip_msg *captured, struct sip_msg *came, struct buf *expected,
                          struct buf *actual)
{
    const struct sip_line *was = sip_msg_find(captured, SIP_HEADER_REQUIRE, 0);
    const struct sip_line *is = sip_msg_find(came, SIP_HEADER_REQUIRE, 0);
    if (list_covers(captured, came) && list_covers(came, captured))
        return false;
    tell("Require", was == NULL ? (struct view){0} : was->value, expected);
    tell("Require", is == NULL ? (struct view){0} : is->value, actual);
    return true;
}

bool compare_headers(struct sip_msg *captured, struct sip_msg *came, struct buf *out_expected,
                     struct buf *out_actual)
{
    static const struct {
        const char *name;
        struct view (*of)(struct sip_msg *msg);
    } rows[] = {
        {"RSeq",               rseq_of    },
        {"Contact",            contact_of },
        {"Session-Expires",    interval_of},
        {"Content-Type",       type_of    },
        {"Event",              event_of   },
        {"Subscription-State", state_of   },
        {"challenge",          scheme_of  },
    };
    if (requires_else(captured, came, out_expected, out_actual))
        return true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct view was = rows[i].of(captured), is = rows[i].of(came);
        if ((was.ptr == NULL) == (is.ptr == NULL) && view_equal_nocase(was, is))
            continue;
        tell(rows[i].name, was, out_expected);
        tell(rows[i].name, is, out_actual);
        return true;
    }
    return false;
}

void compare_label(const struct sip_msg *msg, struct buf *out)
{
    uint16_t status = sip_msg_status(msg);
    struct view method = sip_msg_method_name(msg), reason = sip_msg_reason(msg);
    if (status == 0) {
        buf_add(out, method);
        return;
    }
    buf_add_uint(out, status);
    if (reason.len > 0)
        buf_printf(out, " %.*s", VIEW_ARG(view_head(reason, 40)));
    if (!view_equal(method, V("INVITE")))
        buf_printf(out, " (%.*s)", VIEW_ARG(method));
}
