/* Words of a list that is parted by blanks, as `covers` and `tags` of a case.
 *
 *     for (struct view id; word_take(&rest, &id);)
 *         use(id);
 */
#pragma once
#include "core/core.h"

bool word_take(struct view *rest, struct view *out); /* false: there is none left */
/* "hold [run 2]", of --repeat, is the scenario "hold". */
struct view id_without_run(struct view id);
