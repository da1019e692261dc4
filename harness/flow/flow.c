#include "harness/flow/search.h"

static void answer_given_up(const struct flow *flow, enum err err, struct flow_answer *out)
{
    out->line = flow->last_line;
    snprintf(
        out->sentence, sizeof out->sentence, "%s",
        err != ERR_OK
            ? "out of memory"
            : "the flow can be read in too many ways: use fewer ?, *, +, opt and alt in a row");
}

static void answer_wait(const struct search *s, struct flow_answer *out)
{
    out->ask_again_us = s->ask_again_us;
    if (s->awaited != NULL)
        out->awaited = s->awaited->text;
}

static void answer_fill(struct search *s, enum err err, struct flow_answer *out)
{
    if (s->state == FLOW_MATCHED && s->covered_count > 0)
        out->next_index = s->covered[s->covered_count - 1] + 1;
    else if (s->state == FLOW_WAITING)
        answer_wait(s, out);
    else if (s->state == FLOW_FAILED && (err != ERR_OK || search_given_up(s)))
        answer_given_up(s->flow, err, out);
    else if (s->state == FLOW_FAILED)
        search_explain(s, out);
}

/* What no line took was let through, and nobody has looked at it. */
static void remember(const struct search *s)
{
    for (size_t i = 0; i < s->covered_count; i++)
        log_looked(s->question->log, s->covered[i],
                   s->steps[i].taken->line == NULL ? LOOK_PASSED_OVER : LOOK_AT);
}

enum flow_state flow_match(const struct flow *flow, const struct flow_question *question,
                           struct flow_answer *out)
{
    struct search s;
    size_t mark = vars_mark(question->vars);
    *out = (struct flow_answer){.ask_again_us = NEVER, .next_index = question->from_index};
    enum err err = search_begin(&s, flow, question);
    if (err == ERR_OK)
        search_run(&s);
    if (search_given_up(&s) && s.state == FLOW_WAITING)
        s.state = FLOW_FAILED;
    if (s.state != FLOW_MATCHED)
        vars_reset(question->vars, mark);
    else
        remember(&s);
    answer_fill(&s, err, out);
    search_end(&s);
    return s.state;
}

static const size_t GIVEN_UP = SIZE_MAX;

/* The first message from strays_until on that no line takes; log_count: none. Strays before it are
 * passed over, from strays_from on. */
static size_t stray_find(const struct flow *flow, const struct flow_question *question,
                         size_t strays_from, size_t strays_until)
{
    struct search s;
    size_t mark = vars_mark(question->vars), stray = log_count(question->log);
    enum err err = search_begin(&s, flow, question);
    s.only_messages = true;
    s.strays_from = strays_from;
    s.strays_until = strays_until;
    if (err == ERR_OK)
        search_run(&s);
    vars_reset(question->vars, mark);
    if (err != ERR_OK || search_given_up(&s))
        stray = GIVEN_UP;
    else if (s.state != FLOW_MATCHED)
        stray = s.covered[s.dead_at];
    search_end(&s);
    return stray;
}

size_t flow_stray(const struct flow *flow, const struct flow_question *question, size_t from_index)
{
    size_t count = log_count(question->log);
    size_t stray = stray_find(flow, question, 0, 0);
    if (stray < from_index)
        stray = stray_find(flow, question, stray, from_index);
    /* What cannot be read to its end is not taken for silence. */
    return stray != GIVEN_UP ? stray : from_index < count ? from_index : count;
}
