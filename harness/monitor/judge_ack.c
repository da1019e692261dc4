/* ACK and CANCEL, which are made of the INVITE that they belong to: RFC 3261 §17.1.1.3, §9.1. */
#include "harness/monitor/inside.h"

static bool same_uri(const struct sip_name_addr *a, const struct sip_name_addr *b)
{
    return a == NULL || b == NULL || sip_uri_equal(&a->uri, &b->uri);
}

static bool same_tag(const struct sip_name_addr *a, const struct sip_name_addr *b)
{
    return a == NULL || b == NULL || view_equal(a->tag, b->tag) ||
           (a->tag.len == 0 && b->tag.len == 0);
}

static bool same_routes(struct sip_msg *a, struct sip_msg *b)
{
    size_t count = sip_msg_count(a, SIP_HEADER_ROUTE);
    if (count != sip_msg_count(b, SIP_HEADER_ROUTE))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct sip_name_addr *x = sip_msg_route(a, i), *y = sip_msg_route(b, i);
        if (x == NULL || y == NULL || !view_equal(x->uri.text, y->uri.text))
            return false;
    }
    return true;
}

static bool same_head(struct sip_msg *a, struct sip_msg *b)
{
    return view_equal(sip_msg_request_uri_text(a), sip_msg_request_uri_text(b)) &&
           same_uri(sip_msg_from(a), sip_msg_from(b)) &&
           same_tag(sip_msg_from(a), sip_msg_from(b)) && same_uri(sip_msg_to(a), sip_msg_to(b)) &&
           view_equal(sip_msg_call_id(a), sip_msg_call_id(b));
}

static bool same_number(struct sip_msg *a, struct sip_msg *b)
{
    const struct sip_cseq *x = sip_msg_cseq(a), *y = sip_msg_cseq(b);
    return x == NULL || y == NULL || x->number == y->number;
}

/* As its INVITE was: RFC 3261 §16.11, by a proxy without state, which makes none of its own. */
static bool handed_on(const struct matter *matter, const struct exchange *invite)
{
    size_t count = sip_msg_count(matter->msg, SIP_HEADER_VIA);
    return count > 1 &&
           (invite == NULL || count == sip_msg_count(invite->request.msg, SIP_HEADER_VIA));
}

static void ack_of_refusal(const struct matter *matter, const struct exchange *invite)
{
    struct sip_msg *msg = matter->msg, *request = invite->request.msg;
    if (!same_head(msg, request) || !same_tag(sip_msg_to(msg), sip_msg_to(invite->final.msg)))
        blame(matter, RULE_ACK_URI, invite->request.seq, "one of them is another");
    if (handed_on(matter, invite))
        not_judged(matter);
    else if (sip_msg_count(msg, SIP_HEADER_VIA) != 1)
        blame(matter, RULE_ACK_VIA, invite->request.seq, "it has %zu",
              sip_msg_count(msg, SIP_HEADER_VIA));
    if (!same_number(msg, request))
        blame(matter, RULE_ACK_CSEQ, invite->request.seq, "it has another one");
    if (!same_routes(msg, request))
        blame(matter, RULE_ACK_ROUTE, invite->request.seq, "it has others");
    if (sip_msg_find(msg, SIP_HEADER_REQUIRE, 0) != NULL ||
        sip_msg_find(msg, SIP_HEADER_PROXY_REQUIRE, 0) != NULL)
        blame(matter, RULE_ACK_REQUIRE, invite->request.seq, "it has one");
}

static bool same_credentials(struct sip_msg *ack, struct sip_msg *invite, enum sip_header_id id)
{
    const struct sip_line *asked, *told;
    for (size_t i = 0; (asked = sip_msg_find(invite, id, i)) != NULL; i++)
        if ((told = sip_msg_find(ack, id, i)) == NULL || !view_equal(told->value, asked->value))
            return false;
    return true;
}

/* RFC 3261 §13.2.2.4, of who made both. */
static void ack_of_2xx(const struct matter *matter)
{
    const struct talk *talk = matter->talk;
    const struct exchange *invite =
        talk == NULL ? NULL
                     : exchange_by_key(matter->monitor, talk->sides[matter->side].invite_key);
    if (invite == NULL || !is_original(matter) || !same_number(matter->msg, invite->request.msg))
        return;
    if (!same_credentials(matter->msg, invite->request.msg, SIP_HEADER_AUTHORIZATION) ||
        !same_credentials(matter->msg, invite->request.msg, SIP_HEADER_PROXY_AUTHORIZATION))
        blame(matter, RULE_ACK_CREDENTIALS, invite->request.seq, "it has not");
}

