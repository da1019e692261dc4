/* `sipwright baseline update RESULT … -o FILE`: what a run said becomes what the next is held to.
 *
 *     return command_baseline(&options, argc, argv);
 */
#pragma once
#include "harness/options/options.h"

int command_baseline(const struct options *options, int argc, char **argv); /* enum exit_code */
