/* `sipwright list`: what there is, without running it.
 *
 *     return command_list(&options);
 */
#pragma once
#include "harness/run/listing.h"
#include "harness/run/setup.h"

int command_list(const struct options *options); /* enum exit_code */
/* Prints the listing; the exit code. */
int listing_print(const struct options *options, struct setup *setup,
                  const struct listing *listing);
/* Says what does not load on standard error. */
void listing_complain(struct setup *setup, const struct listing *listing);
