/* What there is to say of a command beside its options: what it does, how it ends, how it is used.
 * Help and the manual are made of it.
 *
 *     const struct command_page *page = command_page_of(COMMAND_RUN);
 *     for (const struct exit_row *row = page->exits; row->when != NULL; row++)
 *         print(row->code, row->when);
 */
#pragma once
#include "harness/options/option_table.h"

struct exit_row { /* the list ends with a NULL when */
    const char *code, *when;
};

struct example_row { /* the list ends with a NULL line */
    const char *line, *what;
};

struct command_page {
    enum command command;
    const char *text; /* paragraphs apart by "\n" */
    const struct exit_row *exits;
    const struct example_row *examples;
};

struct named_row { /* the list ends with a NULL name */
    const char *name, *what;
};

extern const struct named_row environment_rows[]; /* variables that are read */
extern const struct named_row file_rows[];        /* files that are read */

/* Each command has one: a row of command_rows without it is a fault of the program. */
const struct command_page *command_page_of(enum command command);
