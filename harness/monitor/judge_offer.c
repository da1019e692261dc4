/* Session descriptions, and answers beside their offers: RFC 8866, RFC 3264. */
#include "harness/monitor/inside.h"

static const struct sip_sdp *sdp_of(struct sip_msg *msg)
{
    return msg == NULL ? NULL : sip_sdp_of(msg);
}

static void form(const struct matter *matter)
{
    const struct sip_sdp *sdp = sdp_of(matter->msg);
    if (sdp == NULL)
        blame(matter, RULE_SDP_SYNTAX, 0, "it cannot be read");
    else if (sdp->fault_count > 0)
        blame(matter, RULE_SDP_SYNTAX, 0, "%s (%s)", sdp->faults[0].rule, sdp->faults[0].section);
}

static bool has_format(const struct sip_sdp_media *offer, const struct sip_sdp_media *answer)
{
    for (size_t i = 0; i < answer->format_count; i++)
        for (size_t k = 0; k < offer->format_count; k++) {
            const struct sip_sdp_codec *a = &answer->codecs[i], *b = &offer->codecs[k];
            if (view_equal(answer->formats[i], offer->formats[k]) ||
                (a->name.len > 0 && view_equal_nocase(a->name, b->name) && a->rate == b->rate))
                return true;
        }
    return false;
}

static void stream(const struct matter *matter, const struct sight *asked,
                   const struct sip_sdp_media *offer, const struct sip_sdp_media *answer, size_t i)
{
    unsigned most = (unsigned)sip_sdp_direction_mirrored(offer->direction);
    if (!view_equal_nocase(offer->kind, answer->kind))
        blame(matter, RULE_ANSWER_KINDS, asked->seq, "m= line %zu is %.*s, and was %.*s", i + 1,
              VIEW_ARG(answer->kind), VIEW_ARG(offer->kind));
    if (offer->port == 0 && answer->port != 0)
        blame(matter, RULE_ANSWER_PORT, asked->seq, "m= line %zu has port %u", i + 1, answer->port);
    if (answer->port == 0 || offer->port == 0)
        return;
    if (((unsigned)answer->direction & ~most) != 0)
        blame(matter, RULE_ANSWER_DIRECTION, asked->seq, "m= line %zu is %s, and was offered %s",
              i + 1, sip_sdp_direction_text(answer->direction),
              sip_sdp_direction_text(offer->direction));
    if (!has_format(offer, answer))
        blame(matter, RULE_ANSWER_FORMAT, asked->seq, "m= line %zu has none", i + 1);
}

static void answer(const struct matter *matter, const struct sight *asked)
{
    const struct sip_sdp *offer = sdp_of(asked->msg), *told = sdp_of(matter->msg);
    if (offer == NULL || told == NULL)
        return;
    if (offer->media_count != told->media_count)
        blame(matter, RULE_ANSWER_LINES, asked->seq, "%zu were offered, %zu are answered",
              offer->media_count, told->media_count);
    for (size_t i = 0; i < offer->media_count && i < told->media_count; i++)
        stream(matter, asked, &offer->media[i], &told->media[i], i);
    if (!view_equal(offer->time, told->time))
        blame(matter, RULE_ANSWER_TIME, asked->seq, "it is %.*s, and was %.*s",
              VIEW_ARG(told->time), VIEW_ARG(offer->time));
}

static bool same_origin(const struct sip_sdp_origin *a, const struct sip_sdp_origin *b)
{
    return view_equal(a->user, b->user) && view_equal(a->session_id, b->session_id) &&
           view_equal(a->net_type, b->net_type) && view_equal(a->addr_type, b->addr_type) &&
           view_equal(a->address, b->address);
}

/* RFC 3264 §8 is about offers. A description is one in a request, but for the ACK, and in a 2xx to
 * an INVITE that had none. */
static bool is_offer(const struct matter *matter)
{
    const struct exchange *exchange = matter->exchange;
    if (sip_msg_is_request(matter->msg))
        return sip_msg_method(matter->msg) != SIP_ACK;
    return exchange != NULL && exchange->method == SIP_INVITE && !exchange->described &&
           sip_sdp_body(exchange->request.msg).len == 0;
}

/* Beside the last one of the same side. */
static void later(const struct matter *matter, const struct talk_side *mine)
{
    const struct sight *last = &mine->sdp;
    const struct sip_sdp *before = sdp_of(last->msg), *now = sdp_of(matter->msg);
    if (before == NULL || now == NULL)
        return;
    if (last->intended) {
        not_judged(matter);
        return;
    }
    if (now->media_count < before->media_count && !mine->refused)
        blame(matter, RULE_OFFER_SHRINKS, last->seq, "it has %zu, and had %zu", now->media_count,
              before->media_count);
    if (!same_origin(&before->origin, &now->origin))
        blame(matter, RULE_ORIGIN_CHANGED, last->seq, "it is of another session");
    else if (view_equal(before->origin.session_version, now->origin.session_version) &&
             !view_equal(sip_sdp_body(last->msg), sip_sdp_body(matter->msg)))
        blame(matter, RULE_VERSION_SAME, last->seq, "it is another one of version %.*s",
              VIEW_ARG(now->origin.session_version));
}

