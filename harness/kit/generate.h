/* `sipwright generate`: what other programs want to know of this one, made of its own tables.
 *
 *     return command_generate(&options);
 */
#pragma once
#include "harness/options/options.h"

int command_generate(const struct options *options); /* enum exit_code */

/* What it can print: a name, and who writes it. The list ends with a NULL name. */
struct generated {
    const char *name;
    void (*write)(struct buf *out);
};
extern const struct generated generated_rows[];
