/* Text that its holder owns: a view into memory of its own.
 *
 *     enum err err = owned_set(&dialog->remote_tag, to->tag);
 *     owned_drop(&dialog->remote_tag);
 */
#pragma once
#include "core/base.h"

/* A copy in the place of what was there; absent stays absent. On MEMORY the old one is still there.
 */
enum err owned_set(struct view *owned, struct view text) NODISCARD;
void owned_drop(struct view *owned);
