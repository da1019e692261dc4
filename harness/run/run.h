/* `sipwright run`: scenarios, simulated or against a target.
 *
 *     return command_run(&options, argc, argv);
 */
#pragma once
#include "harness/options/options.h"

int command_run(const struct options *options, int argc, char **argv); /* enum exit_code */
