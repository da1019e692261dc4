/* `sipwright config [--explain]`: what a run with these words would go by, and where each of it
 * comes from: the command line before the environment before sipwright.lua before the default.
 *
 *     return command_config(&options);
 */
#pragma once
#include "harness/options/options.h"

int command_config(const struct options *options); /* enum exit_code */
