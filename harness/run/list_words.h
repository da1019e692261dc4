/* `sipwright list --tags` and `--targets`: words, one a line, each once, in order; people read them
 * and completions offer them.
 *
 *     int code = list_words_print(&setup, &listing);
 */
#pragma once
#include "harness/listing/listing.h"
#include "harness/run/setup.h"

int list_words_print(struct setup *setup, struct listing *listing); /* enum exit_code */
