/* Values and statements as Lua. Whatever came over the wire is escaped here and nowhere else.
 *
 *     lua_text(&buf, V("a \"b\"\n"));          "a \"b\"\n"
 *     lua_step(&buf, step, 2);                 two blanks, the statement, a line's end
 */
#pragma once
#include "harness/record/words.h"

void lua_text(struct buf *buf, struct view text); /* a string in quotes, all of it printable */
void lua_word(struct buf *buf, const struct word *word);
void lua_step(struct buf *buf, const struct step *step, unsigned indent);
void lua_duration(struct buf *buf, uint32_t ms); /* 20ms, 1.5s: without quotes */
/* What is safe in a comment: one line of printable characters. */
void lua_comment(struct buf *buf, struct view text);
bool lua_is_name(struct view text); /* can be a key without brackets */
