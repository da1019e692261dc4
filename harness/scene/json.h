/* JSON of verdicts and of the trace's BEGIN and END, written into a buf.
 *
 *     buf_add_char(&buf, '{');
 *     json_text(&buf, "file", file);
 *     json_number(&buf, "line", 12);
 *     buf_add_char(&buf, '}');
 */
#pragma once
#include "core/core.h"

void json_string(struct buf *buf,
                 struct view text); /* with quotes; bytes that are no UTF-8 get U+FFFD */
/* Members, with a comma before all but the first. A text that is absent is left out. */
void json_key(struct buf *buf, const char *key);
void json_text(struct buf *buf, const char *key, struct view text);
void json_number(struct buf *buf, const char *key, uint64_t number);
/* An array of the words of a list that is parted by blanks. */
void json_words(struct buf *buf, const char *key, struct view words);
