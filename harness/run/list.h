/* `sipwright list`: what there is, without running it.
 *
 *     return command_list(&options);
 */
#pragma once
#include "harness/listing/listing.h"
#include "harness/run/setup.h"

int command_list(const struct options *options); /* enum exit_code */
/* The text on standard output, without secrets, and what does not load on standard error; the exit
 * code. Takes the text. */
int listing_tell(struct setup *setup, const struct listing *listing, struct buf *text);
/* Says what does not load on standard error. */
void listing_complain(struct setup *setup, const struct listing *listing);
