/* What a device has answered, as a target for sipwright.lua.
 *
 *     draft_write(&lua, &probed);
 */
#pragma once
#include "harness/probe/probed.h"

/* A sipwright.lua that loads. Something has answered. */
void draft_write(struct buf *out, const struct probed *probed);
