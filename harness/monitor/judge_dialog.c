/* Requests within a dialog: RFC 3261 §12.2.1.1, §14.1, §15. */
#include "harness/monitor/inside.h"

enum { REFRESH_US = 500000 }; /* so long a new target may be under way */

static void cseq(const struct matter *matter)
{
    const struct sip_cseq *value = sip_msg_cseq(matter->msg);
    enum sip_method method = sip_msg_method(matter->msg);
    uint32_t before = matter->talk->sides[matter->side].cseq;
    if (value == NULL || method == SIP_ACK || method == SIP_CANCEL || before == 0)
        return;
    /* A request that a proxy hands on may come by the same way twice: RFC 5393's spiral. */
    bool handed_on = value->number == before && !is_original(matter);
    if (value->number <= before && !handed_on)
        blame(matter, RULE_CSEQ_LOWER, 0, "CSeq is %u, and was %u before", value->number, before);
    else if (value->number > before + 1 && !matter->monitor->options.capture)
        blame(matter, RULE_CSEQ_SKIPS, 0, "CSeq is %u, and was %u before", value->number, before);
}

/* RFC 4916 lets the URIs change where both sides know it. */
static void uris(const struct matter *matter)
{
    const struct sight *maker = &matter->talk->maker;
    if (maker->msg == NULL || sip_msg_lists(maker->msg, SIP_HEADER_SUPPORTED, V("from-change")))
        return;
    const struct sip_name_addr *first = sip_msg_from(maker->msg), *second = sip_msg_to(maker->msg);
    const struct sip_name_addr *from = sip_msg_from(matter->msg), *to = sip_msg_to(matter->msg);
    if (first == NULL || second == NULL || from == NULL || to == NULL)
        return;
    const struct sip_name_addr *mine = matter->side == 0 ? first : second;
    const struct sip_name_addr *theirs = matter->side == 0 ? second : first;
    if (!sip_uri_equal(&from->uri, &mine->uri))
        blame(matter, RULE_DIALOG_URI, maker->seq, "From is %.*s", VIEW_ARG(from->uri.text));
    if (!sip_uri_equal(&to->uri, &theirs->uri))
        blame(matter, RULE_DIALOG_URI, maker->seq, "To is %.*s", VIEW_ARG(to->uri.text));
}

/* With a strict router in the route set the Request-URI is his. */
static bool strictly_routed(struct sip_msg *maker, struct sip_msg *msg)
{
    struct view value;
    const struct sip_name_addr *last = NULL;
    size_t count = sip_msg_count(maker, SIP_HEADER_RECORD_ROUTE);
    for (size_t i = 0; i < count; i++) {
        const struct sip_name_addr *route = sip_msg_record_route(maker, i);
        if (route == NULL || !sip_param_find(&route->uri.params, V("lr"), &value))
            return true;
    }
    count = sip_msg_count(msg, SIP_HEADER_ROUTE);
    for (size_t i = 0; i < count; i++)
        last = sip_msg_route(msg, i);
    return last != NULL && !sip_param_find(&last->uri.params, V("lr"), &value);
}

/* RFC 3261 §12.1: the Record-Route of what made the dialog, to be followed from here on. */
static const struct sip_name_addr *route_wanted(const struct matter *matter, size_t i)
{
    const struct talk *talk = matter->talk;
    struct sip_msg *record = matter->side == 0 ? talk->record.msg : talk->maker.msg;
    size_t count = sip_msg_count(record, SIP_HEADER_RECORD_ROUTE);
    return i >= count ? NULL : sip_msg_record_route(record, matter->side == 0 ? count - 1 - i : i);
}

static bool is_refusal_ack(const struct matter *matter)
{
    return sip_msg_method(matter->msg) == SIP_ACK &&
           exchange_find(matter->monitor, matter->msg, SIP_INVITE) != NULL;
}

/* What stands first is who sends it: a proxy and a user agent in one, that has been its own hop. */
static bool begins_with_itself(const struct matter *matter)
{
    const struct sip_name_addr *first = route_wanted(matter, 0);
    struct addr host;
    return first != NULL && addr_parse(first->uri.host, &host) == ERR_OK &&
           addr_ip_equal(&host, &matter->seen->source);
}

/* Only who made the request is asked, and where all routers are loose ones. A subscription has its
 * route set from the NOTIFY (RFC 6665 §4.4.1). */
