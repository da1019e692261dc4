/* `sipwright show`: the report of the last run in a browser, or where it lies.
 *
 *     return command_show(&options);
 */
#pragma once
#include "harness/options/options.h"

int command_show(const struct options *options); /* enum exit_code */
