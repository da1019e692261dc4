/* `sipwright run`: scenarios, simulated or against a target.
 *
 *     return command_run(&options);
 */
#pragma once
#include "harness/options/options.h"

int command_run(const struct options *options); /* enum exit_code */
