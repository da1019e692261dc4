/* `sipwright init`: a suite that passes, with what editors and CI systems want beside it.
 *
 *     return command_init(&options, argc, argv);
 */
#pragma once
#include "harness/options/options.h"

int command_init(const struct options *options, int argc, char **argv); /* enum exit_code */
