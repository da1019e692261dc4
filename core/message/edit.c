#include "core/message/edit.h"

#include <string.h>

void sip_edit_begin(struct sip_edit *edit, struct sip_msg *msg)
{
    edit->msg = msg;
    edit->count = 0;
    edit->failed = ERR_OK;
}

static void cut(struct sip_edit *edit, const char *from, const char *to, struct view name,
                struct view text)
{
    size_t at = (size_t)(from - sip_msg_raw(edit->msg).ptr);
    size_t place = edit->count;
    if (edit->count == SIP_EDIT_CUTS)
        edit->failed = ERR_LIMIT;
    if (edit->failed != ERR_OK)
        return;
    for (; place > 0 && edit->cuts[place - 1].at > at; place--)
        edit->cuts[place] = edit->cuts[place - 1];
    edit->cuts[place] = (struct sip_edit_cut){at, (size_t)(to - from), name, text};
    edit->count++;
}

void sip_edit_request_uri(struct sip_edit *edit, struct view uri)
{
    struct view old = sip_msg_request_uri_text(edit->msg);
    cut(edit, old.ptr, old.ptr + old.len, (struct view){0}, uri);
}

/* Behind the line's end: where a line begins that does not continue it. */
static const char *row_end(const struct sip_edit *edit, const struct sip_line *line)
{
    struct view raw = sip_msg_raw(edit->msg);
    const char *end = raw.ptr + raw.len;
    const char *at = line->value.ptr == NULL ? line->name.ptr + line->name.len
                                             : line->value.ptr + line->value.len;
    while (at < end) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (at == NULL)
            return end;
        at++;
        if (at == end || (*at != ' ' && *at != '\t'))
            return at;
    }
    return end;
}

static const char *start_line_end(const struct sip_edit *edit)
{
    struct view raw = sip_msg_raw(edit->msg);
    size_t at = view_find_char(raw, '\n');
    return raw.ptr + (at < raw.len ? at + 1 : raw.len);
}

static const struct sip_line *last_of(const struct sip_edit *edit, enum sip_header_id id)
{
    const struct sip_line *line, *last = NULL;
    for (size_t i = 0; (line = sip_msg_find(edit->msg, id, i)) != NULL; i++)
        last = line;
    return last;
}

void sip_edit_row(struct sip_edit *edit, enum sip_header_id id, struct view value)
{
    const struct sip_line *line = sip_msg_find(edit->msg, id, 0);
    const struct sip_line *via = line == NULL ? last_of(edit, SIP_HEADER_VIA) : NULL;
    const char *at = line != NULL  ? line->name.ptr
                     : via != NULL ? row_end(edit, via)
                                   : start_line_end(edit);
    cut(edit, at, at, sip_header_name(id), value);
}

void sip_edit_row_last(struct sip_edit *edit, struct view name, struct view value)
{
    size_t count = sip_msg_line_count(edit->msg);
    const char *at =
        count == 0 ? start_line_end(edit) : row_end(edit, sip_msg_line(edit->msg, count - 1));
    cut(edit, at, at, name, value);
}

/* The values of a header as they stand, row by row: separated by commas outside of quotes and
 * brackets, in the way of core/message/values.c. */
struct walk {
    const struct sip_msg *msg;
    enum sip_header_id id;
    size_t row;
    const struct sip_line *line; /* of the value */
    struct view value, rest;     /* rest: of its row */
};

static size_t value_len(struct view text)
{
    bool quoted = false, bracket = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '<' || c == '>'))
            bracket = c == '<';
        else if (!quoted && !bracket && c == ',')
            return i;
    }
    return text.len;
}

static bool walk_in_row(struct walk *walk)
{
    bool list = sip_header_is_list(walk->id);
    for (;;) {
        walk->rest = view_trim(walk->rest);
        if (walk->rest.len == 0)
            return false;
        size_t len = list ? value_len(walk->rest) : walk->rest.len;
        walk->value = view_trim(view_head(walk->rest, len));
        walk->rest = view_skip(walk->rest, len + 1);
        if (walk->value.len > 0)
            return true;
    }
}

static bool walk_next(struct walk *walk)
{
    while (walk->line == NULL || !walk_in_row(walk)) {
        walk->line = sip_msg_find(walk->msg, walk->id, walk->row++);
        if (walk->line == NULL)
            return false;
        walk->rest = walk->line->value;
    }
    return true;
}

void sip_edit_value(struct sip_edit *edit, enum sip_header_id id, size_t index, struct view text)
{
    struct walk walk = {.msg = edit->msg, .id = id};
    while (walk_next(&walk))
        if (index-- == 0) {
            cut(edit, walk.value.ptr, walk.value.ptr + walk.value.len, (struct view){0}, text);
            return;
        }
}

void sip_edit_value_last(struct sip_edit *edit, enum sip_header_id id, struct view text)
{
    const struct sip_line *last = last_of(edit, id);
    if (last == NULL) {
        sip_edit_row(edit, id, text);
        return;
    }
    const char *at = row_end(edit, last);
    cut(edit, at, at, sip_header_name(id), text);
}

/* A run of values of one row that goes away, with the commas that held it. */
struct run {
    const struct sip_line *line;
    const char *begin;    /* of its first value; NULL: none so far */
    const char *kept_end; /* of the last value before it that stays; NULL: none */
};

static void run_end(struct sip_edit *edit, const struct run *run)
{
    struct view none = {0};
    if (run->line == NULL || run->begin == NULL)
        return;
    if (run->kept_end == NULL)
        cut(edit, run->line->name.ptr, row_end(edit, run->line), none, none);
    else
        cut(edit, run->kept_end, run->line->value.ptr + run->line->value.len, none, none);
}

void sip_edit_remove(struct sip_edit *edit, enum sip_header_id id, size_t first, size_t count)
{
    struct walk walk = {.msg = edit->msg, .id = id};
    struct run run = {0};
    for (size_t index = 0; walk_next(&walk); index++) {
        bool goes = index >= first && index - first < count;
        if (walk.line != run.line) {
            run_end(edit, &run);
            run = (struct run){.line = walk.line};
        }
        if (goes && run.begin == NULL)
            run.begin = walk.value.ptr;
        if (goes)
            continue;
        if (run.begin != NULL)
            cut(edit, run.begin, walk.value.ptr, (struct view){0}, (struct view){0});
        run.begin = NULL;
        run.kept_end = walk.value.ptr + walk.value.len;
    }
    run_end(edit, &run);
}

void sip_edit_write(const struct sip_edit *edit, struct buf *buf)
{
    struct view raw = sip_msg_raw(edit->msg);
    size_t done = 0;
    for (size_t i = 0; i < edit->count; i++) {
        const struct sip_edit_cut *at = &edit->cuts[i];
        if (at->at > done)
            buf_add(buf, (struct view){raw.ptr + done, at->at - done});
        if (at->name.ptr != NULL) {
            buf_add(buf, at->name);
            buf_add(buf, V(": "));
        }
        buf_add(buf, at->text);
        if (at->name.ptr != NULL)
            buf_add(buf, V("\r\n"));
        done = at->at + at->len > done ? at->at + at->len : done;
    }
    buf_add(buf, view_skip(raw, done));
    if (edit->failed != ERR_OK && buf->failed == ERR_OK)
        buf->failed = edit->failed;
}
