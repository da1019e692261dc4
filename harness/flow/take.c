#include "harness/flow/search.h"

#include <stdarg.h>

enum { MATCH_WORK = 10 }; /* what a look at a message costs, against a step in the diagram */

const struct log_entry *search_entry(const struct search *s, size_t step)
{
    return log_at(s->question->log, s->covered[step]);
}

struct sip_msg *search_message(const struct search *s, size_t step)
{
    return log_message(s->question->log, s->covered[step]);
}

static unsigned pair_of(uint32_t a, uint32_t b)
{
    return a < b ? (unsigned)(a << 16 | b) : (unsigned)(b << 16 | a);
}

unsigned search_pair(const struct search *s, unsigned from, unsigned to)
{
    const uint32_t *parties = s->question->parties;
    return s->interleave ? pair_of(parties[from], parties[to]) : 0;
}

unsigned entry_pair(const struct search *s, const struct log_entry *entry)
{
    return s->interleave ? pair_of(entry->from, entry->to) : 0;
}

bool entry_under_way(const struct search *s, const struct flow_line *line,
                     const struct log_entry *entry)
{
    bool unseen = s->question->unseen != NULL && s->question->unseen[line->to];
    return line->arrow != ARROW_EITHER && !s->question->rough && !unseen && !entry->lost &&
           entry->arrived_us == NEVER;
}

__attribute__((format(printf, 3, 4))) static bool
refuse(struct search *s, const struct flow_line *line, const char *format, ...)
{
    va_list args;
    if (s->near.line != NULL)
        return false;
    s->near.line = line;
    va_start(args, format);
    vsnprintf(s->near.reason, sizeof s->near.reason, format, args);
    va_end(args);
    return false;
}

static bool arrow_fits(struct search *s, const struct flow_line *line,
                       const struct log_entry *entry)
{
    if (s->question->rough)
        return true;
    if (line->arrow == ARROW_ARRIVES && entry->lost)
        return refuse(s, line, "it was lost: -x is the arrow of a lost message");
    if (line->arrow == ARROW_LOST && entry->arrived_us != NEVER)
        return refuse(s, line, "it was not lost: it arrived");
    return true;
}

/* Lines of two branches of one par know nothing of each other. */
static bool in_other_branch(const struct node *a, const struct node *b)
{
    for (const struct node *x = a; x->parent != NULL; x = x->parent) {
        if (x->parent->kind != NODE_PAR)
            continue;
        for (const struct node *y = b; y->parent != NULL; y = y->parent)
            if (y->parent == x->parent)
                return x != y;
    }
    return false;
}

static bool comes_before(const struct search *s, const struct flow_line *line, size_t step)
{
    const struct flow_line *before = s->steps[step].taken->line;
    return before != NULL &&
           (!s->interleave ||
            search_pair(s, before->from, before->to) == search_pair(s, line->from, line->to)) &&
           !in_other_branch(before->node, line->node);
}

struct when entry_when(const struct log_entry *entry)
{
    return (struct when){entry->sent_us, entry->due_us};
}

static uint64_t gap(uint64_t from_us, uint64_t to_us)
{
    return to_us > from_us ? to_us - from_us : 0;
}

struct span entry_since(const struct log_entry *entry, struct when since)
{
    uint64_t took_us = gap(since.sent_us, entry->sent_us);
    if (!entry->ours)
        return (struct span){took_us, took_us};
    return (struct span){gap(since.sent_us, entry->due_us), gap(since.due_us, entry->sent_us)};
}

bool line_since(const struct search *s, const struct flow_line *line, struct when *out)
{
    const struct flow_line *before = NULL;
    for (size_t i = s->at; i > 0 && before == NULL; i--)
        if (comes_before(s, line, i - 1) && !s->steps[i - 1].taken->folded)
            before = s->steps[i - 1].taken->line;
    for (size_t i = s->at; i > 0 && before != NULL; i--) {
        if (s->steps[i - 1].taken->line == before) {
            *out = entry_when(search_entry(s, i - 1));
            return true;
        }
    }
    return false;
}

