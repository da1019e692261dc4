/* `sipwright probe sip:100@127.0.0.1:5070`: what a device says of itself, and a target of it.
 *
 *     return command_probe(&options, argc, argv);
 */
#pragma once
#include "harness/options/options.h"

int command_probe(const struct options *options, int argc, char **argv); /* enum exit_code */
