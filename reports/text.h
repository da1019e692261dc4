/* Text for eyes: what came from a wire is never printed as it is, so that it can neither move the
 * cursor nor turn a line round. Control bytes and bytes that are no UTF-8 show as \x1b, controls
 * beyond ASCII (C1, bidirectional, line and paragraph separators) as \u{202e}.
 *
 *     text_add(&out, event.u.wire.label);
 *     text_spaces(&out, 20 - text_columns(label));
 */
#pragma once
#include "core/base.h"

#define TEXT_INVALID UINT32_MAX

/* The code point at the head of text (not empty) and how many bytes it takes; 1 and TEXT_INVALID
 * where there is none: overlong forms, surrogates and points beyond U+10FFFF are none. */
size_t text_point(struct view text, uint32_t *out);
bool text_valid(struct view text);     /* all of it is UTF-8 */
bool text_unsafe(uint32_t point);      /* would not be printed as it is */
size_t text_columns(struct view text); /* on a terminal, as text_add shows it */

void text_add(struct buf *out, struct view text); /* on one line: a newline shows as \n */
/* Lines stay lines; each begins with `indent` spaces, and the last one ends with a newline. */
void text_add_lines(struct buf *out, struct view text, size_t indent);
/* At most `columns` of it, as it shows; the last of them is "…" where it was longer. Returns the
 * columns it took. */
size_t text_add_cut(struct buf *out, struct view text, size_t columns);
void text_fill(struct buf *out, size_t count, const char *what);
void text_spaces(struct buf *out, size_t count);
/* Ends a buffer that helped to write out: frees it, and its failure is out's from then on. */
void text_part_end(struct buf *out, struct buf *part);
struct view text_line_take(struct view *rest); /* up to and without the next newline */

void text_add_seconds(struct buf *out, uint64_t time_us, unsigned places); /* "0.012" */
void text_add_utc(struct buf *out, uint64_t since_1970_s); /* "2026-01-31T23:59:59" */
/* For people: "312 us", "12 ms", "2.0 s", "3 min 5 s". */
void text_add_duration(struct buf *out, uint64_t time_us);