void time_bounds(const struct flow_question *question, const struct flow_time *time,
                 uint64_t *out_low_us, uint64_t *out_high_us)
{
    uint64_t tolerance_us = 0;
    if (time->exact) {
        uint64_t share_us = time->low_us / 1000000 * question->tolerance_ppm +
                            time->low_us % 1000000 * question->tolerance_ppm / 1000000;
        tolerance_us = question->tolerance_us > share_us ? question->tolerance_us : share_us;
    }
    *out_low_us = time->low_us > tolerance_us ? time->low_us - tolerance_us : 0;
    *out_high_us = time->high_us > NEVER - tolerance_us ? NEVER : time->high_us + tolerance_us;
}

static bool time_fits(struct search *s, const struct item *item, const struct log_entry *entry)
{
    const struct flow_line *line = item->node->message;
    const struct flow_time *time = line->times;
    uint64_t low_us, high_us;
    struct when since = entry_when(entry);
    char took[32], low[32], high[32];
    if (line->time_count == 0 || (line->time_count == 1 && item->begun))
        return true;
    if (s->question->rough && !item->begun)
        return true;
    if (line->time_count > 1 && item->begun) {
        time = &line->times[line->copies - item->left];
        since = item->first;
    } else if (line->time_count == 1 && !line_since(s, line, &since)) {
        return refuse(s, line, "there is no line before it to count its time from");
    }
    time_bounds(s->question, time, &low_us, &high_us);
    struct span span = entry_since(entry, since);
    if (span.most_us >= low_us && span.least_us <= high_us)
        return true;
    flow_time_text(gap(since.sent_us, entry->sent_us), took, sizeof took);
    flow_time_text(low_us, low, sizeof low);
    flow_time_text(high_us, high, sizeof high);
    const char *what = line->time_count > 1 ? "the first copy" : "the line before it";
    if (low_us == high_us)
        return refuse(s, line, "it came %s after %s, not %s", took, what, low);
    if (low_us == 0 || high_us == NEVER)
        return refuse(s, line, "it came %s after %s, not %s %s", took, what,
                      low_us == 0 ? "within" : "after", low_us == 0 ? high : low);
    return refuse(s, line, "it came %s after %s, not %s to %s", took, what, low, high);
}

static bool copy_fits(struct search *s, const struct item *item, const struct log_entry *entry)
{
    const struct flow_line *line = item->node->message;
    uint64_t root = entry->copy_of != 0 ? entry->copy_of : entry->seq;
    if (line->count != COUNT_COPIES || !item->begun || root == item->root)
        return true;
    return refuse(s, line, "it is another message, not copy %u of %u",
                  line->copies - item->left + 1, line->copies);
}

static bool message_fits(struct search *s, const struct flow_line *line)
{
    struct view failed;
    struct pattern_subject subject = {.msg = search_message(s, s->at)};
    size_t mark = vars_mark(s->question->vars);
    s->work += MATCH_WORK;
    bool fits = pattern_match(line->pattern, &subject, s->question->vars, &failed);
    vars_reset(s->question->vars, mark);
    if (!fits && failed.ptr != NULL)
        return refuse(s, line, "%.*s does not hold", VIEW_ARG(failed));
    return fits && (line->answers.ptr == NULL ||
                    view_equal(line->answers, sip_msg_method_name(subject.msg)));
}

bool line_takes(struct search *s, const struct item *item)
{
    const struct flow_line *line = item->node->message;
    const struct log_entry *entry = search_entry(s, s->at);
    const uint32_t *parties = s->question->parties;
    return parties[line->from] == entry->from && parties[line->to] == entry->to &&
           message_fits(s, line) && copy_fits(s, item, entry) && arrow_fits(s, line, entry) &&
           time_fits(s, item, entry);
}

void line_bind(struct search *s, const struct flow_line *line)
{
    struct pattern_subject subject = {.msg = search_message(s, s->at)};
    bool fits = pattern_match(line->pattern, &subject, s->question->vars, NULL);
    /* It has matched with the same bindings before; only memory can be missing now. */
    s->no_memory |= !fits;
}
