/* `sipwright report`: a written run rendered again, its shards joined. The exit code is the run's.
 *
 *     return command_report(&options);
 */
#pragma once
#include "harness/options/options.h"

int command_report(const struct options *options);
