/* Reliable provisional responses and PRACK: RFC 3262. */
#include "harness/monitor/inside.h"

static void numbered(const struct matter *matter)
{
    const struct sip_number *rseq = sip_msg_get(matter->msg, SIP_HEADER_RSEQ, 0);
    const struct talk *talk = matter->talk;
    if (rseq == NULL || sip_msg_status(matter->msg) >= 200)
        return;
    if ((talk == NULL || talk->rseq == 0) && (rseq->value == 0 || rseq->value > INT32_MAX))
        blame(matter, RULE_RSEQ_FIRST, 0, "it is %llu", (unsigned long long)rseq->value);
    if (talk != NULL && talk->rseq != 0 && matter->exchange != NULL &&
        talk->rseq_key == matter->exchange->key && rseq->value != (uint64_t)talk->rseq + 1)
        blame(matter, RULE_RSEQ_STEP, 0, "it is %llu, and was %u", (unsigned long long)rseq->value,
              talk->rseq);
}

/* RFC 3262 §3, §5: what was sent reliably, and is not acknowledged yet. */
static bool is_open(const struct matter *matter)
{
    const struct exchange *exchange = matter->exchange;
    const struct sip_name_addr *told = sip_msg_to(matter->msg);
    if (exchange == NULL || exchange->reliable.msg == NULL || matter->monitor->options.capture ||
        exchange->told.seq != exchange->reliable.seq || exchange->told.done_us != NEVER)
        return false;
    const struct sip_name_addr *before = sip_msg_to(exchange->reliable.msg);
    return told != NULL && before != NULL && view_equal(told->tag, before->tag);
}

static void waits(const struct matter *matter)
{
    uint16_t status = sip_msg_status(matter->msg);
    if (sip_msg_method(matter->msg) != SIP_INVITE || status >= 300 || !is_open(matter))
        return;
    if (status < 200 && sip_msg_find(matter->msg, SIP_HEADER_RSEQ, 0) != NULL)
        blame(matter, RULE_RELIABLE_OPEN, matter->exchange->reliable.seq, "no PRACK had come");
    if (status >= 200 && sip_sdp_body(matter->exchange->reliable.msg).len > 0)
        blame(matter, RULE_ANSWER_BEFORE_PRACK, matter->exchange->reliable.seq,
              "no PRACK had come");
}

static bool rack_wrong(const struct sip_rack *rack, const struct talk *talk)
{
    return rack->rseq < talk->rseq_first || rack->rseq > talk->rseq ||
           rack->cseq != talk->rseq_cseq || rack->method != SIP_INVITE;
}

static void prack(const struct matter *matter)
{
    const struct sip_rack *rack = sip_msg_get(matter->msg, SIP_HEADER_RACK, 0);
    const struct talk *talk = matter->talk;
    if (talk == NULL || talk->rseq == 0)
        return;
    if (rack != NULL && rack_wrong(rack, talk))
        blame(matter, RULE_RACK_WRONG, 0, "RAck is %u %u %.*s, RSeq was %u, CSeq %u", rack->rseq,
              rack->cseq, VIEW_ARG(rack->method_name), talk->rseq, talk->rseq_cseq);
}

void judge_reliable(const struct matter *matter)
{
    if (!sip_msg_is_request(matter->msg)) {
        numbered(matter);
        waits(matter);
    } else if (sip_msg_method(matter->msg) == SIP_PRACK)
        prack(matter);
}

void reliable_given(struct exchange *exchange, const struct seen *seen)
{
    uint16_t status = sip_msg_status(seen->msg);
    const struct sip_number *rseq = sip_msg_get(seen->msg, SIP_HEADER_RSEQ, 0);
    bool reliable = rseq != NULL && rseq->value > 0 && rseq->value <= UINT32_MAX &&
                    sip_msg_lists(seen->msg, SIP_HEADER_REQUIRE, V("100rel"));
    if (status > 100 && status < 200 && exchange->method == SIP_INVITE && reliable &&
        exchange->reliable_given_us == NEVER)
        exchange->reliable_given_us = seen->time_us;
}
