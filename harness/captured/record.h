/* `sipwright record CAPTURE … -o F.lua`: the calls of captures as scenarios. */
#pragma once
#include "harness/options/options.h"

/* Exit code: 0: what was asked for is written; 2: not a capture, a party or call that is not in it,
 * no complete call; 5: it cannot be read, or not all of it be written. */
int command_record(const struct options *options);
