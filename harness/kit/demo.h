/* `sipwright demo`: twelve scenarios that the program carries with it, run in virtual time; their
 * report lies beside them.
 *
 *     return command_demo(&options);
 */
#pragma once
#include "harness/options/options.h"

int command_demo(const struct options *options); /* enum exit_code */