static void routes(const struct matter *matter)
{
    const struct talk *talk = matter->talk;
    if (!talk->session || talk->maker.msg == NULL || talk->record.msg == NULL ||
        !is_original(matter) || is_refusal_ack(matter) ||
        sip_msg_method(matter->msg) == SIP_CANCEL ||
        strictly_routed(talk->record.msg, matter->msg) || begins_with_itself(matter))
        return;
    for (size_t i = 0;; i++) {
        const struct sip_name_addr *wanted = route_wanted(matter, i);
        const struct sip_name_addr *told = sip_msg_route(matter->msg, i);
        if (wanted == NULL && told == NULL)
            return;
        if (wanted != NULL && told != NULL && sip_uri_equal(&wanted->uri, &told->uri))
            continue;
        blame(matter, RULE_ROUTE_SET, talk->record.seq, "Route %zu is %.*s, and should be %.*s",
              i + 1, VIEW_ARG(told == NULL ? V("not there") : told->uri.text),
              VIEW_ARG(wanted == NULL ? V("not there") : wanted->uri.text));
        return;
    }
}

/* RFC 5627 §6.1: the proxy of its domain puts the contact that is registered in a GRUU's place. */
static bool resolved(const struct sip_uri *target, struct sip_msg *msg)
{
    struct view value;
    return sip_param_find(&target->params, V("gr"), &value) &&
           sip_msg_count(msg, SIP_HEADER_VIA) > 1;
}

/* RFC 3261 §19.1.1, Table 1: what a Contact in a dialog must not have, a Request-URI has not. */
static bool same_target(const struct sip_uri *contact, const struct sip_uri *uri)
{
    struct sip_uri plain = *contact;
    struct view method;

    plain.headers = (struct view){0};
    return sip_param_find(&contact->params, V("method"), &method) || sip_uri_equal(&plain, uri);
}

static void target(const struct matter *matter)
{
    const struct sight *theirs = &matter->talk->sides[!matter->side].target;
    const struct sip_uri *uri = sip_msg_request_uri(matter->msg);
    if (is_refusal_ack(matter) || /* it goes where the INVITE went */
        theirs->msg == NULL || matter->talk->maker.msg == NULL || uri == NULL ||
        sip_msg_method(matter->msg) == SIP_CANCEL)
        return;
    const struct sip_name_addr *contact = sip_msg_contact(theirs->msg, 0);
    if (contact == NULL || strictly_routed(matter->talk->maker.msg, matter->msg) ||
        theirs->time_us + REFRESH_US > matter->seen->time_us)
        return;
    if (!same_target(&contact->uri, uri) && !resolved(&contact->uri, matter->msg))
        blame(matter, RULE_REMOTE_TARGET, theirs->seq,
              "the Request-URI is %.*s, the Contact was %.*s", VIEW_ARG(uri->text),
              VIEW_ARG(contact->uri.text));
}

/* RFC 3261 §15: only the callee has to wait. */
static void bye(const struct matter *matter)
{
    const struct talk *talk = matter->talk;
    if (sip_msg_method(matter->msg) != SIP_BYE || !talk->session || talk->maker.msg == NULL ||
        matter->side == 0)
        return;
    /* The ACK may have come by another way than the INVITE, past a proxy that does not stay in it.
     */
    bool acked = talk->acked || seen_anywhere(matter->monitor, matter->msg, SIP_ACK);
    const struct monitor_options *options = &matter->monitor->options;
    uint64_t latest_us = time_after(matter->seen->time_us, options->slack_us);
    if (!talk->confirmed)
        blame(matter, RULE_BYE_EARLY_CALLEE, talk->maker.seq, "there was no 2xx");
    else if (!acked && latest_us < talk->confirmed_us + 64 * options->t1_us)
        blame(matter, RULE_BYE_BEFORE_ACK, talk->maker.seq, "there was no ACK");
}

static void invite(const struct matter *matter)
{
    uint64_t key = matter->talk->sides[matter->side].invite_key;
    if (sip_msg_method(matter->msg) != SIP_INVITE || key == 0)
        return;
    const struct exchange *before = exchange_by_key(matter->monitor, key);
    if (before != NULL && before != matter->exchange && before->final.msg == NULL)
        blame(matter, RULE_INVITE_PENDING, before->request.seq,
              "the one before has no final response");
}

/* The BYE itself may be handed on by a proxy of the same host. */
static void after_bye(const struct matter *matter)
{
    enum sip_method method = sip_msg_method(matter->msg);
    const struct sip_cseq *number = sip_msg_cseq(matter->msg);
    if (!is_original(matter) && number != NULL &&
        number->number == matter->talk->sides[matter->side].cseq)
        return;
    bool session =
        method == SIP_INVITE || method == SIP_UPDATE || method == SIP_INFO || method == SIP_BYE;
    if (session && matter->talk->sides[matter->side].bye)
        blame(matter, RULE_AFTER_BYE, 0, "%.*s behind the BYE",
              VIEW_ARG(sip_msg_method_name(matter->msg)));
}

void judge_dialog(const struct matter *matter)
{
    if (matter->talk == NULL || !sip_msg_is_request(matter->msg))
        return;
    cseq(matter);
    uris(matter);
    routes(matter);
    target(matter);
    after_bye(matter);
    if (matter->monitor->options.capture)
        return; /* what follows asks what had been there, which a capture may have missed */
    bye(matter);
    invite(matter);
}
