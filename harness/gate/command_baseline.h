/* `sipwright baseline update RESULT … -o FILE`: what a run said becomes what the next is held to.
 *
 *     return command_baseline(&options);
 */
#pragma once
#include "harness/options/options.h"

int command_baseline(const struct options *options); /* enum exit_code */
