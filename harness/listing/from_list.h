/* `--from-list FILE`: the scenarios of a list that `sipwright list` printed, as text or JSON lines,
 * or of ids that somebody wrote down; what begins with '#' is a remark. A line's number may have
 * moved since.
 *
 *     enum err err = from_list_mark(&from, named, &complaint);
 */
#pragma once
#include "harness/listing/listing.h"

struct from_list { /* borrowed */
    const char *path;
    const struct discovery *discovery;
    const struct listing *listing;
};

/* Sets named[i] for each scenario that the list names. ERR_SYNTAX: the file cannot be read, or
 * names one that is not there; the complaint is one sentence. */
enum err from_list_mark(const struct from_list *from, bool *named, struct buf *complaint) NODISCARD;
