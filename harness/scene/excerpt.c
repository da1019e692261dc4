#include "harness/scene/excerpt.h"

#include "harness/scene/json.h"

enum { AROUND = 2, LINE_MOST = 200 };

struct span {
    size_t column, len; /* in bytes, column from 1 on */
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* The statement of the line: without indentation and what follows it as a comment. */
static struct span statement_of(struct view line)
{
    size_t begin = 0, end = line.len;
    while (begin < line.len && is_space(line.ptr[begin]))
        begin++;
    size_t comment = begin + view_find(view_skip(line, begin), V(" --"));
    if (comment < end)
        end = comment;
    while (end > begin && is_space(line.ptr[end - 1]))
        end--;
    return (struct span){begin + 1, end - begin};
}

static struct view line_at(const struct source *source, uint32_t line)
{
    return view_head(source_line(source, line), LINE_MOST);
}

/* How many lines there are from `line` on, at most AROUND + 1. */
static bool exists(const struct source *source, uint32_t line)
{
    return line >= 1 && source_line(source, line).ptr != NULL;
}

void excerpt_json(struct buf *buf, const struct source *source, uint32_t line)
{
    if (source == NULL || !exists(source, line))
        return;
    uint32_t at = line > AROUND ? line - AROUND : 1;
    json_key(buf, "excerpt");
    buf_add_char(buf, '[');
    for (bool first = true; at <= line + AROUND && exists(source, at); at++, first = false) {
        if (!first)
            buf_add_char(buf, ',');
        buf_add_char(buf, '{');
        json_number(buf, "line", at);
        json_text(buf, "text", line_at(source, at));
        buf_add_char(buf, '}');
    }
    struct span span = statement_of(line_at(source, line));
    buf_add_char(buf, ']');
    if (span.len == 0)
        return;
    json_key(buf, "caret");
    buf_printf(buf, "[%zu,%zu]", span.column, span.len);
}

void excerpt_text(struct buf *buf, const struct source *source, uint32_t line)
{
    if (source == NULL || !exists(source, line))
        return;
    uint32_t at = line > AROUND ? line - AROUND : 1;
    for (; at <= line + AROUND && exists(source, at); at++)
        buf_printf(buf, "  %c %*u | %.*s\n", at == line ? '>' : ' ', line + AROUND > 99 ? 4 : 2, at,
                   VIEW_ARG(line_at(source, at)));
}
