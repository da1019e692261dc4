/* `sipwright init`: a suite that passes, with what editors and CI systems want beside it.
 *
 *     return command_init(&options);
 */
#pragma once
#include "harness/options/options.h"

int command_init(const struct options *options); /* enum exit_code */
