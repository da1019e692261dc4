/* `sipwright list --tags` and `--targets`: words, one a line, each once, in order; people read them
 * and completions offer them.
 *
 *     int code = list_words_print(&options, &listing);
 */
#pragma once
#include "harness/run/listing.h"
#include "harness/options/options.h"

int list_words_print(const struct options *options, struct listing *listing); /* enum exit_code */
