#include "harness/flow/search.h"

/* Timers that no rule of RFC 3261 lets grow beyond T2 = 8*T1 (§17, Table 4): all but Timer A. */
enum { T2_IN_T1 = 8 };

static size_t original_step(const struct search *s, uint64_t seq)
{
    for (size_t i = 0; i < s->at; i++)
        if (search_entry(s, i)->seq == seq && s->steps[i].taken->line != NULL)
            return i;
    return SIZE_MAX;
}

/* How many transmissions of it there were before this one, and when the last of them was. */
static unsigned transmissions_before(const struct search *s, const struct log_entry *copy,
                                     size_t *out_last)
{
    unsigned count = 0;
    for (size_t i = 0; i < s->at; i++) {
        const struct log_entry *entry = search_entry(s, i);
        if (entry->seq != copy->copy_of && entry->copy_of != copy->copy_of)
            continue;
        *out_last = i;
        count++;
    }
    return count;
}

/* A copy from the other side since then: what answers a copy is sent again (RFC 3261 §13.2.2.4,
 * §17.2.1, §17.2.2). */
static bool answers_a_copy(const struct search *s, const struct log_entry *copy, size_t last)
{
    for (size_t i = last + 1; i < s->at; i++) {
        const struct log_entry *entry = search_entry(s, i);
        if (entry->from == copy->to && entry->to == copy->from && entry->copy_of != 0)
            return true;
    }
    return false;
}

/* RFC 3261 §17.1.1.2, §17.1.2.2, §17.2.1, §13.3.1.4: each gap is twice the one before, from T1 on;
 * only that of a client's INVITE grows beyond T2. */
static bool timer_allows(const struct search *s, const struct log_entry *copy)
{
    const struct flow_question *q = s->question;
    size_t last = 0;
    unsigned before = transmissions_before(s, copy, &last);
    struct sip_msg *msg = search_message(s, s->at);
    bool request = msg != NULL && sip_msg_is_request(msg);
    enum sip_method method = msg != NULL ? sip_msg_method(msg) : SIP_METHOD_OTHER;
    if (before == 0)
        return true; /* the rest of it was before this flow */
    if ((!request || method == SIP_ACK) && answers_a_copy(s, copy, last))
        return true;
    if (request && method == SIP_ACK)
        return false;
    uint64_t grown = before > 16 ? UINT64_C(1) << 16 : UINT64_C(1) << (before - 1);
    if (!(request && method == SIP_INVITE) && grown > T2_IN_T1)
        grown = T2_IN_T1;
    struct flow_time gap = {.low_us = grown * q->t1_us, .high_us = NEVER, .exact = true};
    uint64_t low_us, high_us;
    time_bounds(q, &gap, &low_us, &high_us);
    return entry_since(copy, entry_when(search_entry(s, last))).most_us >= low_us;
}

bool copy_folds(const struct search *s, const struct flow_line **out_line)
{
    const struct log_entry *copy = search_entry(s, s->at);
    if (copy->copy_of == 0 || (!s->fold && !s->question->real && !s->question->rough))
        return false;
    const struct flow_line *line = NULL;
    size_t original = original_step(s, copy->copy_of);
    if (original != SIZE_MAX)
        line = s->steps[original].taken->line;
    bool before_flow = log_find(s->question->log, copy->copy_of) < s->question->from_index;
    if (line == NULL ? !before_flow : line->count == COUNT_COPIES && !s->question->rough)
        return false;
    if (!s->fold && !s->question->rough &&
        ((line != NULL && line->time_count != 0) || !timer_allows(s, copy)))
        return false;
    *out_line = line;
    return true;
}
