/* What each request must have, and what it must not. */
#include "harness/monitor/inside.h"

static bool has(const struct matter *matter, enum sip_header_id id)
{
    return sip_msg_find(matter->msg, id, 0) != NULL;
}

static bool has_to_tag(const struct matter *matter)
{
    const struct sip_name_addr *to = sip_msg_to(matter->msg);
    return to != NULL && to->tag.len > 0;
}

static void contact(const struct matter *matter, enum sip_method method)
{
    size_t count = sip_msg_count(matter->msg, SIP_HEADER_CONTACT);
    const struct sip_name_addr *value = sip_msg_contact(matter->msg, 0);
    const struct sip_uri *uri = sip_msg_request_uri(matter->msg);
    if (method == SIP_MESSAGE && count > 0)
        blame(matter, RULE_MESSAGE_CONTACT, 0, "it has a Contact");
    if (method != SIP_INVITE && method != SIP_SUBSCRIBE && method != SIP_REFER)
        return;
    if (count > 1)
        blame(matter, RULE_CONTACT_ONE, 0, "it has %zu of them", count);
    /* A proxy may have made the Request-URI what it is; in a dialog its secure flag decides. */
    if (value != NULL && uri != NULL && uri->scheme == SIP_SCHEME_SIPS &&
        value->uri.scheme == SIP_SCHEME_SIP && is_original(matter) && !has_to_tag(matter))
        blame(matter, RULE_CONTACT_SIPS, 0, "the Contact is %.*s", VIEW_ARG(value->uri.text));
}

/* RFC 4028 §7.4 */
static void retry(const struct matter *matter)
{
    const struct sip_number *least = sip_msg_get(matter->msg, SIP_HEADER_MIN_SE, 0);
    uint64_t key = call_key(matter->msg);
    const struct remembered *call;
    HASH_FIND(hh, matter->monitor->call_ids, &key, sizeof key, call);
    if (call != NULL && call->number != 0 && (least == NULL || least->value < call->number))
        blame(matter, RULE_MIN_SE_RETRY, 0, "a 422 had %u", call->number);
}

static void invite(const struct matter *matter)
{
    if (has_to_tag(matter) || !is_original(matter))
        return;
    retry(matter);
    if (!has(matter, SIP_HEADER_ALLOW))
        blame(matter, RULE_ALLOW_IN_INVITE, 0, "it has no Allow");
    if (!has(matter, SIP_HEADER_SUPPORTED))
        blame(matter, RULE_SUPPORTED_IN_INVITE, 0, "it has no Supported");
}

static void register_(const struct matter *matter)
{
    const struct sip_uri *uri = sip_msg_request_uri(matter->msg);
    if (uri != NULL && uri->user.ptr != NULL)
        blame(matter, RULE_REGISTER_USER, 0, "the Request-URI is %.*s", VIEW_ARG(uri->text));
    if (has_to_tag(matter))
        blame(matter, RULE_TO_TAG_OUTSIDE, 0, "a REGISTER with a To tag");
}

/* Who takes a request and makes another one of it may hand on what is left, lest the
 * two go round for ever (RFC 7403 §3.1). A capture may not show what was taken. */
static bool may_hand_on(const struct matter *matter)
{
    struct remembered *given;
    uint64_t key = party_key(matter->seen);
    HASH_FIND(hh, matter->monitor->servers, &key, sizeof key, given);
    return matter->monitor->options.capture || given != NULL;
}

/* A proxy's own CANCEL, and its ACK to a refusal, have one Via and the numbers of their INVITE; an
 * OPTIONS may ask a server on the way (RFC 3261 §11). */
static void max_forwards(const struct matter *matter)
{
    const struct sip_number *hops = sip_msg_get(matter->msg, SIP_HEADER_MAX_FORWARDS, 0);
    enum sip_method method = sip_msg_method(matter->msg);
    if (method == SIP_CANCEL || method == SIP_OPTIONS ||
        (method == SIP_ACK && exchange_find(matter->monitor, matter->msg, SIP_INVITE) != NULL))
        return;
    if (hops == NULL || hops->value == 70 || !is_original(matter))
        return;
    if (hops->value < 70 && may_hand_on(matter))
        not_judged(matter);
    else
        blame(matter, RULE_MAX_FORWARDS_70, 0, "Max-Forwards is %llu",
              (unsigned long long)hops->value);
}

static void session_expires(const struct matter *matter)
{
    const struct sip_number *expires = sip_msg_get(matter->msg, SIP_HEADER_SESSION_EXPIRES, 0);
    const struct sip_number *least = sip_msg_get(matter->msg, SIP_HEADER_MIN_SE, 0);
    if (expires != NULL && least != NULL && expires->value < least->value)
        blame(matter, RULE_SE_BELOW_MIN, 0, "Session-Expires is %llu, Min-SE %llu",
              (unsigned long long)expires->value, (unsigned long long)least->value);
}

static void replaces(const struct matter *matter, enum sip_method method)
{
    size_t count = sip_msg_count(matter->msg, SIP_HEADER_REPLACES);
    if (count > 0 && method != SIP_INVITE)
        blame(matter, RULE_REPLACES_INVITE, 0, "%zu Replaces in %.*s", count,
              VIEW_ARG(sip_msg_method_name(matter->msg)));
}

void judge_request(const struct matter *matter)
{
    enum sip_method method = sip_msg_method(matter->msg);
    contact(matter, method);
    max_forwards(matter);
    session_expires(matter);
    replaces(matter, method);
    if (method == SIP_INVITE)
        invite(matter);
    if (method == SIP_REGISTER)
        register_(matter);
    if (method == SIP_REFER && sip_msg_count(matter->msg, SIP_HEADER_REFER_TO) > 1)
        blame(matter, RULE_REFER_TO_ONE, 0, "it has %zu of them",
              sip_msg_count(matter->msg, SIP_HEADER_REFER_TO));
    if (method == SIP_CANCEL &&
        (has(matter, SIP_HEADER_REQUIRE) || has(matter, SIP_HEADER_PROXY_REQUIRE)))
        blame(matter, RULE_CANCEL_REQUIRE, 0, "it has one");
}
