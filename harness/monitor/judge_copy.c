/* Retransmissions: their bytes and their times. */
#include "harness/monitor/inside.h"

/* True: it is another request. */
static bool changed(const struct matter *matter)
{
    const struct exchange *exchange = matter->exchange;
    const struct sip_cseq *a = sip_msg_cseq(exchange->request.msg), *b = sip_msg_cseq(matter->msg);
    if (view_equal(sip_msg_raw(exchange->request.msg), sip_msg_raw(matter->msg)))
        return false;
    bool other = a != NULL && b != NULL && a->number != b->number;
    if (other)
        blame(matter, RULE_BRANCH_REUSED, exchange->request.seq,
              "the branch is that of an earlier %.*s", VIEW_ARG(sip_msg_method_name(matter->msg)));
    else
        blame(matter, RULE_COPY_CHANGED, exchange->request.seq, "its bytes are others");
    return other;
}

/* Growing, whatever T1 is and whatever copies were lost before they could be seen. */
static void interval(const struct matter *matter, uint64_t gap_us)
{
    const struct exchange *exchange = matter->exchange;
    uint64_t before_us = exchange->gap_us, most_us = matter->monitor->options.t2_us;
    bool invite = exchange->method == SIP_INVITE;
    bool capture = matter->monitor->options.capture || matter->seen->foreign;
    if (before_us == 0)
        return;
    uint64_t least_us = before_us / 50 * 51;
    if (!capture)
        least_us = before_us / 5 * 9; /* nothing was lost before it was seen */
    if (!invite && least_us > most_us / 10 * 9)
        least_us = most_us / 10 * 9;
    if (!invite && capture)
        least_us = (before_us < most_us ? before_us : most_us) / 10 * 9;
    if (gap_us < least_us)
        blame(matter, invite ? RULE_INVITE_INTERVAL : RULE_REQUEST_INTERVAL, exchange->request.seq,
              "copy %u comes after %llu ms, the one before it after %llu ms", exchange->copies + 1,
              (unsigned long long)(gap_us / US_PER_MS),
              (unsigned long long)(before_us / US_PER_MS));
}

/* What a capture shows may have been lost behind it: then the client was right to repeat. */
static void needless(const struct matter *matter)
{
    const struct exchange *exchange = matter->exchange;
    uint64_t now_us = matter->seen->time_us;
    if (matter->monitor->options.capture || exchange->unsure) {
        not_judged(matter);
        return;
    }
    if (exchange->final_given_us < now_us)
        blame(matter, RULE_COPY_AFTER_FINAL, exchange->final.seq, "the final response had come");
    else if (exchange->method == SIP_INVITE && exchange->provisional_given_us < now_us)
        blame(matter, RULE_COPY_AFTER_PROVISIONAL, exchange->request.seq,
              "a provisional response had come");
}

void judge_copy(const struct matter *matter)
{
    struct exchange *exchange = matter->exchange;
    const struct seen *seen = matter->seen;
    if (!sip_msg_is_request(matter->msg)) {
        judge_again(matter);
        return;
    }
    exchange->told.asked = true;
    if (seen->from != exchange->request.from)
        return;
    bool later = seen->time_us > exchange->copied_us; /* captures of two taps may be out of order */
    uint64_t gap_us = later ? seen->time_us - exchange->copied_us : 0;
    if (matter->monitor->options.capture && gap_us < TAP_US)
        return;
    if (changed(matter))
        return;
    if (exchange->method == SIP_CANCEL && !is_original(matter)) {
        not_judged(matter); /* handed on without state, RFC 3261 §16.10: it comes when it comes */
        return;
    }
    if (exchange->method != SIP_ACK) { /* it goes out again as often as what it answers */
        if (proto_reliable(seen->proto))
            blame(matter, RULE_COPY_RELIABLE, exchange->request.seq, "it was sent again over %s",
                  proto_text(seen->proto));
        else
            interval(matter, gap_us);
        needless(matter);
    }
    exchange->copies++;
    exchange->gap_us = gap_us;
    exchange->copied_us = seen->time_us;
}
