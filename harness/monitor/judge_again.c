/* Responses that are sent again: those to an INVITE until they are acknowledged, by a timer of
 * their own, and others only where their request is (RFC 3261 §17.2, RFC 6026 §8.1, RFC 3262 §3).
 */
#include "harness/monitor/inside.h"

static bool is_repeated(struct sip_msg *msg)
{
    return sip_msg_method(msg) == SIP_INVITE &&
           (sip_msg_status(msg) >= 200 || sip_msg_find(msg, SIP_HEADER_RSEQ, 0) != NULL);
}

void told_begin(const struct matter *matter)
{
    struct exchange *exchange = matter->exchange;
    exchange->told.asked = false;
    if (!is_repeated(matter->msg))
        return;
    exchange->told.seq = matter->seen->seq;
    exchange->told.at_us = matter->seen->time_us;
    exchange->told.gap_us = 0;
    exchange->told.done_us = NEVER;
}

void told_end(struct monitor *monitor, const struct seen *acknowledged)
{
    int side = 0;
    struct sip_msg *msg = acknowledged->msg;
    enum sip_method method = sip_msg_method(msg);
    if (!sip_msg_is_request(msg) || (method != SIP_ACK && method != SIP_PRACK))
        return;
    struct exchange *invite = exchange_find(monitor, msg, SIP_INVITE);
    const struct talk *talk = talk_of(monitor, acknowledged, false, &side);
    if (invite == NULL && talk != NULL)
        invite = exchange_by_key(monitor, talk->sides[side].invite_key);
    if (invite == NULL || invite->told.done_us != NEVER || acknowledged->unsure)
        return;
    const struct sip_cseq *number = sip_msg_cseq(msg), *asked = sip_msg_cseq(invite->request.msg);
    if (method == SIP_ACK && (number == NULL || asked == NULL || number->number != asked->number))
        return; /* of an INVITE before this one, late */
    const struct sight *told = method == SIP_PRACK ? &invite->reliable : &invite->final;
    if (told->seq != invite->told.seq)
        return; /* a PRACK that is late ends no final response */
    if (told->msg != NULL && view_equal(sip_msg_to_tag(told->msg), sip_msg_to_tag(msg)))
        invite->told.done_us = acknowledged->time_us;
}

/* As of requests: without losses exactly twice as late; in a capture later than before. */
static void interval(const struct matter *matter, uint64_t gap_us)
{
    const struct exchange *exchange = matter->exchange;
    uint16_t status = sip_msg_status(matter->msg);
    uint64_t before_us = exchange->told.gap_us, t2_us = matter->monitor->options.t2_us;
    bool gaps = matter->monitor->options.capture || matter->seen->foreign;
    uint64_t least_us = gaps ? before_us : 2 * before_us;
    enum rule rule = status < 200   ? RULE_RELIABLE_INTERVAL
                     : status < 300 ? RULE_ANSWER_INTERVAL
                                    : RULE_REFUSAL_INTERVAL;
    if (status >= 200 && least_us > t2_us)
        least_us = t2_us;
    if (before_us != 0 && gap_us < least_us / 10 * 9)
        blame(matter, rule, exchange->told.seq,
              "it comes again after %llu ms, the time before after %llu ms",
              (unsigned long long)(gap_us / US_PER_MS),
              (unsigned long long)(before_us / US_PER_MS));
}

/* Behind what ends it; a capture may have seen more than the server. */
static bool ended(const struct matter *matter)
{
    uint16_t status = sip_msg_status(matter->msg);
    if (matter->monitor->options.capture || matter->exchange->told.done_us >= matter->seen->time_us)
        return false;
    blame(matter,
          status < 200   ? RULE_RELIABLE_ACKED
          : status < 300 ? RULE_ANSWER_ACKED
                         : RULE_REFUSAL_ACKED,
          matter->exchange->told.seq, "it had come");
    return true;
}

/* RFC 3261 §17.2.3: a server knows a request by its branch, whatever else stands in it. */
static bool asked_otherwise(const struct matter *matter)
{
    const struct sip_via *via = sip_msg_via(matter->msg, 0);
    for (size_t i = 0; via != NULL && i < CAME_KEPT; i++) {
        const struct came *came = &matter->monitor->came[i];
        if (came->branch == view_hash(via->branch) && came->key != matter->exchange->key)
            return true;
    }
    return false;
}

static void unasked(const struct matter *matter)
{
    struct exchange *exchange = matter->exchange;
    if (exchange->request.intended || asked_otherwise(matter))
        not_judged(matter); /* what a script asks, and how often, is hard to tell */
    else if (exchange->answers > exchange->asks && !matter->monitor->options.capture &&
             !exchange->muddled && exchange->final.msg != NULL)
        blame(matter, RULE_COPY_UNASKED, exchange->final.seq, "nobody had asked again");
    exchange->told.asked = false;
}

void judge_again(const struct matter *matter)
{
    struct exchange *exchange = matter->exchange;
    const struct seen *seen = matter->seen;
    const struct sight *told =
        sip_msg_status(matter->msg) < 200 ? &exchange->reliable : &exchange->final;
    uint64_t gap_us =
        seen->time_us > exchange->told.at_us ? seen->time_us - exchange->told.at_us : 0;
    if (matter->monitor->options.capture && gap_us < TAP_US)
        return;
    if (sip_msg_method(matter->msg) != SIP_INVITE) {
        unasked(matter);
        return;
    }
    if (!is_repeated(matter->msg) || told->msg == NULL || told->seq != exchange->told.seq ||
        told->from != seen->from || ended(matter))
        return;
    if (!exchange->told.asked)
        interval(matter, gap_us);
    exchange->told.gap_us = exchange->told.asked ? 0 : gap_us;
    exchange->told.at_us = seen->time_us;
    exchange->told.asked = false;
}
