/* The lines of a script around a failure, with the place in them that is meant.
 *
 *     excerpt_json(&buf, source, 12);                   "excerpt":[…],"caret":[5,6]
 *     excerpt_text(&buf, source, 12);                   for a file that does not load
 */
#pragma once
#include "harness/lua/source.h"

/* Members of a JSON object; nothing where there is no such line. */
void excerpt_json(struct buf *buf, const struct source *source, uint32_t line);
/* "    3 |   local call = …\n  > 4 |   call:expect(180)\n", two lines before and after. */
void excerpt_text(struct buf *buf, const struct source *source, uint32_t line);
