/* What a person can do about an error of Lua's own.
 *
 *     hint_for_error(&buf, V("attempt to call a nil value (method 'spilt')"));
 */
#pragma once
#include "core/core.h"

void hint_for_error(struct buf *buf, struct view text); /* adds nothing where it knows nothing */
