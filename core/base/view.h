/* A view is a borrowed run of bytes: it is not terminated and never outlives what it points into.
 *
 *     struct view name = V("Via");
 *     if (view_equal_nocase(header, name))
 *         rest = view_skip(rest, 4);
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct view {
    const char *ptr; /* borrowed, not terminated; NULL only when "absent" */
    size_t len;
};

/* A view of a string literal. */
#define V(literal) ((struct view){"" literal, sizeof(literal) - 1})
/* For printf: "%.*s", VIEW_ARG(v) */
#define VIEW_ARG(v) (int)(v).len, (v).ptr == NULL ? "" : (v).ptr

struct view view_of(const char *text); /* of a terminated string; NULL gives the absent view */
bool view_equal(struct view a, struct view b);
bool view_equal_nocase(struct view a, struct view b); /* ASCII case only */
int view_compare(struct view a, struct view b);       /* bytes, then length: a total order */
bool view_starts(struct view text, struct view head);
bool view_starts_nocase(struct view text, struct view head);
bool view_ends(struct view text, struct view tail);
/* Index of the first such byte or run, or text.len where there is none. */
size_t view_find_char(struct view text, char c);
size_t view_find(struct view text, struct view what);
struct view view_head(struct view text, size_t len); /* at most len bytes */
struct view view_skip(struct view text, size_t len); /* without the first len bytes */
struct view view_trim(struct view text);             /* without SP, HT, CR, LF at both ends */
/* A copy in the caller's room at *at, which moves behind it; an absent one stays absent. */
struct view view_put(char **at, struct view text);
uint64_t view_hash(struct view text); /* 64 bits, the same on every machine */
static inline char char_lower(char c) /* ASCII only */
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}
static inline int char_hex(char c) /* -1: no hex digit */
{
    char letter = char_lower(c);
    return c >= '0' && c <= '9' ? c - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}
/* Hex digits only, in either case; false when empty or over max. */
bool view_to_hex(struct view text, uint64_t max, uint64_t *out);
/* Decimal digits only, no sign, no blanks; false when empty, longer or over max. */
bool view_to_uint(struct view text, uint64_t max, uint64_t *out);

enum { UINT_TEXT_MAX = 20 };
/* Decimal, at the end of the caller's room of UINT_TEXT_MAX bytes. */
struct view view_of_uint(uint64_t value, char *room);

/* Exactly the same, for names and tokens in inner loops: false for what is longer than 32 bytes,
 * too, so that no call is needed. Words that overlap do for the most. */
static inline bool view_same(struct view a, struct view b)
{
    const char *x = a.ptr, *y = b.ptr;
    size_t len = a.len;
    if (len != b.len || len > 32)
        return false;
    if (len < 4)
        return len == 0 || (x[0] == y[0] && x[len / 2] == y[len / 2] && x[len - 1] == y[len - 1]);
    if (len < 8)
        return memcmp(x, y, 4) == 0 && memcmp(x + len - 4, y + len - 4, 4) == 0;
    if (len <= 16)
        return memcmp(x, y, 8) == 0 && memcmp(x + len - 8, y + len - 8, 8) == 0;
    return memcmp(x, y, 16) == 0 && memcmp(x + len - 16, y + len - 16, 16) == 0;
}
