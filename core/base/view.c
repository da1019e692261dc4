#include "core/base/view.h"

#include <string.h>

struct view view_of(const char *text)
{
    return (struct view){text, text == NULL ? 0 : strlen(text)};
}

struct view view_put(char **at, struct view text)
{
    struct view copy = {*at, text.len};
    if (text.ptr == NULL)
        return text;
    if (text.len > 0)
        memcpy(*at, text.ptr, text.len);
    *at += text.len;
    return copy;
}

bool view_equal(struct view a, struct view b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Nearly always the case is the same too. */
bool view_equal_nocase(struct view a, struct view b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (a.ptr[i] != b.ptr[i] && char_lower(a.ptr[i]) != char_lower(b.ptr[i]))
            return false;
    return true;
}

int view_compare(struct view a, struct view b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter == 0 ? 0 : memcmp(a.ptr, b.ptr, shorter);
    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

struct view view_head(struct view text, size_t len)
{
    return (struct view){text.ptr, len < text.len ? len : text.len};
}

struct view view_skip(struct view text, size_t len)
{
    if (len >= text.len)
        return (struct view){text.ptr == NULL ? NULL : text.ptr + text.len, 0};
    return (struct view){text.ptr + len, text.len - len};
}

bool view_starts(struct view text, struct view head)
{
    return text.len >= head.len && view_equal(view_head(text, head.len), head);
}

bool view_starts_nocase(struct view text, struct view head)
{
    return text.len >= head.len && view_equal_nocase(view_head(text, head.len), head);
}

bool view_ends(struct view text, struct view tail)
{
    return text.len >= tail.len && view_equal(view_skip(text, text.len - tail.len), tail);
}

size_t view_find_char(struct view text, char c)
{
    const char *at = text.len == 0 ? NULL : memchr(text.ptr, c, text.len);
    return at == NULL ? text.len : (size_t)(at - text.ptr);
}

size_t view_find(struct view text, struct view what)
{
    if (what.len == 0)
        return 0;
    for (size_t i = 0; i + what.len <= text.len; i++)
        if (view_equal((struct view){text.ptr + i, what.len}, what))
            return i;
    return text.len;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct view view_trim(struct view text)
{
    while (text.len > 0 && is_blank(text.ptr[0]))
        text = view_skip(text, 1);
    while (text.len > 0 && is_blank(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

/* FNV-1a, finished by the mixer of splitmix64: short keys that differ in one byte spread well. */
uint64_t view_hash(struct view text)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 0x100000001b3u;
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
    return hash ^ (hash >> 31);
}

bool view_to_uint(struct view text, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;
    const uint64_t most = max / 10;
    const unsigned last = (unsigned)(max % 10);
    if (text.len == 0)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned digit = (unsigned)(unsigned char)text.ptr[i] - '0';
        if (digit > 9 || value > most || (value == most && digit > last))
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool view_to_hex(struct view text, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        int digit = char_hex(text.ptr[i]);
        if (digit < 0 || value > max >> 4 || (value << 4 | (uint64_t)digit) > max)
            return false;
        value = value << 4 | (uint64_t)digit;
    }
    if (text.len > 0)
        *out = value;
    return text.len > 0;
}

struct view view_of_uint(uint64_t value, char *room)
{
    size_t at = UINT_TEXT_MAX;
    do {
        room[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    return (struct view){room + at, UINT_TEXT_MAX - at};
}
