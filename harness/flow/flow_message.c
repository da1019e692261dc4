#include "harness/flow/ast.h"

static void count_set(struct lex *lex, struct flow_line *line, enum line_count count)
{
    if (line->count != COUNT_ONE)
        lex_fail(lex, lex->at, "a line has one count: ?, *, + or x7");
    line->count = count;
}

/* "x7" */
static bool copies_take(struct lex *lex, struct flow_line *line)
{
    struct lex ahead = *lex;
    size_t begin = lex->at;
    struct view word = lex_word(&ahead);
    uint64_t copies;
    if (!view_starts(word, V("x")) || !view_to_uint(view_skip(word, 1), UINT32_MAX, &copies))
        return false;
    *lex = ahead;
    if (copies == 0 || copies > FLOW_REPEAT_MAX)
        lex_fail(lex, begin, "x%llu: a count goes from x1 to x%d", (unsigned long long)copies,
                 FLOW_REPEAT_MAX);
    count_set(lex, line, COUNT_COPIES);
    line->copies = (uint32_t)copies;
    return true;
}

static bool mark_take(struct lex *lex, struct flow_line *line)
{
    static const struct {
        char mark;
        enum line_count count;
    } marks[] = {
        {'?', COUNT_MAYBE},
        {'*', COUNT_ANY  },
        {'+', COUNT_SOME },
    };
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (lex_take(lex, marks[i].mark)) {
            count_set(lex, line, marks[i].count);
            return true;
        }
    }
    return false;
}

static void suffixes_parse(struct lex *lex, struct flow_line *line)
{
    for (lex_blanks(lex); !lex_end(lex); lex_blanks(lex)) {
        if (lex_take(lex, '['))
            checks_parse(lex, &line->pattern->checks);
        else if (lex_take(lex, '@'))
            flow_times_parse(lex, line);
        else if (!mark_take(lex, line) && !copies_take(lex, line))
            lex_fail(
                lex, lex->at,
                "'%.*s' is not understood here: checks [ ], a count ? * + x7, or times @ 500ms",
                VIEW_ARG(view_head(lex_rest(lex), 30)));
    }
}

/* A list of times belongs to the copies of one message: one each, counted from the first. */
static void times_check(struct lex *lex, const struct flow_line *line)
{
    size_t count = line->time_count;
    if (count < 2)
        return;
    if (line->count != COUNT_COPIES || line->copies != count)
        lex_fail(lex, lex->at, "%zu times are those of %zu copies: write x%zu", count, count,
                 count);
    else if (line->times[0].low_us != 0 || line->times[0].high_us != 0)
        lex_fail(lex, lex->at,
                 "the first of several times is 0: they are counted from the first copy");
}

/* What the stack makes for itself is on no wire. */
static void wire_check(struct lex *lex, const struct pattern *pattern)
{
    for (size_t i = 0; i < pattern->item_count; i++)
        if (pattern->items[i].timeout || pattern->items[i].unreachable)
            lex_fail(lex, lex->at,
                     "timeout and unreachable are never on the wire: no flow has them");
}

void flow_message_parse(struct lex *lex, struct flow_line *line)
{
    lex_blanks(lex);
    size_t begin = lex->at;
    line->pattern = pattern_head_parse(lex);
    if (line->pattern == NULL)
        return;
    line->pattern->text = view_trim(view_head(view_skip(lex->text, begin), lex->at - begin));
    wire_check(lex, line->pattern);
    suffixes_parse(lex, line);
    times_check(lex, line);
}
