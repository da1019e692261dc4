/* Values of rows, read when they are first asked for. */
#include "core/message/msg_private.h"

#include <string.h>

/* The value with its folding undone: same length, so that places in it are places in the message
 * (RFC 3261 §7.3.1). */
static struct view unfold(struct sip_msg *msg, const struct sip_msg_row *row)
{
    struct view value = row->line.value;
    if (!row->folded)
        return value;
    struct view copy = arena_copy(&msg->arena, value);
    for (size_t i = 0; i < copy.len; i++) {
        char *at = (char *)copy.ptr + i;
        if (*at == '\r' || *at == '\n')
            *at = ' ';
    }
    return copy;
}

/* Where the next value of a list begins, when one cannot be read: behind the next comma outside of
 * quotes and brackets. */
static void skip_value(struct scan *s, const char *end)
{
    bool quoted = false, bracket = false;
    s->end = end;
    s->failed = SIP_RULE_NONE;
    for (; s->at < end; s->at++) {
        char c = *s->at;
        if (quoted && c == '\\' && s->at + 1 < end)
            s->at++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '<' || c == '>'))
            bracket = c == '<';
        else if (!quoted && !bracket && c == ',')
            return;
    }
}

struct row_reader {
    struct sip_msg *msg;
    struct sip_msg_row *row;
    const struct sip_header_kind *kind;
    struct view text; /* without folding */
    struct sip_value **tail;
    bool list;
};

static void report(const struct row_reader *r, enum sip_rule rule, const char *at)
{
    const char *place = r->row->line.value.ptr + (at - r->text.ptr);
    sip_msg_add_fault(r->msg, rule, r->row->line.id, place);
    if (rule == SIP_RULE_MEMORY)
        r->msg->lost = true;
}

static struct sip_value *value_add(struct row_reader *r)
{
    struct sip_value *value = arena_zalloc(&r->msg->arena, sizeof *value + r->kind->size);
    if (value == NULL) {
        r->msg->lost = true;
        return NULL;
    }
    *r->tail = value;
    r->tail = &value->next;
    return value;
}

/* One value. What cannot be read keeps its place in the count. */
static bool read_value(struct row_reader *r, struct scan *s)
{
    const char *end = s->end, *begin = s->at;
    struct sip_value *value = value_add(r);
    if (value == NULL)
        return false;
    r->kind->parse(s, value + 1);
    scan_lws(s);
    if (s->failed == SIP_RULE_NONE && !scan_done(s) && !(r->list && *s->at == ','))
        scan_fail(s, SIP_RULE_TRAILING);
    value->readable = s->failed == SIP_RULE_NONE;
    if (s->noted != SIP_RULE_NONE)
        report(r, s->noted, s->noted_at);
    if (s->failed != SIP_RULE_NONE) {
        report(r, s->failed, s->at);
        s->at = begin;
        skip_value(s, r->list ? end : begin);
        s->at = r->list ? s->at : end;
        s->end = end;
    }
    s->noted = SIP_RULE_NONE;
    return true;
}

static void read_list(struct row_reader *r, struct scan *s)
{
    bool wanted = false; /* a comma has promised a value */
    for (;;) {
        scan_lws(s);
        if (scan_done(s)) {
            if (wanted)
                report(r, SIP_RULE_LIST_EMPTY, s->at);
            return;
        }
        if (scan_at(s, ','))
            report(r, SIP_RULE_LIST_EMPTY, s->at);
        else if (!read_value(r, s))
            return;
        wanted = scan_take(s, ',');
    }
}

void sip_msg_read_row(struct sip_msg *msg, struct sip_msg_row *row)
{
    row->read = true;
    struct row_reader r = {
        .msg = msg,
        .row = row,
        .kind = sip_header_kind(row->line.id),
        .tail = &row->values,
        .list = sip_header_is_list(row->line.id),
    };
    if (r.kind == NULL)
        return;
    r.text = unfold(msg, row);
    if (r.text.ptr == NULL) {
        msg->lost = true;
        return;
    }
    struct scan s = scan_begin(r.text, &msg->arena);
    if (r.text.len == 0 && !sip_header_may_be_empty(row->line.id))
        report(&r, SIP_RULE_HEADER_EMPTY, s.at);
    else if (r.list)
        read_list(&r, &s);
    else
        read_value(&r, &s);
}

/* The next row of that header behind one (0: from the first), counted from 1; 0: none. */
static uint32_t next_row(const struct sip_msg *msg, enum sip_header_id id, uint32_t row)
{
    if (id < SIP_HOT)
        return row == 0 ? msg->first[id] : msg->rows[row - 1].next;
    for (uint32_t i = row; i < msg->row_count; i++)
        if (msg->rows[i].line.id == id)
            return i + 1;
    return 0;
}

static const struct sip_value *row_values(struct sip_msg *msg, uint32_t row)
{
    if (!msg->rows[row - 1].read)
        sip_msg_read_row(msg, &msg->rows[row - 1]);
    return msg->rows[row - 1].values;
}

