/* Files that the program carries with it: they are embedded as they stand in harness/kit and ci.
 *
 *     struct view text = bundled_find(V("suite/first.lua"));
 */
#pragma once
#include "core/core.h"

struct bundled { /* the list ends with a NULL name */
    const char *name;
    struct view bytes;
};

extern const struct bundled bundled_files[];

struct view bundled_find(struct view name); /* there must be one */
