#include "harness/flow/search.h"

/* Another search with something changed: is there a reading of all the messages then? */
struct trial {
    bool interleave, fold;
    size_t left_out;
    const struct flow_line *optional;
};

static bool trial_reads(const struct search *failed, const struct trial *trial)
{
    struct search s;
    const struct flow_question *q = failed->question;
    size_t mark = vars_mark(q->vars);
    enum err err = search_begin(&s, failed->flow, q);
    s.interleave |= trial->interleave;
    s.fold |= trial->fold;
    s.left_out = trial->left_out;
    s.optional = trial->optional;
    /* A message that is wrong may be mended before all have come; one that is missing must not be.
     */
    s.only_messages = failed->dead_at < failed->covered_count;
    if (err == ERR_OK)
        search_run(&s);
    vars_reset(q->vars, mark);
    bool reads = err == ERR_OK && s.state != FLOW_FAILED && !search_given_up(&s);
    search_end(&s);
    return reads;
}

static bool is_provisional(const struct search *s, size_t step)
{
    struct sip_msg *msg = search_message(s, step);
    return msg != NULL && sip_msg_status(msg) >= 100 && sip_msg_status(msg) < 200;
}

static struct view name_of(const struct search *s, uint32_t party)
{
    for (size_t i = 0; i < s->flow->participant_count; i++)
        if (s->question->parties[i] == party)
            return s->flow->participants[i];
    return V("other");
}

static void hint_wrong(const struct search *s, struct flow_answer *out)
{
    const struct log_entry *entry = search_entry(s, s->dead_at);
    struct trial fold = {.fold = true, .left_out = SIZE_MAX};
    struct trial without = {.left_out = s->covered[s->dead_at]};
    if (entry->copy_of != 0 && !s->fold && trial_reads(s, &fold))
        snprintf(out->hint, sizeof out->hint,
                 "it is a retransmission: {fold = true} takes copies into the line of their "
                 "original, x2 counts them");
    else if (is_provisional(s, s->dead_at) && trial_reads(s, &without))
        snprintf(out->hint, sizeof out->hint, "where it may come: add \"%.*s->>%.*s: %u?\"",
                 VIEW_ARG(name_of(s, entry->from)), VIEW_ARG(name_of(s, entry->to)),
                 (unsigned)sip_msg_status(search_message(s, s->dead_at)));
}

static void hint_missing(const struct search *s, struct flow_answer *out)
{
    const struct item *missing = rest_missing(s, s->dead_rest);
    const struct flow_line *line =
        missing != NULL && missing->node->kind == NODE_LINE ? missing->node->message : NULL;
    struct trial optional = {.left_out = SIZE_MAX, .optional = line};
    bool provisional = line != NULL && line->pattern->what == PATTERN_RESPONSE &&
                       line->pattern->item_count > 0 && line->pattern->items[0].high < 200;
    if (provisional && line->count == COUNT_ONE && trial_reads(s, &optional))
        snprintf(out->hint, sizeof out->hint, "where it may be missing: write \"%.*s?\"",
                 VIEW_ARG(line->text));
}

void search_hint(const struct search *s, struct flow_answer *out)
{
    struct trial interleave = {.interleave = true, .left_out = SIZE_MAX};
    if (!s->interleave && s->flow->participant_count > 2 && trial_reads(s, &interleave))
        snprintf(out->hint, sizeof out->hint,
                 "with {interleave = true}, which keeps the order within each pair only, it fits");
    else if (s->dead_at < s->covered_count)
        hint_wrong(s, out);
    else
        hint_missing(s, out);
}
