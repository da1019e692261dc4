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
    if (!sip_msg_is_request(matter->msg))
        numbered(matter);
    else if (sip_msg_method(matter->msg) == SIP_PRACK)
        prack(matter);
}

void reliable_given(struct exchange *exchange, const struct seen *seen)
{
    uint16_t status = sip_msg_status(seen->msg);
    if (status > 100 && status < 200 && exchange->method == SIP_INVITE &&
        exchange->reliable_given_us == NEVER && sip_msg_find(seen->msg, SIP_HEADER_RSEQ, 0) != NULL)
        exchange->reliable_given_us = seen->time_us;
}
