/* The manual page sipwright(1), of the tables of harness/options.
 *
 *     man_write(&out);
 */
#pragma once
#include "core/core.h"

void man_write(struct buf *out);
