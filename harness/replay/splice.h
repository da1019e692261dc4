/* A text with some places changed, and every other byte as it was.
 *
 *     struct splice splice = {.text = line->value};
 *     splice_put(&splice, from->tag, V("a1"));
 *     splice_write(&splice, &buf);
 */
#pragma once
#include "core/core.h"

enum { SPLICE_MOST = 24 };
struct splice {
    struct view text; /* borrowed */
    struct {
        struct view what, with;
    } cuts[SPLICE_MOST]; /* by place */
    size_t count;
};

/* what: a part of the text; one that is none, or lies over another, is passed over. Borrowed. */
void splice_put(struct splice *splice, struct view what, struct view with);
void splice_write(const struct splice *splice, struct buf *out);
