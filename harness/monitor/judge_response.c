/* What a response must have by its status, and by the method that it answers. */
#include "harness/monitor/inside.h"

static bool has(const struct matter *matter, enum sip_header_id id)
{
    return sip_msg_find(matter->msg, id, 0) != NULL;
}

static void challenge(const struct matter *matter, enum sip_header_id id, enum rule missing)
{
    const struct sip_auth *auth;
    struct view qop;
    if (!has(matter, id))
        blame(matter, missing, 0, "it has no challenge");
    for (size_t i = 0; i < 16 && (auth = sip_msg_get(matter->msg, id, i)) != NULL; i++) {
        if (view_equal_nocase(auth->scheme, V("Basic")))
            blame(matter, RULE_CHALLENGE_BASIC, 0, "the challenge is Basic");
        else if (view_equal_nocase(auth->scheme, V("Digest")) &&
                 !sip_param_find(&auth->params, V("qop"), &qop))
            blame(matter, RULE_CHALLENGE_QOP, 0, "the challenge has no qop");
    }
}

static void by_status(const struct matter *matter, uint16_t status)
{
    const struct sip_number *least = sip_msg_get(matter->msg, SIP_HEADER_MIN_SE, 0);
    if (status == 401)
        challenge(matter, SIP_HEADER_WWW_AUTHENTICATE, RULE_CHALLENGE_401);
    if (status == 407)
        challenge(matter, SIP_HEADER_PROXY_AUTHENTICATE, RULE_CHALLENGE_407);
    if (status == 405 && !has(matter, SIP_HEADER_ALLOW))
        blame(matter, RULE_ALLOW_405, 0, "it has no Allow");
    if (status == 420 && !has(matter, SIP_HEADER_UNSUPPORTED))
        blame(matter, RULE_UNSUPPORTED_420, 0, "it has no Unsupported");
    if (status == 415 && !has(matter, SIP_HEADER_ACCEPT) &&
        !has(matter, SIP_HEADER_ACCEPT_ENCODING) && !has(matter, SIP_HEADER_ACCEPT_LANGUAGE))
        blame(matter, RULE_ACCEPT_415, 0, "it has none of these");
    if (status == 423 && !has(matter, SIP_HEADER_MIN_EXPIRES))
        blame(matter, RULE_TOO_LITTLE_423, 0, "it has no Min-Expires");
    if (status == 422 && (least == NULL || least->value < 90))
        blame(matter, RULE_MIN_SE_422, 0, "%s", least == NULL ? "it has no Min-SE" : "it is less");
    if (status >= 300 && status <= 302 && !has(matter, SIP_HEADER_CONTACT))
        blame(matter, RULE_CONTACT_3XX, 0, "it has none");
}

static void registered(const struct matter *matter, uint16_t status)
{
    const struct sip_name_addr *contact;
    struct view expires;
    if (status >= 600)
        blame(matter, RULE_REGISTER_6XX, 0, "a %u to REGISTER", status);
    if (has(matter, SIP_HEADER_RECORD_ROUTE))
        blame(matter, RULE_REGISTER_RECORD_ROUTE, 0, "it has Record-Route");
    if (status / 100 != 2)
        return;
    for (size_t i = 0; i < 64 && (contact = sip_msg_contact(matter->msg, i)) != NULL; i++)
        if (!sip_param_find(&contact->params, V("expires"), &expires) &&
            !has(matter, SIP_HEADER_EXPIRES))
            blame(matter, RULE_REGISTER_EXPIRES, 0, "%.*s has none", VIEW_ARG(contact->uri.text));
}

static void accepted(const struct matter *matter, enum sip_method method, uint16_t status)
{
    if (method == SIP_SUBSCRIBE && !has(matter, SIP_HEADER_EXPIRES))
        blame(matter, RULE_SUBSCRIBE_200, 0, "it has no Expires");
    if ((method == SIP_SUBSCRIBE || method == SIP_NOTIFY) && status == 202)
        blame(matter, RULE_SUBSCRIBE_202, 0, "it is a 202");
    if (method == SIP_REFER && status == 202)
        blame(matter, RULE_REFER_202, 0, "it is a 202");
    if (method == SIP_PUBLISH &&
        (!has(matter, SIP_HEADER_EXPIRES) || !has(matter, SIP_HEADER_SIP_ETAG)))
        blame(matter, RULE_PUBLISH_200, 0, "one of them is missing");
    if (method == SIP_MESSAGE &&
        (has(matter, SIP_HEADER_CONTACT) || sip_msg_body(matter->msg).len > 0))
        blame(matter, RULE_MESSAGE_200, 0, "it has one");
}

/* RFC 4028 §9 */
static void refresher(const struct matter *matter)
{
    const struct sip_number *expires = sip_msg_get(matter->msg, SIP_HEADER_SESSION_EXPIRES, 0);
    struct view who;
    if (expires == NULL)
        return;
    if (!sip_param_find(&expires->params, V("refresher"), &who))
        blame(matter, RULE_REFRESHER_200, 0, "it names nobody");
    else if (view_equal_nocase(who, V("uac")) &&
             !sip_msg_lists(matter->msg, SIP_HEADER_REQUIRE, V("timer")))
        blame(matter, RULE_REQUIRE_TIMER, 0, "it does not");
}

static void provisional(const struct matter *matter, uint16_t status)
{
    bool required = sip_msg_lists(matter->msg, SIP_HEADER_REQUIRE, V("100rel"));
    bool numbered = has(matter, SIP_HEADER_RSEQ);
    if (status == 100 && (required || numbered))
        blame(matter, RULE_RELIABLE_100, 0, "it has RSeq or Require: 100rel");
    if (status > 100 && required != numbered)
        blame(matter, RULE_RSEQ_REQUIRE, 0, "it has only %s", required ? "the latter" : "RSeq");
}

void judge_response(const struct matter *matter)
{
    enum sip_method method = sip_msg_method(matter->msg);
    uint16_t status = sip_msg_status(matter->msg);
    by_status(matter, status);
    if (method == SIP_ACK)
        blame(matter, RULE_ANSWERED_ACK, 0, "a %u to an ACK", status);
    if (method == SIP_REGISTER)
        registered(matter, status);
    if (status / 100 == 2)
        accepted(matter, method, status);
    if (status / 100 == 2 && (method == SIP_INVITE || method == SIP_UPDATE))
        refresher(matter);
    if (status < 200)
        provisional(matter, status);
    if (method != SIP_INVITE && status > 100 && status < 200)
        blame(matter, RULE_PROVISIONAL_NON_INVITE, 0, "a %u to %.*s", status,
              VIEW_ARG(sip_msg_method_name(matter->msg)));
    if (method != SIP_INVITE && status == 408)
        blame(matter, RULE_TIMEOUT_408, 0, "a 408 to %.*s",
              VIEW_ARG(sip_msg_method_name(matter->msg)));
    if (method == SIP_CANCEL && (status == 401 || status == 407))
        blame(matter, RULE_CANCEL_CHALLENGED, 0, "a %u to CANCEL", status);
}
