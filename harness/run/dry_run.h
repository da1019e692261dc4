/* `sipwright run --dry-run`: what there is to be said before the first packet.
 *
 *     int code = dry_run_print(&setup, &listing);
 */
#pragma once
#include "harness/listing/listing.h"
#include "harness/run/setup.h"

int dry_run_print(struct setup *setup, const struct listing *listing); /* enum exit_code */
