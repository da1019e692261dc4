/* `sipwright replay CAPTURE …`: plays captured calls, a case each. */
#pragma once
#include "harness/options/options.h"

/* Exit code: 0: each call went as it was captured; 1: one did not, or is not all there; 2: usage,
 * no capture, no SIP in it, a party that is not in it; 4: nothing could be replayed; 5: it cannot
 * be read, the network did not let it run, or the reports not be written. */
int command_replay(const struct options *options);