/* Walking on from where the cursor stands costs no search. */
static const struct sip_value *value_find(struct sip_msg *msg, enum sip_header_id id, size_t index)
{
    const struct sip_value *value = NULL;
    size_t at = 0;
    uint32_t row = 0;
    if (msg->cursor.id == id && msg->cursor.index <= index) {
        value = msg->cursor.value;
        at = msg->cursor.index;
        row = msg->cursor.row;
    }
    for (;;) {
        for (; value != NULL; value = value->next, at++) {
            if (at != index)
                continue;
            msg->cursor.id = (uint16_t)id;
            msg->cursor.row = (uint16_t)row;
            msg->cursor.index = (uint32_t)index;
            msg->cursor.value = value;
            return value;
        }
        row = next_row(msg, id, row);
        if (row == 0)
            return NULL;
        value = row_values(msg, row);
    }
}

const void *sip_msg_get(struct sip_msg *msg, enum sip_header_id id, size_t index)
{
    const struct sip_value *value = NULL;
    if (id != SIP_HEADER_OTHER)
        value = value_find(msg, id, index);
    return value == NULL ? NULL : sip_value_data(value);
}

size_t sip_msg_count(struct sip_msg *msg, enum sip_header_id id)
{
    size_t count = 0;
    if (id == SIP_HEADER_OTHER)
        return 0;
    for (uint32_t row = next_row(msg, id, 0); row != 0; row = next_row(msg, id, row))
        for (const struct sip_value *value = row_values(msg, row); value != NULL;
             value = value->next)
            count++;
    return count;
}

/* Token lists and those of tokens with parameters both begin with the token. */
bool sip_msg_lists(struct sip_msg *msg, enum sip_header_id id, struct view token)
{
    const struct sip_header_kind *kind = sip_header_kind(id);
    if (kind != &sip_token_kind && kind != &sip_token_params_kind)
        return false;
    for (uint32_t row = next_row(msg, id, 0); row != 0; row = next_row(msg, id, row)) {
        for (const struct sip_value *value = row_values(msg, row); value != NULL;
             value = value->next) {
            const struct view *there = sip_value_data(value);
            if (there != NULL && view_equal_nocase(*there, token))
                return true;
        }
    }
    return false;
}

const struct sip_via *sip_msg_via(struct sip_msg *msg, size_t index)
{
    return sip_msg_get(msg, SIP_HEADER_VIA, index);
}

const struct sip_name_addr *sip_msg_from(struct sip_msg *msg)
{
    return sip_msg_get(msg, SIP_HEADER_FROM, 0);
}

const struct sip_name_addr *sip_msg_to(struct sip_msg *msg)
{
    return sip_msg_get(msg, SIP_HEADER_TO, 0);
}

const struct sip_name_addr *sip_msg_contact(struct sip_msg *msg, size_t index)
{
    return sip_msg_get(msg, SIP_HEADER_CONTACT, index);
}

const struct sip_name_addr *sip_msg_route(struct sip_msg *msg, size_t index)
{
    return sip_msg_get(msg, SIP_HEADER_ROUTE, index);
}

const struct sip_name_addr *sip_msg_record_route(struct sip_msg *msg, size_t index)
{
    return sip_msg_get(msg, SIP_HEADER_RECORD_ROUTE, index);
}

const struct sip_cseq *sip_msg_cseq(struct sip_msg *msg)
{
    return sip_msg_get(msg, SIP_HEADER_CSEQ, 0);
}

/* RFC 4475 §3.1.2.7: brackets around it are a fault (start_line.c) that may be looked past. */
static struct view without_brackets(struct view text)
{
    if (view_starts(text, V("<")) && view_ends(text, V(">")))
        return view_skip(view_head(text, text.len - 1), 1);
    return text;
}

const struct sip_uri *sip_msg_request_uri(struct sip_msg *msg)
{
    if (!msg->is_request || msg->uri_read)
        return msg->uri;
    msg->uri_read = true;
    struct scan s = scan_begin(without_brackets(msg->uri_or_reason), &msg->arena);
    struct sip_uri *uri = arena_zalloc(&msg->arena, sizeof *uri);
    if (uri == NULL) {
        msg->lost = true;
        return NULL;
    }
    sip_uri_scan(&s, SIP_URI_WHOLE, uri);
    if (!scan_done(&s))
        scan_fail(&s, SIP_RULE_REQUEST_URI);
    if (s.noted != SIP_RULE_NONE)
        sip_msg_add_fault(msg, s.noted, SIP_HEADER_OTHER, s.noted_at);
    if (s.failed != SIP_RULE_NONE)
        sip_msg_add_fault(msg, SIP_RULE_REQUEST_URI, SIP_HEADER_OTHER, s.at);
    else
        msg->uri = uri;
    return msg->uri;
}