static const struct exchange *invite_of(const struct matter *matter, int side)
{
    uint64_t key = matter->talk == NULL ? 0 : matter->talk->sides[side].invite_key;
    return key == 0 ? NULL : exchange_by_key(matter->monitor, key);
}

static bool has_offer(const struct exchange *exchange)
{
    return exchange != NULL && sip_sdp_body(exchange->request.msg).len > 0;
}

static void accepted(const struct matter *matter)
{
    const struct exchange *exchange = matter->exchange;
    bool asked = sip_sdp_body(exchange->request.msg).len > 0;
    bool told = sip_sdp_body(matter->msg).len > 0;
    /* Where it was given reliably before (RFC 3262 §5), the 2xx needs none. */
    if (told || exchange->described)
        return;
    if (exchange->method == SIP_UPDATE && asked)
        blame(matter, RULE_UPDATE_ANSWER, exchange->request.seq, "it has none");
    if (exchange->method == SIP_PRACK && asked && has_offer(invite_of(matter, !matter->side)))
        blame(matter, RULE_PRACK_OFFER, exchange->request.seq, "it has none");
    if (exchange->method != SIP_INVITE)
        return;
    if (asked)
        blame(matter, RULE_ANSWER_MISSING, exchange->request.seq, "it has none");
    else
        blame(matter, RULE_OFFER_MISSING, exchange->request.seq, "it has none");
}

static void response(const struct matter *matter)
{
    const struct exchange *exchange = matter->exchange;
    uint16_t status = sip_msg_status(matter->msg);
    enum sip_method method = sip_msg_method(matter->msg);
    bool carries = method == SIP_INVITE || method == SIP_UPDATE || method == SIP_PRACK;
    if (exchange == NULL || !carries || status >= 300)
        return;
    if (status >= 200)
        accepted(matter);
    bool offer = method != SIP_PRACK || has_offer(invite_of(matter, !matter->side));
    if (offer && sip_sdp_body(matter->msg).len > 0 && has_offer(exchange) && !exchange->described)
        answer(matter, &exchange->request);
}

/* RFC 3261 §13.2.2.4: the offer of a 2xx. */
static void ack(const struct matter *matter)
{
    const struct exchange *invite = invite_of(matter, matter->side);
    if (invite == NULL || invite->final.msg == NULL || sip_msg_status(invite->final.msg) >= 300 ||
        sip_sdp_body(invite->request.msg).len > 0 || sip_sdp_body(invite->final.msg).len == 0 ||
        invite->described)
        return;
    if (sip_sdp_body(matter->msg).len == 0)
        blame(matter, RULE_ACK_ANSWER, invite->final.seq, "it has none");
    else
        answer(matter, &invite->final);
}

/* RFC 3262 §5: the offer of the first reliable provisional response. */
static void prack(const struct matter *matter)
{
    const struct exchange *invite = invite_of(matter, matter->side);
    if (invite == NULL || invite->pracked || !invite->described || has_offer(invite) ||
        invite->reliable.msg == NULL || sip_sdp_body(invite->reliable.msg).len == 0)
        return;
    if (sip_sdp_body(matter->msg).len == 0)
        blame(matter, RULE_PRACK_ANSWER, invite->reliable.seq, "it has none");
    else
        answer(matter, &invite->reliable);
}

/* RFC 3264 §4, RFC 3311 §5.1. */
static void pending(const struct matter *matter)
{
    uint64_t key = matter->talk->sides[matter->side].update_key;
    const struct exchange *update = exchange_by_key(matter->monitor, key);
    enum sip_method method = sip_msg_method(matter->msg);
    if ((method == SIP_UPDATE || method == SIP_INVITE) && update != NULL &&
        update != matter->exchange && update->final.msg == NULL &&
        !matter->monitor->options.capture)
        blame(matter, RULE_OFFER_PENDING, update->request.seq, "the UPDATE has no final response");
}

void judge_offer(const struct matter *matter)
{
    bool there = sip_sdp_body(matter->msg).len > 0;
    if (there)
        form(matter);
    if (there && matter->talk != NULL && is_offer(matter))
        later(matter, &matter->talk->sides[matter->side]);
    if (there && matter->talk != NULL && sip_msg_is_request(matter->msg))
        pending(matter);
    if (!sip_msg_is_request(matter->msg))
        response(matter);
    else if (sip_msg_method(matter->msg) == SIP_PRACK)
        prack(matter);
    else if (sip_msg_method(matter->msg) == SIP_ACK)
        ack(matter);
}
