/* Expressions over tags: "uas & !tls & (timer | dialog)"; "," is "|".
 *
 *     bool chosen;
 *     enum err err = tags_match(V("uas & !tls"), listed->tags, &chosen, &complaint);
 */
#pragma once
#include "core/core.h"

/* tags: words apart by blanks. ERR_SYNTAX: the expression is wrong, the complaint says how. */
enum err tags_match(struct view expression, struct view tags, bool *out,
                    struct buf *complaint) NODISCARD;
/* Calls `word` for each tag that the expression names. */
enum err tags_walk(struct view expression, void *ctx, void (*word)(void *ctx, struct view tag),
                   struct buf *complaint) NODISCARD;
/* Whether a list of words apart by blanks has this one. */
bool words_have(struct view words, struct view word);
