#include "harness/flow/search.h"

enum { WAIT_IN_T1 = 64 }; /* RFC 3261 §17: a transaction's whole life */

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > NEVER - b ? NEVER : a + b;
}

static uint64_t latest(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t root_of(const struct log_entry *entry)
{
    return entry->copy_of != 0 ? entry->copy_of : entry->seq;
}

/* The longest gap between two transmissions of a counted message, up to this one. */
static uint64_t longest_gap(const struct search *s, size_t step)
{
    const struct log_entry *entry = search_entry(s, step);
    uint64_t before_us = entry->sent_us, longest_us = 0;
    for (size_t i = step; i > 0; i--) {
        const struct log_entry *other = search_entry(s, i - 1);
        if (s->steps[i - 1].taken->line != s->steps[step].taken->line ||
            root_of(other) != root_of(entry))
            continue;
        longest_us = latest(longest_us, before_us - other->sent_us);
        before_us = other->sent_us;
    }
    return longest_us;
}

/* Until when there must be silence: for another copy of what was counted, and for {quiet}. */
static uint64_t quiet_until(const struct search *s)
{
    const struct flow_question *q = s->question;
    uint64_t until_us = 0, last_us = 0;
    bool taken = false;
    for (size_t i = 0; i < s->covered_count; i++) {
        const struct flow_line *line = s->steps[i].taken->line;
        uint64_t sent_us = search_entry(s, i)->sent_us;
        if (line == NULL)
            continue;
        taken = true;
        last_us = latest(last_us, sent_us);
        if (line->count != COUNT_COPIES)
            continue;
        uint64_t wait_us = latest(2 * longest_gap(s, i), 2 * q->t1_us);
        until_us = latest(until_us, later(sent_us, wait_us));
    }
    if (q->quiet_us != 0)
        until_us = latest(until_us, later(taken ? last_us : q->began_us, q->quiet_us));
    return until_us;
}

/* The first message that a line has taken while it is still under way; covered_count: none. */
static size_t under_way(const struct search *s)
{
    size_t i = 0;
    while (i < s->covered_count &&
           (s->steps[i].taken->line == NULL ||
            !entry_under_way(s, s->steps[i].taken->line, search_entry(s, i))))
        i++;
    return i;
}

/* Until when the next copy or line may come. */
static uint64_t message_until(const struct search *s, const struct item *item, uint64_t last_us)
{
    const struct flow_question *q = s->question;
    const struct flow_line *line = item->node->message;
    uint64_t until_us = later(last_us, WAIT_IN_T1 * q->t1_us);
    const struct flow_time *time = line != NULL && line->time_count != 0 ? line->times : NULL;
    uint64_t low_us, high_us;
    struct when since = item->first;
    if (time != NULL && line->time_count > 1)
        time += item->begun ? line->copies - item->left : 0;
    else if (time != NULL && (item->begun || !line_since(s, line, &since)))
        time = NULL;
    if (time == NULL)
        return until_us;
    time_bounds(q, time, &low_us, &high_us);
    uint64_t bound_us = high_us != NEVER ? high_us : later(low_us, WAIT_IN_T1 * q->t1_us);
    return latest(until_us, later(since.sent_us, bound_us));
}

static uint64_t last_taken_us(const struct search *s)
{
    uint64_t last_us = s->question->began_us;
    for (size_t i = 0; i < s->covered_count; i++)
        if (s->steps[i].taken->line != NULL)
            last_us = latest(last_us, search_entry(s, i)->sent_us);
    return last_us;
}

static void wait_until(struct search *s, uint64_t until_us)
{
    const struct flow_question *q = s->question;
    uint64_t whole_us = later(q->began_us, q->within_us);
    until_us = until_us < whole_us ? until_us : whole_us;
    if (q->at_end || until_us <= q->now_us)
        return;
    s->state = FLOW_WAITING;
    if (until_us < s->ask_again_us)
        s->ask_again_us = until_us;
}

static void wait_for(struct search *s, const struct item *missing, uint64_t until_us)
{
    wait_until(s, until_us);
    s->awaited = missing->node->message;
}

/* Nothing has to come any more, but for silence. */
static void judge_complete(struct search *s)
{
    const struct flow_question *q = s->question;
    uint64_t until_us = quiet_until(s);
    if (q->at_end || until_us <= q->now_us)
        s->state = FLOW_MATCHED;
    else
        wait_until(s, until_us);
}

void search_judge(struct search *s, const struct rest *rest)
{
    if (s->only_messages) {
        s->state = FLOW_MATCHED;
        return;
    }
    size_t pending = under_way(s);
    const struct item *missing = rest_missing(s, rest);
    uint64_t last_us = last_taken_us(s);
    s->near.line = pending < s->covered_count ? s->steps[pending].taken->line : NULL;
    if (pending < s->covered_count)
        wait_until(s, s->question->real ? later(last_us, WAIT_IN_T1 * s->question->t1_us) : NEVER);
    else if (missing != NULL)
        wait_for(s, missing, message_until(s, missing, last_us));
    else
        judge_complete(s);
    search_dead(s, rest, pending);
}
