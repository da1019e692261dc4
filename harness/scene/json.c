#include "harness/scene/json.h"
#include "reports/reports.h"

static void json_char(struct buf *buf, char c)
{
    switch (c) {
    case '"':
    case '\\':
        buf_add_char(buf, '\\');
        buf_add_char(buf, c);
        break;
    case '\n':
        buf_add(buf, V("\\n"));
        break;
    case '\r':
        buf_add(buf, V("\\r"));
        break;
    case '\t':
        buf_add(buf, V("\\t"));
        break;
    default:
        if ((unsigned char)c < 0x20 || c == 0x7f)
            buf_printf(buf, "\\u%04x", (unsigned)c);
        else
            buf_add_char(buf, c);
    }
}

void json_string(struct buf *buf, struct view text)
{
    buf_add_char(buf, '"');
    while (text.len > 0) {
        uint32_t point;
        size_t len = text_point(text, &point);
        if (point == TEXT_INVALID)
            buf_add(buf, V("\\ufffd"));
        else if (len == 1)
            json_char(buf, text.ptr[0]);
        else
            buf_add(buf, view_head(text, len));
        text = view_skip(text, len);
    }
    buf_add_char(buf, '"');
}

void json_key(struct buf *buf, const char *key)
{
    if (buf->len > 0 && buf->ptr[buf->len - 1] != '{')
        buf_add_char(buf, ',');
    json_string(buf, view_of(key));
    buf_add_char(buf, ':');
}

void json_text(struct buf *buf, const char *key, struct view text)
{
    if (text.ptr == NULL)
        return;
    json_key(buf, key);
    json_string(buf, text);
}

void json_number(struct buf *buf, const char *key, uint64_t number)
{
    json_key(buf, key);
    buf_add_uint(buf, number);
}

void json_words(struct buf *buf, const char *key, struct view words)
{
    json_key(buf, key);
    buf_add_char(buf, '[');
    for (bool first = true; (words = view_trim(words)).len > 0; first = false) {
        struct view word = view_head(words, view_find_char(words, ' '));
        buf_add(buf, first ? V("") : V(","));
        json_string(buf, word);
        words = view_skip(words, word.len);
    }
    buf_add_char(buf, ']');
}
