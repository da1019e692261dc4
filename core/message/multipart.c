#include "core/message/multipart.h"

#include <string.h>

enum { BOUNDARY_MAX = 70 };

static bool is_bchar(char c)
{
    bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return alnum || (c != '\0' && memchr("'()+_,-./:=? ", c, 13) != NULL);
}

static bool is_quoted(struct view value)
{
    return value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"';
}

/* RFC 2046 §5.1.1: boundary := 0*69<bchars> bcharsnospace */
enum err sip_boundary_find(const struct sip_media_type *type, struct view *out)
{
    struct view value;
    if (!view_equal_nocase(type->type, V("multipart")))
        return ERR_SYNTAX;
    if (!sip_param_find(&type->params, V("boundary"), &value))
        return ERR_SYNTAX;
    if (is_quoted(value))
        value = view_skip(view_head(value, value.len - 1), 1);
    if (value.len == 0 || value.len > BOUNDARY_MAX || value.ptr[value.len - 1] == ' ')
        return ERR_SYNTAX;
    for (size_t i = 0; i < value.len; i++)
        if (!is_bchar(value.ptr[i]))
            return ERR_SYNTAX;
    *out = value;
    return ERR_OK;
}

/* Where "--" boundary begins a line, or text.len: "it is sufficient that the boundary appear in its
 * entirety following the CRLF" (RFC 2046 §5.1.1). */
static size_t delimiter_find(struct view text, struct view boundary)
{
    size_t at = 0;
    while (at < text.len) {
        struct view line = view_skip(text, at);
        if (view_starts(line, V("--")) && view_starts(view_skip(line, 2), boundary))
            return at;
        do {
            at += view_find_char(view_skip(text, at), '\n') + 1;
        } while (at < text.len && (at < 2 || text.ptr[at - 2] != '\r'));
    }
    return text.len;
}

/* Behind the delimiter: transport-padding and the line's end. */
static enum err padding_skip(struct view *text)
{
    while (text->len > 0 && (text->ptr[0] == ' ' || text->ptr[0] == '\t'))
        *text = view_skip(*text, 1);
    if (!view_starts(*text, V("\r\n")))
        return ERR_SYNTAX;
    *text = view_skip(*text, 2);
    return ERR_OK;
}

/* body-part := MIME-part-headers [CRLF *OCTET] */
static void part_split(struct view text, struct sip_part *part)
{
    size_t blank = view_starts(text, V("\r\n")) ? 0 : view_find(text, V("\r\n\r\n"));
    part->body = view_skip(text, blank == 0 ? 2 : blank + 4);
    if (blank == text.len && view_ends(text, V("\r\n")))
        blank -= 2;
    part->headers = view_head(text, blank);
}

/* A row's end: not before a line that is folded into it. */
static size_t row_end(struct view rows)
{
    size_t at = 0;
    for (;;) {
        at += view_find(view_skip(rows, at), V("\r\n"));
        if (at + 2 >= rows.len || (rows.ptr[at + 2] != ' ' && rows.ptr[at + 2] != '\t'))
            return at;
        at += 2;
    }
}

static struct view content_type_find(struct view rows)
{
    while (rows.len > 0) {
        size_t end = row_end(rows);
        struct view row = view_head(rows, end);
        size_t colon = view_find_char(row, ':');
        if (colon < row.len &&
            view_equal_nocase(view_trim(view_head(row, colon)), V("Content-Type")))
            return view_trim(view_skip(row, colon + 1));
        rows = view_skip(rows, end + 2);
    }
    return (struct view){0};
}

enum err sip_part_next(struct view *rest, struct view boundary, struct sip_part *out)
{
    size_t begin = delimiter_find(*rest, boundary);
    if (boundary.len == 0 || begin == rest->len)
        return ERR_SYNTAX;
    struct view text = view_skip(*rest, begin + 2 + boundary.len);
    if (view_starts(text, V("--")))
        return ERR_ABSENT;
    enum err err = padding_skip(&text);
    if (err != ERR_OK)
        return err;
    size_t end = delimiter_find(text, boundary);
    if (end == text.len)
        return ERR_SYNTAX; /* the close-delimiter is missing */
    *rest = view_skip(text, end);
    part_split(view_head(text, end < 2 ? 0 : end - 2), out);
    out->content_type = content_type_find(out->headers);
    return ERR_OK;
}
