#include "reports/json.h"

#include "reports/text.h"

#include <string.h>

/* jansson keeps to the C library's memory: its scanner (2.14) drops a byte for which there is no
 * room and reads on, past the end of the string; an allocator that may fail would be a way to crash
 * it. */
enum err json_load(struct view text, json_t **out)
{
    json_t *root = text.len == 0 ? NULL : json_loadb(text.ptr, text.len, JSON_ALLOW_NUL, NULL);
    if (root == NULL)
        return ERR_SYNTAX;
    *out = root;
    return ERR_OK;
}

static int dump_more(const char *text, size_t len, void *ctx)
{
    struct buf *out = ctx;
    buf_add(out, (struct view){text, len});
    return out->failed == ERR_OK ? 0 : -1;
}

enum err json_dump(const json_t *value, struct buf *out)
{
    if (json_dump_callback(value, dump_more, out, JSON_COMPACT | JSON_ENSURE_ASCII) != 0)
        return out->failed == ERR_OK ? ERR_MEMORY : out->failed;
    return ERR_OK;
}

struct view json_view(const json_t *value)
{
    if (!json_is_string(value))
        return (struct view){0};
    return (struct view){json_string_value(value), json_string_length(value)};
}

static void unit_add(struct buf *out, unsigned unit)
{
    static const char digits[] = "0123456789abcdef";
    char text[] = {'\\',
                   'u',
                   digits[unit >> 12 & 15],
                   digits[unit >> 8 & 15],
                   digits[unit >> 4 & 15],
                   digits[unit & 15]};
    buf_add(out, (struct view){text, sizeof text});
}

static void escape_add(struct buf *out, uint32_t point)
{
    if (point == '\n')
        buf_add(out, V("\\n"));
    else if (point == '\r')
        buf_add(out, V("\\r"));
    else if (point == '\t')
        buf_add(out, V("\\t"));
    else if (point == '"')
        buf_add(out, V("\\\""));
    else if (point == '\\')
        buf_add(out, V("\\\\"));
    else if (point < 0x10000)
        unit_add(out, point);
    else {
        unit_add(out, 0xd800 + ((point - 0x10000) >> 10));
        unit_add(out, 0xdc00 + ((point - 0x10000) & 0x3ff));
    }
}

static bool plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

bool json_add_text(struct buf *out, struct view text)
{
    size_t start = out->len;
    buf_add_char(out, '"');
    while (text.len > 0) {
        size_t len = 0;
        while (len < text.len && plain((unsigned char)text.ptr[len]))
            len++;
        buf_add(out, view_head(text, len));
        text = view_skip(text, len);
        if (text.len == 0)
            break;
        uint32_t point;
        len = text_point(text, &point);
        if (point == TEXT_INVALID) {
            out->len = out->failed == ERR_OK ? start : out->len;
            return false;
        }
        if (point == '"' || point == '\\' || text_unsafe(point))
            escape_add(out, point);
        else
            buf_add(out, view_head(text, len));
        text = view_skip(text, len);
    }
    buf_add_char(out, '"');
    return true;
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void json_add_base64(struct buf *out, struct view bytes)
{
    buf_add_char(out, '"');
    for (size_t i = 0; i < bytes.len; i += 3) {
        const unsigned char *in = (const unsigned char *)bytes.ptr + i;
        size_t have = bytes.len - i;
        unsigned group = (unsigned)in[0] << 16 | (have > 1 ? (unsigned)in[1] << 8 : 0) |
                         (have > 2 ? (unsigned)in[2] : 0);
        char text[4] = {base64_digits[group >> 18], base64_digits[group >> 12 & 63],
                        have > 1 ? base64_digits[group >> 6 & 63] : '=',
                        have > 2 ? base64_digits[group & 63] : '='};
        buf_add(out, (struct view){text, sizeof text});
    }
    buf_add_char(out, '"');
}

static bool digit_read(char c, unsigned *out)
{
    const char *at = c == '\0' ? NULL : strchr(base64_digits, c);
    if (at != NULL)
        *out = (unsigned)(at - base64_digits);
    return at != NULL;
}

bool json_base64_read(struct view text, struct buf *out)
{
    if (text.len % 4 != 0)
        return false;
    for (size_t i = 0; i < text.len; i += 4) {
        const char *in = text.ptr + i;
        bool last = i + 4 == text.len;
        size_t pad = last && in[3] == '=' ? (in[2] == '=' ? 2 : 1) : 0;
        unsigned group = 0;
        for (size_t n = 0; n < 4; n++) {
            unsigned digit = 0;
            if (n < 4 - pad && !digit_read(in[n], &digit))
                return false;
            group = group << 6 | digit;
        }
        char bytes[3] = {(char)(group >> 16), (char)(group >> 8), (char)group};
        buf_add(out, (struct view){bytes, 3 - pad});
    }
    return true;
}
