/* A wire's message taken apart: text as it was, and what is another in each run (addresses, tags,
 * branches, the Call-ID), which has a name instead.
 *
 *     struct finder *finder;
 *     enum err err = finder_create(outline, &finder);
 *     const struct pieces *pieces = finder_cut(finder, message);
 */
#pragma once
#include "harness/record/outline.h"

struct piece {
    struct view text; /* as it was; of a value its name */
    bool named;
};

struct pieces {
    struct piece *items;
    uint32_t count;
    struct view text; /* all of it, as it was */
    bool lines;       /* a text of whole lines, which end with CRLF */
};

struct finder;
enum err finder_create(struct outline *outline, struct finder **out) NODISCARD;
void finder_destroy(struct finder *finder);
/* Lives as long as the outline; what is named is among its values. */
const struct pieces *finder_cut(struct finder *finder, const struct call_message *message);
