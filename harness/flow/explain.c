#include "harness/flow/search.h"

#include <stdarg.h>

/* Cut off where it does not fit: texts of the wire may be of any length. */
__attribute__((format(printf, 3, 4))) static void say(char *room, size_t room_len,
                                                      const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(room, room_len, format, args);
    va_end(args);
}

static struct view party_name(const struct search *s, uint32_t party)
{
    for (size_t i = 0; i < s->flow->participant_count; i++)
        if (s->question->parties[i] == party)
            return s->flow->participants[i];
    return V("other");
}

/* "bob->>alice: 486 INVITE" */
static void message_text(const struct search *s, size_t step, char *room, size_t room_len)
{
    const struct log_entry *entry = search_entry(s, step);
    char label[SIP_LABEL_MAX];
    struct view text = sip_msg_label(search_message(s, step), label, sizeof label);
    say(room, room_len, "%.*s->>%.*s: %.*s", VIEW_ARG(party_name(s, entry->from)),
        VIEW_ARG(party_name(s, entry->to)), VIEW_ARG(text));
}

static void actual_fill(const struct search *s, size_t step, struct flow_answer *out)
{
    const struct log_entry *entry = search_entry(s, step);
    char text[100], time[32], copy[40] = "";
    message_text(s, step, text, sizeof text);
    flow_time_text(entry->sent_us, time, sizeof time);
    if (entry->copy_of != 0)
        say(copy, sizeof copy, ", a copy of %llu", (unsigned long long)entry->copy_of);
    out->seq = entry->seq;
    say(out->actual, sizeof out->actual, "%s at %s (message %llu%s)", text, time,
        (unsigned long long)entry->seq, copy);
}

static const struct flow_line *first_line(const struct node *node)
{
    while (node != NULL && node->kind != NODE_LINE)
        node = node->first;
    return node == NULL ? NULL : node->message;
}

/* "bob->>alice: 180 INVITE", with the method that it answers. */
static void line_text(const struct flow_line *line, char *room, size_t room_len)
{
    say(room, room_len, "%.*s%s%.*s", VIEW_ARG(line->text), line->answers.ptr != NULL ? " " : "",
        VIEW_ARG(line->answers));
}

static void expected_fill(const struct search *s, const struct flow_line *line,
                          struct flow_answer *out)
{
    out->line = line != NULL ? line->line : s->flow->last_line;
    if (line != NULL)
        line_text(line, out->expected, sizeof out->expected);
    else
        say(out->expected, sizeof out->expected, "no further message");
}

static void after_text(const struct search *s, char *room, size_t room_len)
{
    char time[32];
    if (s->covered_count == 0) {
        say(room, room_len, "there was no message at all");
        return;
    }
    const struct log_entry *last = search_entry(s, s->covered_count - 1);
    flow_time_text(last->sent_us, time, sizeof time);
    say(room, room_len, "the last message was %llu at %s", (unsigned long long)last->seq, time);
}

/* ", transmission 3 of 7", where the copies of a message are counted. */
static void which_text(const struct item *item, char *room, size_t room_len)
{
    const struct flow_line *line = item == NULL ? NULL : item->node->message;
    room[0] = '\0';
    if (line != NULL && line->count == COUNT_COPIES && item->begun)
        say(room, room_len, ", transmission %u of %u", line->copies - item->left + 1, line->copies);
}

static void explain_missing(const struct search *s, const struct item *item,
                            struct flow_answer *out)
{
    const struct flow_line *line = first_line(item->node);
    char after[80], which[40];
    after_text(s, after, sizeof after);
    expected_fill(s, line, out);
    if (line == NULL)
        return;
    which_text(item, which, sizeof which);
    line_text(line, out->ghost, sizeof out->ghost);
    say(out->sentence, sizeof out->sentence, "%s%s%s never came; %s", out->ghost, which,
        which[0] != '\0' ? "," : "", after);
}

static void explain_under_way(const struct search *s, struct flow_answer *out)
{
    actual_fill(s, s->dead_under_way, out);
    say(out->expected, sizeof out->expected, "that it arrives");
    say(out->sentence, sizeof out->sentence, "%s has not arrived", out->actual);
    out->line = s->dead_near.line != NULL ? s->dead_near.line->line : s->flow->last_line;
}

static void explain_cut(const struct search *s, struct flow_answer *out)
{
    out->line = s->flow->last_line;
    say(out->sentence, sizeof out->sentence,
        "every line was met, but `within` ended before the silence that must follow");
}

/* The message that no line takes. */
static void explain_wrong(const struct search *s, const struct item *missing,
                          struct flow_answer *out)
{
    const struct flow_line *line = missing == NULL ? NULL : first_line(missing->node);
    char which[40];
    actual_fill(s, s->dead_at, out);
    if (s->dead_near.line != NULL) {
        expected_fill(s, s->dead_near.line, out);
        say(out->sentence, sizeof out->sentence, "%s, but %s", out->actual, s->dead_near.reason);
        return;
    }
    expected_fill(s, line, out);
    which_text(missing, which, sizeof which);
    if (line != NULL)
        say(out->sentence, sizeof out->sentence, "expected %s%s, but %s came", out->expected, which,
            out->actual);
    else
        say(out->sentence, sizeof out->sentence,
            "%s came after the last line, and no line accounts for it", out->actual);
}

void search_explain(struct search *s, struct flow_answer *out)
{
    const struct item *missing = rest_missing(s, s->dead_rest);
    if (s->dead_at < s->covered_count)
        explain_wrong(s, missing, out);
    else if (s->dead_under_way < s->covered_count)
        explain_under_way(s, out);
    else if (missing != NULL)
        explain_missing(s, missing, out);
    else
        explain_cut(s, out);
    search_hint(s, out);
}
