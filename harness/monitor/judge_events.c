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

static bool is_terminated(struct sip_msg *msg)
{
    const struct sip_token_params *value = sip_msg_get(msg, SIP_HEADER_SUBSCRIPTION_STATE, 0);
    return value != NULL && view_equal_nocase(value->token, V("terminated"));
}

/* RFC 3515 §2.4.7; the one with a final status is the final one. */
static void resource(const struct matter *matter)
{
    const struct sip_token_params *event = sip_msg_get(matter->msg, SIP_HEADER_EVENT, 0);
    const struct sip_token_params *value =
        sip_msg_get(matter->msg, SIP_HEADER_SUBSCRIPTION_STATE, 0);
    struct view body = sip_msg_body(matter->msg), reason = {0};
    if (event == NULL || !view_equal_nocase(event->token, V("refer")) || body.len < 9 ||
        !view_starts_nocase(body, V("SIP/2.0 ")) || body.ptr[8] < '2' ||
        !is_terminated(matter->msg))
        return;
    sip_param_find(&value->params, V("reason"), &reason);
    if (!view_equal_nocase(reason, V("noresource")))
        blame(matter, RULE_REFER_NORESOURCE, 0, "the reason is \"%.*s\"", VIEW_ARG(reason));
}

/* Of a dialog and an event in it; 0: there is none. */
static uint64_t subscription_key(const struct matter *matter, struct sip_msg *msg)
{
    const struct sip_token_params *event = sip_msg_get(msg, SIP_HEADER_EVENT, 0);
    struct view id = {0};
    if (event == NULL || matter->talk == NULL)
        return 0;
    sip_param_find(&event->params, V("id"), &id);
    return rng_mix(matter->talk->key ^ rng_mix(view_hash(event->token) ^ view_hash(id) << 1)) | 1;
}

/* RFC 6665 §4.2.2: with the 2xx to its last NOTIFY a subscription is gone. */
static void gone(const struct matter *matter)
{
    const struct exchange *exchange = matter->exchange;
    bool made;
    if (exchange == NULL || sip_msg_method(matter->msg) != SIP_NOTIFY ||
        sip_msg_status(matter->msg) / 100 != 2 || !is_terminated(exchange->request.msg))
        return;
    uint64_t key = subscription_key(matter, exchange->request.msg);
    struct remembered *one =
        key == 0 ? NULL : remember(matter->monitor, &matter->monitor->subscriptions, key, &made);
    if (one == NULL)
        return;
    one->number = 1;
    one->seq = exchange->request.seq;
}

/* A SUBSCRIBE begins it anew. */
static void after_end(const struct matter *matter)
{
    uint64_t key = subscription_key(matter, matter->msg);
    struct remembered *one;
    HASH_FIND(hh, matter->monitor->subscriptions, &key, sizeof key, one);
    if (one == NULL || one->number == 0)
        return;
    if (sip_msg_method(matter->msg) == SIP_SUBSCRIBE)
        one->number = 0;
    else if (is_original(matter))
        blame(matter, RULE_NOTIFY_AFTER, one->seq, "the subscription was over");
}

/* RFC 6665 §4.2.1.2; a subscriber waits for 64*T1 (Timer N). */
void judge_unnotified(struct monitor *monitor, const struct exchange *exchange, uint64_t now_us)
{
    const struct sight *final = &exchange->final;
    const struct remembered *call;
    if (monitor->options.capture || exchange->method != SIP_SUBSCRIBE || final->msg == NULL ||
        final->intended || exchange->unsure || exchange->muddled ||
        sip_msg_status(final->msg) / 100 != 2 || exchange->final_given_us == NEVER ||
        now_us < time_after(exchange->final_given_us, 64 * monitor->options.t1_us))
        return;
    uint64_t key = call_key(final->msg);
    HASH_FIND(hh, monitor->call_ids, &key, sizeof key, call);
    if (call != NULL && !call->notified)
        blame_party(monitor, RULE_NOTIFY_MISSING, &exchange->came_to, final->from, final,
                    "none came");
}

void judge_events(const struct matter *matter)
{
    enum sip_method method = sip_msg_method(matter->msg);
    if (!sip_msg_is_request(matter->msg))
        gone(matter);
    if (!sip_msg_is_request(matter->msg) || (method != SIP_SUBSCRIBE && method != SIP_NOTIFY))
        return;
    if (sip_msg_count(matter->msg, SIP_HEADER_EVENT) != 1)
        blame(matter, RULE_EVENT_ONE, 0, "it has %zu",
              sip_msg_count(matter->msg, SIP_HEADER_EVENT));
    after_end(matter);
    if (method == SIP_NOTIFY) {
        resource(matter);
        state(matter);
        sipfrag(matter);
    }
}
