/* `sipwright coverage [PATH …]`: what of the catalogue the scenarios there cover.
 *
 *     return command_coverage(&options);
 */
#pragma once
#include "harness/options/options.h"

/* 0: it is told; 2: usage; 3: a file does not load, the others are told; 4: no scenario; 5: a
 * result or the output cannot be read or written. */
int command_coverage(const struct options *options);
