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
uint64_t view_hash(struct view text);                /* 64 bits, the same on every machine */
/* Decimal digits only, no sign, no blanks; false when empty, longer or over max. */
bool view_to_uint(struct view text, uint64_t max, uint64_t *out);
