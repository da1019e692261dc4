/* `sipwright lint CAPTURE …`: what is wrong in captures, by the RFCs. */
#pragma once
#include "harness/options/options.h"

/* Exit code: 0: no MUST is broken; 1: one is; 2: not a capture, or one without SIP; 5: it cannot be
 * read, or the report not be written. */
int command_lint(const struct options *options);
