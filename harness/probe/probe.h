/* `sipwright probe sip:100@127.0.0.1:5070`: what a device says of itself, and a target of it.
 *
 *     return command_probe(&options);
 */
#pragma once
#include "harness/options/options.h"

int command_probe(const struct options *options); /* enum exit_code */
