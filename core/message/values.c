/* Values of rows, read when they are first asked for. */
#include "core/message/msg_private.h"

#include <string.h>

/* The value with its folding undone: same length, so that places in it are places in the message
 * (RFC 3261 §7.3.1). */
static struct view unfold(struct sip_msg *msg, struct view value)
{
    struct view copy = arena_copy(&msg->arena, value);
    for (size_t i = 0; i < copy.len; i++) {
        char *at = (char *)copy.ptr + i;
        if (*at == '\r' || *at == '\n')
            *at = ' ';
    }
    return copy;
}

struct row_reader {
    struct sip_msg *msg;
    struct sip_msg_row *row;
    const struct sip_header_kind *kind;
    const char *text; /* the row's value, without folding */
    bool list;
};

static void report(const struct row_reader *r, enum sip_rule rule, const char *at)
{
    sip_msg_add_fault(r->msg, rule, r->row->line.id, r->row->line.value.ptr + (at - r->text));
    if (rule == SIP_RULE_MEMORY)
        r->msg->lost = true;
}

/* To where the next value of a list begins: behind the next comma outside of quotes and brackets.
 */
static void skip_value(struct scan *s)
{
    bool quoted = false, bracket = false;
    for (; s->at < s->end; s->at++) {
        char c = *s->at;
        if (quoted && c == '\\' && s->at + 1 < s->end)
            s->at++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '<' || c == '>'))
            bracket = c == '<';
        else if (!quoted && !bracket && c == ',')
            return;
    }
}

/* What was wrong with a value that began and at most ends there, and where to go on behind it. */
static void settle(const struct row_reader *r, struct scan *s, const char *begin, const char *end)
{
    if (s->failed == SIP_RULE_NONE && !scan_done(s) && !(r->list && *s->at == ','))
        scan_fail(s, SIP_RULE_TRAILING);
    if (s->noted != SIP_RULE_NONE)
        report(r, s->noted, s->noted_at);
    s->noted = SIP_RULE_NONE;
    if (s->failed == SIP_RULE_NONE)
        return;
    report(r, s->failed, s->at);
    s->failed = SIP_RULE_NONE;
    s->at = r->list ? begin : end;
    s->end = end;
    skip_value(s);
}

/* One value. What cannot be read keeps its place in the count. */
static struct sip_value *read_value(const struct row_reader *r, struct scan *s)
{
    const char *begin = s->at, *end = s->end;
    struct sip_value *value = arena_zalloc(s->arena, sizeof *value + r->kind->size);
    if (value == NULL) {
        r->msg->lost = true;
        return NULL;
    }
    r->kind->parse(s, value + 1);
    scan_lws(s);
    bool done = scan_done(s) || (r->list && *s->at == ',');
    value->readable = done && s->failed == SIP_RULE_NONE;
    if (!value->readable || s->noted != SIP_RULE_NONE)
        settle(r, s, begin, end);
    return value;
}

static void read_list(const struct row_reader *r, struct scan *s)
{
    struct sip_value **tail = &r->row->values;
    bool wanted = false; /* a comma has promised a value */
    for (;;) {
        scan_lws(s);
        if (scan_done(s))
            break;
        if (*s->at == ',') {
            report(r, SIP_RULE_LIST_EMPTY, s->at);
        } else {
            *tail = read_value(r, s);
            if (*tail == NULL)
                return;
            tail = &(*tail)->next;
        }
        wanted = scan_take(s, ',');
    }
    if (wanted)
        report(r, SIP_RULE_LIST_EMPTY, s->at);
}

void sip_msg_read_row(struct sip_msg *msg, struct sip_msg_row *row)
{
    enum sip_header_id id = row->line.id;
    struct row_reader r = {msg, row, sip_header_kind(id), NULL, sip_header_is_list(id)};
    row->read = true;
    if (r.kind == NULL)
        return;
    struct view text = row->folded ? unfold(msg, row->line.value) : row->line.value;
    if (text.ptr == NULL) {
        msg->lost = true;
        return;
    }
    r.text = text.ptr;
    struct scan s = scan_begin(text, &msg->arena);
    if (text.len == 0 && !sip_header_may_be_empty(id))
        report(&r, SIP_RULE_HEADER_EMPTY, s.at);
    else if (r.list)
        read_list(&r, &s);
    else
        row->values = read_value(&r, &s);
}
