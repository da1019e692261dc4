/* The manual page sipwright(1), of the tables of harness/options.
 *
 *     man_write(&out);
 */
#pragma once
#include "core/core.h"

void man_write(struct buf *out);

/* For other pages: text as roff takes it, "-" and "\" as they are, no line that begins with a
 * control character. */
void man_text(struct buf *out, struct view text);