void judge_ack(const struct matter *matter)
{
    struct exchange *invite;
    if (sip_msg_method(matter->msg) != SIP_ACK)
        return;
    invite = exchange_find(matter->monitor, matter->msg, SIP_INVITE);
    if (invite == NULL)
        ack_of_2xx(matter);
    if (invite == NULL || invite->final.msg == NULL || invite->muddled)
        return; /* the ACK of a 2xx, or of what was not seen */
    if (sip_msg_status(invite->final.msg) >= 300)
        ack_of_refusal(matter, invite);
    else
        blame(matter, RULE_ACK_BRANCH, invite->request.seq, "it has the branch of its INVITE");
    invite->acked = true;
}

static void cancel_of(const struct matter *matter, const struct exchange *invite)
{
    struct sip_msg *msg = matter->msg, *request = invite->request.msg;
    if (!same_head(msg, request) || !same_number(msg, request) ||
        !same_tag(sip_msg_to(msg), sip_msg_to(request)))
        blame(matter, RULE_CANCEL_SAME, invite->request.seq, "one of them is another");
    if (!same_routes(msg, request))
        blame(matter, RULE_CANCEL_ROUTE, invite->request.seq, "it has others");
    if (matter->monitor->options.capture || handed_on(matter, invite))
        return; /* what came may not have been seen, and what was seen may not have come */
    if (invite->provisional_given_us == NEVER && invite->final_given_us == NEVER)
        blame(matter, RULE_CANCEL_EARLY, invite->request.seq, "nothing had come");
    if (invite->final_given_us < matter->seen->time_us && !invite->unsure)
        blame(matter, RULE_CANCEL_LATE, invite->final.seq, "the final response had come");
}

/* The branch tells what it is about. */
static void cancel_of_another(const struct matter *matter)
{
    static const enum sip_method others[] = {SIP_BYE,    SIP_OPTIONS, SIP_REGISTER, SIP_SUBSCRIBE,
                                             SIP_NOTIFY, SIP_MESSAGE, SIP_REFER,    SIP_PUBLISH,
                                             SIP_UPDATE, SIP_PRACK,   SIP_INFO};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const struct exchange *other = exchange_find(matter->monitor, matter->msg, others[i]);
        if (other != NULL)
            blame(matter, RULE_CANCEL_OTHER, other->request.seq, "it is about %.*s",
                  VIEW_ARG(sip_msg_method_name(other->request.msg)));
    }
}

void judge_cancel(const struct matter *matter)
{
    if (sip_msg_method(matter->msg) != SIP_CANCEL)
        return;
    const struct exchange *invite = exchange_find(matter->monitor, matter->msg, SIP_INVITE);
    if (handed_on(matter, invite))
        not_judged(matter);
    else if (sip_msg_count(matter->msg, SIP_HEADER_VIA) != 1)
        blame(matter, RULE_CANCEL_VIA, 0, "it has %zu", sip_msg_count(matter->msg, SIP_HEADER_VIA));
    if (invite == NULL)
        cancel_of_another(matter);
    if (invite != NULL)
        cancel_of(matter, invite);
}

/* The end: RFC 3261 §17.1.1.2, what never came. Of a capture nobody knows whether the response
 * came. */
void judge_exchange_over(struct monitor *monitor, const struct exchange *exchange, uint64_t now_us)
{
    judge_unnotified(monitor, exchange, now_us);
    const struct sight *final = &exchange->final;
    if (monitor->options.capture || exchange->unsure || exchange->muddled ||
        exchange->method != SIP_INVITE || final->msg == NULL || exchange->request.intended ||
        sip_msg_count(exchange->request.msg, SIP_HEADER_VIA) > 1)
        return; /* a proxy without state acknowledges nothing by itself */
    bool time = exchange->final_given_us != NEVER &&
                now_us >= time_after(exchange->final_given_us, monitor->options.slack_us);
    uint64_t until_us = exchange->final_given_us < now_us ? exchange->final_given_us : now_us;
    bool pracked = exchange->pracked || seen_anywhere(monitor, exchange->request.msg, SIP_PRACK);
    if (exchange->reliable_given_us != NEVER && !pracked &&
        until_us > time_after(exchange->reliable_given_us, US_PER_S))
        blame_party(monitor, RULE_PRACK_MISSING, &exchange->source, exchange->request.from,
                    &exchange->request, "no PRACK came");
    if (time && sip_msg_status(final->msg) >= 300 && !exchange->acked)
        blame_party(monitor, RULE_ACK_MISSING, &exchange->source, exchange->request.from, final,
                    "the %u was never acknowledged", sip_msg_status(final->msg));
}
