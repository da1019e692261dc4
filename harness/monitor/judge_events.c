/* SUBSCRIBE, NOTIFY and what REFER makes of them: RFC 6665, RFC 3515. */
#include "harness/monitor/inside.h"

static void state(const struct matter *matter)
{
    const struct sip_token_params *value =
        sip_msg_get(matter->msg, SIP_HEADER_SUBSCRIPTION_STATE, 0);
    struct view expires;
    if (value == NULL || sip_param_find(&value->params, V("expires"), &expires))
        return;
    if (view_equal_nocase(value->token, V("active")) ||
        view_equal_nocase(value->token, V("pending")))
        blame(matter, RULE_NOTIFY_EXPIRES, 0, "%.*s without expires", VIEW_ARG(value->token));
}

static void sipfrag(const struct matter *matter)
{
    const struct sip_token_params *event = sip_msg_get(matter->msg, SIP_HEADER_EVENT, 0);
    const struct sip_media_type *type = sip_msg_get(matter->msg, SIP_HEADER_CONTENT_TYPE, 0);
    if (event == NULL || !view_equal_nocase(event->token, V("refer")))
        return;
    if (type == NULL || !view_equal_nocase(type->type, V("message")) ||
        !view_equal_nocase(type->subtype, V("sipfrag")))
        blame(matter, RULE_NOTIFY_SIPFRAG, 0, "it has not");
    else if (!view_starts_nocase(sip_msg_body(matter->msg), V("SIP/2.0 ")))
        blame(matter, RULE_SIPFRAG_STATUS, 0, "it begins with %.*s",
              VIEW_ARG(view_head(sip_msg_body(matter->msg), 20)));
}

void judge_events(const struct matter *matter)
{
    enum sip_method method = sip_msg_method(matter->msg);
    if (!sip_msg_is_request(matter->msg) || (method != SIP_SUBSCRIBE && method != SIP_NOTIFY))
        return;
    if (sip_msg_count(matter->msg, SIP_HEADER_EVENT) != 1)
        blame(matter, RULE_EVENT_ONE, 0, "it has %zu",
              sip_msg_count(matter->msg, SIP_HEADER_EVENT));
    if (method == SIP_NOTIFY) {
        state(matter);
        sipfrag(matter);
    }
}
