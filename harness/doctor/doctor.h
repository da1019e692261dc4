/* `sipwright doctor`: whether this machine can run scenarios over real sockets, and what is to be
 * mended.
 *
 *     return command_doctor(&options);
 */
#pragma once
#include "harness/options/options.h"

int command_doctor(const struct options *options); /* enum exit_code */
