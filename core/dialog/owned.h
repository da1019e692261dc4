/* Text that its holder owns. Short ones stand in a room of his, without an allocation each.
 *
 *     enum err err = owned_set(&dialog->room, &dialog->remote_tag, to->tag);
 *     owned_drop(&dialog->room, &dialog->remote_tag);
 */
#pragma once
#include "core/base.h"

struct owned_room {
    uint8_t used;
    char bytes[199];
};

/* A copy in the place of what was there; absent stays absent. On MEMORY the old one is still there.
 * room may be NULL. */
enum err owned_set(struct owned_room *room, struct view *owned, struct view text) NODISCARD;
void owned_drop(struct owned_room *room, struct view *owned);
