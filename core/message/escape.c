/* "%" HEX HEX: RFC 3261 §19.1.2 */
#include "core/message/escape.h"

#include "core/message/uri.h"

static bool is_escape(const char *at, const char *end)
{
    return end - at >= 3 && *at == '%' && scan_is(at + 1, CHAR_HEX) && scan_is(at + 2, CHAR_HEX);
}

unsigned char escape_next(const char **at, const char *end, bool *out_escaped)
{
    *out_escaped = is_escape(*at, end);
    if (!*out_escaped)
        return (unsigned char)*(*at)++;
    unsigned char c = (unsigned char)(char_hex((*at)[1]) * 16 + char_hex((*at)[2]));
    *at += 3;
    return c;
}

struct view sip_unescape(struct view text, struct arena *arena)
{
    if (view_find_char(text, '%') == text.len)
        return text;
    char *room = arena_alloc(arena, text.len + 1);
    if (room == NULL)
        return (struct view){0};
    const char *at = text.ptr, *end = text.ptr + text.len;
    size_t len = 0;
    bool escaped;
    while (at < end)
        room[len++] = (char)escape_next(&at, end, &escaped);
    room[len] = '\0';
    return (struct view){room, len};
}

static bool is_reserved(unsigned char c)
{
    switch (c) {
    case ';':
    case '/':
    case '?':
    case ':':
    case '@':
    case '&':
    case '=':
    case '+':
    case '$':
    case ',':
        return true;
    default:
        return false;
    }
}

/* One character for comparison: an escaped one of the reserved set is not the same as a bare one.
 */
static unsigned unit_next(const char **at, const char *end, bool any_case)
{
    bool escaped;
    unsigned c = escape_next(at, end, &escaped);
    if (escaped && is_reserved((unsigned char)c))
        return c | 0x100u;
    return any_case && c >= 'A' && c <= 'Z' ? c | 0x20u : c;
}

bool escape_equal(struct view a, struct view b, bool any_case)
{
    if (a.len == 0 || b.len == 0)
        return a.len == b.len;
    const char *a_at = a.ptr, *a_end = a.ptr + a.len;
    const char *b_at = b.ptr, *b_end = b.ptr + b.len;
    while (a_at < a_end && b_at < b_end)
        if (unit_next(&a_at, a_end, any_case) != unit_next(&b_at, b_end, any_case))
            return false;
    return a_at == a_end && b_at == b_end;
}

const char *escape_fault(struct view text)
{
    size_t at = view_find_char(text, '%');
    while (at < text.len) {
        if (!is_escape(text.ptr + at, text.ptr + text.len))
            return text.ptr + at;
        at += 3 + view_find_char(view_skip(text, at + 3), '%');
    }
    return NULL;
}
